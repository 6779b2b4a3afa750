/** What the picture of the unrolled network shows of a trace. */
import { CELLS } from "../../core/cells.js";
import { chainUnits, influence, orderUnits, topPredictions } from "../../core/inside/analysis.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */

const UNITS = 32; // as many as can be told apart in a strip
const GUESSES = 3;

/**
 * @param {Trace} trace @param {Int32Array[]} [rows] units of a strip, by layer
 * @returns {import("./paint.js").Scene}
 */
export function sceneOf(trace, rows) {
  const { tokens, hidden, cell, probabilities, vocabulary, sizes } = trace;
  const { L, T, H, V } = sizes;
  return {
    tokens,
    next: tokens.map((_, t) => (t + 1 < T ? tokens[t + 1] : null)),
    T,
    H,
    hidden,
    cell,
    trace,
    guesses: (t) =>
      topPredictions(probabilities, V, t, GUESSES).map(({ id, probability }) => ({
        token: vocabulary[id],
        probability,
      })),
    rows: rows ?? Array.from({ length: L }, (_, layer) => shownUnits(hidden, T, H, layer)),
  };
}

/**
 * The liveliest units, those that behave alike side by side.
 * @param {Float32Array} hidden [L,T,H] @param {number} T @param {number} H @param {number} layer
 */
function shownUnits(hidden, T, H, layer) {
  const lively = orderUnits(hidden, T, H, "reaction", layer).subarray(0, UNITS);
  return chainUnits(hidden, T, H, lively.slice().sort(), lively[0], layer);
}

/** Places where the most probable token is the right one. @param {Trace} trace */
export function countRight({ probabilities, ids, sizes: { T, V } }) {
  let right = 0;
  for (let t = 0; t + 1 < T; t++) if (topPredictions(probabilities, V, t, 1)[0].id === ids[t + 1]) right++;
  return right;
}

/**
 * How the loss at a character is felt at it and before it.
 * @param {Trace} trace @param {number} t @param {number} layer
 * @returns {Float32Array | null} [T], NaN after t; null where the trace has no flow, or nothing follows the character
 */
export function feltBack({ flow, sizes: { T } }, t, layer) {
  if (!flow || t === T - 1) return null;
  return influence(flow, T, t, layer).map((size, s) => (s > t ? NaN : size));
}

/**
 * One update in slow motion, of one layer: the guess that is shown is the right one.
 * @param {import("../figures/slow.js").SlowData} data
 * @returns {import("./paint.js").Scene}
 */
export function sceneOfUpdate({ cellType, input, target, H, hidden, cell, probabilities }) {
  const T = input.length;
  return {
    tokens: input,
    next: target,
    T,
    H,
    hidden,
    cell,
    apart: !CELLS[cellType].carries,
    guesses: (t) => [{ token: target[t], probability: probabilities[t] }],
    rows: [shownUnits(hidden, T, H, 0)],
  };
}

/**
 * Length of the gradient of the whole loss at each state.
 * @param {import("../figures/slow.js").SlowData} data
 * @returns {Float32Array} [T]
 */
export const gradientLengths = ({ input, H, hiddenGrad }) =>
  Float32Array.from(input, (_, t) => Math.hypot(...hiddenGrad.subarray(t * H, (t + 1) * H)));
