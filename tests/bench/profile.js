/**
 * Where the time of an update goes, and what each phase takes at least (floor.js): the module is linked once more, with a
 * clock between its parts (profile.c).
 */
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { emscriptenEnvironment } from "../../.ci/build-wasm.js";
import { at, run } from "../../.ci/paths.js";
import { relax } from "../../.ci/relax.js";
import { Core } from "../../web/core/wasm/module.js";
import { Trainer } from "../../web/core/index.js";
import { limits, makeFloor } from "./floor.js";
import { WORKLOADS, settingsOf } from "./workloads.js";

const PROFILED = ["S1", "S2", "S5", "S6", "S8"];

/** In profile.c's order. */
const PHASES = [
  "the rest",
  "products of layers above",
  "recurrent product",
  "activations",
  "head, loss and its gradient",
  "recurrent product, back",
  "activations, back",
  "input, back: rows added up",
  "products of layers above, back",
  "recurrent weights' gradient",
  "table of tokens, and back",
  "slices added up",
  "norm and clipping",
  "Adam",
  "packing",
];
const WRAPPED = [
  "unroll_layers_backward",
  "unroll_upper_forward",
  "unroll_upper_backward",
  "unroll_lstm_step",
  "unroll_lstm_step_backward",
  "unroll_gru_step",
  "unroll_gru_step_backward",
  "unroll_lstm_forward",
  "unroll_lstm_backward",
  "unroll_gru_reset",
  "unroll_gru_before_forward",
  "unroll_gru_before_backward",
  "unroll_gru_reset_backward",
  "unroll_optimizer_apply",
  "unroll_model_pack",
  "unroll_input_table",
  "unroll_input_table_backward",
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
  const parts = ["tile", "tile_flops", "activations", "activations_back", "units", "loss", "loss_rows", "copy"];
  const exported = [...names, "profile_reset", "profile_spent", ...parts.map((part) => `floor_${part}`)]
    .map((name) => `_${name}`)
    .join(",");
  const to = at("build/bench/profile-simd.wasm");
  mkdirSync(at("build/bench"), { recursive: true });
  run(
    "emcc",
    [
      ...list("src"),
      ...list("src/kernels"),
      "tests/bench/profile.c",
      "tests/bench/floor.c",
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
    { quiet: true, env: emscriptenEnvironment() },
  );
  if (!relaxed) return readFileSync(to);
  const fused = at("build/bench/profile-relaxed.wasm");
  relax(to, fused);
  return readFileSync(fused);
}

/** @typedef {{ phase: string, milliseconds: number, limit: number }} Phase limit: milliseconds */
/** @typedef {{ name: string, characters: number, tile: number, phases: Phase[] }} Profile characters in an update; tile:
 * GFLOP/s of its products at best */

const total = (/** @type {number[]} */ times) => times.reduce((sum, time) => sum + time, 0);

/** The fastest of several updates, and what was measured between them.
 * @param {Core} core @param {import("./workloads.js").Workload} workload
 * @param {{ turns: number, milliseconds: number }} effort
 * @returns {Profile} */
function profileOne(core, workload, { turns, milliseconds }) {
  const trainer = new Trainer(core, settingsOf(workload)),
    floor = makeFloor(core, workload, milliseconds / 8);
  trainer.step(3);
  for (let i = 0; i < 3; i++) floor.next();
  let best = [Infinity];
  for (let turn = 0; turn < 2 * turns; turn++) {
    core.c.profile_reset();
    trainer.step();
    const times = PHASES.map((_, i) => core.c.profile_spent(i));
    if (total(times) < total(best)) best = times;
    floor.next();
  }
  const rates = floor.rates(),
    least = limits(workload, rates);
  floor.dispose();
  trainer.dispose();
  return {
    name: workload.name,
    characters: workload.batch * workload.seqLen,
    tile: rates.tile / 1e6,
    phases: best.map((milliseconds, i) => ({ phase: PHASES[i], milliseconds, limit: least[PHASES[i]] ?? 0 })),
  };
}

/**
 * @param {boolean} relaxed @param {{ only: string[], turns: number, milliseconds: number }} options
 * @returns {Promise<Profile[]>}
 */
export async function profile(relaxed, { only, ...effort }) {
  const module = await WebAssembly.compile(build(relaxed));
  /** @type {Record<string, Record<string, () => number>>} */
  const imports = { bench: { now: () => performance.now() } };
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] ??= () => 0;
  const core = new Core(module, await WebAssembly.instantiate(module, imports), "supplied");
  return WORKLOADS.filter(({ name }) => PROFILED.includes(name) && (!only.length || only.includes(name))).map(
    (workload) => profileOne(core, workload, effort),
  );
}
