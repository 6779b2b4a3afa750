/** What a session does beside its training, by the key that its owner gave it, so that it can be called off. */
export class Asides {
  /** @type {Map<number, AbortController>} */
  #controls = new Map();
  /** Evaluations that are under way, which training waits for. @type {Set<Promise<unknown>>} */
  #evaluations = new Set();

  get evaluating() {
    return this.#evaluations.size > 0;
  }

  /** @template R @param {number} key @param {(signal: AbortSignal) => Promise<R>} act @returns {Promise<R>} */
  async study(key, act) {
    const control = new AbortController();
    this.#controls.set(key, control);
    try {
      return await act(control.signal);
    } finally {
      this.#controls.delete(key);
    }
  }

  /** @template R @param {number} key @param {(signal: AbortSignal) => Promise<R>} act @returns {Promise<R>} */
  evaluate(key, act) {
    const whole = this.study(key, act);
    this.#evaluations.add(whole);
    const ended = () => this.#evaluations.delete(whole);
    whole.then(ended, ended);
    return whole;
  }

  /** @param {number} key */
  callOff(key) {
    this.#controls.get(key)?.abort();
  }

  /** Resolves when no evaluation is under way, for what changes the weights. */
  async calm() {
    while (this.#evaluations.size) await Promise.allSettled(this.#evaluations);
  }
}
