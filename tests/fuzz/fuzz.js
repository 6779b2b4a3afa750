/**
 * Fuzzing by libFuzzer: node tests/fuzz/fuzz.js [--inputs N] [--only name,…] [--seed N] [--keep] [--repeat FILE]
 *   --inputs   of all targets together, ten million unless told otherwise, shared out as TARGETS says
 *   --only     these targets, each with its share of all inputs
 *   --keep     takes the figures over into tests/bench/results.md
 *   --repeat   one input that failed, for the one target named by --only
 *
 * The C API runs natively under the address and undefined-behaviour sanitizers; what is JavaScript runs in Node, with
 * coverage counted by the code itself. A crash, an input of over a minute, growth beyond 1.5 GB and a property that
 * does not hold each fail the run, and the input is kept in build/fuzz.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { at, run } from "../../.ci/paths.js";
import { putSection } from "../bench/section.js";
import { bundleTarget } from "./js/cover.js";

/** Parts of all inputs. @type {Record<string, number>} */
const TARGETS = {
  "core config": 3,
  "core trainer": 2,
  "core pass": 2,
  safetensors: 20,
  checkpoint: 2,
  api: 2,
  link: 2,
  state: 2,
  attributes: 2,
  messages: 22,
  settings: 13,
  tokens: 2,
  encodings: 10,
  cli: 14,
  onnx: 2,
};
const PARTS = Object.values(TARGETS).reduce((sum, parts) => sum + parts, 0);
const FOLDER = at("build/fuzz");
const LONGEST = 60; // seconds for one input, on a machine that others use too

/** @typedef {{ command: string, args: string[], seeds: (string | Uint8Array)[], words: string[] }} Prepared */

/** Builds the native targets and the addon. */
function buildNative() {
  const headers = join(dirname(process.execPath), "../include/node");
  run(
    "cmake",
    ["-S", ".", "-B", "build/fuzz/native", "-DCMAKE_C_COMPILER=clang", "-DUNROLL_FUZZ=ON", `-DNODE_HEADERS=${headers}`],
    { quiet: true },
  );
  run("cmake", ["--build", "build/fuzz/native", "--parallel", "2"], { quiet: true });
}

/** Inputs to begin with that say nothing: every byte of a native target is a decision. */
const noise = () =>
  Array.from({ length: 48 }, (_, i) => {
    let state = i + 1;
    return Uint8Array.from({ length: 640 }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
  });

/** @param {string} name @returns {Promise<Prepared>} */
async function prepare(name) {
  const [kind, target] = name.split(" ");
  if (target) return { command: at(`build/fuzz/native/fuzz_${target}`), args: [], seeds: noise(), words: [] };
  const bundle = join(FOLDER, name, "target.mjs");
  const { used, words } = await bundleTarget(kind, bundle);
  /** @type {any} */ (globalThis).unrolledCounters = new Uint8Array(used);
  const module = await import(pathToFileURL(bundle).href);
  await module.begin?.();
  const args = [at("tests/fuzz/js/run.js"), name, at("build/fuzz/native/driver.node"), bundle, String(used)];
  return { command: process.execPath, args, seeds: await module.seeds(), words: [...words, ...(module.words ?? [])] };
}

/** @param {string[]} words in libFuzzer's spelling */
const dictionary = (words) =>
  [...new Set(words)]
    .filter(Boolean)
    .map(
      (word) =>
        `"${[...new TextEncoder().encode(word)].map((x) => `\\x${x.toString(16).padStart(2, "0")}`).join("")}"\n`,
    )
    .join("");

/**
 * @param {string} name @param {number} inputs @param {string} seed @param {string | undefined} repeat
 * @returns {Promise<{ inputs: number, seconds: number, features: number }>}
 */
async function fuzz(name, inputs, seed, repeat) {
  const folder = join(FOLDER, name.replace(" ", "-"));
  rmSync(folder, { recursive: true, force: true });
  for (const part of ["seeds", "corpus"]) mkdirSync(join(folder, part), { recursive: true });
  mkdirSync(join(FOLDER, name), { recursive: true });
  const { command, args, seeds, words } = await prepare(name);
  seeds.forEach((bytes, i) => writeFileSync(join(folder, "seeds", String(i)), bytes));
  writeFileSync(join(folder, "words"), dictionary(words));
  const options = [
    `-runs=${inputs}`,
    `-seed=${seed}`,
    `-timeout=${LONGEST}`,
    ...(words.length ? [`-dict=${join(folder, "words")}`] : []),
    `-artifact_prefix=${FOLDER}/${name.replace(" ", "-")}-`,
    "-max_len=1024",
    "-len_control=0",
    "-rss_limit_mb=1500",
    "-print_final_stats=1",
    "-verbosity=1",
  ];
  const start = performance.now();
  const log = await told(command, [
    ...args,
    ...options,
    ...(repeat ? [repeat] : [join(folder, "corpus"), join(folder, "seeds")]),
  ]);
  const last = log.match(/^#\d+\s+DONE.* ft: (\d+)/m)?.[1] ?? 0;
  const done = log.match(/number_of_executed_units: (\d+)/)?.[1] ?? 0;
  return { inputs: Number(done), seconds: (performance.now() - start) / 1000, features: Number(last) };
}

/** @param {string} command @param {string[]} args @returns {Promise<string>} what libFuzzer said; fails as it does */
function told(command, args) {
  const child = spawn(command, args, { cwd: at("."), stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  return new Promise((done, fail) =>
    child.on("close", (code, signal) => {
      if (code === 0) return done(log);
      const lines = log.split("\n").filter((line) => !/^#\d|^"|^INFO|^WARNING/.test(line));
      fail(new Error(`${lines.slice(-60).join("\n")}\nended with ${signal ?? code}`));
    }),
  );
}

/** @typedef {{ inputs: number, seconds: number, features: number, date: string, commit: string }} Figures */

/** @param {Record<string, Figures>} figures */
function table(figures) {
  const rows = Object.entries(figures).map(
    ([name, { inputs, seconds, features, date, commit }]) =>
      `| ${name} | ${inputs.toLocaleString("en")} | ${Math.round(seconds)} | ${features} | ${date}, ${commit} |`,
  );
  const sum = Object.values(figures).reduce((total, { inputs }) => total + inputs, 0);
  return [
    "| target | inputs | seconds | features reached | when, and which sources |",
    "| --- | --: | --: | --: | --- |",
    ...rows,
    `| all | ${sum.toLocaleString("en")} | | | |`,
  ].join("\n");
}

/** Adds a target's figures to those of others, and all of them to the results. @param {string} name @param {Figures} figures */
function keep(name, figures) {
  const store = join(FOLDER, "figures.json");
  const before = existsSync(store) ? JSON.parse(readFileSync(store, "utf8")) : {};
  const all = Object.fromEntries(
    Object.keys(TARGETS)
      .map((each) => [each, each === name ? figures : before[each]])
      .filter(([, got]) => got),
  );
  writeFileSync(store, `${JSON.stringify(all, null, 1)}\n`);
  putSection(
    "Fuzzing",
    `\`npm run fuzz -- --keep\`: libFuzzer's inputs, none of which crashed, hung, or was taken for what it is not. Features are its
count of edges, each by how often an input passes it. The targets are tests/fuzz/core (native, address and undefined-behaviour
sanitizers) and tests/fuzz/targets (in Node). A machine of two cores that others used too.

${table(all)}`,
  );
}

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "10000000" },
    only: { type: "string" },
    seed: { type: "string", default: "1" },
    keep: { type: "boolean", default: false },
    repeat: { type: "string" },
  },
});
const chosen = values.only?.split(",") ?? Object.keys(TARGETS);
for (const name of chosen) {
  if (TARGETS[name]) continue;
  console.error(`fuzz: there is no target "${name}"; there are ${Object.keys(TARGETS).join(", ")}`);
  process.exit(2);
}
mkdirSync(FOLDER, { recursive: true });
buildNative();
const date = new Date().toISOString().slice(0, 10);
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: at("."), encoding: "utf8" }).trim();
/** @type {Record<string, Figures>} */
const figures = {};
let failed = 0;
for (const name of chosen) {
  const inputs = Math.ceil((Number(values.inputs) * TARGETS[name]) / PARTS);
  try {
    const got = await fuzz(name, inputs, values.seed, values.repeat);
    figures[name] = { ...got, date, commit };
    if (values.keep) keep(name, figures[name]);
    console.log(`fuzz: ${name}: ${got.inputs} inputs in ${got.seconds.toFixed(1)} s, no failure`);
  } catch (error) {
    failed++;
    console.error(`fuzz: ${name} FAILED\n${error instanceof Error ? error.message : error}`);
  }
}
console.log(`\n${table(figures)}`);
process.exit(failed ? 1 : 0);
