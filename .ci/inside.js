/* esbuild plugins for bundles that carry all they need: worker, modules, sample texts, styles and a still picture. */
import { build } from "esbuild";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { writeAssets } from "../assets/write.js";
import { inlineModules } from "./inline-modules.js";
import { at } from "./paths.js";
import { drawStill } from "./still.js";

/** Options that all of these bundles share. @type {import("esbuild").BuildOptions} */
export const SHARED = {
  absWorkingDir: at(),
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
};

const PLACE = `
import source from "inside:worker";
import { trustedScript } from "./web/embed/demo/trusted.js";
export const workerScript = new Blob([source], { type: "text/javascript" });
let address;
export const openWorker = () => new Worker(trustedScript(address ??= URL.createObjectURL(workerScript)));`;

const TEXT_FILE = `
import files from "inside:texts";
export const readTextFile = (file) => {
  const bytes = Uint8Array.from(atob(files[file]), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};`;

/** The worker with modules as one classic script: a Blob of it runs from file:// and in a sandbox.
 * @param {string[]} variants */
export async function workerSource(variants) {
  const { outputFiles } = await build({
    ...SHARED,
    entryPoints: ["web/worker/worker.js"],
    format: "iife",
    write: false,
    plugins: [inlineModules(variants)],
    define: { "import.meta.url": '""' }, // the modules are inside: no address is made
  });
  return outputFiles[0].text;
}

/** The page's style sheets as one text. */
export async function pageStyles() {
  const { outputFiles } = await build({
    ...SHARED,
    stdin: { contents: '@import "./web/app/style.css";', loader: "css", resolveDir: at() },
    write: false,
  });
  return outputFiles[0].text;
}

/**
 * A page's styles for a shadow tree: what speaks of the document speaks of the host, widths are the host's, and a rem,
 * which would be the size of the page around, is 16 px.
 * @param {string} css
 */
const shadowStyles = (css) =>
  css
    .replaceAll(":root", ":host")
    .replace(/\[data-theme="?(light|dark)"?\]/g, (_, theme) => `:host([theme="${theme}"])`)
    .replace(/(^|[},])html\{/g, "$1.document{")
    .replace(/(^|[},])body\{/g, "$1.body{")
    .replace(/@media\s*\((max|min)-width/g, "@container ($1-width")
    .replace(/(\d*\.?\d+)rem\b/g, (_, size) => `${Math.round(Number(size) * 16e4) / 1e4}px`);

/** Sample texts by file name, gzipped, as base64. */
async function sampleTexts() {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
  try {
    await writeAssets(folder);
    return Object.fromEntries(
      readdirSync(folder)
        .filter((name) => name.endsWith(".txt"))
        .map((name) => [name, gzipSync(readFileSync(join(folder, name)), { level: 9 }).toString("base64")]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Puts everything inside; of the modules, those named. Browsers without SIMD are older than all else that these files
 * ask for.
 * @param {string[]} variants @returns {import("esbuild").Plugin} */
export const everythingInside = (variants) => ({
  name: "everything-inside",
  setup({ onResolve, onLoad }) {
    /** @type {Record<string, () => Promise<{contents: string, loader: "text" | "json"}>>} */
    const made = {
      worker: async () => ({ contents: await workerSource(variants), loader: "text" }),
      texts: async () => ({ contents: JSON.stringify(await sampleTexts()), loader: "json" }),
      styles: async () => ({
        contents: shadowStyles((await pageStyles()) + readFileSync(at("web/embed/demo/demo.css"), "utf8")),
        loader: "text",
      }),
      still: async () => ({ contents: await drawStill(), loader: "text" }),
    };
    onResolve({ filter: /^inside:/ }, ({ path }) => ({ path: path.slice("inside:".length), namespace: "inside" }));
    onLoad({ filter: /.*/, namespace: "inside" }, ({ path }) => made[path]());
    onLoad({ filter: /[\\/]web[\\/]worker[\\/]place\.js$/ }, () => ({ contents: PLACE, resolveDir: at() }));
    onLoad({ filter: /[\\/]web[\\/]app[\\/]shell[\\/]offline\.js$/ }, () => ({
      contents: "export const keepOffline = () => {};",
    }));
    onLoad({ filter: /[\\/]web[\\/]app[\\/]text[\\/]textfile\.js$/ }, () => ({
      contents: TEXT_FILE,
      resolveDir: at(),
    }));
  },
});
