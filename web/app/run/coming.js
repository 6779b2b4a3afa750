/** A run on its way: what is asked of it before it stands, if it ever does. */
import { unflatten } from "../../core/config.js";

/**
 * @typedef {"stands" | "failed" | "overtaken"} Fate failed: the run before goes on; overtaken: by another on its way, or
 * by the end of all
 */

export class Coming {
  #control = new AbortController();
  /** Flat, of what may change in mid-training. @type {Record<string, any>} */ #asked;
  /** @type {(fate: Fate) => void} */ #decide = () => {};
  /** @type {Promise<Fate>} */ fate = new Promise((done) => (this.#decide = done));

  /**
   * @param {Record<string, any>} settings live ones, flat, in place of those it is made with
   * @param {import("./run.js").Standing["sampling"]} sampling
   */
  constructor(settings, sampling) {
    this.#asked = settings;
    this.sampling = sampling;
  }

  /** Calls its making off. */
  get signal() {
    return this.#control.signal;
  }

  /** @param {Record<string, any>} changes flat, which it has from its first step on @returns {Promise<Fate>} */
  configure(changes) {
    this.#asked = { ...this.#asked, ...changes };
    return this.fate;
  }

  /** Gives it what was asked for, before anybody hears of it. @param {import("./beginning.js").TrainerClient} client */
  async outfit(client) {
    while (Object.keys(this.#asked).length) {
      const changes = unflatten(this.#asked);
      this.#asked = {};
      await client.configure(changes); // more may be asked for meanwhile
    }
  }

  /** @param {Fate} fate */
  end(fate) {
    this.#control.abort();
    this.#decide(fate);
  }
}
