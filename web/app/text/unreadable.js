/** What a file is that is no text, in the page's language. It is loaded when there is one. */
import { UnrolledError } from "../../core/errors.js";
import { fill } from "../shell/dom.js";
import en from "../strings/en/unreadable.js";
import zh from "../strings/zh/unreadable.js";

const WORDS = { en, zh };

/**
 * @param {UnrolledError} error as decodeText() throws it @param {import("../strings/index.js").Language} language
 * @returns {UnrolledError}
 */
export function explainFile({ message, details }, language) {
  const sentence = WORDS[language][/** @type {keyof typeof en} */ (details.kind)];
  return new UnrolledError("not-text", sentence ? fill(sentence, details) : message, details);
}
