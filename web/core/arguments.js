/** Checks of what methods are given. */
import { UnrolledError, quote } from "./errors.js";

/** @param {string} name @param {unknown} value @param {number} min @param {number} max */
export function checkInteger(name, value, min, max) {
  if (!Number.isInteger(value) || /** @type {number} */ (value) < min || /** @type {number} */ (value) > max) {
    throw new UnrolledError("bad-argument", `${name} must be an integer from ${min} to ${max}, got ${quote(value)}.`);
  }
}
