/** One network reading several continuations at once, a token at a time. */
import { CELLS, keptOf } from "../cells.js";
import { PASS, TRACE } from "../wasm/engine.js";
import { copyStreams } from "../wasm/state.js";

/** @typedef {import("../trainer.js").Trainer<any>} Trainer */

/**
 * @typedef {object} Reading
 * @property {Float32Array} probabilities of the next token, by continuation
 * @property {(parents: readonly number[], tokens: readonly number[]) => void} read continuation i goes on from what was
 * `parents[i]` with a token
 * @property {() => void} close
 */

/** @param {Trainer} trainer @param {number} most continuations @param {number} first token @returns {Reading} */
export const beginReading = (trainer, most, first) =>
  CELLS[trainer.settings.cell].carries
    ? new CarriedReading(trainer, most, first)
    : new WindowReading(trainer, most, first);

/** By the state that each continuation has come to. @implements {Reading} */
class CarriedReading {
  #trainer;
  #one;
  #many;
  /** @type {import("../wasm/engine.js").Pass} the pass that read last */ #last;
  /** @type {Float32Array} */ probabilities;

  /** @param {Trainer} trainer @param {number} most @param {number} first read from a zero state */
  constructor(trainer, most, first) {
    this.#trainer = trainer;
    this.#one = trainer.engine.openPass(1, 1, PASS.LOGITS);
    this.#many = most > 1 ? trainer.engine.openPass(most, 1, PASS.LOGITS) : this.#one;
    this.#last = this.#one;
    const { layers, hidden } = trainer.settings,
      zeros = new Float32Array(layers * hidden);
    this.#one.setState(zeros, zeros);
    this.probabilities = this.#run(this.#one, [first]);
  }

  /** @param {readonly number[]} parents @param {readonly number[]} tokens */
  read(parents, tokens) {
    const pass = parents.length > 1 ? this.#many : this.#one;
    if (pass === this.#last && parents.every((parent, i) => parent === i)) pass.carry();
    else this.#gather(pass, parents);
    this.#last = pass;
    this.probabilities = this.#run(pass, tokens);
  }

  /** @param {import("../wasm/engine.js").Pass} pass @param {readonly number[]} parents */
  #gather(pass, parents) {
    const { layers: L, hidden: H } = this.#trainer.settings,
      from = this.#last.state(L, H);
    const { B } = this.#last;
    const rows = (/** @type {Float32Array} */ data) => {
      const out = new Float32Array(L * pass.B * H);
      parents.forEach((first, i) => copyStreams({ data: out, B: pass.B, first: i }, { data, B, first }, 1, L, H));
      return out;
    };
    pass.setState(rows(from.h), rows(from.c));
  }

  /** @param {import("../wasm/engine.js").Pass} pass @param {readonly number[]} tokens */
  #run(pass, tokens) {
    const input = new Int32Array(pass.B);
    input.set(tokens);
    pass.run(input, new Int32Array(pass.B).fill(-1), { backward: false });
    return pass.copy(TRACE.PROBABILITIES);
  }

  close() {
    this.#one.dispose();
    if (this.#many !== this.#one) this.#many.dispose();
  }
}

/** By the window that each has read, which is read anew with each token. @implements {Reading} */
class WindowReading {
  #pass;
  /** @type {number[][]} */ #windows;
  /** @type {Float32Array} */ probabilities;

  /** @param {Trainer} trainer @param {number} most @param {number} first */
  constructor(trainer, most, first) {
    const { engine, settings } = trainer;
    this.#pass = engine.openPass(1, settings.seqLen, PASS.LOGITS);
    this.#windows = [[]];
    this.probabilities = new Float32Array(most * engine.V);
    this.read([0], [first]);
  }

  /** @param {readonly number[]} parents @param {readonly number[]} tokens */
  read(parents, tokens) {
    const { T, V } = this.#pass;
    this.#windows = parents.map((parent, i) => {
      const window = this.#windows[parent];
      return [...(window.length === T ? window.slice(T - keptOf(T)) : window), tokens[i]];
    });
    this.#windows.forEach((window, lane) => {
      const input = new Int32Array(T);
      input.set(window);
      this.#pass.run(input, new Int32Array(T).fill(-1), { backward: false });
      const all = this.#pass.copy(TRACE.PROBABILITIES);
      this.probabilities.set(all.subarray((window.length - 1) * V, window.length * V), lane * V);
    });
  }

  close() {
    this.#pass.dispose();
  }
}
