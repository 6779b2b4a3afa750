/* Runs the tests: node .ci/test.js [runner …] [--repeat N], all of them when none is named, and again until one fails or
 * N rounds have passed. Each runner closes with one line, all of them with the number of tests; the exit code is 1 when
 * any failed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Job } from "./job.js";
import { at } from "./paths.js";

const jobs = Math.max(2, availableParallelism());
/** What takes longer hangs, and has failed. */
const MINUTES = 30;

/** Builds and runs the C tests in a tree of their own. clang's code, as optimised as gcc's, is tested with the sanitizers
 * in it.
 * @param {Job} job @param {string} folder @param {string} compiler @param {...string} options */
async function ctest(job, folder, compiler, ...options) {
  const settings = [`-DCMAKE_C_COMPILER=${compiler}`, "-DUNROLL_WERROR=ON", ...options];
  await job.run("cmake", ["-S", ".", "-B", folder, ...settings], { quiet: true });
  await job.run("cmake", ["--build", folder, "--parallel", `${jobs}`], { quiet: true });
  await job.run("ctest", ["--test-dir", folder, "--output-on-failure", "--no-tests=error", "--parallel", `${jobs}`]);
}

/** The C tests under sanitizers, as 32-bit programs where there are the libraries for it: sizes and pointers are the
 * modules' then. In 64 bits the fuzzers run the core under the same ones. clang compiles them in a quarter of gcc's time.
 * @param {Job} job */
async function ctestSanitized(job) {
  const probe = ["-m32", "-fsanitize=address,undefined", "-x", "c", "-", "-o", at("build/can-32-bit")];
  mkdirSync(at("build"), { recursive: true });
  const narrow = spawnSync("clang", probe, { input: "int main(void) { return 0; }\n" }).status === 0;
  if (!narrow) job.say("test: in 64 bits: there are no 32-bit libraries here (Debian: gcc-multilib)\n");
  const width = `-DCMAKE_C_FLAGS=${narrow ? "-m32" : ""}`;
  await ctest(job, "build/sanitizers", "clang", "-DUNROLL_SANITIZE=ON", width);
}

/** Holds the C sources to .clang-format. @param {Job} job */
function formatC(job) {
  const sources = ["src", "include", "tests/core", "tests/bench", "tests/fuzz"].flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  return job.run("clang-format", ["--dry-run", "-Werror", ...sources.filter((name) => /\.[ch]$/.test(name))]);
}

/** @param {string} folder */
function testFiles(folder) {
  const files = readdirSync(at(folder)).filter((name) => name.endsWith(".test.js"));
  if (!files.length) throw new Error(`${folder} holds no test`);
  return files;
}

/** Runs the tests of a folder. Reading what a file stands on is a third of a second's work for a Node test, half of one for
 * an experiment's, a whole one for those of a browser, which share it: so a process for each core takes one file after
 * the other, `long` ones first, for what begins last keeps the others waiting. Those `alone` have a process each.
 * @param {Job} job @param {string} folder
 * @param {{ long?: string[], alone?: (name: string) => boolean, flags?: string[] }} [options]
 */
async function testFolder(job, folder, { long = [], alone = () => false, flags = [] } = {}) {
  const names = testFiles(folder);
  const first = long.map((name) => `${name}.test.js`);
  const own = names.filter(alone).values();
  const shared = [...new Set([...first, ...names])].filter((name) => !alone(name)).values();
  const failures = /** @type {string[]} */ ([]);
  /** @param {string[]} files @param {() => string | undefined} [hand] */
  const run = async (files, hand) => {
    const part = new Job(false);
    await part
      .run(process.execPath, [...flags, "--test-reporter=spec", ".ci/together.js", ...files], {
        minutes: MINUTES,
        hand,
      })
      .catch((error) => failures.push(error.message));
    part.end();
    job.add(part);
  };
  const work = async () => {
    for (const name of own) await run([`${folder}/${name}`]);
    await run([], () => {
      const { value } = shared.next();
      return value && at(folder, value);
    });
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (failures.length) throw new Error(failures.join("\n"));
}

/** Of tests/node: what sets globals or V8's flags, and the command line's, which are long. @param {string} name */
const needsProcess = (name) =>
  /globalThis|elements\.js|setFlagsFromString|cli-support\.js/.test(readFileSync(at(`tests/node/${name}`), "utf8"));

/** Files that take longest, by runner. */
const LONG = {
  node: ["fit", "package", "apart", "parallel"],
  browser: ["lessons", "inside", "embed", "page", "webkit", "keep", "firefox"],
};

/* Node 20 runs relaxed SIMD behind a flag that newer ones no longer need. */
const relaxed = process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : [];

/** @typedef {Record<string, (job: Job) => Promise<void> | void>} Lane runners that go one after the other */
/** What goes on beside one another: a compiler often keeps one core busy, as does the fuzzer, a browser both. What
 * follows the first stage needs a build, and that npm's packages, which the C tests do not.
 * @type {Lane[][]} */
const STAGES = [
  [
    {
      packages: (job) => job.run("bash", [".ci/setup", "--packages"]),
      build: (job) => job.run(process.execPath, [".ci/build.js"]),
    },
    {
      "core: gcc": (job) => ctest(job, "build/native", "gcc"),
      "core: sanitizers": ctestSanitized,
    },
  ],
  [
    {
      fuzz: (job) => job.run(process.execPath, ["tests/fuzz/fuzz.js", "--inputs", "20000"]),
      "format: c": formatC,
      lint: (job) => job.run("npm", ["run", "--silent", "lint"]),
      check: (job) => job.run(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit"]),
      lessons: (job) => testFolder(job, "tests/lessons"),
    },
    { node: (job) => testFolder(job, "tests/node", { long: LONG.node, alone: needsProcess, flags: relaxed }) },
  ],
  [
    {
      browser: (job) => testFolder(job, "tests/browser", { long: LONG.browser }),
    },
  ],
];

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { repeat: { type: "string", default: "1" } },
});
const names = STAGES.flat().flatMap((lane) => Object.keys(lane));
const chosen = names.filter((name) => !wanted.length || wanted.some((word) => name.startsWith(word)));
if (chosen.some((name) => !name.startsWith("core"))) chosen.push("packages"); // without them nothing else runs
if (!chosen.length) {
  console.error(`test: there is no runner "${wanted.join(" ")}"; there are ${names.join(", ")}`);
  process.exit(1);
}

/** @type {string[]} */ const lines = [];
const total = new Job(false);
let failed = 0;

/** @param {string} name @param {Lane[string]} act @param {boolean} live */
async function runOne(name, act, live) {
  const start = performance.now();
  const job = new Job(live);
  let verdict = "passed";
  try {
    await act(job);
  } catch (error) {
    job.say(`${error instanceof Error ? error.message : error}\n`);
    verdict = "FAILED";
    failed++;
  }
  total.add(job);
  const counted = job.tests.passed + job.tests.failed;
  const line = `${verdict}  ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s${counted ? `  ${job.tests.passed} of ${counted} tests` : ""}`;
  job.say(`test: ${line}\n`);
  job.end();
  lines.push(line);
}

for (let round = 1; round <= Number(values.repeat) && !failed; round++) {
  if (round > 1) console.log(`test: round ${round}`);
  for (const stage of STAGES) {
    const lanes = stage
      .map((lane) => Object.entries(lane).filter(([name]) => chosen.includes(name)))
      .filter((lane) => lane.length);
    await Promise.all(
      lanes.map(async (lane) => {
        for (const [name, act] of lane) await runOne(name, act, lanes.length === 1);
      }),
    );
  }
}
console.log(`\n${lines.join("\n")}\n${lines.length - failed} of ${lines.length} runners passed`);
console.log(`${total.tests.passed} tests passed, ${total.tests.failed} failed, ${total.tests.skipped} skipped`);
process.exit(failed ? 1 : 0);
