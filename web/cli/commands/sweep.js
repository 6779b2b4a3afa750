/**
 * `unrolled sweep` and `compare`: the same network under several settings, on an equal number of tokens, in threads.
 */
import { freemem } from "node:os";
import { Worker } from "node:worker_threads";
import cliProgress from "cli-progress";
import { SETTINGS, UnrolledError, flatten, loadCore, unflatten } from "../../core/index.js";
import { CLOSE, answerOf, planSweepOf, runSweep, sweepTable } from "../../core/train/sweep.js";
import { makePalette } from "../../views/parts/colours.js";
import { toCsv } from "../../views/parts/format.js";
import { SvgPen } from "../../views/parts/svg.js";
import { paintSweep, sweepHeight } from "../../views/figures/sweepplot.js";
import { idleSettings } from "../options/checks.js";
import { checkInputs, readTexts } from "../files/read.js";
import { listsOf, optionOf, settingsOf } from "../options/settings.js";
import { duration } from "../terminal/progress.js";
import { say } from "../terminal/say.js";
import { Interrupt } from "../terminal/signals.js";
import { table } from "../terminal/table.js";
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
 * @typedef {object} Wanted
 * @property {import("../../core/index.js").PartialSettings} shared
 * @property {import("../../core/train/sweep.js").Axis[]} axes
 * @property {number} workers
 * @property {(at: Row["at"]) => string} label of a run
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

/** @param {string[]} files @param {Record<string, any>} options @param {Wanted} wanted */
async function runOn(files, options, { shared, axes, workers, label }) {
  const { budget, variant } = options,
    { table: csv, figure } = openTargets(files, options);
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
  const keeper = new RowKeeper(csv, plan);
  const { rows, interrupted } = await watched(plan, { text, variant, label, keeper });
  const failures = [await keeper.finish(rows)];
  if (figure && rows.some((row) => row.outcome))
    failures.push(await figure.write(Buffer.from(picture(plan, rows))).catch((error) => error));
  return {
    plan,
    rows,
    interrupted,
    failure: failures.find(Boolean),
    print: (/** @type {string} */ words) =>
      void (csv?.isPrinted || figure?.isPrinted ? process.stderr : process.stdout).write(words),
  };
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
    const bytes = Buffer.from(toCsv(sweepTable(this.#plan.axes, rows)));
    return (this.#last = this.#last.catch(() => {}).then(() => this.#target?.write(bytes)));
  }
}

/**
 * @param {Plan} plan
 * @param {{ text: string, variant: string, label: Wanted["label"], keeper: RowKeeper }} how
 */
async function watched(plan, { text, variant, label, keeper }) {
  const interrupt = new Interrupt();
  const bar = process.stderr.isTTY
    ? new cliProgress.SingleBar(
        {
          stream: process.stderr,
          format: "{bar} {percentage}% | {done} of {runs} runs | {left} left",
          hideCursor: true,
          barsize: 20,
          gracefulExit: false,
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
    if (row.state === "done" || row.state === "failed") keeper.keep(rows);
    if (!bar && row.outcome)
      say(`${label(row.at)}: validation ${row.outcome.loss.toFixed(4)} nats, ${duration(row.outcome.seconds)}`);
    if (!bar && row.state === "failed") say(`${label(row.at)}: ${row.error?.message}`);
  };
  try {
    const rows = await runSweep(plan, text, threads(variant), { change, signal: interrupt.signal });
    interrupt.saves();
    return { rows, interrupted: interrupt.code };
  } finally {
    bar?.stop();
    interrupt.end();
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

/** @param {Awaited<ReturnType<typeof runOn>>} run */
function finish({ rows, interrupted, failure }) {
  const failed = rows.filter(({ state }) => state === "failed").length,
    cancelled = rows.filter(({ state }) => state === "cancelled").length;
  if (cancelled) say(`Interrupted: ${rows.length - cancelled - failed} of ${rows.length} runs were finished.`);
  if (failure) throw failure;
  if (failed === rows.length) throw new UnrolledError("diverged", "No run of the sweep was finished.");
  process.exitCode = interrupted;
}

/** Tells which of the settings that were given do nothing. @param {Record<string, any[]>} lists */
function remark(lists) {
  for (const sentence of idleSettings(Object.keys(lists), (name) => lists[name] ?? [SETTINGS[name].default]))
    say(sentence);
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
      "bad-argument",
      "Nothing is swept: give one setting or two several values, for instance --seq-len 16,32,64.",
    );
  if (axes.length > 2)
    throw new UnrolledError(
      "bad-argument",
      `A sweep varies one setting or two, got ${axes.map(({ name }) => optionOf(name)).join(", ")}: leave one value of the others.`,
    );
  remark(lists);
  const shared = unflatten(
    Object.fromEntries(
      Object.entries(lists)
        .filter(([, values]) => values.length === 1)
        .map(([name, [value]]) => [name, value]),
    ),
  );
  const label = (/** @type {Row["at"]} */ at) => axes.map(({ name }, i) => `${optionOf(name)} ${at[i]}`).join(" ");
  const run = await runOn(files, options, { shared, axes, workers: options.workers, label });
  const { rows, print } = run;
  print(
    table([
      [
        ...axes.map(({ name }) => optionOf(name).slice(2)),
        ...["steps", "validation", "training", "accuracy", "ms/step", "seconds", "MB"],
      ],
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
    print(`\nLowest validation loss: ${label(best.at)} (${best.outcome?.loss.toFixed(4)} nats).`);
    if (enough !== best)
      print(
        ` Within ${CLOSE} nats of it, ${label(enough.at)} was the quickest (${duration(enough.outcome?.seconds ?? NaN)}, not ${duration(best.outcome?.seconds ?? NaN)}).`,
      );
    print("\n");
  }
  finish(run);
}

/**
 * @param {string[]} files @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function compare(files, options, command) {
  const shared = flatten(settingsOf(command));
  remark({
    ...Object.fromEntries(Object.entries(shared).map(([name, value]) => [name, [value]])),
    cell: options.cells,
  });
  // One at a time: seconds are compared, so no run may slow another down.
  const run = await runOn(files, options, {
    shared: unflatten(shared),
    axes: [{ name: "cell", values: options.cells }],
    workers: 1,
    label: ([cell]) => String(cell),
  });
  run.print(
    table([
      ["cell", "parameters", "multiply-adds/token", "seconds", "validation nats", "bits/token", "accuracy", "reach"],
      ...run.rows.map((row) => {
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
  finish(run);
}
