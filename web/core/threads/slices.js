/**
 * Slices of a batch: where their numbers stand in a buffer that can be sent, and how one is run. What a trainer that
 * shares its work out and the helpers that take it have in common.
 */
import { carryingLayers } from "../cells.js";
import { ARRAY, PASS } from "../wasm/engine.js";

/** @typedef {import("../wasm/engine.js").Engine} Engine */
/**
 * @typedef {{ cell: import("../cells.js").CellName, layers: number, hidden: number, seqLen: number }} Shape of a
 * trainer's settings
 */

/**
 * @typedef {object} Slice
 * @property {number} first stream of the batch
 * @property {number} streams n
 * @property {Float32Array} gradient every parameter's, out
 * @property {Float32Array} h state [L,n,H], before the window in, after it out
 * @property {Float32Array} c the same
 * @property {Int32Array} input [n,T]
 * @property {Int32Array} target [n,T]
 */

/**
 * @param {Shape} shape @param {readonly number[]} bounds first streams of the slices, then the end of the last
 * @param {number} size floats of a gradient; 0 where gradients are kept elsewhere
 */
export function slicesBytes(shape, bounds, size) {
  const { hidden, seqLen } = shape;
  const slices = bounds.length - 1,
    streams = bounds[slices] - bounds[0];
  return 4 * (slices * size + streams * 2 * (carryingLayers(shape) * hidden + seqLen));
}

/**
 * The slices as views of a buffer of slicesBytes() or more. The first one's gradient carries the weights on the way in.
 * @param {Shape} shape @param {readonly number[]} bounds @param {number} size @param {ArrayBuffer} buffer
 * @returns {Slice[]}
 */
export function laySlices(shape, bounds, size, buffer) {
  const { hidden, seqLen } = shape;
  let at = 0;
  const floats = (/** @type {number} */ count) => new Float32Array(buffer, (at += 4 * count) - 4 * count, count);
  const ids = (/** @type {number} */ count) => new Int32Array(buffer, (at += 4 * count) - 4 * count, count);
  return bounds.slice(1).map((end, i) => {
    const first = bounds[i],
      streams = end - first,
      state = carryingLayers(shape) * streams * hidden,
      positions = streams * seqLen;
    return {
      first,
      streams,
      gradient: floats(size),
      h: floats(state),
      c: floats(state),
      input: ids(positions),
      target: ids(positions),
    };
  });
}

/** Runs slices one after another in memory that is laid out once. */
export class SliceRunner {
  #engine;
  #shape;
  #room;
  #streams = 0;
  #pointer = 0;

  /**
   * @param {Engine} engine
   * @param {Shape} shape
   * @param {number} most streams of the largest slice; others have one less
   */
  constructor(engine, shape, most) {
    this.#engine = engine;
    this.#shape = shape;
    const { core, blocks, pointer } = engine.inside;
    const pass = Math.max(
      ...[most, most - 1].map((n) => core.c.unroll_pass_bytes(pointer, n, shape.seqLen, PASS.BACKWARD) >>> 0),
    );
    const state = 4 * carryingLayers(shape) * most * shape.hidden,
      window = 4 * most * shape.seqLen;
    const start = blocks.alloc(pass + 2 * state + 2 * window + 16);
    const h = start + pass,
      c = h + state,
      input = c + state,
      target = input + window;
    this.#room = { block: start, pass, h, c, input, target, out: (target + window + 7) & ~7 };
  }

  /**
   * Forward and back; the gradient of loss * scale is left in ARRAY.SHARD_GRADIENT, the state after the window in h and
   * c.
   * @param {Slice} slice @param {number} scale
   * @returns {number} the sum of the losses, nats
   */
  run({ first, streams, h, c, input, target }, scale) {
    const { core } = this.#engine.inside,
      at = this.#room;
    this.#fit(streams);
    core.f32(at.h, h.length).set(h);
    core.f32(at.c, c.length).set(c);
    core.i32(at.input, input.length).set(input);
    core.i32(at.target, target.length).set(target);
    core.c.unroll_pass_set_state(this.#pointer, at.h, at.c);
    this.#engine.check(core.c.unroll_pass_run(this.#pointer, at.input, at.target, 1, scale, 1, first, at.out));
    core.c.unroll_pass_get_state(this.#pointer, at.h, at.c);
    h.set(core.f32(at.h, h.length));
    c.set(core.f32(at.c, c.length));
    return core.f64(at.out, 1)[0];
  }

  /** Lays the pass out for so many streams. @param {number} streams */
  #fit(streams) {
    if (streams === this.#streams) return;
    const { core, pointer } = this.#engine.inside,
      { block, pass, out } = this.#room;
    this.#engine.check(core.c.unroll_pass_init(out, block, pass, pointer, streams, this.#shape.seqLen, PASS.BACKWARD));
    this.#pointer = core.i32(out, 1)[0] >>> 0;
    this.#streams = streams;
  }

  /** The gradient of the last run, a view. */
  get gradient() {
    return this.#engine.array(ARRAY.SHARD_GRADIENT);
  }

  dispose() {
    this.#engine.inside.blocks.free(this.#room.block);
  }
}
