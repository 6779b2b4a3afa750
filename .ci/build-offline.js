/* The site's service worker: knows the page's files by name and by a hash of all that is in them. */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { at } from "./paths.js";

/** What the page itself may load: its own folder, the worker's, modules that any current browser picks, texts, icons. */
const KEPT = /^(index\.html|manifest\.webmanifest|(app|worker)\/[^/]+\.(js|css)|wasm\/unrolled-(simd|relaxed)\.wasm|assets\/[\w-]+\.(txt|svg|png))$/;

/** To be called when the rest of the site stands. */
export async function buildOffline() {
  copyFileSync(at("web/manifest.webmanifest"), at("dist/site/manifest.webmanifest"));
  const files = readdirSync(at("dist/site"), { recursive: true }).map((name) => String(name).replaceAll("\\", "/")).filter((name) => KEPT.test(name)).sort();
  const hash = createHash("sha256");
  for (const name of files) hash.update(name).update(readFileSync(at("dist/site", name)));
  await build({
    absWorkingDir: at(), entryPoints: ["web/sw.js"], outfile: "dist/site/sw.js", bundle: true, minify: true, format: "iife", target: "es2022",
    define: { FILES: JSON.stringify(["./", ...files]), VERSION: JSON.stringify(hash.digest("hex").slice(0, 16)) }, logLevel: "warning",
  });
}
