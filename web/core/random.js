/** Seeded whole numbers, the same on every machine: what is drawn outside of the C core comes from here. */

/**
 * Marsaglia's xorshift32.
 * @param {number} seed seeds side by side begin far apart
 * @returns {(n: number) => number} each call gives the next whole number from 0 to below n
 */
export function makeDraws(seed) {
  let x = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}
