/* The same workloads by others, on the same machine in the same run: native PyTorch, and TensorFlow.js as its users have
 * it, in tf.layers on its WebAssembly back end. TensorFlow.js is no part of the project: npm installs it into
 * build/bench/tfjs when it is asked for. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { at, run } from "../../.ci/paths.js";
import { launch, leave, serve } from "../browser/harness.js";
import { V, WORKLOADS } from "./workloads.js";

/** @typedef {{ name: string, figures: Record<string, number> } | { name: string, missing: string }} Row figures:
 * characters a second, by workload; missing: why there are none */

const PYTHON = "/usr/bin/python3"; // Debian's, which has Debian's torch
const TFJS = "4.22.0";
const FOLDER = "build/bench/tfjs";
const SCRIPTS = ["core", "layers", "backend-cpu", "backend-wasm"].map((part) => ({
  package: `@tensorflow/tfjs-${part}`,
  file: `tf-${part}.min.js`,
}));

/** Told to OpenBLAS where there are 512-bit vectors: a version takes processors younger than itself for very old ones. */
const VECTORS =
  existsSync("/proc/cpuinfo") && /\bavx512f\b/.test(readFileSync("/proc/cpuinfo", "utf8")) ? "SkylakeX" : "";

/** @param {string[]} only */
const wanted = (only) => WORKLOADS.filter(({ name }) => !only.length || only.some((start) => name.startsWith(start)));
/** @param {number} threads @param {{ only: string[], turns: number }} effort @returns {Row} */
export function measurePyTorch(threads, { only, turns }) {
  const name = `native PyTorch, ${threads === 1 ? "one thread" : "two threads"}`;
  const names = wanted(only).map((workload) => workload.name);
  try {
    const options = ["--json", "--threads", `${threads}`, "--turns", `${turns}`, ...names];
    const out = execFileSync(PYTHON, [at("tests/bench/pytorch.py"), ...options], {
      encoding: "utf8",
      env: { ...(VECTORS && { OPENBLAS_CORETYPE: VECTORS }), ...process.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { torch, openblas, figures } = JSON.parse(out);
    if (!openblas)
      return { name, missing: "PyTorch multiplies by plain loops here; on Debian, install libopenblas0-pthread" };
    return { name: name.replace("PyTorch", `PyTorch ${torch}`), figures };
  } catch (error) {
    const last = String(/** @type {any} */ (error).stderr ?? error)
      .trim()
      .split("\n")
      .at(-1);
    return { name, missing: `${last}; on Debian, install python3-torch and libopenblas0-pthread` };
  }
}

/** Installs it, and lays a page's files out. */
function layOut() {
  const modules = `${FOLDER}/node_modules`;
  mkdirSync(at(FOLDER), { recursive: true });
  if (!SCRIPTS.every((script) => existsSync(at(`${modules}/${script.package}`)))) {
    process.stderr.write(`bench: npm installs TensorFlow.js ${TFJS} (96 MB) into ${FOLDER}\n`);
    writeFileSync(at(`${FOLDER}/package.json`), '{ "private": true }\n');
    const packages = SCRIPTS.map((script) => `${script.package}@${TFJS}`);
    run("npm", ["install", "--prefix", at(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund", ...packages], {
      quiet: true,
    });
  }
  const page = `${FOLDER}/page`,
    backend = `${modules}/@tensorflow/tfjs-backend-wasm/dist`;
  mkdirSync(at(page), { recursive: true });
  for (const script of SCRIPTS)
    copyFileSync(at(`${modules}/${script.package}/dist/${script.file}`), at(`${page}/${script.file}`));
  copyFileSync(at(`${backend}/tfjs-backend-wasm-simd.wasm`), at(`${page}/tfjs-backend-wasm-simd.wasm`));
  copyFileSync(at("tests/bench/tfjs.js"), at(`${page}/tfjs.js`));
  return page;
}

/** By one thread, as on any page. Where a page asks for isolation it could take more, but on two cores takes one as well:
 * its pool is half as large as the machine.
 * @param {{ only: string[], turns: number, milliseconds: number }} effort @returns {Promise<Row>} */
export async function measureTensorFlow({ only, ...effort }) {
  const name = "TensorFlow.js, WebAssembly SIMD";
  let page;
  try {
    page = layOut();
  } catch (error) {
    return { name, missing: `npm could not install it: ${String(error).split("\n")[0]}` };
  }
  const scripts = [...SCRIPTS.map(({ file }) => file), "tfjs.js"].map((file) => `<script src="${file}"></script>`);
  const body = `<!doctype html><link rel=icon href=data:,><title>bench</title>${scripts.join("")}`;
  const site = await serve(at(page), new Map([["/", { body }]])),
    browser = await launch();
  try {
    const tab = await browser.newPage();
    await tab.goto(`${site.origin}/`);
    const layers = ["rnn", "lstm", "gru"]; // that tf.layers has
    const asked = { workloads: wanted(only).filter(({ cell }) => layers.includes(cell)), V, ...effort };
    const { version, figures } = await tab.evaluate((what) => globalThis.measureTensorFlow(what), asked);
    return { name: name.replace("js,", `js ${version},`), figures };
  } finally {
    await leave(browser);
    await site.close();
  }
}
