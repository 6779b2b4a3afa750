/** The words of a language: English is at hand, another is fetched when it is wanted. */
import english from "./en/index.js";

/**
 * @typedef {typeof import("./en/figures.js").default} FigureWords which come with a figure: inside/words.js
 * @typedef {typeof english & FigureWords} Strings
 */
/** @typedef {"en" | "zh"} Language */

export const en = /** @type {Strings} */ (english);

/** @type {Record<Language, () => Promise<any>>} */
const LANGUAGES = {
  en: async () => en,
  zh: async () => (await import("./zh/index.js")).default,
};

/** @param {"auto" | Language} wanted @returns {Language} the browser's, where that is wanted and there is one */
export function chooseLanguage(wanted) {
  if (wanted !== "auto") return wanted;
  return globalThis.navigator?.language.startsWith("zh") ? "zh" : "en";
}

/** @param {Language} language @returns {Promise<Strings>} */
export const loadStrings = (language) => LANGUAGES[language]();
