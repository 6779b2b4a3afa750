/**
 * Text to ids and back. A text is taken as it is: nothing is normalised, and every token stream joins to the text
 * again, unless capitals are made small or rare tokens left out.
 */
import { checkInteger, checkOptions, checkText, isList } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { nameToken } from "./signs.js";

/**
 * @typedef {object} Tokenizer
 * @property {"char" | "grapheme" | "word"} kind
 * @property {(text: string) => Iterable<string>} split
 */

/** Stands for all tokens that a vocabulary leaves out, where it has this one. */
export const UNKNOWN = "<unk>";

/**
 * "char" cuts at Unicode code points and keeps lone surrogates as they are; "grapheme" and "word" cut as
 * Intl.Segmenter does, where spaces and punctuation are words of their own.
 * @param {"char" | "grapheme" | "word"} kind
 * @param {{ lowerCase?: boolean }} [options] lowerCase: capitals are made small first, by Unicode's rules for any
 * language
 * @returns {Tokenizer}
 */
export function makeTokenizer(kind, options) {
  const { lowerCase = false } = checkOptions("makeTokenizer", options, ["lowerCase"]);
  if (typeof lowerCase !== "boolean")
    throw new UnrolledError("bad-setting", `lowerCase must be true or false, got ${quote(lowerCase)}.`, {
      setting: "lowerCase",
    });
  const prepared = (/** @type {string} */ text) => (checkText("The text", text), lowerCase ? text.toLowerCase() : text);
  if (kind === "char") return { kind, split: prepared };
  if (kind !== "grapheme" && kind !== "word") {
    throw new UnrolledError("bad-setting", `tokens must be "char", "grapheme" or "word", got ${quote(kind)}.`, {
      setting: "tokens",
    });
  }
  const segmenter = makeSegmenter(kind);
  return {
    kind,
    *split(text) {
      for (const { segment } of segmentsOf(prepared(text), segmenter)) yield segment;
    },
  };
}

/**
 * The tokens of a text; of a list of tokens those, whatever they would be cut into.
 * @param {string | readonly string[]} text @param {{ tokens: "char" | "grapheme" | "word", lowerCase: boolean }} cut
 */
export function tokensOf(text, { tokens, lowerCase }) {
  const isCut = Array.isArray(text) && text.every((token) => typeof token === "string");
  return isCut ? text : makeTokenizer(tokens, { lowerCase }).split(/** @type {string} */ (text));
}

/** @param {"grapheme" | "word"} granularity */
export function makeSegmenter(granularity) {
  if (typeof Intl === "object" && "Segmenter" in Intl) return new Intl.Segmenter("en", { granularity });
  throw new UnrolledError(
    "no-segmenter",
    `This browser cannot cut a text into ${granularity}s (Intl.Segmenter is missing); tokens "char" works everywhere.`,
  );
}

/** UTF-16 units of a piece, at least, and at most where it holds more than a few segments. */
const PIECE = 256;
const LONGEST_PIECE = 512;
/** Segments at a piece's end, and units they have, that may become others by what follows. */
const OPEN_SEGMENTS = 3;
const OPEN_UNITS = 64;

/**
 * The segments of a long text in pieces, for the time that Intl.Segmenter takes grows with the square of the length. A
 * piece ends where words and graphemes do by any rule of UAX #29: after a line feed, between an ASCII sign and a space,
 * between Chinese punctuation and a Chinese character. In a stretch without any of these the last segments of a piece
 * are cut once more with what follows them.
 * @param {string} text @param {Intl.Segmenter} segmenter
 * @returns {Generator<Intl.SegmentData, void>}
 */
export function* segmentsOf(text, segmenter) {
  const end = /\n|[!-~](?= )|[，。、；：！？](?=[\u4e00-\u9fff])/g;
  for (let from = 0, longest = LONGEST_PIECE; from < text.length; ) {
    const stretch = text.slice(from, from + longest);
    end.lastIndex = PIECE;
    const sure = end.test(stretch) || from + stretch.length === text.length,
      piece = stretch.slice(0, end.lastIndex || undefined);
    const found = [...segmenter.segment(piece)];
    let count = sure ? found.length : Math.max(0, found.length - OPEN_SEGMENTS);
    while (!sure && count > 0 && piece.length - found[count].index < OPEN_UNITS) count--;
    yield* found.slice(0, count);
    from += count < found.length ? found[count].index : piece.length;
    longest = count ? LONGEST_PIECE : 2 * longest;
  }
}

/**
 * Orders strings by code point, where `<` orders them by UTF-16 unit.
 * @param {string} a @param {string} b
 */
export function compareCodePoints(a, b) {
  if (typeof a !== "string" || typeof b !== "string") checkText("What is compared", typeof a === "string" ? b : a);
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; ) {
    const x = /** @type {number} */ (a.codePointAt(i)),
      y = /** @type {number} */ (b.codePointAt(i));
    if (x !== y) return x - y;
    i += x > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}

/** @param {unknown} tokens */
function needTokens(tokens) {
  if (tokens === null || tokens === undefined || typeof (/** @type {any} */ (tokens)[Symbol.iterator]) !== "function")
    throw new UnrolledError("bad-argument", `Tokens must be a list of strings, got ${quote(tokens)}.`);
}

/**
 * How often each token comes.
 * @param {Iterable<string>} tokens
 * @returns {Map<string, number>} in the order of their first coming
 */
export function countTokens(tokens) {
  needTokens(tokens);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

/**
 * The distinct tokens, sorted by code point; a token's id is its position. Where `minCount` leaves tokens out, UNKNOWN
 * is among those that stay.
 * @param {Iterable<string> | Map<string, number>} tokens or their counts
 * @param {{ minCount?: number }} [options] tokens that come less often are left out
 * @returns {Vocabulary}
 */
export function buildVocabulary(tokens, options) {
  const { minCount = 1 } = checkOptions("buildVocabulary", options, ["minCount"]);
  checkInteger("minCount", minCount, 1, 1e9);
  const counts = tokens instanceof Map ? tokens : countTokens(tokens);
  const kept = [];
  for (const [token, count] of counts) if (count >= minCount) kept.push(token);
  if (kept.length < counts.size && !kept.includes(UNKNOWN)) kept.push(UNKNOWN);
  return new Vocabulary(kept.sort(compareCodePoints));
}

/**
 * What becomes of a token that the vocabulary does not have, when UNKNOWN is not in it either.
 * @typedef {"throw" | "drop"} Unknown
 */

/** @param {unknown} unknown */
export function checkUnknown(unknown) {
  if (unknown !== "throw" && unknown !== "drop")
    throw new UnrolledError("bad-argument", `unknown must be "throw" or "drop", got ${quote(unknown)}.`);
}

/** A list of tokens and the way from each to its id. */
export class Vocabulary {
  /** @type {Map<string, number>} */
  #ids = new Map();
  #unknown = -1;

  /** @param {readonly string[]} tokens in the order of their ids, all different, none empty */
  constructor(tokens) {
    if (!Array.isArray(tokens))
      throw new UnrolledError("bad-text", `The vocabulary must be an array of strings, got ${quote(tokens)}.`);
    for (const [id, token] of tokens.entries()) {
      if (typeof token !== "string" || token === "") {
        throw new UnrolledError(
          "bad-text",
          `The vocabulary's token ${id} must be a string that is not empty, got ${quote(token)}.`,
        );
      }
      if (this.#ids.has(token)) throw new UnrolledError("bad-text", `The vocabulary has ${quote(token)} twice.`);
      this.#ids.set(token, id);
    }
    this.#unknown = this.id(UNKNOWN);
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

  /** @param {string} token @returns {number} its id, or UNKNOWN's, or -1 */
  #idOf(token) {
    return this.#ids.get(token) ?? this.#unknown;
  }

  /**
   * @param {Iterable<string>} tokens
   * @param {Unknown} [unknown]
   * @returns {Int32Array}
   */
  encode(tokens, unknown = "throw") {
    return Int32Array.from(this.idsOf(tokens, unknown));
  }

  /**
   * Their ids one by one, for texts that should not stand in memory twice; throws after the last.
   * @param {Iterable<string>} tokens
   * @param {Unknown} [unknown]
   * @returns {Generator<number, void>}
   */
  *idsOf(tokens, unknown = "throw") {
    needTokens(tokens);
    checkUnknown(unknown);
    const missing = new Set();
    for (const token of tokens) {
      const id = this.#idOf(token);
      if (id >= 0) yield id;
      else if (unknown === "throw") missing.add(token);
    }
    if (missing.size) throw unknownTokens([...missing]);
  }

  /** @param {ArrayLike<number>} ids @returns {string} */
  decode(ids) {
    if (!isList(ids)) throw new UnrolledError("bad-argument", `ids must be an array of integers, got ${quote(ids)}.`);
    let text = "";
    for (let i = 0; i < ids.length; i++) {
      if (!Number.isInteger(ids[i]) || ids[i] < 0 || ids[i] >= this.size)
        throw new UnrolledError(
          "bad-argument",
          `Token ids go from 0 to ${this.size - 1}, got ${quote(ids[i])} at position ${i}.`,
        );
      text += this.tokens[ids[i]];
    }
    return text;
  }
}

/** @param {string[]} tokens @param {string} [option] how the caller says that they may go */
export function unknownTokens(tokens, option = 'unknown: "drop"') {
  const shown = tokens.slice(0, 10).map(nameToken).join(", ");
  const more = tokens.length > 10 ? ` and ${tokens.length - 10} more` : "";
  const [were, them] = tokens.length === 1 ? ["it was", "it"] : ["they were", "them"];
  return new UnrolledError(
    "unknown-token",
    `The model does not know ${shown}${more}: ${were} not in its text. Take ${them} out, or pass ${option}.`,
    { tokens },
  );
}
