/** The losses of a run, kept at a bounded number of points: bins of steps whose width doubles as the run grows. */

const MOST_BINS = 1024;

export class LossHistory {
  /** Steps in a bin. */
  stride = 1;
  /** Last step and mean loss of each full bin. @type {number[]} */
  steps = [];
  /** @type {number[]} */
  losses = [];
  /** @type {{step: number, loss: number, accuracy?: number, tokens?: number}[]} on so many of the validation part */
  evaluations = [];
  #sum = 0;
  #count = 0;

  /** @param {number} step @param {number} loss nats */
  add(step, loss) {
    this.#sum += loss;
    if (++this.#count < this.stride) return;
    this.steps.push(step);
    this.losses.push(this.#sum / this.#count);
    this.#sum = this.#count = 0;
    if (this.steps.length >= MOST_BINS) this.#halve();
  }

  /** @param {{step: number, loss: number, accuracy: number, tokens: number}} measure */
  evaluate({ step, loss, accuracy, tokens }) {
    this.evaluations.push({ step, loss, accuracy, tokens });
    if (this.evaluations.length > MOST_BINS) this.evaluations = this.evaluations.filter((_, i) => i % 2 || i === 0);
  }

  /** Of the bin a step is in; null where it is in none yet. @param {number} step */
  lossAt(step) {
    const bin = this.steps.findIndex((last) => last >= step);
    return step === 0 || bin < 0 ? null : this.losses[bin];
  }

  copy() {
    const copy = new LossHistory();
    const { stride, steps, losses, evaluations } = this;
    return Object.assign(copy, { stride, steps: [...steps], losses: [...losses], evaluations: [...evaluations] });
  }

  /** Forgets what came after a step. @param {number} step */
  cutAfter(step) {
    const kept = this.steps.filter((each) => each <= step).length;
    this.steps.length = this.losses.length = kept;
    this.evaluations = this.evaluations.filter((each) => each.step <= step);
    this.#sum = this.#count = 0;
  }

  /** Joins bins two by two. */
  #halve() {
    const pairs = this.steps.length >> 1;
    for (let i = 0; i < pairs; i++) {
      this.losses[i] = (this.losses[2 * i] + this.losses[2 * i + 1]) / 2;
      this.steps[i] = this.steps[2 * i + 1];
    }
    this.steps.length = this.losses.length = pairs;
    this.stride *= 2;
  }
}
