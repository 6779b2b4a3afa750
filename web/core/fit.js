/**
 * The one training loop: when to measure, when to stop, and which weights to keep. At most so many updates, or until the
 * validation loss has not got better for `patience` evaluations; then the best weights are put back.
 */
import { checkFunction, checkInteger, checkOptions, checkSignal } from "./arguments.js";
import { UnrolledError, quote } from "./errors.js";
import { Trainer } from "./trainer.js";
import { nextTurn } from "./wasm/platform.js";

/** @typedef {import("./inside/evaluation.js").Evaluation} Evaluation */
/** @typedef {import("./wasm/engine.js").Report} Report */

/**
 * @typedef {object} Course
 * @property {number} until the step after which it ends; Infinity: never
 * @property {number} evaluateEvery steps between two evaluations; 0: none
 * @property {number} evaluateOn tokens of a part that an evaluation counts, at most, spread over it; Infinity: all
 * @property {boolean} early evaluations also after a twentieth and a fifth of `evaluateEvery`, for curves that fall fast
 * at first
 * @property {boolean} training evaluations also read the training part
 * @property {number} patience evaluations without a better loss before it ends; 0: any number
 */

/** @typedef {{ step: number, loss: number }} Best */
/**
 * @typedef {Evaluation & { step: number, best: Best, waited: number, training?: Evaluation }} Measure waited:
 * evaluations since the best
 */
/** @typedef {"limit" | "patience" | null} Ending */

const COURSE = /** @type {const} */ (["until", "evaluateEvery", "evaluateOn", "early", "training", "patience"]);
const NEVER = Infinity;
/** Milliseconds of training between two turns of others. */
const TURN = 50;

const isEarly = (/** @type {number} */ step, /** @type {number} */ every) =>
  step === Math.round(every / 20) || step === Math.round(every / 5);

/** @param {Trainer<any>} trainer */
function needTrainer(trainer) {
  if (trainer instanceof Trainer) return trainer;
  throw new UnrolledError("bad-argument", `What is trained must be a Trainer, got ${quote(trainer)}.`);
}

/** A trainer on its course. Who drives it asks for one piece of work after the other, and may do other things between. */
export class Fit {
  #trainer;
  /** @type {Course} */
  #course = { until: NEVER, evaluateEvery: 0, evaluateOn: NEVER, early: false, training: false, patience: 0 };
  /** @type {Record<string, Float32Array> | null} */
  #weights = null;
  /** A measuring that is under way. @type {Generator<void, Measure> | null} */
  #measuring = null;
  /** Lowest validation loss so far. @type {Best | null} */
  best = null;
  /** Evaluations since the best one. */
  waited = 0;
  /** Why it ended. @type {Ending} */
  ended = null;

  /** @param {Trainer<any>} trainer @param {Partial<Course>} [course] */
  constructor(trainer, course = {}) {
    this.#trainer = needTrainer(trainer);
    /** Whether there is a validation part to measure on. */
    this.measures = trainer.validationTargets > 0;
    this.watch(course);
  }

  /** @returns {Readonly<Course>} */
  get course() {
    return this.#course;
  }

  /** Whether a measuring was begun and is not ended. */
  get measuring() {
    return this.#measuring !== null;
  }

  /** Changes the course, under way or not. @param {Partial<Course>} changes */
  watch(changes) {
    const next = { ...this.#course };
    for (const [name, value] of Object.entries(checkOptions("Fit", changes, COURSE)))
      if (value !== undefined) Object.assign(next, { [name]: value });
    for (const name of /** @type {const} */ (["early", "training"]))
      if (typeof next[name] !== "boolean")
        throw new UnrolledError("bad-argument", `${name} must be true or false, got ${quote(next[name])}.`);
    for (const name of /** @type {const} */ (["evaluateEvery", "patience"])) {
      if (!Number.isInteger(next[name]) || next[name] < 0)
        throw new UnrolledError("bad-argument", `${name} must be a whole number from 0, got ${quote(next[name])}.`);
    }
    if (next.evaluateOn !== NEVER) checkInteger("evaluateOn", next.evaluateOn, 1, Number.MAX_SAFE_INTEGER);
    if (typeof next.until !== "number" || !(next.until >= 0))
      throw new UnrolledError("bad-argument", `until must be a step to stop at, got ${quote(next.until)}.`);
    if (next.patience && !this.measures) {
      throw new UnrolledError(
        "no-validation",
        "Patience waits for a better validation loss, and there is no validation part to measure it on: keep a share of the text for validation.",
      );
    }
    if (next.patience && !next.evaluateEvery)
      throw new UnrolledError("bad-argument", "Patience counts evaluations: evaluateEvery must be 1 or more.");
    this.#course = next;
  }

  /** Goes on after an end: patience begins anew. @returns {boolean} whether there is something left to do */
  begin() {
    this.ended = null;
    this.waited = 0;
    return this.measuring || this.#trainer.progress.step < this.#course.until;
  }

  /**
   * One update, or some milliseconds of the measuring that was due after the last one.
   * @returns {Promise<{ report: Report | null, measure: Measure | null }>} measure: when it is whole
   */
  async work() {
    if (this.#measuring) return { report: null, measure: this.#measureOn(this.#measuring) };
    const report = await this.#trainer.step();
    const { step } = report,
      { until, evaluateEvery: every, early } = this.#course;
    const due = every > 0 && (step % every === 0 || (early && isEarly(step, every)) || step >= until);
    if (due && this.measures) this.#measuring = this.#measure(step);
    else this.#conclude(step);
    return { report, measure: null };
  }

  /** Measures before any update, so that patience counts what the trainer has learnt already. */
  measure() {
    this.#measuring = this.#measure(this.#trainer.progress.step);
  }

  /** Gives a measuring up, as the weights will change. */
  drop() {
    this.#measuring?.return(/** @type {any} */ (undefined));
    this.#measuring = null;
  }

  /** @param {Generator<void, Measure>} measuring @returns {Measure | null} */
  #measureOn(measuring) {
    try {
      const { done, value } = measuring.next();
      if (!done) return null;
      this.#measuring = null;
      this.#conclude(value.step);
      return value;
    } catch (error) {
      this.#measuring = null;
      throw error;
    }
  }

  /** Whether it ends here; with patience the best weights are then put back. @param {number} step */
  #conclude(step) {
    const { until, patience } = this.#course;
    if (step >= until) this.ended = "limit";
    else if (patience && this.waited >= patience) this.ended = "patience";
    if (this.ended && patience && this.#weights && this.waited) this.#trainer.setParameters(this.#weights);
  }

  /** @param {number} step @returns {Generator<void, Measure>} */
  *#measure(step) {
    const { evaluateOn: most } = this.#course;
    const evaluation = yield* this.#trainer.evaluating({ most });
    const training = this.#course.training
      ? { training: yield* this.#trainer.evaluating({ part: "training", most }) }
      : {};
    if (!this.best || evaluation.loss < this.best.loss) {
      this.best = { step, loss: evaluation.loss };
      this.waited = 0;
      this.#weights = this.#course.patience ? this.#trainer.parameters() : null;
    } else this.waited++;
    return { step, ...evaluation, best: this.best, waited: this.waited, ...training };
  }
}

/**
 * @typedef {object} FitOptions besides a course
 * @property {number} [epochs] from here on; 10 when left out
 * @property {number} [steps] the same in updates
 * @property {(report: Report) => any} [onReport] may return a promise, which is awaited
 * @property {(measure: Measure) => any} [onEvaluation] the same
 * @property {() => boolean} [stopped] asked before each piece of work
 * @property {AbortSignal} [signal] ends it as well; others have their turn every 50 ms, so that they can
 */

const CALLS = /** @type {const} */ (["onReport", "onEvaluation", "stopped"]);
const EPOCHS = 10;

/** @param {(Partial<Omit<Course, "until">> & FitOptions) | undefined} options */
function checkFit(options) {
  const course = COURSE.filter((name) => name !== "until");
  const given = checkOptions("fit", options, ["epochs", "steps", ...course, ...CALLS, "signal"]);
  const { epochs, steps, signal } = given;
  if (epochs !== undefined && !(typeof epochs === "number" && epochs > 0))
    throw new UnrolledError("bad-argument", `epochs must be a number above 0, got ${quote(epochs)}.`);
  if (steps !== undefined && steps !== Infinity) checkInteger("steps", steps, 0, Number.MAX_SAFE_INTEGER);
  for (const name of CALLS) checkFunction(name, given[name]);
  checkSignal(signal);
  return given;
}

/**
 * Trains until an end. With patience, a trainer that has learnt already is measured first: its weights are the best until
 * there are better ones.
 * @param {Trainer<any>} trainer
 * @param {Partial<Omit<Course, "until">> & FitOptions} [options] evaluateEvery: an epoch when left out
 * @returns {Promise<{ ended: Ending, best: Best | null, step: number }>} ended: null when it was stopped from outside
 */
export async function fit(trainer, options) {
  const { epochs, steps, onReport, onEvaluation, stopped, signal, ...course } = checkFit(options),
    { evaluateEvery = needTrainer(trainer).windows } = course,
    run = new Fit(trainer, { ...course, evaluateEvery });
  if (!trainer.windows)
    throw new UnrolledError("no-text", "This trainer has no text to train on: make or load it with one.");
  const wanted = steps ?? Math.ceil((epochs ?? EPOCHS) * trainer.windows);
  run.watch({ until: trainer.progress.step + wanted });
  let turn = performance.now();
  try {
    if (course.patience && trainer.progress.step) run.measure();
    for (let going = run.begin(); going && !signal?.aborted && !stopped?.(); going = !run.ended) {
      const { report, measure } = await run.work();
      if (report) await onReport?.(report);
      if (measure) await onEvaluation?.(measure);
      if (performance.now() - turn < TURN) continue;
      await nextTurn();
      turn = performance.now();
    }
  } finally {
    run.drop();
  }
  return { ended: run.ended, best: run.best, step: trainer.progress.step };
}
