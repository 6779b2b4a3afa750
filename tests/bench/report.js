/* The results as Markdown. */
import { GOALS, WORKLOADS, goalOf } from "./workloads.js";

const integer = (/** @type {number} */ value) => Math.round(value).toLocaleString("en");
const percent = (/** @type {number} */ value) => `${(100 * value).toFixed(0)} %`;

/** @param {string[]} head @param {string[][]} rows the first column is text, the others are numbers */
function table(head, rows) {
  return [head, head.map((_, i) => (i ? "--:" : "---")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Ours by one thread and by two, then others', where any workload was timed.
 * @param {any[]} speed @param {import("./others.js").Row[]} others @param {number} rounds */
function beside(speed, others, rounds) {
  const names = WORKLOADS.map(({ name }) => name);
  /** @type {{ name: string, figures: Record<string, number> }[]} */
  const rows = speed.flatMap(({ place, variant, figures }) =>
    ["one thread", "two workers"].map((threads, two) => ({
      name: `Unrolled, ${place}, ${variant}, ${threads}`,
      figures: Object.fromEntries(
        figures
          .filter((/** @type {any} */ { twoCores }) => !two || twoCores)
          .map((/** @type {any} */ { name, perSecond, twoCores }) => [name, perSecond * (two ? twoCores : 1)]),
      ),
    })),
  );
  for (const row of others) if ("figures" in row) rows.push(row);
  const timed = names.filter((name) => rows.some(({ figures }) => figures[name]));
  const missing = others.flatMap((row) => ("missing" in row ? [`${row.name}: ${row.missing}.`] : []));
  const lines = rows
    .filter(({ figures }) => timed.some((name) => figures[name]))
    .map(({ name, figures }) => [
      name,
      ...timed.map((workload) => (figures[workload] ? integer(figures[workload]) : "")),
    ]);
  return [
    "## Beside others, characters/s",
    table(["", ...timed], lines),
    ...(missing.length ? [`Not timed: ${missing.join(" ")}`] : []),
    `All in one run, one after the other${rounds > 1 ? `, ${rounds} times over; the best of each` : ""}. PyTorch: torch.nn's cells, clipping and Adam, multiplied by
OpenBLAS, which is told of 512-bit vectors where there are some; TensorFlow.js: tf.layers and its Adam on one-hot rows, in
Chromium, on one thread, all that it takes on two cores; its layers do not clip.`,
  ].join("\n\n");
}

/** @param {string} variant @param {import("./profile.js").Profile[]} workloads */
function phaseTable(variant, workloads) {
  const whole = (
    /** @type {import("./profile.js").Profile} */ { phases },
    /** @type {"milliseconds" | "limit"} */ what,
  ) => phases.reduce((sum, phase) => sum + phase[what], 0);
  const pairs = (/** @type {(workload: import("./profile.js").Profile) => string[]} */ cells) =>
    workloads.flatMap(cells);
  const names = workloads[0].phases.map(({ phase }) => phase);
  const rows = names.map((phase, i) => [
    phase,
    ...pairs(({ phases: { [i]: it } }) => [it.milliseconds, it.limit].map((ms) => (ms ? ms.toFixed(2) : ""))),
  ]);
  return [
    `## An update by phase, and the least that each takes, ${variant}`,
    `Milliseconds measured, with the clock, and at best: products at the rate of their tile on data in the first-level cache
(${workloads.map(({ name, tile }) => `${name} ${tile.toFixed(1)}`).join(", ")} GFLOP/s), activations, loss and its gradient at that of their kernels there, the rest at that of a copy of
so much memory; all measured between the updates of this run, counting only what a phase must read, write or multiply once.`,
    table(
      ["", ...pairs(({ name }) => [name, "at best"])],
      [
        ...rows,
        ["together", ...pairs((one) => [whole(one, "milliseconds").toFixed(2), whole(one, "limit").toFixed(2)])],
        [
          "characters/s",
          ...pairs((one) =>
            [whole(one, "milliseconds"), whole(one, "limit")].map((ms) => integer((1000 * one.characters) / ms)),
          ),
        ],
        ["goal", ...pairs(({ name }) => [integer(goalOf(name, variant)), ""])],
      ],
    ),
  ].join("\n\n");
}

/** @param {any} results @returns {string} */
export function report({ machine, rounds, speed, others, growth, memory, profile, views }) {
  const parts = [
    `# Bench\n\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${machine.chromium ? `, Chromium ${machine.chromium}` : ""}; ${machine.date}.`,
  ];
  for (const { place, variant, peak, figures } of speed) {
    parts.push(
      `## ${place}, ${variant}\n\nPeak of multiply + add: ${peak.toFixed(1)} GFLOP/s.`,
      table(
        ["", "ms", "characters/s", "goal", "GFLOP/s", "of peak", "two cores", "in processor time"],
        figures.map(
          (/** @type {any} */ { name, milliseconds, perSecond, gflops, peakShare, twoCores, twoCoresWork }) => [
            name,
            milliseconds.toFixed(2),
            integer(perSecond),
            name in GOALS ? integer(goalOf(name, variant)) : "",
            gflops.toFixed(1),
            percent(peakShare),
            ...[twoCores, twoCoresWork].map((times) => (times ? `${times.toFixed(2)}×` : "")),
          ],
        ),
      ),
    );
  }
  if (speed.length)
    parts.push(`A row is an update (forward, backward, clip, Adam) of batch × time steps characters, or a sample of 100 characters, on one thread.
GFLOP/s count useful work: an update's 6·B·T·(G·H·(H + 2·H for each layer above the first) + H·V), which are the products
forward and twice back; one-hot input costs nothing, an embedding 6·V·G·H·E; activations, softmax and Adam are not counted.
Each figure is the best of many turns taken by all rows of a table together${rounds > 1 ? `, in ${rounds} rounds through all tables` : ""}; the peak is
measured among them. "Two cores" compares the same updates shared by two threads (\`workers: 2\`), both in this run; the
last column compares the processor time of the busier thread, which other programs on the machine disturb less, and which
leaves out waiting; where there are rounds, in the one in which one thread was quickest.

With one stream (S7, the samples) Node 20 is as quick as newer ones since the steps of the one-row product are parted (\`src/kernels/gemm.c\`): V8 before
version 13 left no registers for its sums. Before, in pairs in one process, S7 took 1.26 times as long, the samples 1.7 times; in Node 24 and 26 they are
as quick as they were. The same module in another Node: \`npx -p node@24 node tests/bench/node.js '{"what":"speed","variant":"relaxed","only":["S7","sample"],"turns":12,"milliseconds":60}'\`.`);
  if (others?.length) parts.push(beside(speed, others, rounds));
  for (const { variant, workloads } of profile ?? []) parts.push(phaseTable(variant, workloads));
  if (growth) {
    parts.push(
      "## Growth\n\nAn lstm of H 128, B 32, T 64, one layer, and each size in turn; ms of an update.",
      table(
        ["", "values", "ms", "furthest from a line"],
        growth.map((/** @type {any} */ { label, values, milliseconds, worst, size }) => [
          `${label}${size === "hidden" ? ", against its work" : ""}`,
          values.join(", "),
          milliseconds.map((/** @type {number} */ ms) => ms.toFixed(2)).join(", "),
          percent(worst),
        ]),
      ),
    );
  }
  if (memory) {
    parts.push(
      "## Memory, MB",
      table(
        ["", "planned from the settings", "the module's, all", "added by updates"],
        memory.map((/** @type {any} */ { name, planned, memory: all, grown }) => [
          name,
          planned.toFixed(1),
          all.toFixed(1),
          grown.toFixed(1),
        ]),
      ),
    );
  }
  if (views) {
    const [loss, from, to] = [views.loss, views.from, views.to].map((value) => `${(100 * value).toFixed(1)} %`);
    parts.push(
      `## Live views\n\nThe page trains ${integer(views.hidden)} characters a second with its figures hidden, ${integer(views.shown)} with them live: ${loss} less
(the score, and what is near it; the comparison, three more networks, is not running. Median over pairs of neighbouring seconds; half of the pairs lie between ${from} and ${to}).`,
      table(
        ["128 units × 200 characters, ms a frame", "script", "all of the page's thread"],
        views.drawing.map((/** @type {any} */ { name, script, frame }) => [name, script.toFixed(2), frame.toFixed(2)]),
      ),
    );
  }
  return `${parts.join("\n\n")}\n`;
}
