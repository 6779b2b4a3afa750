/**
 * `unrolled sweep` and `compare`: the same network under several settings, on an equal number of tokens, in threads.
 */
import { freemem } from "node:os";
import { Worker } from "node:worker_threads";
import cliProgress from "cli-progress";
import { UnrolledError, flatten, loadCore, unflatten } from "../core/index.js";
import { CLOSE, answerOf, nameOf, planSweepOf, runSweep, sweepTable } from "../core/train/sweep.js";
import { makePalette } from "../views/parts/colours.js";
import { toCsv } from "../views/parts/format.js";
import { SvgPen } from "../views/parts/svg.js";
import { paintSweep, sweepHeight } from "../views/figures/sweepplot.js";
import { checkOut, readTexts, writeWhole } from "./files.js";
import { listsOf, settingsOf } from "./options.js";
import { duration } from "./progress.js";
import { table } from "./table.js";

/** @typedef {import("../core/train/sweep.js").Row} Row */
/** @typedef {import("../core/train/sweep.js").Plan} Plan */

const WIDTH = 1000; // of the picture
/** What machine memory others may be left with. */
const SPARE = 200e6;

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/** Memory that can be had without taking it from others. */
const available = () => /** @type {any} */ (process).availableMemory?.() ?? freemem();

/** @param {string} variant @returns {() => Promise<import("../core/train/sweep.js").TrialWorker>} */
const threads = (variant) => async () => {
  const worker = new Worker(new URL("./trial-worker.js", import.meta.url));
  /** @type {(error: Error) => void} */
  let fail = () => {};
  worker.on("error", (error) => fail(error));
  worker.on("exit", () => fail(new UnrolledError("disposed", "The thread was ended.")));
  return {
    run: (trial, tell) =>
      new Promise((resolve, reject) => {
        fail = reject;
        const hear = (/** @type {any} */ { standing, outcome, error }) => {
          if (standing) return tell(standing);
          worker.off("message", hear);
          if (error) reject(new UnrolledError(error.code, error.message, error.details));
          else resolve(outcome);
        };
        worker.on("message", hear);
        worker.postMessage({ trial, variant });
      }),
    close: () => void worker.terminate(),
  };
};

/**
 * @param {string[]} files @param {Record<string, any>} options
 * @param {{ shared: import("../core/index.js").PartialSettings, axes: import("../core/train/sweep.js").Axis[], workers:
 * number }} wanted
 */
async function runOn(files, { budget, variant, out, plot, force }, { shared, axes, workers }) {
  for (const path of [out, plot]) if (path) await checkOut(path, force);
  const text = await readTexts(files);
  const plan = planSweepOf(await loadCore({ variant }), text, {
    settings: shared,
    axes,
    budget,
    workers,
    memory: available() - SPARE,
  });
  say(
    `${plan.runs.length} runs of ${budget} tokens each, ${plan.workers} at a time, on ${plan.count} tokens of which ${plan.V} differ.`,
  );
  const rows = await watched(plan, text, variant);
  if (out) await writeWhole(out, Buffer.from(toCsv(sweepTable(plan.axes, rows))));
  if (plot && rows.some((row) => row.outcome)) await writeWhole(plot, Buffer.from(picture(plan, rows)));
  return { plan, rows };
}

/** @param {Plan} plan @param {string} text @param {string} variant */
async function watched(plan, text, variant) {
  const calledOff = new AbortController();
  const interrupt = () => calledOff.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const bar = process.stderr.isTTY
    ? new cliProgress.SingleBar(
        {
          stream: process.stderr,
          format: "{bar} {percentage}% | {done} of {runs} runs | {left} left",
          hideCursor: true,
          barsize: 20,
        },
        cliProgress.Presets.shades_classic,
      )
    : null;
  const start = performance.now();
  bar?.start(plan.runs.length, 0, { done: 0, runs: plan.runs.length, left: "?" });
  const change = (/** @type {Row} */ row, /** @type {Row[]} */ rows) => {
    const share = rows.reduce((sum, { done, state }) => sum + (state === "failed" ? 1 : done), 0);
    bar?.update(share, {
      done: rows.filter(({ state }) => state === "done" || state === "failed").length,
      left: duration(((performance.now() - start) / 1000) * (rows.length / share - 1)),
    });
    if (!bar && row.outcome)
      say(
        `${nameOf(plan.axes, row.at)}: validation ${row.outcome.loss.toFixed(4)} nats, ${duration(row.outcome.seconds)}`,
      );
    if (!bar && row.state === "failed") say(`${nameOf(plan.axes, row.at)}: ${row.error?.message}`);
  };
  try {
    return await runSweep(plan, text, threads(variant), { change, signal: calledOff.signal });
  } finally {
    bar?.stop();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

/** @param {Plan} plan @param {Row[]} rows */
function picture({ axes }, rows) {
  const best = answerOf(rows)?.best;
  const data = { axes, outcomes: rows.map((row) => row.outcome), best: best ? rows.indexOf(best) : -1 };
  const pen = new SvgPen(),
    margin = 20,
    height = sweepHeight(data, WIDTH - 2 * margin);
  const palette = makePalette(false);
  pen.fillStyle = palette.paper;
  pen.fillRect(0, 0, WIDTH, height + 2 * margin);
  pen.translate(margin, margin);
  paintSweep(/** @type {any} */ (pen), data, {
    width: WIDTH - 2 * margin,
    palette,
    strings: { loss: "Validation loss (nats)", time: "Time of a step (ms)", memory: "Memory (MB)" },
  });
  return pen.document(WIDTH, height + 2 * margin, `Sweep of ${axes.map(({ name }) => name).join(" and ")}`);
}

/** What a row says where there is no outcome. @param {Row} row */
const fate = ({ state, error }) => (state === "failed" ? `failed: ${error?.message}` : state);

/** @param {Row[]} rows */
function finish(rows) {
  const failed = rows.filter(({ state }) => state === "failed").length,
    cancelled = rows.filter(({ state }) => state === "cancelled").length;
  if (cancelled) say(`Interrupted: ${rows.length - cancelled - failed} of ${rows.length} runs were finished.`);
  if (failed === rows.length) throw new UnrolledError("diverged", "No run of the sweep was finished.");
  if (cancelled) process.exitCode = 130;
}

/**
 * @param {string[]} files @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function sweep(files, options, command) {
  const lists = listsOf(command);
  const axes = Object.entries(lists)
    .filter(([, values]) => values.length > 1)
    .map(([name, values]) => ({ name, values }));
  if (!axes.length)
    throw new UnrolledError(
      "bad-setting",
      "Nothing is swept: give one setting or two several values, for instance --seq-len 16,32,64.",
    );
  const shared = unflatten(
    Object.fromEntries(
      Object.entries(lists)
        .filter(([, values]) => values.length === 1)
        .map(([name, [value]]) => [name, value]),
    ),
  );
  const { plan, rows } = await runOn(files, options, { shared, axes, workers: options.workers });
  const names = plan.axes.map(({ name }) => name);
  process.stdout.write(
    table([
      [...names, "steps", "validation", "training", "accuracy", "ms/step", "seconds", "MB"],
      ...rows.map((row) => {
        const { at, steps, outcome: o } = row;
        if (!o) return [...at.map(String), String(steps), fate(row), "", "", "", "", ""];
        return [
          ...at.map(String),
          String(steps),
          o.loss.toFixed(4),
          o.trainingLoss.toFixed(4),
          `${(100 * o.accuracy).toFixed(1)} %`,
          o.msPerStep.toFixed(2),
          o.seconds.toFixed(1),
          (o.bytes / 1e6).toFixed(1),
        ];
      }),
    ]),
  );
  const answer = answerOf(rows);
  if (answer) {
    const { best, enough } = answer;
    process.stdout.write(
      `\nLowest validation loss: ${nameOf(plan.axes, best.at)} (${best.outcome?.loss.toFixed(4)} nats).`,
    );
    if (enough !== best)
      process.stdout.write(
        ` Within ${CLOSE} nats of it, ${nameOf(plan.axes, enough.at)} was the quickest (${duration(enough.outcome?.seconds ?? NaN)}, not ${duration(best.outcome?.seconds ?? NaN)}).`,
      );
    process.stdout.write("\n");
  }
  finish(rows);
}

/**
 * @param {string[]} files @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function compare(files, options, command) {
  const { cell: _, ...shared } = flatten(settingsOf(command));
  // One at a time: seconds are compared, so no run may slow another down.
  const { rows } = await runOn(files, options, {
    shared: unflatten(shared),
    axes: [{ name: "cell", values: options.cells }],
    workers: 1,
  });
  process.stdout.write(
    table([
      ["cell", "parameters", "multiply-adds/token", "seconds", "validation nats", "bits/token", "accuracy", "reach"],
      ...rows.map((row) => {
        const { outcome: o } = row;
        if (!o) return [String(row.at[0]), fate(row), "", "", "", "", "", ""];
        return [
          String(row.at[0]),
          String(o.parameters),
          String(o.operations),
          o.seconds.toFixed(1),
          o.loss.toFixed(4),
          o.bitsPerToken.toFixed(4),
          `${(100 * o.accuracy).toFixed(1)} %`,
          Number.isFinite(o.reach) ? String(o.reach) : `> ${o.probed - 2}`,
        ];
      }),
    ]),
  );
  finish(rows);
}
