/* The page as static files, laid out as web/ is, so that relative addresses mean the same in both:
 *   index.html embed.html   app/main.js app/style.css …   worker/worker.js   wasm/unrolled-*.wasm   assets/ */
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { writeAssets } from "../assets/write.js";
import { buildOffline } from "./build-offline.js";
import { at } from "./paths.js";

/** web/core finds the modules in the package's dist/wasm; in the site they stand one folder up, as does the worker seen
 * from the bundles that open it.
 * @type {import("esbuild").Plugin} */
export const siteModules = {
  name: "site-modules",
  setup({ onLoad }) {
    /** @param {RegExp} filter @param {string} from @param {string} to */
    const readdress = (filter, from, to) =>
      onLoad({ filter }, ({ path }) => ({ contents: readFileSync(path, "utf8").replaceAll(from, to) }));
    readdress(/[\\/]core[\\/]wasm[\\/]module\.js$/, "../../../dist/wasm/", "../wasm/");
    readdress(/[\\/]web[\\/]worker[\\/]place\.js$/, '"./worker.js"', '"../worker/worker.js"');
  },
};

/** What a page loads by address: bundled, with what each needs at once. */
const ENTRIES = ["web/app/main.js", "web/app/style.css", "web/worker/worker.js"];

export async function buildSite() {
  rmSync(at("dist/site"), { recursive: true, force: true });
  // What is imported when it is asked for becomes a file of its own, beside the one that asks.
  for (const entry of ENTRIES)
    await build({
      absWorkingDir: at(),
      entryPoints: [entry],
      outbase: "web",
      outdir: "dist/site",
      bundle: true,
      splitting: true,
      chunkNames: `${dirname(entry).replace("web/", "")}/[name]-[hash]`,
      format: "esm",
      target: "es2022",
      minify: true,
      sourcemap: true,
      legalComments: "none",
      loader: { ".txt": "text" },
      plugins: [siteModules],
      logLevel: "warning",
    });
  for (const name of readdirSync(at("web")).filter((file) => file.endsWith(".html")))
    copyFileSync(at("web", name), at("dist/site", name));
  mkdirSync(at("dist/site/wasm"), { recursive: true });
  for (const name of readdirSync(at("dist/wasm")).filter((file) => file.endsWith(".wasm")))
    copyFileSync(at("dist/wasm", name), at("dist/site/wasm", name));
  await writeAssets(at("dist/site/assets"));
  await buildOffline();
}
