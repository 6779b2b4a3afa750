/** Two readings of two texts that differ in one place: where they part, and where they meet again. */

/** @typedef {import("../inside/trace.js").Trace} Trace */

/**
 * @typedef {object} Difference
 * @property {Float32Array} hidden      [L,T,H] |h − h̃|
 * @property {Float32Array} length      [L,T] Euclidean length of h − h̃
 * @property {Float32Array} probability [T] half of Σ|p − p̃|: 0 the same predictions, 1 nothing in common
 * @property {number} parts the first character after which the states differ; −1 where they never do
 * @property {number} meets the first after which predictions stay within `near` of one another; T where they never meet
 */

/**
 * @param {Trace} one
 * @param {Trace} other of the same network, as long
 * @param {{ near?: number }} [options]
 * @returns {Difference}
 */
export function compareReadings(one, other, { near = 0.02 } = {}) {
  const { L, T, H, V } = one.sizes;
  const hidden = one.hidden.map((h, i) => Math.abs(h - other.hidden[i]));
  const length = Float32Array.from({ length: L * T }, (_, i) => Math.hypot(...hidden.subarray(i * H, (i + 1) * H)));
  const probability = Float32Array.from({ length: T }, (_, t) => {
    let sum = 0;
    for (let v = t * V; v < (t + 1) * V; v++) sum += Math.abs(one.probabilities[v] - other.probabilities[v]);
    return sum / 2;
  });
  const differs = (/** @type {number} */ t) =>
    Array.from({ length: L }, (_, l) => length[l * T + t]).some((x) => x > 0);
  const parts = one.tokens.findIndex((_, t) => differs(t));
  let meets = T;
  while (parts >= 0 && meets > parts && probability[meets - 1] <= near) meets--;
  return { hidden, length, probability, parts, meets: parts < 0 ? 0 : meets };
}
