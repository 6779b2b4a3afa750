/**
 * What a session does beside its training, each by the key that its owner gave it, so that it can be called off. Training
 * waits for evaluations, and goes on beside the rest.
 */
import { checkOptions } from "../core/arguments.js";
import { withMore } from "./given.js";

/** @typedef {import("../core/index.js").Trainer<any>} Trainer */

export class Asides {
  #turn;
  #trainer;
  #post;
  /** @type {Map<number, AbortController>} */
  #controls = new Map();
  /** Evaluations that are under way, which training waits for. @type {Set<Promise<unknown>>} */
  #evaluations = new Set();

  /**
   * @param {<R>(act: () => R) => Promise<Awaited<R>>} turn does something when all that was asked before is done
   * @param {() => Trainer} trainer the present one
   * @param {(event: object) => void} post
   */
  constructor(turn, trainer, post) {
    this.#turn = turn;
    this.#trainer = trainer;
    this.#post = post;
  }

  get evaluating() {
    return this.#evaluations.size > 0;
  }

  /**
   * trainer.study(); "study" {key, done} tells how far it is.
   * @param {number} key @param {import("../core/apart/study.js").StudyName} name @param {string | readonly string[]} text @param {object} [options]
   */
  study(key, name, text, options) {
    const progress = (/** @type {number} */ done) => this.#post({ event: "study", key, done });
    return this.#begin(key, (signal) => this.#trainer().study(name, text, withMore(options, { signal, progress })));
  }

  /** trainer.evaluateAsync(). @param {number} key @param {Parameters<Trainer["evaluateAsync"]>[0]} [options] */
  evaluateAsync(key, options) {
    const whole = this.#begin(key, (signal) => this.#trainer().evaluateAsync(withMore(options, { signal })));
    this.#evaluations.add(whole);
    const ended = () => this.#evaluations.delete(whole);
    whole.then(ended, ended);
    return whole;
  }

  /** @param {string} [text] @param {object} [options] as trainer.evaluate() takes them */
  async evaluate(text, options) {
    const checked = checkOptions("evaluate", options, ["unknown", "hold"]);
    return this.evaluateAsync(0, { ...checked, text });
  }

  evaluateTraining() {
    return this.evaluateAsync(0, { part: "training" });
  }

  /** trainer.saveAsync(). @param {number} key @param {Parameters<Trainer["saveAsync"]>[0]} [options] */
  saveAsync(key, options) {
    return this.#begin(key, (signal) => this.#trainer().saveAsync(withMore(options, { signal })));
  }

  save() {
    return this.saveAsync(0);
  }

  /** @param {number} key */
  callOff(key) {
    this.#controls.get(key)?.abort();
  }

  /** Resolves when no evaluation is under way, for what changes the weights. */
  async calm() {
    while (this.#evaluations.size) await Promise.allSettled(this.#evaluations);
  }

  /**
   * Begins in its turn, and goes on between the turns of others.
   * @template R @param {number} key @param {(signal: AbortSignal) => Promise<R>} act @returns {Promise<R>}
   */
  async #begin(key, act) {
    const control = new AbortController();
    this.#controls.set(key, control);
    try {
      const [begun] = await this.#turn(() => [act(control.signal)]);
      return await begun;
    } finally {
      this.#controls.delete(key);
    }
  }
}
