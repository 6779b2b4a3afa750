/**
 * The one error of the package: a code for programs, a sentence for people.
 *
 * Codes: "bad-setting" "bad-argument" "bad-text" "too-few-tokens" "unknown-token" "no-text" "no-validation" "diverged"
 * "bad-file" "bad-core" "no-segmenter" "no-memory" "busy" "disposed".
 */
export class UnrolledError extends Error {
  /**
   * @param {string} code
   * @param {string} message names the bad value and the way out
   * @param {Record<string, any>} [details] plain values a caller can act on, such as the settings that would fit
   */
  constructor(code, message, details = {}) {
    super(message);
    this.name = "UnrolledError";
    this.code = code;
    this.details = details;
  }
}

/**
 * A value as it may stand in a sentence: short, quoted where it is a string.
 * @param {unknown} value
 * @returns {string}
 */
export function quote(value) {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value && typeof value === "object") return "an object";
  return String(value);
}
