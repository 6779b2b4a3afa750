/* One script for each framework, all that it needs inside: node build.js */
import { build } from "esbuild";
import { compile } from "svelte/compiler";
import { readFile, mkdir, writeFile } from "node:fs/promises";

const FRAMEWORKS = ["react18", "react19", "vue", "svelte", "angular", "preact", "lit", "solid"];

/** React 18 under the name that react-dom asks for. @type {import("esbuild").Plugin} */
const react18 = {
  name: "react-18",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^react(-dom)?(\/.*)?$/ }, ({ path, resolveDir, pluginData, kind }) =>
      pluginData === react18
        ? undefined
        : resolve(path.replace(/^react(-dom)?/, "react$1-18"), { resolveDir, kind, pluginData: react18 }),
    );
  },
};

/** @type {import("esbuild").Plugin} */
const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => ({
      contents: compile(await readFile(path, "utf8"), { generate: "client", filename: path }).js.code,
    }));
  },
};

await mkdir("dist", { recursive: true });
for (const name of FRAMEWORKS) {
  await build({
    entryPoints: [`${name}.js`],
    outfile: `dist/${name}.js`,
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
    conditions: ["browser", "svelte"],
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    alias: { vue: "vue/dist/vue.esm-bundler.js" },
    plugins: name === "react18" ? [react18] : [svelte],
  });
  await writeFile(
    `dist/${name}.html`,
    `<!doctype html><html lang="en"><head><title>${name}</title><link rel="icon" href="data:,"></head><body><main id="root"></main><script type="module" src="${name}.js"></script></body></html>`,
  );
}
