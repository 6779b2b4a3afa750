/* The core in one file, for bundlers that break `new URL("x.wasm", import.meta.url)`. */
import { build } from "esbuild";
import { inlineModules } from "./inline-modules.js";
import { at } from "./paths.js";

export async function buildInline() {
  await build({
    entryPoints: [at("web/core/index.js")],
    outfile: at("dist/unrolled-inline.js"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    plugins: [inlineModules()],
    logLevel: "warning",
  });
}
