/* Runs every claim of every lesson whole, on three seeds, and puts the figures into tests/bench/results.md:
 * node .ci/lessons.js [name …], all lessons when none is named; only a run of all is written down. */
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { at } from "./paths.js";

const RESULTS = at("tests/bench/results.md");
const HEADING = "## Experiments that teach";

const names = process.argv.slice(2);
const all = readdirSync(at("tests/lessons"))
  .filter((name) => name.endsWith(".test.js"))
  .map((name) => name.replace(".test.js", ""));
const files = (names.length ? names : all).map((name) => `tests/lessons/${name}.test.js`);

const child = spawn(process.execPath, ["--test", "--test-reporter=tap", "--test-concurrency=1", ...files], {
  cwd: at("."),
  env: { ...process.env, LESSONS: "all" },
  stdio: ["ignore", "pipe", "inherit"],
});
let output = "";
child.stdout.setEncoding("utf8").on("data", (text) => {
  output += text;
  process.stdout.write(text.replace(/^(?!# .* \| |not ok|\s+error:).*\n?/gm, ""));
});
child.on("close", (code) => {
  const rows = [...output.matchAll(/^ *# (\w+ \| \d+ \| .*)$/gm)].map(([, row]) => `| ${row} |`);
  if (code === 0 && !names.length) {
    const [before] = readFileSync(RESULTS, "utf8").split(`\n${HEADING}`);
    writeFileSync(RESULTS, `${before.trimEnd()}\n\n${section(rows)}`);
  }
  process.exit(code ?? 1);
});

/** @param {string[]} rows */
function section(rows) {
  return `${HEADING}

\`npm run lessons\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, strict core, one thread of ${cpus()[0].model}
(shared): every claim of every experiment, run whole on three seeds. The seconds are the machine's; all other numbers are the same everywhere.

| experiment | seed | took | claims, and the numbers they speak of |
| --- | --: | --: | --- |
${rows.join("\n")}
`;
}
