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

/**
 * @typedef {StepReport & {from: number, steps: number, clipped: number}} Bin of some steps
 * step: its last; from: its first; steps: that are in it; clipped: of them
 */

const RECENT = 200;

/**
 * The steps of a whole run in at most `limit` bins; when they are full, two become one. A bin keeps its largest norms,
 * for a rare large one is what clipping is about, and its mean loss.
 */
export class ClipHistory {
  /** @type {Bin[]} */ bins = [];
  /** Steps in a bin. */ stride = 1;
  /** Of the step the run stands at. @type {StepReport | null} */ last = null;
  /** @type {boolean[]} whether each of the last steps was clipped */ #recent = [];
  /** @type {Bin[]} the steps of the bin that is being filled */ #open = [];
  #limit;

  constructor(limit = 480) {
    this.#limit = limit;
  }

  /** @param {StepReport} report */
  add(report) {
    const isClipped = report.clippedFraction > 0;
    this.last = report;
    this.#recent.push(isClipped);
    if (this.#recent.length > RECENT) this.#recent.shift();
    this.#open.push({ ...report, from: report.step, steps: 1, clipped: Number(isClipped) });
    if (this.#open.length < this.stride) return;
    this.bins.push(join(this.#open));
    this.#open = [];
    if (this.bins.length < this.#limit) return;
    this.bins = Array.from({ length: this.bins.length >> 1 }, (_, i) => join(this.bins.slice(2 * i, 2 * i + 2)));
    this.stride *= 2;
  }

  get #all() {
    return [...this.bins, ...this.#open];
  }

  /** What all its steps come to; null where there are none. */
  get whole() {
    const all = this.#all;
    return all.length ? join(all) : null;
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
   * @returns {{ from: number, to: number, report: StepReport } | null} null: nothing
   */
  around(step) {
    const bins = this.#open.length ? [...this.bins, join(this.#open)] : this.bins;
    const bin = bins.find((each) => each.step >= step);
    // Where a run went on from an earlier moment a bin can lack some of its steps.
    if (!bin || step < bin.from || bin.steps <= bin.step - bin.from) return null;
    return { from: bin.from, to: bin.step, report: bin };
  }

  copy() {
    const copy = new ClipHistory(this.#limit);
    copy.#recent = [...this.#recent];
    copy.#open = [...this.#open];
    const { bins, stride, last } = this;
    return Object.assign(copy, { bins: [...bins], stride, last });
  }

  /** Forgets what came after a step, and bins that reach beyond it. @param {number} step */
  cutAfter(step) {
    const { last } = this;
    if (!last || last.step <= step) return;
    this.#recent.length = Math.max(0, this.#recent.length - (last.step - step));
    this.bins = this.bins.filter((bin) => bin.step <= step);
    this.#open = this.#open.filter((bin) => bin.step <= step);
    const end = this.#all.at(-1);
    this.last = end?.from === step ? end : null;
  }
}

/** @param {Bin[]} bins one after the other @returns {Bin} */
function join(bins) {
  const most = (/** @type {"gradNorm" | "clippedNorm" | "clippedFraction"} */ name) =>
    Math.max(...bins.map((x) => x[name]));
  const sum = (/** @type {(bin: Bin) => number} */ of) => bins.reduce((all, bin) => all + of(bin), 0);
  const steps = sum((x) => x.steps);
  return {
    step: bins[bins.length - 1].step,
    from: bins[0].from,
    steps,
    clipped: sum((x) => x.clipped),
    loss: sum((x) => x.loss * x.steps) / steps,
    gradNorm: most("gradNorm"),
    clippedNorm: most("clippedNorm"),
    clippedFraction: most("clippedFraction"),
  };
}
