/**
 * The C trainer as an object, whose passes are in pass.js: pointers in, typed arrays out. What a text is, and what a
 * caller may ask for, is checked above, in trainer.js; here a status that is not OK becomes an error.
 *
 * Arrays returned as views stand in WebAssembly memory and end with the next call that may allocate.
 */
import { UnrolledError } from "../errors.js";
import { CONFIG_BYTES, writeConfig } from "../config.js";
import { DIVERGED, Pass, check, withIds } from "./pass.js";
import { isConstant, learningRateAt } from "../schedule.js";

export { PASS, Pass, TRACE } from "./pass.js";

/** @typedef {import("./module.js").Core} Core */
/** @typedef {import("../config.js").Settings} Settings */
/** @typedef {{ name: string, offset: number, rows: number, cols: number, trainedFrom: number }} TensorRow */
/** @typedef {{ step: number, window: number, tokens: number }} Progress */

/** Flat arrays of a trainer: unroll_array. */
export const ARRAY = Object.freeze({
  WEIGHTS: 0,
  GRADIENT: 1,
  SHARD_GRADIENT: 2,
  MOMENT1: 3,
  MOMENT2: 4,
  STATE_H: 5,
  STATE_C: 6,
});
const NAME_BYTES = 40;
const TENSOR_BYTES = NAME_BYTES + 4 * 4;
/** The doubles of unroll_report, in its order. */
const REPORT = /** @type {const} */ ([
  "step",
  "epoch",
  "tokens",
  "loss",
  "gradNorm",
  "clippedNorm",
  "clipScale",
  "clippedFraction",
  "learningRate",
]);
/** @typedef {Record<typeof REPORT[number], number>} Report what an update did; norms are global, losses in nats */

/** How weights begin that nobody will see: the core always draws some, and orthogonal matrices take their units' cube. */
export const QUICKLY = Object.freeze({ init: /** @type {const} */ ("uniform") });

/** Blocks of memory that end together. It knows nothing of its owner, so a finalizer may hold it. */
export class Blocks {
  /** @type {Map<number, number>} pointer to bytes */
  #sizes = new Map();

  /** @param {Core} core */
  constructor(core) {
    this.core = core;
  }

  /** @param {number} bytes */
  alloc(bytes) {
    const pointer = this.core.alloc(bytes);
    this.#sizes.set(pointer, bytes);
    return pointer;
  }

  /** @param {number} pointer */
  free(pointer) {
    if (this.#sizes.delete(pointer)) this.core.free(pointer);
  }

  freeAll() {
    for (const pointer of this.#sizes.keys()) this.free(pointer);
  }

  get bytes() {
    let sum = 0;
    for (const bytes of this.#sizes.values()) sum += bytes;
    return sum;
  }
}

/** Frees what a dropped engine held. @type {FinalizationRegistry<Blocks>} */
const dropped = new FinalizationRegistry((blocks) => blocks.freeAll());

export class Engine {
  #core;
  #c;
  #blocks;
  #pointer = 0;
  #scratch = 0;
  #text = { pointer: 0, count: 0 };
  #settings;

  /**
   * @param {Core} core
   * @param {Readonly<Settings>} settings
   * @param {number} V vocabulary
   */
  constructor(core, settings, V) {
    this.#core = core;
    this.#c = core.c;
    this.#blocks = new Blocks(core);
    this.V = V;
    this.#settings = settings;
    try {
      this.#scratch = this.#blocks.alloc(CONFIG_BYTES);
      writeConfig(core, this.#scratch, settings, V);
      const bytes = this.#c.unroll_trainer_bytes(this.#scratch) >>> 0;
      if (!bytes)
        throw new UnrolledError(
          "no-memory",
          `A model of ${settings.layers} × ${settings.hidden} hidden units, batch ${settings.batch}, seqLen ${settings.seqLen} and ${V} tokens is larger than WebAssembly's memory: take a smaller hidden, batch or seqLen.`,
        );
      const block = this.#blocks.alloc(bytes);
      this.#pointer = this.#made((out) => this.#c.unroll_trainer_init(out, block, bytes, this.#scratch));
    } catch (error) {
      this.#blocks.freeAll();
      throw error;
    }
    dropped.register(this, this.#blocks, this);
    /** Names, places and sizes of the parameters. @type {readonly TensorRow[]} */
    this.tensors = Object.freeze(this.#readTensors());
    /** Floats in each of the flat arrays. */
    this.size = this.#c.unroll_trainer_size(this.#pointer);
  }

  /** @returns {TensorRow[]} */
  #readTensors() {
    const rows = [];
    const count = this.#c.unroll_trainer_tensor_count(this.#pointer);
    for (let index = 0; index < count; index++) {
      const at = this.#c.unroll_trainer_tensor(this.#pointer, index) >>> 0;
      const [offset, height, cols, trainedFrom] = this.#core.i32(at + NAME_BYTES, (TENSOR_BYTES - NAME_BYTES) / 4);
      rows.push({ name: this.#core.string(at, NAME_BYTES), offset, rows: height, cols, trainedFrom });
    }
    return rows;
  }

  /** Calls an init function that writes a pointer. @param {(out: number) => number} init */
  #made(init) {
    const out = this.#blocks.alloc(4);
    try {
      check(this.#core, init(out));
      return this.#core.i32(out, 1)[0] >>> 0;
    } finally {
      this.#blocks.free(out);
    }
  }

  /**
   * For the package's own parts that call C functions themselves; what they allocate in `blocks` ends with this engine.
   */
  get inside() {
    return { core: this.#core, blocks: this.#blocks, pointer: this.#pointer, text: this.#text };
  }

  /** Throws what a status of a training run says. @param {number} status */
  check(status) {
    if (status === DIVERGED) throw this.#diverged();
    check(this.#core, status);
  }

  /** Bytes of WebAssembly memory held: weights, moments, activations, text. */
  get bytes() {
    return this.#blocks.bytes;
  }

  /** Throws when it has been disposed of, as may happen between two parts of a long reading. */
  needAlive() {
    if (!this.#pointer)
      throw new UnrolledError("disposed", "This trainer was disposed of: make a new one, or load one that was saved.");
  }

  dispose() {
    dropped.unregister(this);
    this.#blocks.freeAll();
    this.#pointer = 0;
  }

  /**
   * A view of one of the flat arrays of ARRAY.
   * @param {number} which @param {number} [count] floats; the states have L*B*H
   */
  array(which, count = this.size) {
    return this.#core.f32(this.#c.unroll_trainer_array(this.#pointer, which) >>> 0, count);
  }

  /** After ARRAY.WEIGHTS was written. */
  repack() {
    this.#c.unroll_trainer_repack(this.#pointer);
  }

  /** @returns {Progress} */
  get progress() {
    const [step, window, tokens] = this.#core.f64(this.#c.unroll_trainer_progress(this.#pointer) >>> 0, 3);
    return { step, window, tokens };
  }

  /** @param {Progress} progress */
  set progress({ step, window, tokens }) {
    this.#core.f64(this.#c.unroll_trainer_progress(this.#pointer) >>> 0, 3).set([step, window, tokens]);
  }

  /** @param {Readonly<Settings>} settings */
  configure(settings) {
    this.#configure(settings);
    this.#settings = settings;
  }

  /** @param {Readonly<Settings>} settings */
  #configure(settings) {
    writeConfig(this.#core, this.#scratch, settings, this.V);
    check(this.#core, this.#c.unroll_trainer_configure(this.#pointer, this.#scratch));
  }

  /** Gives the core the rate of the update that comes next. Every way to an update leads through here. */
  #followSchedule() {
    if (isConstant(this.#settings)) return;
    const learningRate = learningRateAt(this.#settings, this.progress.step);
    this.#configure({ ...this.#settings, learningRate });
  }

  /**
   * Makes room for a text's ids, which the caller fills in at once.
   * @param {number} count
   * @returns {Int32Array} a view
   */
  makeText(count) {
    this.#blocks.free(this.#text.pointer);
    this.#text = { pointer: 0, count: 0 };
    this.#text = { pointer: this.#blocks.alloc(4 * count), count };
    return this.text();
  }

  /** The text's ids, a view. */
  text() {
    return this.#core.i32(this.#text.pointer, this.#text.count);
  }

  /** @param {number} B @param {number} T @param {number} count of the training part */
  windowCount(B, T, count) {
    return this.#c.unroll_window_count(count, B, T);
  }

  /**
   * `n` updates on the text's first `count` tokens.
   * @param {number} n @param {number} count
   * @returns {Report}
   */
  step(n, count) {
    const steps = (/** @type {number} */ k) =>
      this.#report((out) => this.#c.unroll_trainer_step(this.#pointer, this.#text.pointer, count, k, out));
    if (isConstant(this.#settings)) return steps(n);
    for (let i = 1; ; i++) {
      this.#followSchedule();
      const report = steps(1);
      if (i === n) return report;
    }
  }

  /**
   * One update on a window the caller cut: input and target [B,T].
   * @param {Int32Array} input @param {Int32Array} target @param {boolean} restart zeroes the carried state first
   * @returns {Report}
   */
  stepWindow(input, target, restart) {
    this.#followSchedule();
    return this.#withIds(input, target, (i, t) =>
      this.#report((out) => this.#c.unroll_trainer_step_window(this.#pointer, i, t, restart ? 1 : 0, out)),
    );
  }

  /**
   * The slices that B streams are always worked through in: their first streams, then B.
   * @param {number} B
   * @returns {number[]}
   */
  shardBounds(B) {
    const count = this.#c.unroll_shard_count(B);
    return [...Array.from({ length: count }, (_, s) => this.#c.unroll_shard_begin(B, s)), B];
  }

  /** Adds the last pass's gradient up; to be called in the order of the slices. @param {boolean} first */
  reduce(first) {
    this.#c.unroll_trainer_reduce(this.#pointer, first ? 1 : 0);
  }

  /**
   * Regularises, clips and applies the sum.
   * @param {number} loss mean over the batch @param {number} tokens in it
   * @returns {Report}
   */
  update(loss, tokens) {
    this.#followSchedule();
    return this.#report((out) => this.#c.unroll_trainer_update(this.#pointer, loss, tokens, out));
  }

  /** @param {(out: number) => number} call @returns {Report} */
  #report(call) {
    const status = call(this.#scratch);
    this.check(status);
    const values = this.#core.f64(this.#scratch, REPORT.length);
    return /** @type {Report} */ (Object.fromEntries(REPORT.map((name, i) => [name, values[i]])));
  }

  #diverged() {
    const { step } = this.progress;
    return new UnrolledError(
      "diverged",
      `The loss or its gradient is no longer finite at step ${step + 1}. The weights are those after step ${step}; lower the learning rate, or clip the gradient at a smaller norm.`,
      { step },
    );
  }

  /**
   * A pass of B streams and T steps, to be disposed of.
   * @param {number} B @param {number} T @param {number} flags of PASS
   * @returns {Pass}
   */
  openPass(B, T, flags) {
    this.needAlive();
    const { cell, seqLen } = this.#settings;
    if (cell === "attention" && T > seqLen)
      throw new UnrolledError(
        "bad-argument",
        `This network reads windows of ${seqLen} tokens, its seqLen, and was given ${T}: give it fewer at once.`,
      );
    const bytes = this.#c.unroll_pass_bytes(this.#pointer, B, T, flags) >>> 0;
    if (!bytes)
      throw new UnrolledError(
        "no-memory",
        `A pass of ${B} streams and ${T} steps is larger than WebAssembly's memory: take a shorter text or fewer streams.`,
      );
    const block = this.#blocks.alloc(bytes);
    try {
      const pointer = this.#made((out) => this.#c.unroll_pass_init(out, block, bytes, this.#pointer, B, T, flags));
      return new Pass(this.#core, this.#blocks, block, pointer, B, T, this.V);
    } catch (error) {
      this.#blocks.free(block);
      throw error;
    }
  }

  /**
   * @template R
   * @param {Int32Array} input @param {Int32Array} target @param {(input: number, target: number) => R} call
   * @returns {R}
   */
  #withIds(input, target, call) {
    return withIds(this.#core, this.#blocks, input, target, call);
  }
}
