/* The same figures in Chromium: the measuring runs in a worker of an empty page, its helpers nested in it. */
import { build } from "esbuild";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { at } from "../../.ci/paths.js";
import { launch, leave, serve } from "../browser/harness.js";
import { FLOPS_A_TURN, peakModule } from "./peak.js";

const FOLDER = "build/bench/page";

async function buildPage() {
  mkdirSync(at(FOLDER), { recursive: true });
  await build({
    entryPoints: [at("tests/bench/worker.js"), at("web/core/threads/helper-thread.js")],
    outdir: at(FOLDER),
    entryNames: "[name]",
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
    external: ["node:*"],
  });
  for (const variant of ["simd", "relaxed", "baseline"])
    copyFileSync(at(`dist/wasm/unrolled-${variant}.wasm`), at(`${FOLDER}/unrolled-${variant}.wasm`));
  writeFileSync(at(`${FOLDER}/index.html`), "<!doctype html><link rel=icon href=data:,><title>bench</title>");
}

/**
 * @param {"simd" | "relaxed" | "baseline"} variant @param {object} options of measure()
 * @returns {Promise<{ version: string, peak: number, figures: import("./measure.js").Figure[] }>}
 */
export async function measureChromium(variant, options) {
  await buildPage();
  const site = await serve(at(FOLDER)),
    browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.origin}/index.html`);
    const message = { variant, peak: [...peakModule(variant === "relaxed")], flopsATurn: FLOPS_A_TURN, ...options };
    const answer = await page.evaluate(
      (asked) =>
        new Promise((resolve, reject) => {
          const worker = new Worker("worker.js", { type: "module" });
          worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
          worker.onerror = ({ message: why }) => reject(new Error(why));
          worker.postMessage(asked);
        }),
      message,
    );
    return { version: browser.version(), .../** @type {any} */ (answer) };
  } finally {
    await leave(browser);
    await site.close();
  }
}
