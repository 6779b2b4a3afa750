/** Lag profiles and step reports over a whole run, in bounded memory. */

/** Lag profiles by training step: when it is full, every second one goes and the next ones are taken half as often. */
export class LagHistory {
  /** @type {number[]} */ steps = [];
  /** @type {Float32Array[]} */ profiles = [];
  #limit;
  #gap = 1;

  constructor(limit = 240) { this.#limit = limit; }

  /** @param {number} step @param {Float32Array} profile kept, not copied @returns {boolean} whether it was due */
  add(step, profile) {
    const last = this.steps.at(-1);
    if (last !== undefined && step < last + this.#gap) return false;
    this.steps.push(step);
    this.profiles.push(profile);
    if (this.steps.length >= this.#limit) {
      this.steps = this.steps.filter((_, i) => i % 2 === 0);
      this.profiles = this.profiles.filter((_, i) => i % 2 === 0);
      this.#gap = Math.max(1, Math.ceil((this.steps[this.steps.length - 1] - this.steps[0]) / (this.steps.length - 1)));
    }
    return true;
  }

  /** Forgets what came after a step. @param {number} step */
  cutAfter(step) {
    const kept = this.steps.filter((x) => x <= step).length;
    this.steps.length = this.profiles.length = kept;
  }

  clear() {
    this.steps = [];
    this.profiles = [];
    this.#gap = 1;
  }
}

/**
 * @typedef {object} StepReport of trainer.step()
 * @property {number} step
 * @property {number} loss
 * @property {number} gradNorm
 * @property {number} clippedNorm
 * @property {number} clippedFraction
 */

/** The last steps' norms, and counts over all of them. */
export class ClipHistory {
  /** @type {StepReport[]} */ recent = [];
  steps = 0;
  clipped = 0;
  largest = 0;
  #limit;

  constructor(limit = 480) { this.#limit = limit; }

  /** @param {StepReport} report */
  add(report) {
    this.recent.push(report);
    if (this.recent.length > this.#limit) this.recent.splice(0, this.recent.length - this.#limit);
    this.steps++;
    if (report.clippedFraction > 0) this.clipped++;
    if (report.gradNorm > this.largest) this.largest = report.gradNorm;
  }

  /** Share of all steps that were clipped. */
  get share() { return this.steps ? this.clipped / this.steps : 0; }
  /** Share of the steps that are shown. */
  get recentShare() {
    return this.recent.length ? this.recent.filter((x) => x.clippedFraction > 0).length / this.recent.length : 0;
  }

  clear() {
    this.recent = [];
    this.steps = this.clipped = this.largest = 0;
  }
}
