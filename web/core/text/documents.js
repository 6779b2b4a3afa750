/**
 * Texts that are read while they are trained on, of which memory holds no more than the next window: one text, or
 * several documents, where the state is zeroed as each begins.
 *
 * The training part and the validation part are cut into pieces, each of which is read from its first token to its
 * last:
 *   one text    B pieces of n tokens, the streams of unroll_trainer_step(): same pieces, same windows, same bits
 *   documents   each document; one that is longer than the B-th part of all is cut into equal pieces not longer than
 *   that
 * Each of the B streams takes the next piece that is not taken as soon as it has read its own, from a zero state, and
 * after the last piece the first follows. The last window of a piece may be shorter: what is left of it has no target
 * and counts for nothing. So a document's first token is never asked for, and no token is ever guessed from another
 * document. An epoch is as many windows of B streams as all pieces have.
 */
import { carryingLayers } from "../cells.js";
import { UnrolledError } from "../errors.js";
import { ARRAY } from "../wasm/engine.js";
import { zeroStream } from "../wasm/state.js";
import { trainingCount } from "./corpus.js";
import { Lane } from "./pieces.js";

/** @typedef {import("../config.js").Settings} Settings */
/** @typedef {import("./pieces.js").Pieces} Pieces */
/**
 * @typedef {object} Documents
 * @property {readonly string[]} vocabulary
 * @property {Pick<Settings, "tokens" | "lowerCase">} [cut] how they were cut into tokens; a trainer takes it over
 * @property {ArrayLike<number>} starts token at which each begins, then the number of all: one longer than there are
 * documents
 * @property {import("./corpus.js").Digest} digest
 * @property {import("./pieces.js").Open} open
 */

/**
 * The pieces of B equal streams.
 * @param {number} count tokens
 * @param {number} B
 * @param {number} T targets come in whole multiples of it
 * @returns {Pieces}
 */
function streamPieces(count, B, T) {
  const n = Math.floor((count - 1) / B),
    targets = T * Math.floor(n / T);
  return targets > 0
    ? { from: Array.from({ length: B }, (_, b) => b * n), count: Array(B).fill(targets) }
    : { from: [], count: [] };
}

/**
 * The pieces that a part of the documents is trained in.
 * @param {ArrayLike<number>} starts
 * @param {Readonly<Settings>} settings
 * @returns {Pieces}
 */
function trainingPieces(starts, { batch: B, seqLen: T, validation }) {
  const end = trainingCount(starts[starts.length - 1], validation),
    most = Math.max(1, Math.ceil(end / B));
  if (starts.length === 2) return streamPieces(end, B, T);
  /** @type {Pieces} */
  const pieces = { from: [], count: [] };
  for (let d = 0; d + 1 < starts.length; d++) {
    const first = starts[d],
      targets = Math.min(end, starts[d + 1]) - first - 1;
    if (targets < 1) continue;
    const parts = Math.ceil(targets / most);
    for (let i = 0; i < parts; i++) {
      const from = Math.floor((i * targets) / parts);
      pieces.from.push(first + from);
      pieces.count.push(Math.floor(((i + 1) * targets) / parts) - from);
    }
  }
  return pieces;
}

/** What a trainer asks of documents: updates. */
export class DocumentStream {
  #engine;
  #settings;
  #documents;
  #training;
  #lanes;
  #next = 0;
  /** The window the lanes stand before; -1 where they must be put in place. */
  #at = -1;
  #input;
  #target;

  /**
   * @param {import("../wasm/engine.js").Engine} engine
   * @param {Readonly<Settings>} settings
   * @param {Documents} documents
   */
  constructor(engine, settings, documents) {
    const { batch: B, seqLen: T } = settings;
    this.#engine = engine;
    this.#settings = settings;
    this.#documents = documents;
    this.#training = trainingPieces(documents.starts, settings);
    if (!this.#training.from.length)
      throw new UnrolledError(
        "too-few-tokens",
        "The documents' training part has no token that follows another: take longer documents.",
      );
    this.#lanes = Array.from({ length: B }, () => new Lane());
    this.#input = new Int32Array(B * T);
    this.#target = new Int32Array(B * T);
    /** Updates in an epoch. */
    this.windows = Math.ceil(this.#training.count.reduce((sum, targets) => sum + Math.ceil(targets / T), 0) / B);
  }

  /** @param {number} n updates @returns {import("../wasm/engine.js").Report} of the last */
  step(n) {
    for (let i = 1; i < n; i++) this.#update();
    return this.#update();
  }

  #update() {
    const { input, target, epoch, window } = this.lay();
    const report = this.#engine.stepWindow(input, target, false);
    this.settle(window);
    return { ...report, epoch };
  }

  /**
   * The next window, laid where the last one was: input and target [B,T] and how many targets there are. Streams that
   * begin a piece are given a zero state. Whoever trains on it calls settle().
   */
  lay() {
    const { batch: B, seqLen: T } = this.#settings;
    const { window } = this.#engine.progress;
    if (window !== this.#at) this.#seek(window);
    this.#at = -1;
    this.#input.fill(0);
    this.#target.fill(-1);
    let targets = 0;
    for (let b = 0; b < B; b++) {
      const lane = this.#lanes[b];
      if (lane.ended(this.#training)) {
        this.#deal(lane);
        lane.open(this.#documents.open, this.#training);
      }
      if (lane.done === 0) this.#zeroState(b);
      targets += lane.read(this.#training, this.#input, this.#target, b * T, T);
    }
    return { input: this.#input, target: this.#target, targets, window, epoch: Math.floor(window / this.windows) };
  }

  /** A window that was laid has been trained on. @param {number} window */
  settle(window) {
    this.#at = window + 1;
  }

  /** @param {Lane} lane */
  #deal(lane) {
    lane.piece = this.#next++ % this.#training.from.length;
    lane.done = 0;
  }

  /** Puts the lanes where so many windows leave them. @param {number} window */
  #seek(window) {
    const { batch: B, seqLen: T } = this.#settings,
      { count } = this.#training;
    this.#next = 0;
    for (const lane of this.#lanes) lane.piece = -1;
    // Equal streams stand where they stood an epoch before.
    const equal = count.length === B && count.every((targets) => targets === count[0]);
    for (let w = equal ? window % this.windows : window; w > 0; w--) {
      for (const lane of this.#lanes) {
        if (lane.ended(this.#training)) this.#deal(lane);
        lane.done = Math.min(lane.done + T, count[lane.piece]);
      }
    }
    for (const lane of this.#lanes) if (!lane.ended(this.#training)) lane.open(this.#documents.open, this.#training);
  }

  /** @param {number} b stream */
  #zeroState(b) {
    const { batch: B, hidden: H } = this.#settings,
      L = carryingLayers(this.#settings);
    for (const which of [ARRAY.STATE_H, ARRAY.STATE_C]) zeroStream(this.#engine.array(which, L * B * H), L, B, H, b);
  }
}

/** Stands between documents where they are hashed: no byte of UTF-8. */
export const DOCUMENT_END = 0xff;
