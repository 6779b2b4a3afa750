/* What a next token costs as a text grows: node tests/bench/writing.js [--quick] [--keep]. A cell goes on from its state;
 * attention looks at all that stands before it in its window. --keep takes the table over into results.md, and the
 * picture into writing.svg. */
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { at } from "../../.ci/paths.js";
import { Trainer, loadCore } from "../../web/core/index.js";
import { race } from "./measure.js";
import { plotWriting } from "./plot.js";
import { putSection } from "./section.js";
import { settingsOf } from "./workloads.js";

const { values } = parseArgs({ options: { quick: { type: "boolean" }, keep: { type: "boolean" } } });
/** Tokens written: what stands between two of them is what their times differ by. */
const LENGTHS = [1, 128, 256, 384, 512, 640, 768, 896, 1023];
const WINDOW = 1024;
/** @type {import("./workloads.js").Workload["cell"][]} */
const CELLS = ["rnn", "lstm", "gru", "mingru", "attention"];

const core = await loadCore();
const text = settingsOf({ name: "", cell: "lstm", hidden: 1, batch: 1, seqLen: WINDOW }).text;

/** @typedef {{ cell: string, tokens: number[], microseconds: number[], bytes: number }} Course bytes: of the pass that writes */

/** @param {import("./workloads.js").Workload["cell"]} cell */
function contendersOf(cell) {
  const trainer = new Trainer(core, { cell, hidden: 128, batch: 1, seqLen: WINDOW, seed: 1, validation: 0, text });
  const { inside } = trainer.engine;
  const T = cell === "attention" ? WINDOW : 1;
  return {
    cell,
    bytes: core.c.unroll_pass_bytes(inside.pointer, 1, T, 0) >>> 0,
    contenders: LENGTHS.map((length) => ({
      name: `${cell} ${length}`,
      best: Infinity,
      work: Infinity,
      run: (/** @type {number} */ times) => {
        for (let i = 0; i < times; i++) trainer.sample({ prompt: "a", length, probabilities: false });
      },
    })),
  };
}

const all = CELLS.map(contendersOf);
await race(
  all.flatMap(({ contenders }) => contenders),
  values.quick ? { turns: 3, milliseconds: 20 } : { turns: 12, milliseconds: 60 },
);
/** @type {Course[]} */
const courses = all.map(({ cell, bytes, contenders }) => ({
  cell,
  bytes,
  tokens: LENGTHS.slice(1).map((length, i) => (length + LENGTHS[i]) / 2),
  microseconds: contenders
    .slice(1)
    .map(({ best }, i) => (1000 * (best - contenders[i].best)) / (LENGTHS[i + 1] - LENGTHS[i])),
}));

const middles = courses[0].tokens.map(Math.round);
const rows = courses.map(({ cell, microseconds, bytes }) => [
  cell,
  ...microseconds.map((each) => each.toFixed(1)),
  (bytes / 1000).toFixed(0),
]);
const lines = [["µs a token, after", ...middles, "kB"], ["---", ...middles.map(() => "--:"), "--:"], ...rows];
const [{ model }] = cpus();
const body = `${model}, ${availableParallelism()} cores, Node ${process.versions.node}, "${core.variant}"; ${new Date().toISOString().slice(0, 10)}. \`node tests/bench/writing.js --keep\`: one
layer of 128 units, one block of 128 with 4 heads and a window of ${WINDOW}; a token drawn after so many others, the best of many turns; kB: memory
of the pass that writes, where what was read is kept.

${lines.map((row) => `| ${row.join(" | ")} |`).join("\n")}

![Microseconds of a token against the tokens before it](writing.svg)`;
console.log(body);
if (values.keep) {
  putSection("A text that grows", body);
  writeFileSync(at("tests/bench/writing.svg"), plotWriting(courses));
}
