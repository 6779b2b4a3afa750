/**
 * Text to ids and back. A text is taken as it is: nothing is normalised, and every token stream joins to the text again.
 */
import { UnrolledError, quote } from "./errors.js";

/**
 * @typedef {object} Tokenizer
 * @property {"char" | "grapheme" | "word"} kind
 * @property {(text: string) => Iterable<string>} split
 */

/**
 * "char" cuts at Unicode code points and keeps lone surrogates as they are; "grapheme" and "word" cut as
 * Intl.Segmenter does, where spaces and punctuation are words of their own.
 * @param {"char" | "grapheme" | "word"} kind
 * @returns {Tokenizer}
 */
export function makeTokenizer(kind) {
  if (kind === "char") return { kind, split: (text) => text };
  if (kind !== "grapheme" && kind !== "word") {
    throw new UnrolledError("bad-setting", `tokens must be "char", "grapheme" or "word", got ${quote(kind)}.`, { setting: "tokens" });
  }
  if (typeof Intl !== "object" || !("Segmenter" in Intl)) {
    throw new UnrolledError("no-segmenter", `This browser cannot cut a text into ${kind}s (Intl.Segmenter is missing); tokens "char" works everywhere.`);
  }
  const segmenter = new Intl.Segmenter("en", { granularity: kind });
  return {
    kind,
    *split(text) {
      for (const piece of pieces(text)) for (const { segment } of segmenter.segment(piece)) yield segment;
    },
  };
}

/** UTF-16 units of a piece, at most. */
const PIECE = 512;
/** A piece that ends where no word and no grapheme goes on: after its last line, or else its last space or Chinese stop. */
const WHOLE_LINES = /^.*\n/s;
const WHOLE_WORDS = /^.*[ \t。，、；：？！]/s;

/**
 * Cuts a long text, for the time Intl.Segmenter takes grows with the square of the length. Only a line longer than a
 * piece, and without a space, may be cut within a word.
 * @param {string} text
 */
function* pieces(text) {
  for (let from = 0; from < text.length; ) {
    let piece = text.slice(from, from + PIECE);
    if (from + PIECE < text.length) {
      const whole = WHOLE_LINES.exec(piece) ?? WHOLE_WORDS.exec(piece);
      if (whole) piece = whole[0];
      else if (/[\ud800-\udbff]$/.test(piece)) piece = piece.slice(0, -1);
    }
    yield piece;
    from += piece.length;
  }
}

/**
 * Orders strings by code point, where `<` orders them by UTF-16 unit.
 * @param {string} a @param {string} b
 */
export function compareCodePoints(a, b) {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; ) {
    const x = /** @type {number} */ (a.codePointAt(i)), y = /** @type {number} */ (b.codePointAt(i));
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}

/**
 * The distinct tokens, sorted by code point; a token's id is its position.
 * @param {Iterable<string>} tokens
 * @returns {Vocabulary}
 */
export function buildVocabulary(tokens) {
  return new Vocabulary([...new Set(tokens)].sort(compareCodePoints));
}

/** What becomes of a token that the vocabulary does not have. @typedef {"throw" | "drop"} Unknown */

/** A list of tokens and the way from each to its id. */
export class Vocabulary {
  /** @type {Map<string, number>} */
  #ids = new Map();

  /** @param {readonly string[]} tokens in the order of their ids, all different, none empty */
  constructor(tokens) {
    if (!Array.isArray(tokens)) throw new UnrolledError("bad-text", `The vocabulary must be an array of strings, got ${quote(tokens)}.`);
    tokens.forEach((token, id) => {
      if (typeof token !== "string" || token === "") {
        throw new UnrolledError("bad-text", `The vocabulary's token ${id} must be a string that is not empty, got ${quote(token)}.`);
      }
      if (this.#ids.has(token)) throw new UnrolledError("bad-text", `The vocabulary has ${quote(token)} twice.`);
      this.#ids.set(token, id);
    });
    /** @type {readonly string[]} */
    this.tokens = Object.freeze([...tokens]);
  }

  get size() {
    return this.tokens.length;
  }

  /** @param {string} token @returns {number} its id, or -1 */
  id(token) {
    return this.#ids.get(token) ?? -1;
  }

  /**
   * @param {Iterable<string>} tokens
   * @param {Unknown} [unknown]
   * @returns {Int32Array}
   */
  encode(tokens, unknown = "throw") {
    if (unknown !== "throw" && unknown !== "drop") {
      throw new UnrolledError("bad-argument", `unknown must be "throw" or "drop", got ${quote(unknown)}.`);
    }
    const ids = [];
    const missing = new Set();
    for (const token of tokens) {
      const id = this.id(token);
      if (id >= 0) ids.push(id);
      else if (unknown === "throw") missing.add(token);
    }
    if (missing.size) throw unknownTokens([...missing]);
    return Int32Array.from(ids);
  }

  /** @param {ArrayLike<number>} ids @returns {string} */
  decode(ids) {
    let text = "";
    for (let i = 0; i < ids.length; i++) {
      const token = this.tokens[ids[i]];
      if (token === undefined) throw new UnrolledError("bad-argument", `Token ids go from 0 to ${this.size - 1}, got ${quote(ids[i])} at position ${i}.`);
      text += token;
    }
    return text;
  }
}

/** @param {string[]} tokens */
function unknownTokens(tokens) {
  const shown = tokens.slice(0, 10).map((token) => quote(token)).join(", ");
  const more = tokens.length > 10 ? ` and ${tokens.length - 10} more` : "";
  return new UnrolledError("unknown-token", `The model does not know ${shown}${more}: they were not in its text. Take them out, or pass unknown: "drop".`, { tokens });
}
