/* Five ways to read one text: node tests/bench/five.js TEXT [--seeds N] [--seconds S] [--tokens N] [--keep]. Every cell as
 * wide as it takes for as many parameters, with the same settings; each is measured on the part held back after so many
 * seconds of training and after so many characters, of the same runs. One thread, one run at a time; --keep takes the
 * table over into results.md. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { CELLS } from "../../web/core/cells.js";
import { Trainer, checkSettings, loadCore } from "../../web/core/index.js";
import { widthFor } from "../../web/core/shapes.js";
import { buildVocabulary } from "../../web/core/text/tokens.js";
import { putSection } from "./section.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "3" },
    seconds: { type: "string", default: "60" },
    tokens: { type: "string", default: "5e6" },
    keep: { type: "boolean" },
  },
});
const [file] = positionals;
if (!file) throw new Error("Name the text: node tests/bench/five.js book.txt");
const PARAMETERS = 200_000;
const SETTINGS = { batch: 32, seqLen: 128, validation: 0.1 };
const SLICE = 250; // ms between two looks at the clock
const LIMITS = { seconds: Number(values.seconds), tokens: Number(values.tokens) };

const text = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
const vocabulary = buildVocabulary(text);
const core = await loadCore();

/** @typedef {{ seconds: number, tokens: number, loss: number }} Mark where a limit was reached */

/** @param {import("../../web/core/cells.js").CellName} cell @param {number} seed */
function run(cell, seed) {
  const kind = checkSettings({ ...SETTINGS, cell, seed });
  const hidden = widthFor(kind, vocabulary.size, PARAMETERS);
  const trainer = new Trainer(core, { ...SETTINGS, cell, seed, hidden, text });
  /** @type {Partial<Record<keyof typeof LIMITS, Mark>>} */
  const marks = {};
  const reached = { seconds: 0, tokens: 0 };
  for (let n = 1; !marks.seconds || !marks.tokens; ) {
    const open = /** @type {(keyof typeof LIMITS)[]} */ (["seconds", "tokens"]).filter((name) => !marks[name]);
    const most = open.includes("tokens")
      ? Math.ceil((LIMITS.tokens - reached.tokens) / (SETTINGS.batch * SETTINGS.seqLen))
      : n;
    const start = performance.now();
    trainer.step(Math.min(n, most));
    const took = performance.now() - start;
    reached.seconds += took / 1000;
    reached.tokens = trainer.progress.tokens;
    n = Math.max(1, Math.min(2 * n, Math.round((n * SLICE) / took)));
    for (const name of open)
      if (reached[name] >= LIMITS[name]) marks[name] = { ...reached, loss: trainer.evaluate().loss };
  }
  const { parameterCount } = trainer;
  trainer.dispose();
  return { cell, seed, hidden, parameterCount, .../** @type {Record<keyof typeof LIMITS, Mark>} */ (marks) };
}

/** @type {ReturnType<typeof run>[]} */
const runs = [];
for (let seed = 1; seed <= Number(values.seeds); seed++)
  for (const cell of /** @type {import("../../web/core/cells.js").CellName[]} */ (Object.keys(CELLS))) {
    runs.push(run(cell, seed));
    console.error(JSON.stringify(runs[runs.length - 1]));
  }

const mean = (/** @type {number[]} */ all) => all.reduce((sum, each) => sum + each, 0) / all.length;
/** @param {number[]} all @param {number} digits */
const spread = (all, digits) =>
  `${mean(all).toFixed(digits)} (${Math.min(...all).toFixed(digits)} to ${Math.max(...all).toFixed(digits)})`;
const rows = Object.keys(CELLS).map((cell) => {
  const own = runs.filter((each) => each.cell === cell);
  return [
    cell,
    own[0].hidden,
    own[0].parameterCount,
    spread(
      own.map(({ seconds }) => seconds.tokens / 1e6),
      2,
    ),
    spread(
      own.map(({ seconds }) => seconds.loss),
      3,
    ),
    spread(
      own.map(({ tokens }) => tokens.seconds),
      0,
    ),
    spread(
      own.map(({ tokens }) => tokens.loss),
      3,
    ),
  ];
});
const heads = [
  "cell",
  "width",
  "parameters",
  `M characters in ${LIMITS.seconds} s`,
  "validation nats then",
  `seconds for ${LIMITS.tokens / 1e6} M characters`,
  "validation nats then",
];
const lines = [heads, heads.map((_, i) => (i ? "--:" : "---")), ...rows];
const [{ model }] = cpus();
const sum = createHash("sha256").update(text).digest("hex").slice(0, 12);
const body = `${model}, ${availableParallelism()} cores, Node ${process.versions.node}, "${core.variant}"; ${new Date().toISOString().slice(0, 10)}. \`node tests/bench/five.js TEXT --keep\`: ${basename(file)},
${text.length} characters, ${vocabulary.size} kinds of them, sha256 ${sum}…; about ${PARAMETERS} parameters each, one layer or block, batch 32, windows of 128, and
otherwise the settings of a new trainer: Adam at 0.002, clipped at norm 5. Both marks are of the same runs, the mean of ${values.seeds} seeds with the
lowest and the highest; a rate that suits one cell need not suit another.

${lines.map((row) => `| ${row.join(" | ")} |`).join("\n")}`;
console.log(body);
if (values.keep) putSection("Five ways to read a book", body);
