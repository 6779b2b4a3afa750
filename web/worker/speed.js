/** How fast tokens are trained on, over the last seconds; evaluations and samples count as time. */

const WINDOW = 2000; // ms

export class Speed {
  /** @type {{time: number, tokens: number}[]} */
  #marks = [];

  /** @param {number} tokens so far */
  mark(tokens) {
    const now = performance.now();
    this.#marks.push({ time: now, tokens });
    while (this.#marks.length > 2 && this.#marks[0].time < now - WINDOW) this.#marks.shift();
  }

  clear() {
    this.#marks = [];
  }

  /** Tokens per second; null until it can be told. */
  get perSecond() {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (!last || last.time - first.time < 1) return null;
    return (1000 * (last.tokens - first.tokens)) / (last.time - first.time);
  }
}
