/* Measures speed, growth, memory and phases: npm run bench -- [--only S2,S8] [--quick] [--keep] [--no-chromium]
 * [--no-node] [--others]
 *   --only   rows whose names begin so; then only the speed is measured, unless parts are named too: growth, memory,
 *   profile, views
 *   --quick  fewer and shorter turns, in one round instead of three
 *   --others also times PyTorch and TensorFlow.js, for one table with ours: others.js
 *   --keep   takes the result over into tests/bench/results.md and growth.svg
 * Writes build/bench.json and build/bench.md. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { at } from "../../.ci/paths.js";
import { measureChromium } from "./chromium.js";
import { measurePyTorch, measureTensorFlow } from "./others.js";
import { plotGrowth } from "./plot.js";
import { report } from "./report.js";
import { bestOf } from "./rounds.js";
import { laterSections } from "./section.js";
import { measureViews } from "./views.js";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean" },
    keep: { type: "boolean" },
    chromium: { type: "boolean", default: true },
    node: { type: "boolean", default: true },
    others: { type: "boolean" },
  },
  allowNegative: true,
});
const PARTS = ["growth", "memory", "profile", "views"];
const named = values.only?.split(",") ?? [];
const only = named.filter((name) => !PARTS.includes(name));
const wants = (/** @type {string} */ part) => !named.length || named.includes(part);
const rounds = values.quick ? 1 : 3;
const effort = values.quick ? { turns: 5, milliseconds: 50 } : { turns: 4, milliseconds: 60 };
const workers = availableParallelism() > 1 ? 2 : undefined;
/* Node 20 runs relaxed SIMD behind a flag that newer ones no longer need. */
const relaxedFlag = process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : [];

/** @param {"relaxed" | "simd" | "baseline"} variant @param {object} job */
function inNode(variant, job) {
  const flags = variant === "relaxed" ? relaxedFlag : [];
  const out = execFileSync(
    process.execPath,
    [...flags, at("tests/bench/node.js"), JSON.stringify({ variant, ...effort, ...job })],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  return JSON.parse(out);
}

/** Writes what there is, so that a run that is broken off was not in vain. @param {string} next */
function begin(next) {
  mkdirSync(at("build"), { recursive: true });
  writeFileSync(at("build/bench.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(at("build/bench.md"), report(results));
  process.stderr.write(`bench: ${next}\n`);
}

const [{ model }] = cpus();
/** @type {any} */
const results = {
  machine: {
    cpu: model,
    cores: availableParallelism(),
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  },
  rounds,
  speed: [],
};

/** Once through all that is timed. @param {string} round */
async function oneRound(round) {
  const speed = [],
    others = [];
  for (const variant of /** @type {const} */ (["relaxed", "simd", "baseline"])) {
    if (values.node && (variant !== "baseline" || !values.quick)) {
      begin(`${round}: Node, ${variant}`);
      speed.push({ place: "Node", variant, ...inNode(variant, { what: "speed", only, workers }) });
    }
    if (values.chromium && variant !== "baseline") {
      begin(`${round}: Chromium, ${variant}`);
      const { version, ...figures } = await measureChromium(variant, { only, workers, ...effort });
      results.machine.chromium = version;
      speed.push({ place: "Chromium", variant, ...figures });
    }
  }
  if (!values.others) return { speed, others };
  for (const threads of [1, 2]) {
    begin(`${round}: PyTorch, threads: ${threads}`);
    others.push(measurePyTorch(threads, { only, turns: effort.turns }));
  }
  begin(`${round}: TensorFlow.js`);
  others.push(await measureTensorFlow({ only, turns: 1, milliseconds: 300 }));
  return { speed, others };
}

if (only.length || !named.length) {
  const done = [];
  for (let round = 1; round <= rounds; round++) {
    done.push(await oneRound(`round ${round} of ${rounds}`));
    Object.assign(results, bestOf(done));
  }
}
if (wants("profile")) {
  begin("phases");
  results.profile = /** @type {const} */ (["relaxed", "simd"]).map((variant) => ({
    variant,
    workloads: inNode(variant, { what: "profile", only }),
  }));
}
if (wants("growth")) {
  begin("growth");
  results.growth = inNode("relaxed", { what: "growth" });
}
if (wants("memory")) {
  begin("memory");
  results.memory = inNode("simd", { what: "memory", only });
}
if (wants("views") && values.chromium) {
  begin("live views");
  results.views = await measureViews({ turns: values.quick ? 6 : 24 });
}

begin("done");
if (values.keep) {
  const file = at("tests/bench/results.md");
  writeFileSync(file, report(results) + laterSections());
  if (results.growth) writeFileSync(at("tests/bench/growth.svg"), plotGrowth(results.growth));
}
process.stdout.write(report(results));
