/**
 * When to measure, when to stop, and which weights to keep: at most so many updates, or until the validation loss has
 * not got better for `patience` evaluations; then the best weights are put back.
 */
import { UnrolledError, quote } from "./errors.js";

/** @typedef {import("./trainer.js").Trainer<any>} Trainer */
/** @typedef {import("./trainer.js").Evaluation} Evaluation */

/**
 * @typedef {object} Course
 * @property {number} until the step after which it ends; Infinity: never
 * @property {number} evaluateEvery steps between two evaluations; 0: none
 * @property {boolean} early evaluations also at the divisors of `evaluateEvery`, for curves that fall fast at first
 * @property {boolean} training evaluations also read the training part
 * @property {number} patience evaluations without a better loss before it ends; 0: any number
 */

/** @typedef {{ step: number, loss: number }} Best */
/**
 * @typedef {Evaluation & { step: number, best: Best, waited: number, training?: Evaluation }} Measure waited:
 * evaluations since the best
 */
/** @typedef {"limit" | "patience" | null} Ending */

const NEVER = Infinity;

/** Follows a trainer, whose steps somebody else makes. */
export class Fit {
  #trainer;
  /** @type {Course} */
  #course = { until: NEVER, evaluateEvery: 0, early: false, training: false, patience: 0 };
  /** @type {Record<string, Float32Array> | null} */
  #weights = null;
  /** Lowest validation loss so far. @type {Best | null} */
  best = null;
  /** Evaluations since the best one. */
  waited = 0;
  /** Why it ended. @type {Ending} */
  ended = null;

  /** @param {Trainer} trainer @param {Partial<Course>} [course] */
  constructor(trainer, course = {}) {
    this.#trainer = trainer;
    this.watch(course);
  }

  /** @returns {Readonly<Course>} */
  get course() {
    return this.#course;
  }

  /** Whether there is a validation part to measure on. */
  get measures() {
    return this.#trainer.validationTokens > this.#trainer.settings.batch;
  }

  /** Changes the course, under way or not. @param {Partial<Course>} changes */
  watch(changes) {
    const next = { ...this.#course };
    for (const [name, value] of Object.entries(changes))
      if (value !== undefined) Object.assign(next, { [name]: value });
    for (const name of /** @type {const} */ (["evaluateEvery", "patience"])) {
      if (!Number.isInteger(next[name]) || next[name] < 0)
        throw new UnrolledError("bad-argument", `${name} must be a whole number from 0, got ${quote(next[name])}.`);
    }
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
    return this.#trainer.progress.step < this.#course.until;
  }

  /**
   * To be called after each step. At an end with patience the best weights are put back.
   * @param {number} step updates done
   * @returns {Measure | null} what was measured, when that was due
   */
  note(step) {
    const { until, evaluateEvery: every, early, patience } = this.#course;
    const last = step >= until;
    const due = every > 0 && (step % every === 0 || (early && every % step === 0) || last);
    const measure = due && this.measures ? this.#measure(step) : null;
    if (last) this.ended = "limit";
    else if (patience && this.waited >= patience) this.ended = "patience";
    if (this.ended && patience && this.#weights && this.waited) this.#trainer.setParameters(this.#weights);
    return measure;
  }

  /** @param {number} step @returns {Measure} */
  #measure(step) {
    const evaluation = this.#trainer.evaluate();
    if (!this.best || evaluation.loss < this.best.loss) {
      this.best = { step, loss: evaluation.loss };
      this.waited = 0;
      this.#weights = this.#course.patience ? this.#trainer.parameters() : null;
    } else this.waited++;
    const training = this.#course.training ? { training: this.#trainer.evaluateTraining() } : {};
    return { step, ...evaluation, best: this.best, waited: this.waited, ...training };
  }
}

/**
 * Trains until an end. Callbacks may return a promise, which is awaited.
 * @param {Trainer} trainer
 * @param {Partial<Omit<Course, "until">> & { epochs?: number, steps?: number, onReport?: (report:
 * import("./wasm/engine.js").Report) => any,
 *   onEvaluation?: (measure: Measure) => any, stopped?: () => boolean }} options epochs (10 when left out) or steps,
 *   from here
 *   on; evaluateEvery: an epoch when left out; stopped: asked before each step
 * @returns {Promise<{ ended: Ending, best: Best | null, step: number }>} ended: null when `stopped` said so
 */
export async function fit(
  trainer,
  { epochs = 10, steps = Math.ceil(epochs * trainer.windows), onReport, onEvaluation, stopped, ...course },
) {
  const run = new Fit(trainer, { evaluateEvery: trainer.windows, ...course, until: trainer.progress.step + steps });
  let going = run.begin();
  while (going && !stopped?.()) {
    const report = await trainer.step();
    const measure = run.note(report.step);
    await onReport?.(report);
    if (measure) await onEvaluation?.(measure);
    going = !run.ended;
  }
  return { ended: run.ended, best: run.best, step: trainer.progress.step };
}
