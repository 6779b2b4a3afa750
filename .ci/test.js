/* Runs the tests: node .ci/test.js [runner …], all of them when none is named. Each runner closes with one line; the
 * exit code is 1 when any failed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { at, run } from "./paths.js";

const jobs = String(Math.max(2, availableParallelism()));

/** Builds and runs the C tests in a tree of their own.
 * @param {string} folder @param {string} compiler @param {...string} options */
function ctest(folder, compiler, ...options) {
  run("cmake", ["-S", ".", "-B", folder, `-DCMAKE_C_COMPILER=${compiler}`, "-DUNROLL_WERROR=ON", ...options], {
    quiet: true,
  });
  run("cmake", ["--build", folder, "--parallel", jobs], { quiet: true });
  run("ctest", ["--test-dir", folder, "--output-on-failure", "--no-tests=error", "--parallel", jobs]);
}

/** Holds the C sources to .clang-format. */
function formatC() {
  const sources = ["src", "include", "tests/core", "tests/bench", "tests/fuzz"].flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  run("clang-format", ["--dry-run", "-Werror", ...sources.filter((name) => /\.[ch]$/.test(name))]);
}

/** The C tests as 32-bit programs under sanitizers: sizes and pointers as the modules have them, and a check on each. */
function ctest32() {
  const flags = ["-m32", "-msse2", "-mfpmath=sse"];
  const probe = ["-fsanitize=address,undefined", "-x", "c", "-", "-o", at("build/can-32-bit")];
  mkdirSync(at("build"), { recursive: true });
  if (spawnSync("gcc", [...flags, ...probe], { input: "int main(void) { return 0; }\n" }).status !== 0) {
    console.log("test: skipped: gcc has no 32-bit libraries here (Debian: gcc-multilib)");
    return;
  }
  ctest("build/32-bit", "gcc", "-DUNROLL_SANITIZE=ON", `-DCMAKE_C_FLAGS=${flags.join(" ")}`);
}

/** @param {string} folder */
function testsOf(folder) {
  const files = readdirSync(at(folder))
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => `${folder}/${name}`);
  if (!files.length) throw new Error(`${folder} holds no test`);
  return files;
}

/* Two files at a time, also where Node would run one: each waits for a page or a process at times. */
function nodeTests(/** @type {string} */ folder, /** @type {string[]} */ flags = []) {
  const options = ["--test", "--test-reporter=spec", `--test-concurrency=${jobs}`];
  run(process.execPath, [...flags, ...options, ...testsOf(folder)]);
}

/* Node 20 runs relaxed SIMD behind a flag that newer ones no longer need. */
const relaxedFlag = process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : [];

/** @type {Record<string, () => void>} */
const runners = {
  "core: gcc": () => ctest("build/native", "gcc"),
  "core: clang": () => ctest("build/clang", "clang"),
  "core: sanitizers": () => ctest("build/asan", "clang", "-DUNROLL_SANITIZE=ON"),
  "core: 32-bit": ctest32,
  build: () => run(process.execPath, [".ci/build.js"]),
  "format: c": formatC,
  lint: () => run("npm", ["run", "--silent", "lint"]),
  check: () => run(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit"]),
  node: () => nodeTests("tests/node", relaxedFlag),
  lessons: () => nodeTests("tests/lessons"),
  package: () => {
    run(process.execPath, ["node_modules/publint/src/cli.js", "--strict"]);
    run("npm", ["pack", "--ignore-scripts", "--pack-destination", "build"], { quiet: true });
    const { version } = JSON.parse(readFileSync(at("package.json"), "utf8"));
    run(process.execPath, ["node_modules/.bin/attw", `build/unrolled-${version}.tgz`, "--profile", "esm-only"], {
      quiet: true,
    });
  },
  browser: () => nodeTests("tests/browser"),
};

const wanted = process.argv.slice(2);
const chosen = Object.keys(runners).filter((name) => !wanted.length || wanted.some((word) => name.startsWith(word)));
if (!chosen.length) {
  console.error(`test: there is no runner "${wanted.join(" ")}"; there are ${Object.keys(runners).join(", ")}`);
  process.exit(1);
}
const lines = [];
let failed = 0;
for (const name of chosen) {
  const start = performance.now();
  let verdict = "passed";
  try {
    runners[name]();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    verdict = "FAILED";
    failed++;
  }
  const line = `${verdict}  ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s`;
  console.log(`test: ${line}`);
  lines.push(line);
}
console.log(`\n${lines.join("\n")}\n${chosen.length - failed} of ${chosen.length} runners passed`);
process.exit(failed ? 1 : 0);
