/** Lag profiles and step reports over a whole run, in bounded memory. */

/** Lag profiles by training step: when it is full, every second one goes and the next ones are taken half as often. */
export class LagHistory {
  /** @type {number[]} */ steps = [];
  /** @type {Float32Array[]} */ profiles = [];
  #limit;
  #gap = 1;

  constructor(limit = 240) {
    this.#limit = limit;
  }

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

  copy() {
    const copy = new LagHistory(this.#limit);
    copy.#gap = this.#gap;
    return Object.assign(copy, { steps: [...this.steps], profiles: [...this.profiles] });
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

const RECENT = 200;

/**
 * The steps of a whole run in at most `limit` bins; when they are full, two become one. A bin keeps its largest norms,
 * for a rare large one is what clipping is about, and its mean loss.
 */
export class ClipHistory {
  /** @type {StepReport[]} step: the bin's last */ bins = [];
  /** Steps in a bin. */ stride = 1;
  steps = 0;
  clipped = 0;
  largest = 0;
  /** @type {StepReport | null} */ last = null;
  /** @type {boolean[]} whether each of the last steps was clipped */ #recent = [];
  /** @type {StepReport[]} the bin that is being filled */ #open = [];
  #limit;

  constructor(limit = 480) {
    this.#limit = limit;
  }

  /** @param {StepReport} report */
  add(report) {
    const { gradNorm, clippedFraction } = report;
    this.last = report;
    this.steps++;
    if (clippedFraction > 0) this.clipped++;
    if (gradNorm > this.largest) this.largest = gradNorm;
    this.#recent.push(clippedFraction > 0);
    if (this.#recent.length > RECENT) this.#recent.shift();
    this.#open.push(report);
    if (this.#open.length < this.stride) return;
    this.bins.push(join(this.#open));
    this.#open = [];
    if (this.bins.length < this.#limit) return;
    this.bins = Array.from({ length: this.bins.length >> 1 }, (_, i) => join(this.bins.slice(2 * i, 2 * i + 2)));
    this.stride *= 2;
  }

  /** Share of all steps that were clipped. */
  get share() {
    return this.steps ? this.clipped / this.steps : 0;
  }
  /** Share of the last steps, at most RECENT. */
  get recentShare() {
    return this.#recent.length ? this.#recent.filter(Boolean).length / this.#recent.length : 0;
  }
  get recentSteps() {
    return this.#recent.length;
  }

  /**
   * What is known of a step: the bin it is in.
   * @param {number} step
   * @returns {{ from: number, to: number, report: StepReport } | null} null: it was not made
   */
  around(step) {
    const bins = this.#open.length ? [...this.bins, join(this.#open)] : this.bins,
      i = bins.findIndex((bin) => bin.step >= step);
    if (i < 0) return null;
    const first = this.bins.length ? bins[0].step - this.stride + 1 : this.#open[0].step,
      from = i ? bins[i - 1].step + 1 : first;
    return step < from ? null : { from, to: bins[i].step, report: bins[i] };
  }

  copy() {
    const copy = new ClipHistory(this.#limit);
    copy.#recent = [...this.#recent];
    copy.#open = [...this.#open];
    const { bins, stride, steps, clipped, largest, last } = this;
    return Object.assign(copy, { bins: [...bins], stride, steps, clipped, largest, last });
  }

  clear() {
    this.bins = [];
    this.stride = 1;
    this.steps = this.clipped = this.largest = 0;
    this.last = null;
    this.#recent = [];
    this.#open = [];
  }
}

/** @param {StepReport[]} reports @returns {StepReport} */
function join(reports) {
  const most = (/** @type {"gradNorm" | "clippedNorm" | "clippedFraction"} */ name) =>
    Math.max(...reports.map((x) => x[name]));
  return {
    step: reports[reports.length - 1].step,
    loss: reports.reduce((sum, x) => sum + x.loss, 0) / reports.length,
    gradNorm: most("gradNorm"),
    clippedNorm: most("clippedNorm"),
    clippedFraction: most("clippedFraction"),
  };
}
