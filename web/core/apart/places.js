/** States as points: where they stand on given axes, and which are near. */

/**
 * Where states stand on two axes.
 * @param {ArrayLike<number>} states [T,H]
 * @param {import("./path.js").Axes} axes
 * @returns {Float32Array} [T,2]
 */
export function project(states, { mean, axes }) {
  const H = mean.length;
  const T = states.length / H;
  const out = new Float32Array(2 * T);
  for (let t = 0; t < T; t++) {
    for (let j = 0; j < H; j++) {
      const x = states[t * H + j] - mean[j];
      out[2 * t] += x * axes[0][j];
      out[2 * t + 1] += x * axes[1][j];
    }
  }
  return out;
}

/**
 * The states nearest to one, itself left out.
 * @param {Float32Array} states [T,H] @param {number} H @param {number} t @param {number} [count]
 * @returns {{ t: number, distance: number }[]} the nearest first
 */
export function nearestStates(states, H, t, count = 5) {
  const T = states.length / H;
  const from = states.subarray(t * H, (t + 1) * H);
  const distances = Array.from({ length: T }, (_, s) => ({
    t: s,
    distance: Math.hypot(...from.map((x, j) => x - states[s * H + j])),
  }));
  return distances
    .filter((near) => near.t !== t)
    .sort((a, b) => a.distance - b.distance || a.t - b.t)
    .slice(0, count);
}
