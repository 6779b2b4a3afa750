/** Checks of what functions and methods are given, so that a mistake is a sentence and never passes in silence. */
import { UnrolledError, quote } from "./errors.js";

/** @param {string} name @param {unknown} value @param {number} min @param {number} max */
export function checkInteger(name, value, min, max) {
  if (!Number.isInteger(value) || /** @type {number} */ (value) < min || /** @type {number} */ (value) > max) {
    throw new UnrolledError("bad-argument", `${name} must be an integer from ${min} to ${max}, got ${quote(value)}.`);
  }
}

/**
 * Whether a value is an object that holds options: not an array, a Map or the like.
 * @param {unknown} value @returns {value is Record<string, unknown>}
 */
export function isPlain(value) {
  if (value === null || typeof value !== "object") return false;
  const made = Object.getPrototypeOf(value);
  return made === null || made === Object.prototype || Object.getPrototypeOf(made) === null; // of another realm
}

/**
 * Options of a function, all of whose names it knows.
 * @template {object} O
 * @param {string} caller as it is called
 * @param {O | undefined} options
 * @param {readonly string[]} names
 * @returns {O}
 */
export function checkOptions(caller, options, names) {
  if (options === undefined) return /** @type {O} */ ({});
  if (!isPlain(options))
    throw new UnrolledError(
      "bad-argument",
      `${caller} takes its options as an object { ${names.join(", ")} }, got ${quote(options)}.`,
    );
  for (const name of Object.keys(options))
    if (!names.includes(name)) throw unknownName(`${caller} has no option`, name, names, { have: "it has" });
  return options;
}

/**
 * A name that is not among those there are, and which of them is nearest.
 * @param {string} what "There is no setting", and the like
 * @param {unknown} name @param {readonly string[]} names
 * @param {object} [options]
 * @param {import("./errors.js").UnrolledErrorCode} [options.code]
 * @param {string} [options.detail] what the name is called in the details
 * @param {readonly string[]} [options.others] what may have been meant besides
 * @param {string} [options.more] said after the name
 * @param {string} [options.have] said before the names
 */
export function unknownName(what, name, names, options = {}) {
  const { code = "bad-argument", detail = "option", others = [], more = "", have = "there are" } = options;
  const meant = typeof name === "string" ? nearest(name, [...names, ...others]) : undefined;
  const details = { [detail]: name, ...(meant && { meant }) };
  const nearer = meant ? ` The nearest is ${meant}.` : "";
  return new UnrolledError(code, `${what} ${quote(name)}${more}; ${have} ${names.join(", ")}.${nearer}`, details);
}

/**
 * The name that a misspelt one was meant to be.
 * @param {string} name @param {readonly string[]} names @returns {string | undefined} undefined where none is near
 */
function nearest(name, names) {
  const wanted = name.toLowerCase();
  const ranked = names.map((each) => ({ each, far: distance(wanted, each.toLowerCase()) }));
  const best = ranked.reduce((a, b) => (b.far < a.far ? b : a), { each: "", far: Infinity });
  return best.far <= Math.max(1, Math.floor(Math.min(wanted.length, best.each.length) / 3)) ? best.each : undefined;
}

/** Letters to add, drop, change or swap with their neighbour. @param {string} a @param {string} b */
function distance(a, b) {
  if (Math.abs(a.length - b.length) > 8) return Infinity;
  /** @type {number[][]} */
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + Number(a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}

/** @param {string} name @param {unknown} value @returns {string} */
export function checkText(name, value) {
  if (typeof value === "string") return value;
  throw new UnrolledError("bad-argument", `${name} must be a string, got ${quote(value)}.`);
}

/** @param {string} name @param {unknown} value a function, or left out */
export function checkFunction(name, value) {
  if (value !== undefined && typeof value !== "function")
    throw new UnrolledError("bad-argument", `${name} must be a function, got ${quote(value)}.`);
}

/** @param {unknown} signal an AbortSignal, or left out */
export function checkSignal(signal) {
  const known = signal === undefined || (typeof AbortSignal === "function" && signal instanceof AbortSignal);
  if (!known) throw new UnrolledError("bad-argument", `signal must be an AbortSignal, got ${quote(signal)}.`);
}

/** Whether a value is an array, typed or not. @param {unknown} value @returns {value is ArrayLike<any>} */
export const isList = (value) => Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
