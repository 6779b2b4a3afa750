/* The core in one file, for bundlers that break `new URL("x.wasm", import.meta.url)`. */
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { at } from "./paths.js";

/** `import base64 from "wasm:simd"` gives that module, gzipped, as text.
 * @type {import("esbuild").Plugin} */
export const inlineModules = {
  name: "inline-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^wasm:/ }, ({ path }) => ({ path: path.slice("wasm:".length), namespace: "wasm" }));
    onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => ({
      contents: gzipSync(readFileSync(at(`dist/wasm/unrolled-${path}.wasm`)), { level: 9 }).toString("base64"),
      loader: "text",
    }));
  },
};

const ENTRY = `
import { loadCore as load } from "./web/core/index.js";
import relaxed from "wasm:relaxed";
import simd from "wasm:simd";
import baseline from "wasm:baseline";
const modules = { relaxed, simd, baseline };
const inside = (variant) => {
  const bytes = Uint8Array.from(atob(modules[variant]), (character) => character.charCodeAt(0));
  return new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")));
};
export * from "./web/core/index.js";
export const loadCore = (options = {}) => load({ ...options, module: options.module ?? inside });
`;

export async function buildInline() {
  await build({
    stdin: { contents: ENTRY, resolveDir: at(), sourcefile: "inline.js" },
    outfile: at("dist/unrolled-inline.js"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*"],
    plugins: [inlineModules],
    logLevel: "warning",
  });
}
