/**
 * Passes of the C core as objects, and what they share with the trainer: ids on their way in, statuses on their way
 * out.
 */
import { UnrolledError } from "../errors.js";
import { zeroStream } from "./state.js";

/** @typedef {import("./module.js").Core} Core */
/** @typedef {import("./engine.js").Blocks} Blocks */

/** What a pass has room for. */
export const PASS = Object.freeze({ BACKWARD: 1, LOGITS: 2, FLOW: 4 });
/** What a pass can be asked for: unroll_trace; gate g is GATE + g. */
export const TRACE = Object.freeze({
  HIDDEN: 0,
  CELL: 1,
  GATE: 2,
  HIDDEN_GRAD: 6,
  CELL_GRAD: 7,
  LOSS: 8,
  LOGITS: 9,
  PROBABILITIES: 10,
  ATTENTION: 11,
});

/** Codes of unroll_status, in its order. The first is none. @type {import("../errors.js").UnrolledErrorCode[]} */
const CODES = ["internal", "bad-setting", "no-memory", "bad-argument", "too-few-tokens", "diverged", "bad-core"];
export const DIVERGED = CODES.indexOf("diverged");

/** Bytes of unroll_hold: what, layer, unit, stream, from, to, and a float. */
const HOLD_BYTES = 28;

/**
 * @typedef {object} HoldEntry an intervention as the core takes it, in the words of include/unrolled.h
 * @property {number} what
 * @property {number} layer
 * @property {number} unit -1: all
 * @property {number} [stream] all when left out
 * @property {number} from
 * @property {number} to
 * @property {number} value
 */

/** Writes interventions for the core. @param {Core} core @param {Blocks} blocks @param {readonly HoldEntry[]} holds */
function writeHolds(core, blocks, holds) {
  const at = blocks.alloc(HOLD_BYTES * Math.max(1, holds.length));
  holds.forEach(({ what, layer, unit, stream = -1, from, to, value }, i) => {
    core.i32(at + HOLD_BYTES * i, 6).set([what, layer, unit, stream, from, to]);
    core.f32(at + HOLD_BYTES * i + 24, 1)[0] = value;
  });
  return at;
}

/** One window through the network and back. It ends with its engine. */
export class Pass {
  #core;
  #blocks;
  #block;
  #pointer;
  #holds = 0;

  /**
   * @param {Core} core @param {Blocks} blocks @param {number} block @param {number} pointer
   * @param {number} B @param {number} T @param {number} V
   */
  constructor(core, blocks, block, pointer, B, T, V) {
    this.#core = core;
    this.#blocks = blocks;
    this.#block = block;
    this.#pointer = pointer;
    this.B = B;
    this.T = T;
    this.V = V;
  }

  dispose() {
    this.#blocks.free(this.#holds);
    this.#blocks.free(this.#block);
  }

  /** Holds values in the runs that follow; an empty list ends it. @param {readonly HoldEntry[]} holds */
  hold(holds) {
    const list = writeHolds(this.#core, this.#blocks, holds);
    try {
      check(this.#core, this.#core.c.unroll_pass_hold(this.#pointer, list, holds.length));
    } catch (error) {
      this.#blocks.free(list); // those of before still hold
      throw error;
    }
    this.#blocks.free(this.#holds);
    this.#holds = list;
  }

  /** The state before the first step. @param {Float32Array} h [L,B,H] @param {Float32Array} c [L,B,H] */
  setState(h, c) {
    const at = this.#blocks.alloc(8 * (h.length || 1));
    this.#core.f32(at, h.length).set(h);
    this.#core.f32(at + 4 * h.length, c.length).set(c);
    this.#core.c.unroll_pass_set_state(this.#pointer, at, at + 4 * h.length);
    this.#blocks.free(at);
  }

  /** Makes the last run's last state the next one's first. */
  carry() {
    this.#core.c.unroll_pass_carry(this.#pointer);
  }

  /**
   * The same, but zeros for some streams.
   * @param {readonly number[]} streams
   * @param {number} L layers
   * @param {number} H units
   */
  carryBut(streams, L, H) {
    const { h, c } = this.state(L, H);
    for (const b of streams) for (const x of [h, c]) zeroStream(x, L, this.B, H, b);
    this.setState(h, c);
  }

  /** The state after the last step of a run, copies. @param {number} L layers @param {number} H units */
  state(L, H) {
    const count = L * this.B * H;
    const both = this.#copied(2 * count, (out) => {
      this.#core.f32(out, 2 * count).fill(0);
      this.#core.c.unroll_pass_get_state(this.#pointer, out, out + 4 * count);
    });
    return { h: both.subarray(0, count), c: both.subarray(count) };
  }

  /** How many of the last run's targets were the most probable token, and how many there were. */
  hits() {
    const at = this.#blocks.alloc(16);
    this.#core.f64(at, 2).fill(0);
    this.#core.c.unroll_pass_hits(this.#pointer, at, at + 8);
    const [hits, targets] = this.#core.f64(at, 2);
    this.#blocks.free(at);
    return { hits, targets };
  }

  /**
   * Forward and, unless `backward` is false, back into ARRAY.SHARD_GRADIENT.
   * @param {Int32Array} input [B,T] ids @param {Int32Array} target [B,T] ids, -1 where there is none
   * @param {{ backward?: boolean, scale?: number, train?: boolean, firstStream?: number }} [options] the gradient is of
   *   loss * scale; `train` applies dropout
   * @returns {number} the sum of the losses, nats
   */
  run(input, target, { backward = true, scale = 1, train = false, firstStream = 0 } = {}) {
    return withIds(this.#core, this.#blocks, input, target, (i, t) => {
      const loss = this.#blocks.alloc(8);
      try {
        check(
          this.#core,
          this.#core.c.unroll_pass_run(this.#pointer, i, t, backward ? 1 : 0, scale, train ? 1 : 0, firstStream, loss),
        );
        return this.#core.f64(loss, 1)[0];
      } finally {
        this.#blocks.free(loss);
      }
    });
  }

  /**
   * @param {number} what of TRACE
   * @returns {Float32Array<ArrayBuffer>} a copy; empty where this pass has no such thing
   */
  copy(what) {
    const count = this.#core.c.unroll_pass_count(this.#pointer, what) >>> 0;
    if (!count) return new Float32Array(0);
    return this.#copied(count, (out) => this.#core.c.unroll_pass_copy(this.#pointer, what, out));
  }

  /** |d loss_t / d h_s|, [L,T,T]. @param {number} L layers */
  flow(L) {
    return this.#copied(L * this.T * this.T, (out) =>
      check(this.#core, this.#core.c.unroll_pass_flow(this.#pointer, out)),
    );
  }

  /** @param {number} count @param {(out: number) => void} write */
  #copied(count, write) {
    const out = this.#blocks.alloc(4 * (count || 1));
    try {
      write(out);
      return this.#core.f32(out, count).slice();
    } finally {
      this.#blocks.free(out);
    }
  }

  /**
   * @param {Int32Array} prompt one id or more
   * @param {{ h0: Float32Array, c0: Float32Array }} state [L,1,H], before the prompt
   * @param {{ length: number, temperature: number, topK: number, seed: number, probabilities: boolean }} options
   */
  sample(prompt, { h0, c0 }, { length, temperature, topK, seed, probabilities }) {
    const wanted = probabilities ? length * this.V : 0;
    const at = this.#blocks.alloc(4 * (h0.length + c0.length + prompt.length + length + wanted));
    try {
      const memory = at + 4 * h0.length,
        read = memory + 4 * c0.length,
        ids = read + 4 * prompt.length,
        distributions = ids + 4 * length;
      this.#core.f32(at, h0.length).set(h0);
      this.#core.f32(memory, c0.length).set(c0);
      this.#core.i32(read, prompt.length).set(prompt);
      check(
        this.#core,
        this.#core.c.unroll_pass_sample(
          this.#pointer,
          at,
          memory,
          read,
          prompt.length,
          length,
          temperature,
          topK,
          seed,
          ids,
          wanted && distributions,
        ),
      );
      return { ids: this.#core.i32(ids, length).slice(), probabilities: this.#core.f32(distributions, wanted).slice() };
    } finally {
      this.#blocks.free(at);
    }
  }
}

/**
 * @template R
 * @param {Core} core @param {Blocks} blocks
 * @param {Int32Array} input @param {Int32Array} target @param {(input: number, target: number) => R} call
 * @returns {R}
 */
export function withIds(core, blocks, input, target, call) {
  const at = blocks.alloc(4 * (input.length + target.length));
  try {
    core.i32(at, input.length).set(input);
    core.i32(at + 4 * input.length, target.length).set(target);
    return call(at, at + 4 * input.length);
  } finally {
    blocks.free(at);
  }
}

/** @param {Core} core @param {number} status */
export function check(core, status) {
  if (!status) return;
  if (status === DIVERGED) {
    throw new UnrolledError(
      "diverged",
      "The loss is no longer finite: the weights are too large to compute with. Take weights saved earlier, or train anew at a lower learning rate.",
    );
  }
  const text = core.string(core.c.unroll_status_text(status), 200);
  throw new UnrolledError(CODES[status] ?? "bad-core", `The core refused: ${text}.`);
}
