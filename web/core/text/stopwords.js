/**
 * Stop words: the words a language cannot do without and that tell little of what a text is about. Taking them out
 * helps to count and to classify; a network that writes needs them, since a text without them is no language to learn.
 */
import { checkText } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { makeSegmenter, segmentsOf } from "./tokens.js";

/** Languages there is a list for, each with its name in npm's stopword. */
export const STOP_WORDS = Object.freeze({ en: "eng", zh: "zho" });

/** @typedef {keyof typeof STOP_WORDS} StopLanguage */

/** @param {string} language @returns {Promise<ReadonlySet<string>>} the lists are loaded when asked for */
export async function loadStopWords(language) {
  if (typeof language !== "string" || !Object.hasOwn(STOP_WORDS, language)) {
    throw new UnrolledError(
      "bad-argument",
      `There are stop words of ${Object.keys(STOP_WORDS)
        .map((name) => quote(name))
        .join(" and ")}, not of ${quote(language)}.`,
    );
  }
  const { eng, zho } = await import("./stoplists.js");
  return new Set(language === "en" ? eng : zho);
}

/**
 * The text without its stop words, each gone with the space after it.
 * @param {string} text
 * @param {ReadonlySet<string>} stopWords in small letters
 * @returns {{ text: string, words: number, removed: number }}
 */
export function removeStopWords(text, stopWords) {
  checkText("The text", text);
  if (!(stopWords instanceof Set))
    throw new UnrolledError(
      "bad-argument",
      `Stop words are a Set, as loadStopWords() gives it, got ${quote(stopWords)}.`,
    );
  const segmenter = makeSegmenter("word");
  let kept = "",
    words = 0,
    removed = 0,
    skipSpace = false;
  for (const { segment, isWordLike } of segmentsOf(text, segmenter)) {
    const stop = isWordLike && stopWords.has(segment.toLowerCase());
    if (isWordLike) words++;
    if (stop) removed++;
    else if (!(skipSpace && /^[ \t]+$/.test(segment))) kept += segment;
    skipSpace = Boolean(stop);
  }
  if (words && removed === words)
    throw new UnrolledError(
      "bad-text",
      "Every word of this text is a stop word, so nothing would be left: keep them, or take another text.",
    );
  return { text: kept, words, removed };
}
