/** How well tokens were foreseen. */
import { UnrolledError } from "../errors.js";

/**
 * @typedef {object} Evaluation
 * @property {number} loss mean, nats
 * @property {number} bitsPerToken
 * @property {number} perplexity
 * @property {number} accuracy share of tokens that were the most probable one
 * @property {number} tokens guessed
 */

/** @param {{ loss: number, accuracy: number, tokens: number }} measured @returns {Evaluation} */
export const evaluation = ({ loss, accuracy, tokens }) => ({
  loss,
  bitsPerToken: loss / Math.LN2,
  perplexity: Math.exp(loss),
  accuracy,
  tokens,
});

/**
 * Refuses what is too short to be evaluated.
 * @param {number} count of tokens @param {boolean} own whether they are the trainer's own validation part
 * @param {Readonly<import("../config.js").Settings>} settings
 */
export function checkEvaluated(count, own, { batch, validation }) {
  if (count >= batch + 1) return;
  const way = !own
    ? "take a longer text or a smaller batch"
    : validation
      ? "take a longer text, a larger validation or a smaller batch"
      : "validation is 0, give it a share of the text";
  throw new UnrolledError(
    "no-validation",
    `${own ? "The validation part" : "This text"} has ${count} tokens, and ${batch} streams need ${batch + 1}: ${way}.`,
  );
}
