/** Values of the command line, each read by a function that names its option where it refuses one. */
import { UnrolledError } from "../../core/index.js";
import { quote } from "../../core/errors.js";

const DECIMAL = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @param {string} message */
const refuse = (message) => new UnrolledError("bad-argument", message);

/** @param {string} name of an option @param {number} [min] @param {number} [max] @returns {(text: string) => number} */
export const count = (name, min = 0, max = Number.MAX_SAFE_INTEGER) => {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  return (text) => {
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value)) throw refuse(`${name} must be a whole number, got ${quote(text)}.`);
    if (value < min || value > max) throw refuse(`${name} must be a whole number ${range}, got ${text}.`);
    return value;
  };
};

/**
 * @param {string} name @param {number} [min] @param {number} [max] @param {boolean} [open] whether both ends are themselves not
 * allowed
 * @returns {(text: string) => number}
 */
export const number = (name, min = 0, max = Infinity, open = false) => {
  const range =
    max === Infinity ? `of ${min} or more` : open ? `above ${min} and below ${max}` : `from ${min} to ${max}`;
  return (text) => {
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    if (Number.isFinite(value) && (open ? value > min && value < max : value >= min && value <= max)) return value;
    throw refuse(`${name} must be a number ${range}, got ${quote(text)}.`);
  };
};

/** @param {string} name @param {readonly string[]} values @returns {(text: string) => string} */
export const oneOf = (name, values) => (text) => {
  if (values.includes(text)) return text;
  const quoted = values.map(quote),
    last = quoted.pop();
  throw refuse(`${name} must be ${quoted.join(", ")} or ${last}, got ${quote(text)}.`);
};

/** @param {string} name @param {readonly string[]} values @returns {(text: string) => string[]} */
export const someOf = (name, values) => (text) => {
  const named = text.split(",");
  const strange = named.find((one) => !values.includes(one));
  if (strange !== undefined)
    throw refuse(`${name} must be ${values.map(quote).join(", ")} between commas, got ${quote(text)}.`);
  const twice = named.find((one, i) => named.indexOf(one) !== i);
  if (twice !== undefined) throw refuse(`${name} has ${quote(twice)} twice.`);
  return named;
};

/**
 * A text, where \n, \r, \t and \\ stand for what they are elsewhere.
 * @param {string} name @param {{ empty?: boolean }} [options] empty: whether it may be
 * @returns {(text: string) => string}
 */
export const words =
  (name, { empty = false } = {}) =>
  (text) => {
    if (text === "" && !empty) throw refuse(`${name} must not be empty.`);
    return text.replace(
      /\\([nrt\\])/g,
      (_, letter) => ({ n: "\n", r: "\r", t: "\t" })[/** @type {"n"} */ (letter)] ?? "\\",
    );
  };

/* A word, or anything between double quotes, in which \" and what words() knows stand for themselves. */
const PAIR = /[\s,]*([^\s,;="]+)=("(?:[^"\\]|\\.)*"|[^\s,;="]+)[\s,]*(;|$|(?=[^;]))/y;

/**
 * What is held: `key=value` between spaces or commas, one hold and the next with a semicolon between.
 * @param {string} text @returns {import("../../core/index.js").Hold[]}
 */
export function held(text) {
  /** @type {Record<string, string | number>[]} */
  const holds = [Object.create(null)];
  PAIR.lastIndex = 0;
  for (let ended = false; !ended; ) {
    const [, key, value, end] = PAIR.exec(text) ?? [];
    if (!key)
      throw refuse(
        `--hold must be like "gate=f unit=3 value=0 from=5 to=9; token=a from=5", got ${quote(text)}; a blank or a sign goes into double quotes: token=" ".`,
      );
    const hold = holds[holds.length - 1];
    if (Object.hasOwn(hold, key)) throw refuse(`--hold has ${key} twice in ${quote(text)}.`);
    const isNumber = key !== "token" && key !== "gate" && DECIMAL.test(value.replace(/^-/, ""));
    const plain = value.startsWith('"') ? words("--hold")(value.slice(1, -1).replaceAll('\\"', '"')) : value;
    hold[key] = isNumber ? Number(value) : plain;
    ended = PAIR.lastIndex === text.length;
    if (end === ";" && !ended) holds.push(Object.create(null));
  }
  return holds;
}
