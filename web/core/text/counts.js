/** How often each token of a text comes, as a table. */
import { checkInteger, checkOptions } from "../arguments.js";
import { checkSettings } from "../config.js";
import { UnrolledError, quote } from "../errors.js";
import { loadStopWords, removeStopWords } from "./stopwords.js";
import { compareCodePoints, countTokens, makeTokenizer } from "./tokens.js";

/**
 * @typedef {object} TokenTable
 * @property {number} total tokens
 * @property {number} distinct
 * @property {number} kept distinct tokens that come often enough
 * @property {number} rare tokens that would become <unk>
 * @property {{ token: string, count: number }[]} rows those kept, the most frequent first
 * @property {{ words: number, removed: number } | null} stopWords
 */

/**
 * @param {string} text
 * @param {import("../config.js").PartialSettings & { stopWords?: string, most?: number }} [options] tokens, lowerCase
 * and
 *   minCount; stopWords: the language whose stop words are taken out first; most: rows at most
 * @returns {Promise<TokenTable>}
 */
export async function tokenTable(text, options) {
  const given = checkOptions("tokenTable", options, ["tokens", "lowerCase", "minCount", "stopWords", "most"]);
  const { stopWords, most = Infinity, ...settings } = given;
  if (most !== Infinity) checkInteger("most", most, 0, Number.MAX_SAFE_INTEGER);
  if (typeof text !== "string") throw new UnrolledError("bad-text", `The text must be a string, got ${quote(text)}.`);
  const { tokens, lowerCase, minCount } = checkSettings(settings);
  const cut = stopWords === undefined ? null : removeStopWords(text, await loadStopWords(stopWords));
  const counts = countTokens(makeTokenizer(tokens, { lowerCase }).split(cut ? cut.text : text));
  const rows = Array.from(counts, ([token, count]) => ({ token, count }));
  const often = rows.filter(({ count }) => count >= minCount);
  const sum = (/** @type {{ count: number }[]} */ list) => list.reduce((all, { count }) => all + count, 0);
  const total = sum(rows);
  often.sort((a, b) => b.count - a.count || compareCodePoints(a.token, b.token));
  return {
    total,
    distinct: rows.length,
    kept: often.length,
    rare: total - sum(often),
    rows: often.slice(0, most),
    stopWords: cut && { words: cut.words, removed: cut.removed },
  };
}
