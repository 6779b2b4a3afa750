/** The words of the figures that show the inside. The score has its own among those that every page loads. */
import en from "../strings/en/figures.js";
import zh from "../strings/zh/figures.js";

/** With those of all figures. @param {import("../page.js").Page} page @param {boolean} [carries] of which networks */
export const wordsOf = (page, carries = page.carries) => page.stringsOf(carries, { en, zh }[page.language]);
