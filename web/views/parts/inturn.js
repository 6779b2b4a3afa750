/** Jobs done one a task, from the next one on, so that many small ones do not hold the page as one long one. */
export class InTurn {
  #timer = 0;

  /** Whether some are still to be done. */
  get busy() {
    return this.#timer !== 0;
  }

  /** Instead of what is left of those before. @param {(() => void)[]} jobs */
  run(jobs) {
    this.stop();
    const left = [...jobs];
    const next = () => {
      this.#timer = left.length > 1 ? window.setTimeout(next) : 0;
      left.shift()?.();
    };
    this.#timer = window.setTimeout(next);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }
}
