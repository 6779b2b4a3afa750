/* An esbuild plugin that puts the modules inside a bundle, gzipped, one whole and the others told by it, where web/core
 * names their files. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { applyDelta, makeDelta } from "./delta.js";
import { at } from "./paths.js";

const FILE = /new URL\("(?:\.\.\/){3}dist\/wasm\/unrolled-(\w+)\.wasm", import\.meta\.url\)/g;

/** What the others are told by. */
const BASE = "simd";

/** @param {string} variant */
const moduleOf = (variant) => readFileSync(at(`dist/wasm/unrolled-${variant}.wasm`));

/** @param {string} variant @param {boolean} whole or told by the base */
const packed = (variant, whole) =>
  gzipSync(whole ? moduleOf(variant) : makeDelta(moduleOf(BASE), moduleOf(variant)), { level: 9 }).toString("base64");

/* No Blob: WebKit reads none in a worker of a page from file://. */
const UNPACK = `
export const unpack = (base64) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")));
};
const bytesOf = async (base64) => new Uint8Array(await unpack(base64).arrayBuffer());
${applyDelta}
export const unpackBy = async (base, delta) => applyDelta(await bytesOf(base), await bytesOf(delta));`;

/** @param {string[]} [variants] those to take along; the others' files do not exist for the bundle
 * @returns {import("esbuild").Plugin} */
export const inlineModules = (variants = ["relaxed", "simd", "baseline"]) => {
  const isWhole = (/** @type {string} */ variant) => variant === BASE || !variants.includes(BASE);
  const source = (/** @type {string} */ variant) => {
    if (!variants.includes(variant)) return `Promise.reject(new Error("the ${variant} module is not in this file"))`;
    return isWhole(variant) ? `unpack(${variant}Inside)` : `unpackBy(${BASE}Inside, ${variant}Inside)`;
  };
  return {
    name: "inline-modules",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^inline:/ }, ({ path }) => ({ path: path.slice("inline:".length), namespace: "inline" }));
      onLoad({ filter: /^unpack$/, namespace: "inline" }, () => ({ contents: UNPACK }));
      onLoad({ filter: /.*/, namespace: "inline" }, ({ path }) => ({
        contents: packed(path, isWhole(path)),
        loader: "text",
      }));
      onLoad({ filter: /[\\/]core[\\/]wasm[\\/]module\.js$/ }, ({ path }) => {
        const code = readFileSync(path, "utf8").replace(FILE, (_, variant) => source(variant));
        const imports = variants.map((variant) => `import ${variant}Inside from "inline:${variant}";`).join("\n");
        return { contents: `import { unpack, unpackBy } from "inline:unpack";\n${imports}\n${code}` };
      });
    },
  };
};
