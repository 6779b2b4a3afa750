/**
 * Where the time of one update of S2 goes: the module is linked once more, with a clock between its parts (profile.c).
 */
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { at, run } from "../../.ci/paths.js";
import { relax } from "../../.ci/relax.js";
import { Core } from "../../web/core/wasm/module.js";
import { Trainer } from "../../web/core/index.js";
import { V, WORKLOADS, settingsOf } from "./workloads.js";

/** In profile.c's order. */
const PHASES = [
  "the rest",
  "input: rows gathered",
  "recurrent product",
  "activations",
  "head, loss and its gradient",
  "recurrent product, back",
  "activations, back",
  "input, back: rows added up",
  "recurrent weights' gradient",
  "slices added up",
  "norm and clipping",
  "Adam",
  "packing",
];
const WRAPPED = [
  "unroll_layers_forward",
  "unroll_layers_backward",
  "unroll_lstm_step",
  "unroll_lstm_step_backward",
  "unroll_lstm_forward",
  "unroll_lstm_backward",
  "unroll_optimizer_apply",
  "unroll_model_pack",
  "unroll_input_table",
  "unroll_head_run",
  "unroll_gradient_clip",
  "unroll_gemm_tn",
  "unroll_add",
];

/** @param {boolean} relaxed @returns {Uint8Array<ArrayBuffer>} */
function build(relaxed) {
  const list = (/** @type {string} */ folder) =>
    readdirSync(at(folder))
      .filter((name) => name.endsWith(".c") && name !== "ref.c")
      .map((name) => `${folder}/${name}`);
  const names = readFileSync(at("src/exports.txt"), "utf8")
    .split("\n")
    .filter((line) => /^[a-z]/.test(line) && !WRAPPED.includes(line));
  const exported = [...names, "profile_reset", "profile_spent"].map((name) => `_${name}`).join(",");
  const to = at("build/bench/profile-simd.wasm");
  mkdirSync(at("build/bench"), { recursive: true });
  run(
    "emcc",
    [
      ...list("src"),
      ...list("src/kernels"),
      "tests/bench/profile.c",
      "-o",
      to,
      "-Iinclude",
      "-Isrc",
      "-O3",
      "-msimd128",
      "-DNDEBUG",
      "-ffp-contract=off",
      "-fno-math-errno",
      "--no-entry",
      "-sSTANDALONE_WASM",
      "-sALLOW_MEMORY_GROWTH",
      "-sMAXIMUM_MEMORY=4GB",
      "-sTOTAL_STACK=1MB",
      "-sMALLOC=emmalloc",
      "-sFILESYSTEM=0",
      "-sERROR_ON_UNDEFINED_SYMBOLS=0",
      `-sEXPORTED_FUNCTIONS=${exported}`,
      ...WRAPPED.map((name) => `-Wl,--wrap=${name}`),
    ],
    { quiet: true, env: { NODE_PATH: at("node_modules") } },
  );
  if (!relaxed) return readFileSync(to);
  const fused = at("build/bench/profile-relaxed.wasm");
  relax(to, fused);
  return readFileSync(fused);
}

/** @typedef {{ phase: string, milliseconds: number, share: number, gflops: number | null }} Phase */

/**
 * @param {boolean} relaxed @param {{ turns: number }} options
 * @returns {Promise<{ total: number, phases: Phase[] }>} of the fastest of several updates
 */
export async function profile(relaxed, { turns }) {
  const workload = /** @type {import("./workloads.js").Workload} */ (WORKLOADS.find(({ name }) => name === "S2"));
  const module = await WebAssembly.compile(build(relaxed));
  /** @type {Record<string, Record<string, () => number>>} */
  const imports = { bench: { now: () => performance.now() } };
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] ??= () => 0;
  const core = new Core(module, await WebAssembly.instantiate(module, imports), "supplied");
  const trainer = new Trainer(core, settingsOf(workload));
  trainer.step(3);
  let best = [Infinity];
  const total = (/** @type {number[]} */ times) => times.reduce((sum, time) => sum + time, 0);
  for (let turn = 0; turn < 4 * turns; turn++) {
    core.c.profile_reset();
    trainer.step();
    const times = PHASES.map((_, i) => core.c.profile_spent(i));
    if (total(times) < total(best)) best = times;
  }
  trainer.dispose();
  const { hidden: H, batch, seqLen } = workload,
    positions = batch * seqLen;
  /** @type {Record<string, number>} */
  const flops = {
    "recurrent product": 2 * positions * 4 * H * H,
    "recurrent product, back": 2 * positions * 4 * H * H,
    "recurrent weights' gradient": 2 * positions * 4 * H * H,
    "head, loss and its gradient": 6 * positions * H * V,
  };
  return {
    total: total(best),
    phases: best.map((milliseconds, i) => ({
      phase: PHASES[i],
      milliseconds,
      share: milliseconds / total(best),
      gflops: flops[PHASES[i]] ? flops[PHASES[i]] / milliseconds / 1e6 : null,
    })),
  };
}
