/** One window of a batch, cut into the core's slices: laid out, run here or taken from who ran them, and put back. */
import { carryingLayers } from "../cells.js";
import { ARRAY } from "../wasm/engine.js";
import { copyStreams } from "../wasm/state.js";
import { SliceRunner, laySlices, slicesBytes } from "./slices.js";

/** @typedef {import("../wasm/engine.js").Engine} Engine */
/** @typedef {import("../config.js").Settings} Settings */
/** @typedef {import("./slices.js").Slice} Slice */

export class Board {
  #engine;
  #settings;
  #runner;
  /** Points at the window's ids. */
  #window;
  /** @type {readonly Slice[]} */
  slices;

  /**
   * @param {Engine} engine @param {Readonly<Settings>} settings those of its shape alone are looked at
   * @param {readonly number[]} bounds first streams of the slices, then the end of the last
   */
  constructor(engine, settings, bounds) {
    const most = Math.max(...bounds.slice(1).map((end, s) => end - bounds[s]));
    this.#engine = engine;
    this.#settings = settings;
    this.#runner = new SliceRunner(engine, settings, most);
    this.#window = engine.inside.blocks.alloc(8 * settings.batch * settings.seqLen);
    this.slices = laySlices(settings, bounds, 0, new ArrayBuffer(slicesBytes(settings, bounds, 0)));
  }

  /**
   * Lays a window of the engine's text.
   * @param {number} count tokens that are trained on @param {number} k the window's place in its epoch
   */
  layWindow(count, k) {
    const { core, text } = this.#engine.inside,
      { batch: B, seqLen: T } = this.#settings,
      input = this.#window,
      target = input + 4 * B * T;
    core.c.unroll_window_copy(input, target, text.pointer, count, B, T, k);
    const ids = core.i32(input, 2 * B * T);
    this.lay(ids.subarray(0, B * T), ids.subarray(B * T), k === 0);
  }

  /**
   * Lays a window that was read elsewhere, and the carried state before it.
   * @param {Int32Array} input [B,T] @param {Int32Array} target [B,T] @param {boolean} restart from a zero state
   */
  lay(input, target, restart) {
    const { seqLen: T, stateful } = this.#settings;
    for (const slice of this.slices) {
      const from = slice.first * T,
        end = from + slice.streams * T;
      slice.input.set(input.subarray(from, end));
      slice.target.set(target.subarray(from, end));
    }
    if (restart || !stateful) for (const { h, c } of this.slices) h.fill(0), c.fill(0);
    else this.#eachState((part, whole, n, L, H) => copyStreams(part, whole, n, L, H));
  }

  /** Carries the slices' states on. */
  keepState() {
    this.#eachState((part, whole, n, L, H) => copyStreams(whole, part, n, L, H));
  }

  /**
   * Each slice's h, and an LSTM's c, with where it stands in the batch.
   * @param {(part: import("../wasm/state.js").Place, whole: import("../wasm/state.js").Place, n: number, L: number, H:
   * number) => void} copy
   */
  #eachState(copy) {
    const { batch: B, hidden: H, cell } = this.#settings,
      L = carryingLayers(this.#settings);
    for (const name of cell === "lstm" ? /** @type {const} */ (["h", "c"]) : /** @type {const} */ (["h"])) {
      const data = this.#engine.array(name === "h" ? ARRAY.STATE_H : ARRAY.STATE_C, L * B * H);
      for (const slice of this.slices) {
        const { first, streams } = slice;
        copy({ data: slice[name], B: streams, first: 0 }, { data, B, first }, streams, L, H);
      }
    }
  }

  /** Runs a slice here; its gradient waits to be added up. @param {number} s @param {number} scale @returns {number} its loss */
  run(s, scale) {
    return this.#runner.run(this.slices[s], scale);
  }

  /** A slice that was run elsewhere, as if it had been run here. @param {number} s @param {Slice} slice */
  take(s, slice) {
    this.#runner.gradient.set(slice.gradient);
    this.slices[s].h.set(slice.h);
    this.slices[s].c.set(slice.c);
  }

  /** Puts slices from `from` on, and the weights before them, into a buffer to be sent. @param {Slice[]} slices @param {number} from */
  pack(slices, from) {
    slices[0].gradient.set(this.#engine.array(ARRAY.WEIGHTS));
    slices.forEach((slice, i) => {
      for (const name of /** @type {const} */ (["h", "c", "input", "target"]))
        slice[name].set(this.slices[from + i][name]);
    });
  }
}
