/**
 * The same network trained at several values of one or two settings, all on the same number of tokens, and where that is
 * not the same number of updates, on that as well: the plan of the runs, whether they fit into memory, who runs them, and
 * what came out as rows.
 */
import { UnrolledError, quote } from "../errors.js";
import {
  CONFIG_BYTES,
  SETTINGS,
  autoSettings,
  checkSetting,
  checkSettings,
  flatten,
  unflatten,
  writeConfig,
} from "../config.js";
import { countParameters, widthFor } from "../shapes.js";
import { checkEnough, fitWindow, readCorpus, trainingCount } from "../text/corpus.js";

/** @typedef {import("../config.js").Settings} Settings */
/** @typedef {{ name: string, values: (number | string | boolean)[] }} Axis a setting by its flat name */

/**
 * @typedef {object} Run
 * @property {(number | string | boolean)[]} at its value on each axis
 * @property {Readonly<Settings>} settings
 * @property {number} steps
 * @property {number} tokens that it will train on
 * @property {number} bytes that it will hold
 */

/**
 * @typedef {{ axes: Axis[], runs: Run[], alike: number | null, workers: number, bytes: number, sized: boolean }} Plan
 * alike: updates after which all are measured too, null where all make the same number; bytes: held when the largest
 * runs meet; sized: each is as wide as its parameters take
 */

/**
 * @typedef {Run & { state: "waiting" | "running" | "done" | "failed" | "cancelled", done: number, outcome:
 * import("./trial.js").Outcome | null, error: Error | null }} Row done: 0..1
 */

/** What does not leave the task the same: losses under different tokens or parts are of different things. */
export const FIXED = ["tokens", "lowerCase", "minCount", "validation"];
const MOST_RUNS = 400;
/** Bytes of a worker besides its trainer: the engine's own, the module, the text as a string. */
const WORKER_BYTES = 32e6;
/** A block of WebAssembly memory ends here. */
const MOST_BYTES = 2 ** 31 - 32;

/** @param {string} message @param {object} [details] */
const refuse = (message, details) => new UnrolledError("bad-argument", message, details);

/**
 * @param {import("../wasm/module.js").Core} core
 * @param {object} wanted
 * @param {import("../config.js").PartialSettings} wanted.settings what all runs share
 * @param {Axis[]} wanted.axes one or two
 * @param {number} wanted.budget tokens each run trains on, to the nearest window
 * @param {number} wanted.count tokens of the text
 * @param {number} wanted.V distinct ones
 * @param {number} wanted.workers runs at a time
 * @param {number} wanted.memory bytes there are
 * @param {number} [wanted.parameters] about so many in each run, which is as wide as that takes
 * @returns {Plan} or throws, before anything is done
 */
export function planSweep(core, { settings, axes, budget, count, V, workers, memory, parameters }) {
  if (axes.length < 1 || axes.length > 2) throw refuse(`A sweep varies one setting or two, got ${axes.length}.`);
  const shared = flatten(settings);
  const checked = axes.map(checkAxis);
  if (checked.length === 2 && checked[0].name === checked[1].name)
    throw refuse(`${checked[0].name} stands twice in the sweep: vary two different settings, or one.`);
  const [first, second] = checked;
  const points = first.values.flatMap((a) => (second ? second.values.map((b) => [a, b]) : [[a]]));
  if (points.length > MOST_RUNS)
    throw refuse(`A sweep has at most ${MOST_RUNS} runs, this one ${points.length}: name fewer values.`);
  if (!(budget >= 1)) throw refuse(`The budget must be a number of tokens, 1 or more, got ${quote(budget)}.`);
  const runs = points.map((at) => planRun(core, { at, axes: checked, shared, budget, count, V, parameters }));
  const together = Math.max(1, Math.min(workers, runs.length));
  const bytes = checkMemory(runs, checked, together, memory);
  return { axes: checked, runs, alike: updatesFor(runs), workers: together, bytes, sized: parameters !== undefined };
}

/**
 * As many updates as the middle one of the runs makes: the fewest would show networks that have hardly begun, the most
 * would take the longest window many times over the budget.
 * @param {Run[]} runs @returns {number | null}
 */
function updatesFor(runs) {
  const steps = runs.map((run) => run.steps).sort((a, b) => a - b);
  return steps[0] === steps[steps.length - 1] ? null : steps[(steps.length - 1) >> 1];
}

/**
 * The plan for a text.
 * @param {import("../wasm/module.js").Core} core @param {string} text
 * @param {Omit<Parameters<typeof planSweep>[1], "count" | "V">} wanted
 */
export function planSweepOf(core, text, wanted) {
  // Settings of a run, for those that all share may not go with what the others' default is.
  const first = Object.fromEntries(wanted.axes.map(({ name, values: [value] }) => [name, value]));
  const {
    count,
    vocabulary: { size: V },
  } = readCorpus({ text }, checkSettings(unflatten({ ...flatten(wanted.settings), ...first })));
  return { ...planSweep(core, { ...wanted, count, V }), count, V };
}

/** @param {Axis} axis */
function checkAxis({ name, values }) {
  if (FIXED.includes(name))
    throw refuse(`${name} cannot be swept: losses under different ${name} measure different things.`);
  const read = values.map((value) => checkSetting(name, value));
  if (!read.length) throw refuse(`The sweep of ${name} has no values: name some, for instance ${example(name)}.`);
  const twice = read.find((value, i) => read.indexOf(value) !== i);
  if (twice !== undefined) throw refuse(`The sweep of ${name} has ${quote(twice)} twice.`);
  return { name, values: read };
}

/** @param {string} name */
function example(name) {
  const { values, default: usual, type } = SETTINGS[name];
  if (values) return values.join(", ");
  return typeof usual === "number"
    ? `${usual}, ${type === "integer" ? 2 * usual + (usual ? 0 : 1) : 2 * usual || 0.1}`
    : "true, false";
}

/**
 * @param {import("../wasm/module.js").Core} core
 * @param {{ at: any[], axes: Axis[], shared: Record<string, any>, budget: number, count: number, V: number,
 * parameters?: number }} wanted
 * @returns {Run}
 */
function planRun(core, { at, axes, shared, budget, count, V, parameters }) {
  const point = { ...shared, ...Object.fromEntries(axes.map(({ name }, i) => [name, at[i]])) };
  if (parameters !== undefined) point.hidden = widthOf(point, V, parameters);
  const wanted = unflatten(point);
  const settings = fitWindow(count, checkSettings(wanted), autoSettings(wanted));
  const { batch, seqLen, validation } = settings;
  const where = nameOf(axes, at);
  if (parameters !== undefined) checkSize(where, settings, V, parameters);
  try {
    checkEnough(count, settings);
  } catch (error) {
    if (error instanceof UnrolledError)
      throw new UnrolledError(error.code, `The run with ${where}: ${error.message}`, error.details);
    throw error;
  }
  const kept = count - trainingCount(count, validation);
  if (kept < 2)
    throw new UnrolledError(
      "no-validation",
      `The run with ${where} would be measured on ${kept} token${kept === 1 ? "" : "s"}, and an evaluation needs 2: take a longer text or a larger validation.`,
    );
  const window = batch * seqLen;
  if (budget < window)
    throw refuse(
      `The budget is ${budget} tokens, and the run with ${where} reads ${window} in one step: take a larger budget.`,
    );
  const steps = Math.round(budget / window);
  return { at, settings, steps, tokens: steps * window, bytes: trainerBytes(core, settings, V) + 4 * count };
}

/**
 * Heads that are given divide the width to come, not the usual one.
 * @param {Record<string, any>} point flat @param {number} V @param {number} parameters
 */
function widthOf(point, V, parameters) {
  const hidden = typeof point.heads === "number" ? point.heads : undefined;
  return widthFor(checkSettings(unflatten({ ...point, hidden })), V, parameters);
}

/**
 * Refuses a run of another size than was asked for.
 * @param {string} where @param {Readonly<Settings>} settings of the nearest width @param {number} V
 * @param {number} parameters
 */
function checkSize(where, settings, V, parameters) {
  const nearest = countParameters(settings, V);
  if (Math.abs(nearest - parameters) <= parameters / 2) return;
  throw refuse(
    `No width gives the run with ${where} about ${parameters} parameters: the nearest is hidden ${settings.hidden} with ${nearest}.`,
    { nearest, hidden: settings.hidden },
  );
}

/** @param {Axis[]} axes @param {(number | string | boolean)[]} at @returns {string} "seqLen 64, hidden 128" */
export const nameOf = (axes, at) => axes.map(({ name }, i) => `${name} ${at[i]}`).join(", ");

/**
 * What a trainer of these settings will hold, before there is one.
 * @param {import("../wasm/module.js").Core} core @param {Readonly<Settings>} settings @param {number} V
 * @returns {number} Infinity where WebAssembly cannot address it
 */
export function trainerBytes(core, settings, V) {
  const scratch = core.alloc(CONFIG_BYTES);
  try {
    writeConfig(core, scratch, settings, V);
    return core.c.unroll_trainer_bytes(scratch) >>> 0 || Infinity;
  } finally {
    core.free(scratch);
  }
}

/** @param {number} bytes */
const size = (bytes) =>
  bytes === Infinity
    ? "more than 4 GB"
    : bytes >= 1e9
      ? `${(bytes / 1e9).toFixed(1)} GB`
      : `${Math.ceil(bytes / 1e6)} MB`;

/** @param {Run[]} runs @param {Axis[]} axes @param {number} workers @param {number} memory */
function checkMemory(runs, axes, workers, memory) {
  const sorted = runs.map((run) => run.bytes + WORKER_BYTES).sort((a, b) => b - a);
  const heldBy = (/** @type {number} */ n) => sorted.slice(0, n).reduce((sum, bytes) => sum + bytes, 0);
  const planned = heldBy(workers),
    largest = sorted[0] - WORKER_BYTES;
  if (largest <= MOST_BYTES && planned <= memory) return planned;
  const worst = runs.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const most = Math.min(memory - WORKER_BYTES, MOST_BYTES);
  const details = {
    planned,
    memory,
    largest,
    workers: 0,
    fitting: runs.filter((run) => run.bytes <= most).map((run) => run.at),
  };
  let together = workers - 1;
  while (together > 0 && (largest > MOST_BYTES || heldBy(together) > memory)) together--;
  details.workers = together;
  const says =
    largest > MOST_BYTES
      ? `The run with ${nameOf(axes, worst.at)} would hold ${size(worst.bytes)}, and one run can hold ${size(MOST_BYTES)}`
      : `${workers > 1 ? `The ${workers} largest runs at a time` : "The largest run"} would hold ${size(planned)}, ${size(worst.bytes)} of it the one with ${nameOf(axes, worst.at)}, and there are ${size(memory)}`;
  const way = together
    ? `${together} at a time fit${together === 1 ? "s" : ""}`
    : details.fitting.length
      ? `the runs with ${details.fitting
          .map((at) => nameOf(axes, at))
          .slice(0, 6)
          .join("; ")} fit`
      : "take a smaller hidden, batch or seqLen";
  throw new UnrolledError("no-memory", `${says}: ${way}.`, details);
}

/**
 * @typedef {{ run: (trial: import("./trial.js").Trial, tell: (standing: import("./trial.js").Standing) => void) =>
 * Promise<import("./trial.js").Outcome>, close: () => void, readonly ended?: boolean }} TrialWorker ended: it runs nothing
 * any more, and another is opened for the next run
 */

/**
 * Runs a plan, `plan.workers` runs at a time. A run that fails is told in its row and the others go on.
 * @param {Plan} plan
 * @param {string} text
 * @param {() => Promise<TrialWorker>} open makes a worker
 * @param {{ change?: (row: Row, rows: Row[]) => void, signal?: AbortSignal }} [options] change: called whenever a row
 * moved
 * @returns {Promise<Row[]>} in the order of the plan; when called off, with what was done until then
 */
export async function runSweep(plan, text, open, { change = () => {}, signal } = {}) {
  /** @type {Row[]} */
  const rows = plan.runs.map((run) => ({ ...run, state: "waiting", done: 0, outcome: null, error: null }));
  /** @type {TrialWorker[]} */
  const workers = [];
  const stop = () => workers.splice(0).forEach((worker) => worker.close());
  signal?.addEventListener("abort", stop);
  let next = 0;
  const trialOf = (/** @type {Row} */ { settings, steps }) => ({ text, settings, steps, alike: plan.alike });
  const start = async () => {
    const worker = await open();
    if (signal?.aborted) worker.close();
    else workers.push(worker);
    return worker;
  };
  const lane = async () => {
    let worker = await start();
    while (next < rows.length && !signal?.aborted) {
      const row = rows[next++];
      row.state = "running";
      change(row, rows);
      try {
        if (worker.ended) worker = await start();
        signal?.throwIfAborted();
        row.outcome = await worker.run(trialOf(row), ({ step, steps }) => {
          row.done = step / steps;
          change(row, rows);
        });
        row.state = "done";
        row.done = 1;
      } catch (error) {
        row.state = signal?.aborted ? "cancelled" : "failed";
        row.error = /** @type {Error} */ (error);
      }
      change(row, rows);
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.workers }, lane));
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
  for (const row of rows) if (row.state === "waiting") row.state = "cancelled";
  return rows;
}

/**
 * @typedef {{ best: Row, enough: Row }} Answer best: the lowest validation loss; enough: the quickest within CLOSE of
 * it
 */

/** Nats of validation loss that one would not pay time for. */
export const CLOSE = 0.01;

/** @typedef {{ loss: number, seconds: number }} Measured */

/**
 * @param {Row[]} rows
 * @param {(outcome: import("./trial.js").Outcome) => Measured | null} [of] what is compared
 * @returns {Answer | null} null where no run was finished
 */
export function answerOf(rows, of = (outcome) => outcome) {
  const done = rows.flatMap((row) => {
    const measured = row.outcome && of(row.outcome);
    return measured && Number.isFinite(measured.loss) ? [{ row, ...measured }] : [];
  });
  if (!done.length) return null;
  const best = done.reduce((a, b) => (b.loss < a.loss ? b : a));
  const close = done.filter(({ loss }) => loss <= best.loss + CLOSE);
  return { best: best.row, enough: close.reduce((a, b) => (b.seconds < a.seconds ? b : a)).row };
}

/** The answer after as many updates each. @param {Row[]} rows */
export const answerAlike = (rows) => answerOf(rows, ({ alike }) => alike);

const COLUMNS = /** @type {const} */ ([
  "steps",
  "tokens",
  "loss",
  "bitsPerToken",
  "accuracy",
  "trainingLoss",
  "seconds",
  "msPerStep",
  "bytes",
  "parameters",
  "operations",
  "reach",
]);
const ALIKE = /** @type {const} */ (["steps", "tokens", "loss", "seconds"]);

/**
 * Rows for a CSV, the names first.
 * @param {Pick<Plan, "axes"> & Partial<Plan>} plan @param {Row[]} rows @returns {(string | number)[][]}
 */
export function sweepTable({ axes, sized = false }, rows) {
  return [
    [
      ...axes.map(({ name }) => name),
      ...(sized ? ["hidden"] : []),
      "state",
      ...COLUMNS,
      ...ALIKE.map((name) => `alike.${name}`),
      "error",
    ],
    ...rows.map(({ at, settings, state, outcome, error }) => [
      ...at.map(String),
      ...(sized ? [settings.hidden] : []),
      state,
      ...COLUMNS.map((name) => outcome?.[name] ?? ""),
      ...ALIKE.map((name) => outcome?.alike?.[name] ?? ""),
      error?.message ?? "",
    ]),
  ];
}
