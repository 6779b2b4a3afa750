/**
 * The one error of the package: a code for programs, a sentence for people.
 */

/**
 * Every code there is.
 *   bad-setting     a setting that is unknown, out of range, or cannot change any more
 *   bad-argument    a function was given what it does not take
 *   bad-text        a text, a vocabulary or ids that nothing can be learnt from
 *   bad-file        a checkpoint or safetensors file that is damaged, or is none
 *   bad-core        the WebAssembly module could not be loaded, or is not this package's
 *   too-few-tokens  the text does not fill a window of the size that was asked for
 *   short-text      a text too short for a study, which takes details.needed tokens; it has details.have
 *   unknown-token   a token the network has not learnt; details.tokens names them
 *   no-text         the trainer has no text to train or measure on
 *   no-validation   there is nothing to measure on
 *   no-segmenter    this browser cannot cut graphemes or words
 *   no-memory       WebAssembly's memory does not hold it
 *   no-snapshot     nothing was kept of that step
 *   diverged        the numbers are no longer finite; details.step where training was under way
 *   busy            an update or an evaluation is under way: await it
 *   disposed        the trainer, its run or its worker was ended
 *   worker-crashed  the worker ended by itself
 *   no-method, not-open, internal   a fault of the program that talks to the worker, or of the package
 * and those of the page and its frames:
 *   empty-text, one-character, not-text, no-text-file   what was given to learn is no text
 *   bad-link, bad-lesson, no-run                        what was asked for by an address or a message is not there
 *   storage-full, storage-failed                        nothing could be kept
 *   bad-values, sweep-memory                            a sweep that cannot be made
 *
 * @typedef {"bad-setting" | "bad-argument" | "bad-text" | "bad-file" | "bad-core" | "too-few-tokens" | "short-text" | "unknown-token"
 * | "no-text" | "no-validation" | "no-segmenter" | "no-memory" | "no-snapshot" | "diverged" | "busy" | "disposed"
 * | "worker-crashed" | "no-method" | "not-open" | "internal" | "empty-text" | "one-character" | "not-text"
 * | "no-text-file" | "bad-link" | "bad-lesson" | "no-run" | "storage-full" | "storage-failed" | "bad-values"
 * | "sweep-memory"} UnrolledErrorCode
 */

export class UnrolledError extends Error {
  /**
   * @param {UnrolledErrorCode} code
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
