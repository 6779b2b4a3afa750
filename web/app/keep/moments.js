/** Which moments of a run are written down: a few, evenly over the logarithm of their steps. */

const MOST = 12;

/** @param {number[]} steps in order @returns {number[]} the first and the last are among them */
export function thin(steps) {
  const kept = [...steps];
  const gap = (/** @type {number} */ i) => (kept[i + 1] + 1) / (kept[i - 1] + 1);
  while (kept.length > MOST) {
    let narrowest = 1;
    for (let i = 2; i < kept.length - 1; i++) if (gap(i) < gap(narrowest)) narrowest = i;
    kept.splice(narrowest, 1);
  }
  return kept;
}
