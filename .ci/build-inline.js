/**
 * The core in one file, modules and helpers' script inside, for bundlers that break `new URL("x.wasm",
 * import.meta.url)`.
 */
import { build } from "esbuild";
import { inlineModules } from "./inline-modules.js";
import { at } from "./paths.js";

/** @type {import("esbuild").BuildOptions} */
const SHARED = {
  bundle: true,
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
  logLevel: "warning",
  define: { "import.meta.url": '""' }, // all is inside: no address is made
};

/** @returns {import("esbuild").Plugin} */
const inlineHelper = () => ({
  name: "inline-helper",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]core[\\/]threads[\\/]helper-script\.js$/ }, async () => {
      const { outputFiles } = await build({
        ...SHARED,
        entryPoints: [at("web/core/threads/helper-thread.js")],
        format: "iife",
        minify: true,
        write: false,
        plugins: [inlineModules([])], // a helper is sent its module
      });
      return {
        contents: `export const helperScript = new Blob([${JSON.stringify(outputFiles[0].text)}], { type: "text/javascript" });`,
      };
    });
  },
});

export async function buildInline() {
  await build({
    ...SHARED,
    entryPoints: [at("web/core/index.js")],
    outfile: at("dist/unrolled-inline.js"),
    format: "esm",
    plugins: [inlineModules(), inlineHelper()],
  });
}
