/**
 * Saved states of one run at log-spaced steps, within a budget of bytes. When the budget is full, the
 * snapshot that leaves the smallest gap (on a log scale of steps) goes; the first and the last stay.
 */
export class Snapshots {
  #budget;
  #growth;
  /** @type {{step: number, bytes: Uint8Array}[]} sorted by step */
  #list = [];
  /** The step whose weights did best on held-back text: it is not thinned out. */
  #best = -1;

  /** @param {number} budget bytes; 0 keeps nothing @param {number} growth ratio between neighbouring steps */
  constructor(budget = 64 * 2 ** 20, growth = 1.2) {
    this.#budget = budget;
    this.#growth = growth;
  }

  get list() {
    return this.#list;
  }

  get steps() {
    return this.#list.map((snapshot) => snapshot.step);
  }

  get bytes() {
    return this.#list.reduce((sum, snapshot) => sum + snapshot.bytes.length, 0);
  }

  /** @param {number} step @returns {boolean} whether the run should be saved at this step */
  isDue(step) {
    if (!this.#budget) return false;
    const last = this.#list.at(-1);
    return !last || step >= Math.max(last.step + 1, Math.ceil(last.step * this.#growth));
  }

  /** @param {number} step later than all kept ones @param {Uint8Array} bytes */
  add(step, bytes) {
    this.#list.push({ step, bytes });
    while (this.#list.length > 2 && this.bytes > this.#budget) this.#thin();
  }

  /** The best so far stays until there is a better one. @param {number} step @returns {boolean} whether it is to be added */
  keepBest(step) {
    if (!this.#budget) return false;
    this.#best = step;
    return this.#list.at(-1)?.step !== step;
  }

  /** @param {number} step @returns {Uint8Array | undefined} */
  get(step) {
    return this.#list.find((snapshot) => snapshot.step === step)?.bytes;
  }

  /** Forgets what lies after a step: a new branch begins there. @param {number} step */
  dropAfter(step) {
    this.#list = this.#list.filter((snapshot) => snapshot.step <= step);
  }

  #thin() {
    let best = 1;
    let smallest = Infinity;
    for (let i = 1; i < this.#list.length - 1; i++) {
      if (this.#list[i].step === this.#best) continue;
      const gap = (this.#list[i + 1].step + 1) / (this.#list[i - 1].step + 1);
      if (gap < smallest) [best, smallest] = [i, gap];
    }
    this.#list.splice(best, 1);
  }
}
