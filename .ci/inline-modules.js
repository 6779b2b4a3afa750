/* An esbuild plugin that puts the modules inside a bundle, gzipped, where web/core names their files. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { at } from "./paths.js";

const FILE = /new URL\("(?:\.\.\/){3}dist\/wasm\/unrolled-(\w+)\.wasm", import\.meta\.url\)/g;

/** @param {string} variant */
const packed = (variant) =>
  gzipSync(readFileSync(at(`dist/wasm/unrolled-${variant}.wasm`)), { level: 9 }).toString("base64");

/* No Blob: WebKit reads none in a worker of a page from file://. */
const UNPACK = `
export const unpack = (base64) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip")));
};`;

/** @param {string[]} [variants] those to take along; the others' files do not exist for the bundle
 * @returns {import("esbuild").Plugin} */
export const inlineModules = (variants = ["relaxed", "simd", "baseline"]) => ({
  name: "inline-modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^inline:/ }, ({ path }) => ({ path: path.slice("inline:".length), namespace: "inline" }));
    onLoad({ filter: /^unpack$/, namespace: "inline" }, () => ({ contents: UNPACK }));
    onLoad({ filter: /.*/, namespace: "inline" }, ({ path }) => ({ contents: packed(path), loader: "text" }));
    onLoad({ filter: /[\\/]core[\\/]wasm[\\/]module\.js$/ }, ({ path }) => {
      const code = readFileSync(path, "utf8").replace(FILE, (_, variant) =>
        variants.includes(variant)
          ? `unpack(${variant}Inside)`
          : `Promise.reject(new Error("the ${variant} module is not in this file"))`,
      );
      const imports = variants.map((variant) => `import ${variant}Inside from "inline:${variant}";`).join("\n");
      return { contents: `import { unpack } from "inline:unpack";\n${imports}\n${code}` };
    });
  },
});
