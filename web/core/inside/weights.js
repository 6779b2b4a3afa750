/** What attention's weights say in a trace: whose they are, and which are the largest. */

/** @typedef {import("./trace.js").Trace} Trace */

/** How many heads a network has; 0 where it has no attention. @param {Trace} trace */
export const headsOf = ({ attention, sizes: { L, T } }) => (attention ? attention.length / (L * T * T) : 0);

/** The weights of a head at one character, over itself and those before it. @param {Trace} trace
 * @param {{layer: number, head: number, t: number}} at @returns {Float32Array} [t+1] */
export function weightsAt(trace, { layer, head, t }) {
  const { T } = trace.sizes;
  const row = ((layer * headsOf(trace) + head) * T + t) * T;
  return /** @type {Float32Array} */ (trace.attention).subarray(row, row + t + 1);
}

/**
 * The weights of a place, by head.
 * @param {Trace} trace @param {{ t: number, layer: number }} place
 * @returns {Float32Array[]} [heads][t+1]
 */
export const weightsOf = (trace, place) =>
  Array.from({ length: headsOf(trace) }, (_, head) => weightsAt(trace, { ...place, head }));

/** The places of the largest weights, the largest first. @param {Float32Array} weights @param {number} most */
export const strongest = (weights, most) =>
  Array.from(weights.keys())
    .sort((a, b) => weights[b] - weights[a])
    .slice(0, most);
