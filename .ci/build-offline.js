/* The site's service worker: knows the page's files by name and by a hash of all that is in them. */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { at } from "./paths.js";

/**
 * What the page itself may load: its own folder, the worker's, modules that any current browser picks, texts, icons.
 */
const KEPT =
  /^(index\.html|manifest\.webmanifest|(app|worker)\/[^/]+\.(js|css)|wasm\/unrolled-(simd|relaxed)\.wasm|assets\/[\w-]+\.(txt|svg|png))$/;
/** What it loads at once, beside a module and what the scripts import. */
const AT_ONCE = ["index.html", "manifest.webmanifest", "app/style.css", "assets/icon.svg", "assets/moby-dick.txt"];

/** A bundle and all that it imports before it runs. @param {string} file @returns {string[]} */
function withImports(file) {
  const imported = [
    ...readFileSync(at("dist/site", file), "utf8").matchAll(
      /(?:^|[;}\s])(?:import|export)\s*(?:[^"'();]*?from)?\s*"\.\/([\w.-]+\.js)"/g,
    ),
  ];
  return [file, ...imported.flatMap(([, name]) => withImports(file.replace(/[^/]*$/, name)))];
}

/** To be called when the rest of the site stands. */
export async function buildOffline() {
  copyFileSync(at("web/manifest.webmanifest"), at("dist/site/manifest.webmanifest"));
  const files = readdirSync(at("dist/site"), { recursive: true })
    .map((name) => String(name).replaceAll("\\", "/"))
    .filter((name) => KEPT.test(name))
    .sort();
  const needed = ["./", ...new Set([...AT_ONCE, ...withImports("app/main.js"), ...withImports("worker/worker.js")])];
  const hash = createHash("sha256");
  for (const name of files) hash.update(name).update(readFileSync(at("dist/site", name)));
  await build({
    absWorkingDir: at(),
    entryPoints: ["web/sw.js"],
    outfile: "dist/site/sw.js",
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    define: {
      NEEDED: JSON.stringify(needed),
      REST: JSON.stringify(files.filter((name) => !needed.includes(name))),
      VERSION: JSON.stringify(hash.digest("hex").slice(0, 16)),
      "import.meta.url": '""',
    },
    logLevel: "warning",
  });
}
