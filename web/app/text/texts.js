/** Where texts come from, and what is looked at before a network reads them. */
import { UnrolledError } from "../../core/errors.js";
import { nextTurn } from "../../core/wasm/platform.js";
import { runInTurns } from "../../core/wasm/turns.js";
import { textSource } from "../share.js";
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

/** UTF-16 units that are looked at between two turns of others. */
const LOOKED_AT = 1 << 17;

/** @param {string} text @param {number} i @returns {0 | 1 | 2} units of a whole character; 0: half a surrogate pair alone */
export function unitsAt(text, i) {
  const code = text.charCodeAt(i);
  if (code < 0xd800 || code > 0xdfff) return 1;
  const next = code < 0xdc00 ? text.charCodeAt(i + 1) : 0;
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 0;
}

/** What is in a text, and the text with its broken characters replaced. @param {string} text */
function* looking(text) {
  const seen = { characters: 0, lone: 0, nul: 0, crlf: false };
  const parts = [];
  for (let from = 0, i = 0; i < text.length; from = i) {
    const before = seen.lone;
    for (const end = Math.min(from + LOOKED_AT, text.length); i < end; seen.characters++) {
      const units = unitsAt(text, i);
      if (units === 0) seen.lone++;
      else if (text.charCodeAt(i) === 0) seen.nul++;
      else if (text.charCodeAt(i) === 13 && text.charCodeAt(i + 1) === 10) seen.crlf = true;
      i += units || 1;
    }
    const part = text.slice(from, i);
    parts.push(seen.lone > before ? part.replace(/\p{Surrogate}/gu, "\ufffd") : part);
    yield;
  }
  return { ...seen, text: parts.join("") };
}

/**
 * Makes a text fit to be learnt and tells what was done or noticed, each by the name of its sentence.
 * @param {string} text
 * @param {boolean} [cut] whether something was cut off before
 * @returns {Promise<{text: string, notes: {name: string, count?: number}[]}>}
 */
export async function examine(text, cut = false) {
  /** @type {{name: string, count?: number}[]} */
  const notes = [];
  if (text.length > TEXT_LIMIT) {
    await nextTurn(); // to take it from the clipboard, or a file, took its time
    const inPair = /[\ud800-\udbff]/.test(text[TEXT_LIMIT - 1]);
    text = text.slice(0, inPair ? TEXT_LIMIT - 1 : TEXT_LIMIT);
    cut = true;
  }
  if (cut) notes.push({ name: "cut", count: TEXT_LIMIT });
  const { characters, lone, nul, crlf, text: whole } = await runInTurns(looking(text));
  if (lone) notes.push({ name: "surrogates", count: lone });
  if (nul) notes.push({ name: "nul", count: nul });
  if (crlf) notes.push({ name: "crlf" });
  if (characters === 0) throw new UnrolledError("empty-text", "There is no text to learn: it is empty.");
  if (characters < 2) throw new UnrolledError("one-character", "A text needs two characters at least.");
  return { text: whole, notes };
}

/** A text of the reader's own, fit to be learnt, and what a link says of it. @param {string} text @param {boolean} [cut] */
export async function ownText(text, cut) {
  const fit = await examine(text, cut);
  return { ...fit, source: await textSource(fit.text) };
}

/** Unicode code points. @param {string} text */
export function countCharacters(text) {
  if (!/[\ud800-\udfff]/.test(text)) return text.length; // which is found much sooner
  let count = 0;
  for (let i = 0; i < text.length; count++) i += unitsAt(text, i) || 1;
  return count;
}

/**
 * Reads a dropped or chosen file, its beginning only when it is too large.
 * @param {File} file
 * @param {import("../strings/index.js").Language} language
 * @returns {Promise<{text: string, cut: boolean}>}
 * @throws {UnrolledError} not-text: the message says what it is instead
 */
export async function readFile(file, language) {
  const most = 4 * TEXT_LIMIT; // bytes: no code point takes more than four
  const bytes = new Uint8Array(await file.slice(0, most).arrayBuffer());
  const cut = file.size > most;
  const { decodeText } = await import("../../core/text/encoding.js");
  try {
    return { text: decodeText(bytes, { name: file.name, cut }), cut };
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error;
    throw (await import("./unreadable.js")).explainFile(error, language);
  }
}
