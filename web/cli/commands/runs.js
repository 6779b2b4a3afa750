/** Runs of the same network under several settings, on an equal number of tokens, in threads: watched, and written down. */
import { freemem } from "node:os";
import { Worker } from "node:worker_threads";
import { UnrolledError, loadCore } from "../../core/index.js";
import { answerOf, planSweepOf, runSweep, sweepTable } from "../../core/train/sweep.js";
import { makePalette } from "../../views/parts/colours.js";
import { toCsv } from "../../views/parts/format.js";
import { SvgPen } from "../../views/parts/svg.js";
import { paintSweep, sweepHeight } from "../../views/figures/sweepplot.js";
import { checkInputs, readTexts } from "../files/read.js";
import { duration, openBar } from "../terminal/progress.js";
import { say } from "../terminal/say.js";
import { Interrupt } from "../terminal/signals.js";
import { Target } from "../files/target.js";

/** @typedef {import("../../core/train/sweep.js").Row} Row */
/** @typedef {import("../../core/train/sweep.js").Plan} Plan */

const WIDTH = 1000; // of the picture
/** What machine memory others may be left with. */
const SPARE = 200e6;

/** Memory that can be had without taking it from others. */
const available = () => /** @type {any} */ (process).availableMemory?.() ?? freemem();

/** @param {string} variant @returns {() => Promise<import("../../core/train/sweep.js").TrialWorker>} */
const threads = (variant) => async () => {
  const worker = new Worker(new URL("./trial-worker.js", import.meta.url));
  /** @type {Error | undefined} */
  let end;
  /** @type {(error: Error) => void} */
  let fail = () => {};
  const ends = (/** @type {Error} */ error) => fail((end ??= error));
  worker.on("error", ends);
  worker.on("exit", () => ends(new UnrolledError("disposed", "The thread was ended.")));
  return {
    get ended() {
      return end !== undefined;
    },
    run: (trial, tell) =>
      new Promise((resolve, reject) => {
        fail = reject;
        if (end) return reject(end);
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
 * @typedef {object} Wanted
 * @property {import("../../core/index.js").PartialSettings} shared
 * @property {import("../../core/train/sweep.js").Axis[]} axes
 * @property {number} workers
 * @property {(at: Row["at"]) => string} label of a run
 * @property {number} [parameters] about so many in each
 */

/** @param {string[]} files @param {Record<string, any>} options */
function openTargets(files, { out, plot, force }) {
  checkInputs(files);
  const table = out === undefined ? undefined : new Target(out, { force, inputs: files });
  const figure = plot === undefined ? undefined : new Target(plot, { option: "--plot", force, inputs: files });
  if (table && figure?.equals(table))
    throw new UnrolledError(
      "bad-argument",
      `--out and --plot are both ${plot}: name two files, one for the table and one for the picture.`,
    );
  return { table, figure };
}

/**
 * @param {string[]} files @param {Record<string, any>} options @param {Wanted} wanted
 * @param {(rows: Row[]) => string} report what is printed of the runs
 */
export async function runOn(files, options, { shared, axes, workers, label, parameters }, report) {
  const { budget, variant } = options,
    { table: csv, figure } = openTargets(files, options);
  const text = await readTexts(files);
  const plan = planSweepOf(await loadCore({ variant }), text, {
    settings: shared,
    axes,
    budget,
    workers,
    parameters,
    memory: available() - SPARE,
  });
  say(
    `${plan.runs.length} runs of ${budget} tokens each, ${plan.workers} at a time, on ${plan.count} tokens of which ${plan.V} differ.`,
  );
  const keeper = new RowKeeper(csv, plan),
    interrupt = new Interrupt();
  try {
    const rows = await watched(plan, { text, variant, label, keeper, signal: interrupt.signal });
    interrupt.saves();
    const failures = [await keeper.finish(rows)];
    if (figure && !rows.some((row) => row.outcome)) say(`Nothing is drawn in ${figure}: no run was finished.`);
    else if (figure) failures.push(await figure.write(Buffer.from(picture(plan, rows))).catch((error) => error));
    (csv?.isPrinted || figure?.isPrinted ? process.stderr : process.stdout).write(report(rows));
    conclude(rows, failures.find(Boolean));
  } finally {
    interrupt.end();
  }
}

/** Writes what is known after each run, so that whatever ends a sweep leaves the runs that were finished. */
class RowKeeper {
  #target;
  #plan;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {Target | undefined} target @param {Plan} plan */
  constructor(target, plan) {
    this.#target = target;
    this.#plan = plan;
  }

  /** @param {Row[]} rows */
  keep(rows) {
    if (this.#target?.isFile) this.#write(rows).catch(() => {}); // the last one tells
  }

  /** @param {Row[]} rows @returns {Promise<Error | undefined>} why it could not be written */
  finish(rows) {
    return this.#write(rows).then(
      () => undefined,
      (error) => error,
    );
  }

  /** @param {Row[]} rows */
  #write(rows) {
    const bytes = Buffer.from(toCsv(sweepTable(this.#plan, rows)));
    return (this.#last = this.#last.catch(() => {}).then(() => this.#target?.write(bytes)));
  }
}

/**
 * @param {Plan} plan
 * @param {{ text: string, variant: string, label: Wanted["label"], keeper: RowKeeper, signal: AbortSignal }} how
 */
async function watched(plan, { text, variant, label, keeper, signal }) {
  const bar = await openBar(process.stderr, "{bar} {percentage}% | {done} of {runs} runs | {left} left");
  const start = performance.now();
  bar?.start(plan.runs.length, 0, { done: 0, runs: plan.runs.length, left: "?" });
  const change = (/** @type {Row} */ row, /** @type {Row[]} */ rows) => {
    const share = rows.reduce((sum, { done, state }) => sum + (state === "failed" ? 1 : done), 0);
    bar?.update(share, {
      done: rows.filter(({ state }) => state === "done" || state === "failed").length,
      left: duration(((performance.now() - start) / 1000) * (rows.length / share - 1)),
    });
    if (row.state === "done" || row.state === "failed") keeper.keep(rows);
    if (!bar && row.outcome)
      say(`${label(row.at)}: validation ${row.outcome.loss.toFixed(4)} nats, ${duration(row.outcome.seconds)}`);
    if (!bar && row.state === "failed") say(`${label(row.at)}: ${row.error?.message}`);
  };
  try {
    return await runSweep(plan, text, threads(variant), { change, signal });
  } finally {
    bar?.stop();
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
    strings: {
      loss: "Validation loss (nats)",
      alike: "dashed: as many updates each",
      time: "Time of a step (ms)",
      memory: "Memory (MB)",
    },
  });
  return pen.document(WIDTH, height + 2 * margin, `Sweep of ${axes.map(({ name }) => name).join(" and ")}`);
}

/** @param {Row[]} rows @param {Error | undefined} failure of what was to be written */
function conclude(rows, failure) {
  const failed = rows.filter(({ state }) => state === "failed").length,
    cancelled = rows.filter(({ state }) => state === "cancelled").length;
  if (cancelled) say(`Interrupted: ${rows.length - cancelled - failed} of ${rows.length} runs were finished.`);
  if (failure) throw failure;
  if (failed === rows.length) throw new UnrolledError("diverged", "No run of the sweep was finished.");
}
