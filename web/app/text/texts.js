/** Where texts come from, and what is looked at before a network reads them. */
import { UnrolledError } from "../../core/errors.js";
import { readTextFile } from "./textfile.js";

/** UTF-16 units of a text that are used: what trains in a page in reasonable time. */
export const TEXT_LIMIT = 2_000_000;

/**
 * The sample texts. `file` is fetched from the site's assets; `made` is written here, by the generator of that name.
 * @type {Record<string, {file?: string, made?: string, prompt: string, sampleLength: number}>}
 */
export const TEXTS = {
  "moby-dick": { file: "moby-dick.txt", prompt: "The ", sampleLength: 340 },
  brackets: { made: "brackets", prompt: "(", sampleLength: 340 },
  quotes: { made: "quotes", prompt: '"', sampleLength: 340 },
  recall: { made: "recall", prompt: "A", sampleLength: 220 },
  echo: { made: "echo", prompt: "a", sampleLength: 200 },
  anbn: { made: "anbn", prompt: "a", sampleLength: 200 },
  numbers: { made: "numbers", prompt: "one hundred\n", sampleLength: 340 },
  tang: { file: "tang.txt", prompt: "春", sampleLength: 78 },
};

/** @param {string} name one of TEXTS @param {string | URL} assets folder */
export async function loadText(name, assets) {
  const { file, made } = TEXTS[name];
  if (!made) return readTextFile(/** @type {string} */ (file), assets);
  return (await import("../../core/text/generators.js")).makeText(made).text;
}

/** What `examine` may notice; it is said of one text, and no longer true of the next. */
export const NOTES = ["cut", "surrogates", "nul", "crlf"];

/**
 * Makes a text fit to be learnt and tells what was done or noticed, each by the name of its sentence.
 * @param {string} text
 * @param {boolean} [cut] whether something was cut off before
 * @returns {{text: string, notes: {name: string, count?: number}[]}}
 */
export function examine(text, cut = false) {
  /** @type {{name: string, count?: number}[]} */
  const notes = [];
  if (text.length > TEXT_LIMIT) {
    const inPair = /[\ud800-\udbff]/.test(text[TEXT_LIMIT - 1]);
    text = text.slice(0, inPair ? TEXT_LIMIT - 1 : TEXT_LIMIT);
    cut = true;
  }
  if (cut) notes.push({ name: "cut", count: TEXT_LIMIT });
  const lone = text.match(/\p{Surrogate}/gu)?.length ?? 0;
  if (lone) {
    text = text.replace(/\p{Surrogate}/gu, "\ufffd");
    notes.push({ name: "surrogates", count: lone });
  }
  const nul = text.match(/\0/g)?.length ?? 0;
  if (nul) notes.push({ name: "nul", count: nul });
  if (text.includes("\r\n")) notes.push({ name: "crlf" });
  const count = countCharacters(text);
  if (count === 0) throw new UnrolledError("empty-text", "There is no text to learn: it is empty.");
  if (count < 2) throw new UnrolledError("one-character", "A text needs two characters at least.");
  return { text, notes };
}

/** Unicode code points. @param {string} text */
export function countCharacters(text) {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

/**
 * Reads a dropped or chosen file, its beginning only when it is too large.
 * @param {File} file
 * @returns {Promise<{text: string, cut: boolean}>}
 * @throws {UnrolledError} bad-text: details.kind says what it is instead
 */
export async function readFile(file) {
  const most = 4 * TEXT_LIMIT; // bytes: no code point takes more than four
  const bytes = new Uint8Array(await file.slice(0, most).arrayBuffer());
  const cut = file.size > most;
  const { decodeText } = await import("../../core/text/encoding.js");
  return { text: decodeText(bytes, { name: file.name, cut }), cut };
}
