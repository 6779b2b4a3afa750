/** Tokens to ids in one reading: numbered as they come, and when all have come by their places in the vocabulary. */
import { UNKNOWN, buildVocabulary } from "./tokens.js";

export class Numbering {
  /** @type {Map<string, number>} */
  #seen = new Map();
  /** @type {number[]} */
  #counts = [];

  /** @param {string} token @returns {number} 0 for the first that came, and so on */
  number(token) {
    let number = this.#seen.get(token);
    if (number === undefined) this.#seen.set(token, (number = this.#counts.push(0) - 1));
    this.#counts[number]++;
    return number;
  }

  /**
   * @param {number} minCount tokens that came less often become UNKNOWN
   * @returns {{ vocabulary: import("./tokens.js").Vocabulary, places: Int32Array }} places: ids, by number
   */
  sorted(minCount) {
    const counts = new Map(Array.from(this.#seen, ([token, number]) => [token, this.#counts[number]]));
    const vocabulary = buildVocabulary(counts, { minCount });
    const rare = vocabulary.id(UNKNOWN);
    const places = Int32Array.from(this.#seen.keys(), (token) => {
      const id = vocabulary.id(token);
      return id >= 0 ? id : rare;
    });
    return { vocabulary, places };
  }
}
