/** How well tokens were foreseen. */

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
