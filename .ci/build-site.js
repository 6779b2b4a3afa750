/* The page as static files, laid out as web/ is, so that relative addresses mean the same in both:
 *   index.html embed.html   app/main.js app/style.css …   worker/worker.js   wasm/unrolled-*.wasm   assets/ */
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { rolldown } from "rolldown";
import { writeAssets } from "../assets/write.js";
import { buildOffline } from "./build-offline.js";
import { at } from "./paths.js";

/** web/core finds the modules in the package's dist/wasm; in the site they stand one folder up, as does the worker seen
 * from the bundles that open it. @type {readonly { filter: RegExp, from: string, to: string }[]} */
const READDRESSED = [
  { filter: /[\\/]core[\\/]wasm[\\/]module\.js$/, from: "../../../dist/wasm/", to: "../wasm/" },
  { filter: /[\\/]web[\\/]worker[\\/]place\.js$/, from: '"./worker.js"', to: '"../worker/worker.js"' },
];

/** @param {string} path @param {string} from @param {string} to */
const readdressed = (path, from, to) => readFileSync(path, "utf8").replaceAll(from, to);

/** What a page loads by address: each with all it needs at once in one file, so that a page is there after one journey;
 * what is imported when it is asked for is a file beside it. */
const ENTRIES = ["web/app/main.js", "web/worker/worker.js"];

/** @param {string} entry */
async function bundle(entry) {
  const folder = dirname(entry).replace("web/", "");
  const bundler = await rolldown({
    cwd: at(),
    input: entry,
    platform: "browser",
    moduleTypes: { ".txt": "text" },
    transform: { target: "es2022" },
    plugins: READDRESSED.map(({ filter, from, to }) => ({
      name: "site-modules",
      load: {
        filter: { id: filter },
        handler: (/** @type {string} */ path) => readdressed(path, from, to),
      },
    })),
    logLevel: "warn",
  });
  await bundler.write({
    dir: "dist/site",
    format: "esm",
    minify: true,
    sourcemap: true,
    entryFileNames: `${folder}/[name].js`,
    chunkFileNames: `${folder}/[name]-[hash].js`,
    codeSplitting: { groups: [{ name: "whole", test: (/** @type {string} */ id) => id === at(entry) }] },
  });
  await bundler.close();
}

export async function buildSite() {
  rmSync(at("dist/site"), { recursive: true, force: true });
  for (const entry of ENTRIES) await bundle(entry);
  await build({
    absWorkingDir: at(),
    entryPoints: ["web/app/style.css"],
    outfile: "dist/site/app/style.css",
    bundle: true,
    minify: true,
    sourcemap: true,
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
