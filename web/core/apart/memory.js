/**
 * How much of what lies behind a prediction uses: the loss by how much context is kept. What the gates keep is
 * halflife.js's, and what the gradient reaches is the flow's (analysis.js).
 */
import { UnrolledError } from "../errors.js";
import { makeDraws } from "../random.js";

export const LENGTHS = [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120]; // of context, in tokens
const POSITIONS = 128;
const CLOSE = 0.02; // nats within which a loss is that of the whole

/**
 * @typedef {object} ContextUse the loss for the same characters, by how much context is left to the network
 * @property {number[]} kept       characters of context, the one just read included
 * @property {Float32Array} dropped  nats, where all that is further back is gone
 * @property {Float32Array} shuffled nats, where it is there, in another order; NaN where that is not asked for
 * @property {number} whole        nats, where nothing is changed
 * @property {number} positions    characters that were guessed
 */

/**
 * The loss as a function of the context kept (Khandelwal et al. 2018): with all that is further back dropped, so that the
 * network begins from zeros, or shuffled. The same characters are guessed each time, at even distances.
 * @param {import("../wasm/engine.js").Engine} engine
 * @param {Int32Array} ids of a text
 * @param {{ kept?: number[], ends?: ArrayLike<number>, seed?: number, shuffle?: boolean }} [options] ends: positions of
 * the ids that are guessed; those that have twice the longest context before them are taken, and without any, some at
 * even distances; shuffle: false where only what is dropped is asked for, a small part of the work
 * @returns {Generator<ContextUse, ContextUse, void>} what is measured so far, after each length: NaN where it is not
 */
export function* contextUse(engine, ids, { kept = LENGTHS, ends = evenly(ids.length), seed = 1, shuffle = true } = {}) {
  const longest = Math.max(...kept) * 2;
  const guessed = Array.from(ends).filter((end) => end >= longest && end < ids.length);
  if (!guessed.length) {
    throw new UnrolledError(
      "short-text",
      `A context of ${longest / 2} tokens needs twice as many before what is guessed; this text has ${ids.length} tokens: take a longer text, or shorter contexts.`,
      { needed: Math.ceil((longest * (POSITIONS + 1)) / POSITIONS), have: ids.length }, // of places at even distances
    );
  }
  const targets = guessed.map((end) => ids[end]);
  const lossWith = (
    /** @type {number} */ length,
    /** @type {(window: Int32Array, stream: number) => Int32Array} */ change = (window) => window,
  ) =>
    meanLoss(
      engine,
      guessed.map((end, b) => change(ids.slice(end - length, end), b)),
      targets,
    );
  const use = {
    kept,
    dropped: new Float32Array(kept.length).fill(NaN),
    shuffled: new Float32Array(kept.length).fill(NaN),
    whole: lossWith(longest),
    positions: guessed.length,
  };
  for (const [i, k] of kept.entries()) {
    use.dropped[i] = lossWith(k);
    if (shuffle) use.shuffled[i] = lossWith(longest, (window, b) => shuffleBefore(window, longest - k, seed + b));
    yield use;
  }
  return use;
}

/**
 * The shortest context from which on the loss stays near that of the whole.
 * @param {readonly number[]} kept @param {Float32Array} losses @param {number} whole nats
 * @returns {number} Infinity where none does; NaN where it is not measured yet
 */
export function lengthUsed(kept, losses, whole) {
  if (losses.some(Number.isNaN)) return NaN;
  let i = kept.length;
  while (i > 0 && losses[i - 1] <= whole + CLOSE) i--;
  return i < kept.length ? kept[i] : Infinity;
}

/** @param {number} length of a text */
const evenly = (length) =>
  Array.from({ length: POSITIONS }, (_, i) => Math.floor(((i + 1) * length) / (POSITIONS + 1)));

/**
 * Mean loss of the last guess of each stream, read from a state of zeros.
 * @param {import("../wasm/engine.js").Engine} engine
 * @param {Int32Array[]} inputs [B][T]
 * @param {ArrayLike<number>} targets [B]
 */
function meanLoss(engine, inputs, targets) {
  const [B, T] = [inputs.length, inputs[0].length];
  const input = new Int32Array(B * T);
  const target = new Int32Array(B * T).fill(-1);
  inputs.forEach((row, b) => {
    input.set(row, b * T);
    target[b * T + T - 1] = targets[b];
  });
  const pass = engine.openPass(B, T, 0);
  try {
    return pass.run(input, target, { backward: false }) / B;
  } finally {
    pass.dispose();
  }
}

/**
 * Puts the first `count` ids into another order (Fisher and Yates).
 * @param {Int32Array} ids changed in place @param {number} count @param {number} seed
 */
function shuffleBefore(ids, count, seed) {
  const draw = makeDraws(seed);
  for (let i = count - 1; i > 0; i--) {
    const j = draw(i + 1);
    [ids[i], ids[j]] = [ids[j], ids[i]];
  }
  return ids;
}
