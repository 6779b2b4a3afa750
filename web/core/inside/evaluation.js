/**
 * How well a network foresees a text: the mean over every token that follows another, read forward only.
 *
 * The reading does not depend on batch and seqLen. A short text is one stream, read through from a zero state. A long
 * one is cut into streams that are read side by side; one that begins within the text first reads the WARM tokens before
 * its own, which do not count, so that it stands where a single reading would stand. Documents begin from a zero state.
 * Where only so many tokens are to be counted, they are stretches spread evenly over the text, the same each time.
 * Attention, which carries no state, reads windows of its seqLen that overlap by half, so that from the second on each
 * token that counts has half a window or more before it.
 */
import { CELLS, carryingLayers, keptOf } from "../cells.js";
import { operationsPerToken } from "../shapes.js";
import { Lane } from "../text/pieces.js";

/** @typedef {import("../wasm/engine.js").Engine} Engine */
/** @typedef {import("../config.js").Settings} Settings */
/** @typedef {{ starts: ArrayLike<number>, open: import("../text/pieces.js").Open }} Readable documents and how to read them */

/**
 * @typedef {object} Evaluation
 * @property {number} loss mean, nats
 * @property {number} bitsPerToken
 * @property {number} perplexity
 * @property {number} accuracy share of tokens that were the most probable one
 * @property {number} tokens guessed
 */

/**
 * @typedef {object} EvaluationOptions
 * @property {string} [text] read in place of a part
 * @property {"validation" | "training"} [part] of the trainer's own text
 * @property {import("../text/tokens.js").Unknown} [unknown] what becomes of tokens that the model does not know
 * @property {readonly import("./hold.js").Hold[]} [hold] values held while it reads
 * @property {number} [most] tokens that are counted, at most, in stretches spread over the text; Infinity, when left
 * out, and where values are held for some of the steps: all
 */

export const EVALUATION_OPTIONS = Object.freeze(["text", "part", "unknown", "hold", "most"]);

/** Tokens read before those that count, where a stream begins within a document. */
const WARM = 256;
/** Targets of a stream, and of a stretch, at least, and streams, at most. */
const STREAM = 1024;
const STREAMS = 32;
/** Time steps of a run, at most, and multiply-adds, about: some 20 ms. */
const STEPS = 64;
const WORK = 4e8;

/**
 * @typedef {import("../text/pieces.js").Pieces & { warm: number[] }} Warmed warm: how many of a piece's targets do not
 * count
 */

/**
 * The tokens between two places that follow another of their document.
 * @param {ArrayLike<number>} starts @param {number} begin @param {number} end
 * @returns {[first: number, targets: number][]} by document
 */
function targetsOf(starts, begin, end) {
  /** @type {[number, number][]} */
  const found = [];
  for (let d = 0; d + 1 < starts.length; d++) {
    const first = Math.max(begin, starts[d]),
      targets = Math.min(end, starts[d + 1]) - first - 1;
    if (targets > 0) found.push([first, targets]);
  }
  return found;
}

/** How many tokens an evaluation counts. @param {ArrayLike<number>} starts @param {number} begin @param {number} end */
export const countTargets = (starts, begin, end) =>
  targetsOf(starts, begin, end).reduce((sum, [, targets]) => sum + targets, 0);

/** @param {number} targets @returns {number} streams they are read in */
const streamsFor = (targets) => Math.max(1, Math.min(STREAMS, Math.floor(targets / STREAM)));

/**
 * @param {ArrayLike<number>} starts @param {number} begin @param {number} end
 * @param {number} streams that each has about an equal part to read
 * @returns {Warmed}
 */
function cutPieces(starts, begin, end, streams) {
  const most = streams === 1 ? Infinity : Math.ceil(countTargets(starts, begin, end) / streams);
  /** @type {Warmed} */
  const pieces = { from: [], count: [], warm: [] };
  for (const [first, targets] of targetsOf(starts, begin, end)) {
    const parts = Math.max(1, Math.ceil(targets / most));
    for (let i = 0; i < parts; i++) {
      const from = Math.floor((i * targets) / parts),
        warm = Math.min(from, WARM);
      pieces.from.push(first + from - warm);
      pieces.count.push(Math.floor(((i + 1) * targets) / parts) - from + warm);
      pieces.warm.push(warm);
    }
  }
  return pieces;
}

/**
 * The windows of a network that carries no state, each a piece; `at`: its first token's place in its document.
 * @param {ArrayLike<number>} starts @param {number} begin @param {number} end @param {number} T
 * @returns {Warmed & { at: number[] }}
 */
function cutWindows(starts, begin, end, T) {
  /** @type {Warmed & { at: number[] }} */
  const pieces = { from: [], count: [], warm: [], at: [] };
  for (const [first, targets] of targetsOf(starts, begin, end)) {
    for (let at = 0, counted = 0; counted < targets; at += T - keptOf(T)) {
      const window = { from: first + at, count: Math.min(T, targets - at), warm: counted - at, at };
      for (const name of /** @type {const} */ (["from", "count", "warm", "at"])) pieces[name].push(window[name]);
      counted = at + window.count;
    }
  }
  return pieces;
}

/**
 * Pieces at equal distances, with so many targets about, one piece at least.
 * @param {Warmed} pieces @param {number} share of them
 * @returns {Warmed}
 */
function spread({ from, count, warm }, share) {
  const { length } = from,
    wanted = Math.max(1, Math.floor(length * share));
  const chosen = Array.from({ length: wanted }, (_, i) => Math.floor(((i + 0.5) * length) / wanted));
  const of = (/** @type {number[]} */ values) => chosen.map((i) => values[i]);
  return { from: of(from), count: of(count), warm: of(warm) };
}

/**
 * Tokens that an evaluation reads, about, warm ones included.
 * @param {Readonly<Settings>} settings @param {number} all targets there are @param {number} most that are counted
 */
export function tokensRead({ cell }, all, most) {
  if (!CELLS[cell].carries) return 2 * Math.min(all, most);
  return most < all ? most * (1 + WARM / STREAM) : all + (streamsFor(all) - 1) * WARM;
}

/**
 * Each piece once, in order, to the lane that is free first.
 * @param {readonly number[]} count targets of each piece @param {number} lanes @param {number} T
 * @returns {number[][]} those of each lane, in order
 */
function dealAll(count, lanes, T) {
  const dealt = Array.from({ length: lanes }, () => /** @type {number[]} */ ([])),
    windows = new Float64Array(lanes);
  count.forEach((targets, piece) => {
    const lane = windows.indexOf(Math.min(...windows));
    dealt[lane].push(piece);
    windows[lane] += Math.ceil(targets / T);
  });
  return dealt;
}

/**
 * How a part is read: its pieces, in S streams of windows of T tokens.
 * @param {Readonly<Settings>} settings @param {number} V @param {ArrayLike<number>} starts @param {number} begin
 * @param {number} end @param {{ most: number, forever: boolean }} options
 * @returns {{ pieces: Warmed & { at?: number[] }, S: number, T: number }}
 */
function planReading(settings, V, starts, begin, end, { most, forever }) {
  const all = countTargets(starts, begin, end),
    work = operationsPerToken(settings, V),
    longest = (/** @type {Warmed} */ { count }) => count.reduce((a, b) => Math.max(a, b), 1);
  if (!CELLS[settings.cell].carries) {
    const windows = cutWindows(starts, begin, end, settings.seqLen),
      pieces = most < all ? spread(windows, most / all) : windows,
      T = Math.min(settings.seqLen, longest(pieces)),
      lanes = Math.min(STREAMS, Math.floor(WORK / (work * T)), pieces.from.length);
    return { pieces, S: Math.max(1, lanes), T };
  }
  const streams = forever ? streamsFor(Math.min(all, most)) : 1;
  const pieces =
      forever && most < all
        ? spread(cutPieces(starts, begin, end, Math.ceil(all / Math.min(STREAM, most))), most / all)
        : cutPieces(starts, begin, end, streams),
    { length } = pieces.from;
  const S = Math.min(Math.max(1, length), streams);
  const T = Math.min(STEPS, Math.floor(WORK / (S * work)), length === 1 ? longest(pieces) : Infinity);
  return { pieces, S, T: Math.max(1, T) };
}

/**
 * Reads a part of a text in steps of some milliseconds. Whoever breaks it off calls return().
 * @param {Engine} engine @param {Readonly<Settings>} settings
 * @param {Readable} text @param {number} begin @param {number} end
 * @param {{ holds?: readonly import("../wasm/pass.js").HoldEntry[], most?: number }} [options] holds: their steps are
 * counted from a document's beginning, so that one that is not for all of them is read as one stream
 * @returns {Generator<void, Evaluation>} of NaN where there is no target
 */
export function* evaluating(engine, settings, { starts, open }, begin, end, { holds = [], most = Infinity } = {}) {
  const forever = holds.every(({ from, to }) => from === 0 && to >= end);
  const { pieces, S, T } = planReading(settings, engine.V, starts, begin, end, { most, forever });
  const L = carryingLayers(settings),
    H = settings.hidden;
  const dealt = dealAll(pieces.count, S, T),
    lanes = dealt.map(() => new Lane()),
    input = new Int32Array(S * T),
    target = new Int32Array(S * T);
  let loss = 0,
    hits = 0,
    tokens = 0;
  const pass = engine.openPass(S, T, 0);
  try {
    if (holds.length && !pieces.at) pass.hold(holds);
    for (let first = true; ; first = false) {
      const fresh = layWindow(lanes, dealt, pieces, open, { input, target, T });
      if (!fresh) break;
      if (pieces.at) holdTokens(lanes, fresh, pieces.at, holds, input, T);
      if (first) pass.setState(new Float32Array(L * S * H), new Float32Array(L * S * H));
      else if (fresh.length) pass.carryBut(fresh, L, H);
      else pass.carry();
      loss += pass.run(input, target, { backward: false });
      const guessed = pass.hits();
      hits += guessed.hits;
      tokens += guessed.targets;
      yield;
      engine.needAlive();
    }
  } finally {
    pass.dispose();
  }
  const mean = loss / tokens;
  return { loss: mean, bitsPerToken: mean / Math.LN2, perplexity: Math.exp(mean), accuracy: hits / tokens, tokens };
}

/**
 * Tokens that are held, put into windows that begin anywhere in their documents.
 * @param {Lane[]} lanes @param {readonly number[]} fresh lanes that have a window @param {readonly number[]} at first
 * tokens of the pieces, in their documents
 * @param {readonly import("../wasm/pass.js").HoldEntry[]} holds @param {Int32Array} input [S,T] @param {number} T
 */
function holdTokens(lanes, fresh, at, holds, input, T) {
  for (const { from, to, value } of holds)
    for (const lane of fresh) {
      const start = at[lanes[lane].piece],
        first = Math.min(T, Math.max(0, from - start)),
        end = Math.max(first, Math.min(T, to - start));
      input.fill(value, lane * T + first, lane * T + end);
    }
}

/**
 * The next window of every lane, its warm targets left out.
 * @param {Lane[]} lanes @param {number[][]} dealt @param {Warmed} pieces @param {import("../text/pieces.js").Open} open
 * @param {{ input: Int32Array, target: Int32Array, T: number }} window
 * @returns {number[] | null} the lanes that begin a piece; null when all were read
 */
function layWindow(lanes, dealt, pieces, open, { input, target, T }) {
  /** @type {number[]} */
  const fresh = [];
  let read = 0;
  input.fill(0);
  target.fill(-1);
  lanes.forEach((lane, i) => {
    if (lane.ended(pieces)) {
      const piece = dealt[i].shift();
      if (piece === undefined) return;
      Object.assign(lane, { piece, done: 0 });
      lane.open(open, pieces);
      fresh.push(i);
    }
    const before = lane.done;
    read += lane.read(pieces, input, target, i * T, T);
    const cold = pieces.warm[lane.piece] - before;
    if (cold > 0) target.fill(-1, i * T, i * T + Math.min(T, cold));
  });
  return read ? fresh : null;
}
