/**
 * Numbers as readers of both languages write them, in a width that does not jump. Intl's would be the same ones, but the
 * first of its formats takes a page that begins 20 ms of its thread.
 */

import { inThrees } from "../../views/parts/format.js";

/** @param {number} value @param {number} digits after the point */
function written(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "-∞" : "∞";
  const [whole, part] = value.toFixed(digits).split(".");
  return part ? `${inThrees(whole)}.${part}` : inThrees(whole);
}

export const format = {
  integer: (/** @type {number} */ value) => written(value, 0),
  fixed: written,
  percent: (/** @type {number} */ value) => `${written(100 * value, 1)}%`,
};

/** @typedef {typeof format} Format */
