/**
 * Texts in files as documents of characters, read where they are: a first reading counts the characters, checks the
 * UTF-8 and notes where documents begin and where every MARK-th character stands; after that each stream reads a small
 * buffer at a time.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { UnrolledError, documentsInMemory } from "../../core/index.js";
import { DOCUMENT_END } from "../../core/text/documents.js";
import { HEAD, encodingOf } from "../../core/text/encoding.js";
import { unknownTokens } from "../../core/text/tokens.js";
import { failed, nameOf, readBytes, readTexts, statsOf, textOf } from "./read.js";
import { say } from "../terminal/say.js";

/** @typedef {import("../../core/index.js").Documents} Documents */
/**
 * @typedef {object} Source
 * @property {string} path
 * @property {(into: Uint8Array, at: number, position: number) => number} read bytes of the text, in UTF-8
 * @property {number} skipped bytes of the file before them
 * @property {number} first its first token
 * @property {number[]} marks bytes at which each MARK-th token of it begins
 */
/**
 * @typedef {{ separator?: string, vocabulary?: readonly string[], unknown?: import("../../core/text/tokens.js").Unknown }}
 * Options vocabulary: the one they may have
 */

const MARK = 1 << 16;
const CHUNK = 1 << 20;
/** Bytes of a stream's buffer. */
const BUFFER = 1 << 14;
const MOST_DOCUMENTS = 2_000_000;
/** Megabytes that take a while to read. */
const LARGE = 100;
const CODE_POINTS = 0x110000;

/**
 * The code point at a place and its length in bytes, as code * 8 + length, or -1 where it is not UTF-8.
 * @param {Uint8Array} bytes @param {number} i @param {number} end
 */
function decode(bytes, i, end) {
  const a = bytes[i];
  if (a < 0x80) return a * 8 + 1;
  const length = a < 0xc2 ? 0 : a < 0xe0 ? 2 : a < 0xf0 ? 3 : a < 0xf5 ? 4 : 0;
  if (!length || i + length > end) return -1;
  let code = a & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) {
    const next = bytes[i + k];
    if ((next & 0xc0) !== 0x80) return -1;
    code = (code << 6) | (next & 0x3f);
  }
  if (
    (length === 3 && (code < 0x800 || (code >= 0xd800 && code < 0xe000))) ||
    (length === 4 && (code < 0x10000 || code >= CODE_POINTS))
  )
    return -1;
  return code * 8 + length;
}

/** The first reading. */
class Survey {
  counts = new Uint32Array(CODE_POINTS);
  /** The largest code point: few texts need a table of all there are. */
  highest = 0;
  /** Tokens so far. */
  count = 0;
  /** @type {number[]} */ starts = [];
  /** Of each document, the byte it begins at. @type {number[]} */ bytes = [];
  #hash = createHash("sha256");
  #separator;
  #known;
  #drop;
  #fresh = true;

  /** @param {Options} options */
  constructor({ separator, vocabulary, unknown }) {
    this.#separator = separator ? Buffer.from(separator) : null;
    this.#known = vocabulary ? new Set(vocabulary.map((token) => token.codePointAt(0))) : null;
    this.#drop = unknown === "drop";
  }

  /** @param {Source} source */
  read(source) {
    const separator = this.#separator,
      held = Math.max(separator ? separator.length - 1 : 0, 3);
    const buffer = Buffer.alloc(CHUNK);
    this.#fresh = true;
    source.first = this.count;
    for (let base = 0, filled = 0, end = false; !end; ) {
      const got = source.read(buffer, filled, base + filled);
      end = got === 0;
      filled += got;
      let at = 0;
      for (
        let hit;
        separator && (hit = buffer.subarray(0, filled).indexOf(separator, at)) >= 0;
        at = hit + separator.length
      ) {
        this.#take(source, buffer, at, hit, hit, base);
        this.#fresh = true;
      }
      const limit = end ? filled : filled - held;
      if (limit > at) at = this.#take(source, buffer, at, limit, filled, base);
      buffer.copyWithin(0, at, filled);
      base += at;
      filled -= at;
    }
  }

  /**
   * Reads the characters that begin from `at` up to `limit`.
   * @param {Source} source
   * @param {Buffer} buffer
   * @param {number} at
   * @param {number} limit
   * @param {number} filled
   * @param {number} base
   * @returns {number} where it ended
   */
  #take(source, buffer, at, limit, filled, base) {
    let i = at;
    for (; i < limit; ) {
      const found = decode(buffer, i, filled);
      if (found < 0)
        throw new UnrolledError(
          "bad-text",
          `${nameOf(source.path)} is not UTF-8 text at byte ${base + i + source.skipped}: convert it, for instance with iconv.`,
        );
      const code = found >> 3;
      if (!this.#known || this.#known.has(code)) {
        if (this.#fresh) this.#begin(base + i);
        if ((this.count - source.first) % MARK === 0) source.marks.push(base + i);
        this.count++;
      }
      this.counts[code]++;
      if (code > this.highest) this.highest = code;
      i += found & 7;
    }
    if (i > at) this.#hash.update(buffer.subarray(at, i));
    return i;
  }

  /** @param {number} byte */
  #begin(byte) {
    this.#fresh = false;
    if (this.starts.length) this.#hash.update(Uint8Array.of(DOCUMENT_END));
    if (this.starts.push(this.count) > MOST_DOCUMENTS)
      throw new UnrolledError(
        "bad-text",
        `There are more than ${MOST_DOCUMENTS} documents: take a separator that comes less often.`,
      );
    this.bytes.push(byte);
  }

  /** @returns {readonly string[]} */
  vocabulary() {
    const tokens = [];
    for (let code = 0; code <= this.highest; code++) if (this.counts[code]) tokens.push(String.fromCodePoint(code));
    if (!this.#known) return tokens;
    const strange = tokens.filter((token) => !this.#known?.has(token.codePointAt(0)));
    if (!strange.length || this.#drop) return [];
    throw unknownTokens(strange);
  }

  digest() {
    return /** @type {const} */ ({ kind: "text", sha256: this.#hash.digest("hex") });
  }
}

/** Reads on from a byte, a buffer at a time. */
class FileReader {
  #buffer = Buffer.alloc(BUFFER);
  #ids;
  #filled = 0;
  #at = 0;
  #next = 0;
  /** @type {Source} */
  #source;

  /** @param {Int32Array} ids by code point, -1 for those left out @param {Source} source */
  constructor(ids, source) {
    this.#ids = ids;
    this.#source = source;
  }

  /** @param {Source} source @param {number} byte @param {number} skip tokens */
  seek(source, byte, skip) {
    this.#source = source;
    this.#filled = this.#at = 0;
    this.#next = byte;
    for (const scrap = new Int32Array(1); skip > 0; skip--) this.read(scrap, 0, 1);
    return this;
  }

  /** @param {Int32Array} out @param {number} at @param {number} n */
  read(out, at, n) {
    for (let k = 0; k < n; ) {
      if (this.#filled - this.#at < 4) this.#fill();
      const found = this.#at < this.#filled ? decode(this.#buffer, this.#at, this.#filled) : -1;
      if (found < 0)
        throw new UnrolledError("bad-file", `${this.#source.path} changed while it was read: begin again.`);
      this.#at += found & 7;
      const id = this.#ids[found >> 3];
      if (id >= 0) out[at + k++] = id;
    }
  }

  #fill() {
    this.#buffer.copyWithin(0, this.#at, this.#filled);
    this.#filled -= this.#at;
    this.#at = 0;
    const got = this.#source.read(this.#buffer, this.#filled, this.#next);
    this.#filled += got;
    this.#next += got;
  }
}

/**
 * A text that is held in memory: of a pipe, which cannot be read twice, or in UTF-16.
 * @param {string} path @param {Uint8Array} held all its bytes @returns {Source & { close: () => void }}
 */
function holdSource(path, held) {
  const { encoding, mark } = encodingOf(held.subarray(0, HEAD), { name: nameOf(path), cut: held.length > HEAD });
  const bytes = encoding === "utf-8" ? held.subarray(mark) : Buffer.from(textOf(path, held));
  return {
    path,
    first: 0,
    skipped: encoding === "utf-8" ? mark : 0,
    marks: [],
    close: () => {},
    read: (into, at, position) => {
      const part = bytes.subarray(position, position + into.length - at);
      into.set(part, at);
      return part.length;
    },
  };
}

/** @param {string} path @returns {Promise<Source & { close: () => void }>} */
async function openSource(path) {
  if (path === "-" || !statsOf(path)?.isFile()) return holdSource(path, await readBytes(path));
  const name = nameOf(path);
  try {
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(HEAD + 1),
        length = readSync(file, head, 0, head.length, 0);
      const { encoding, mark } = encodingOf(head.subarray(0, Math.min(length, HEAD)), { name, cut: length > HEAD });
      if (encoding === "utf-8") return streamSource(path, file, mark);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    closeSync(file);
    return holdSource(path, await readBytes(path));
  } catch (error) {
    throw error instanceof UnrolledError ? error : failed(`${name} cannot be read`, error);
  }
}

/** @param {string} path @param {number} file @param {number} mark bytes before the text @returns {Source & { close: () => void }} */
function streamSource(path, file, mark) {
  return {
    path,
    first: 0,
    skipped: mark,
    marks: [],
    close: () => closeSync(file),
    read: (into, at, position) => {
      try {
        return readSync(file, into, at, into.length - at, position + mark);
      } catch (error) {
        throw failed(`${path} cannot be read`, error);
      }
    },
  };
}

/** The last entry that is not above a value. @param {ArrayLike<number>} sorted @param {number} value */
function lastNotAbove(sorted, value) {
  let low = 0,
    high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * @param {readonly string[]} paths each a document, or several where a separator stands between them
 * @param {Options} [options]
 * @returns {Promise<Documents & { close: () => void }>}
 */
export async function openDocuments(paths, options = {}) {
  const survey = new Survey(options);
  /** @type {(Source & { close: () => void })[]} */
  const sources = [];
  const close = () => sources.forEach((source) => source.close());
  try {
    for (const path of paths) {
      const source = await openSource(path);
      sources.push(source);
      survey.read(source);
    }
    if (!survey.count)
      throw new UnrolledError(
        "bad-text",
        `The text is empty: ${paths.map(nameOf).join(", ")} ${paths.length > 1 ? "have" : "has"} no character to learn.`,
      );
    const found = survey.vocabulary(),
      vocabulary = options.vocabulary ?? found;
    const ids = new Int32Array(survey.highest + 1).fill(-1);
    vocabulary.forEach((token, id) => {
      ids[/** @type {number} */ (token.codePointAt(0))] = id; // beyond them it is let fall: the text has none of it
    });
    const starts = Float64Array.from([...survey.starts, survey.count]),
      bytes = Float64Array.from(survey.bytes);
    const firsts = sources.map(({ first }) => first);
    return {
      vocabulary,
      starts,
      digest: survey.digest(),
      close,
      open(position, spent) {
        const source = sources[lastNotAbove(firsts, position)],
          document = lastNotAbove(starts, position);
        const mark = Math.floor((position - source.first) / MARK),
          marked = source.first + mark * MARK;
        const reader = spent instanceof FileReader ? spent : new FileReader(ids, source);
        return starts[document] > marked
          ? reader.seek(source, bytes[document], position - starts[document])
          : reader.seek(source, source.marks[mark], position - marked);
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * What is trained on. Characters are read from where they are; words and the like, characters that are changed first, and
 * those for which <unk> may stand are held in memory.
 * @param {string[]} files
 * @param {{ separator?: string, unknown?: import("../../core/text/tokens.js").Unknown }} options
 * @param {{ settings: Readonly<import("../../core/index.js").Settings>, vocabulary?: import("../../core/index.js").Vocabulary
 * }} model
 * @returns {Promise<{ text?: string, documents?: Documents }>}
 */
export async function openText(files, { separator, unknown }, { settings, vocabulary }) {
  const { tokens, lowerCase, minCount } = settings,
    known = vocabulary?.tokens;
  const megabytes = files.reduce((sum, file) => sum + (statsOf(file)?.size ?? 0), 0) / 1e6;
  if (megabytes >= LARGE) say(`Reads ${Math.round(megabytes)} MB once before it begins.`);
  const areCharacters = known?.every(
    (token) => String.fromCodePoint(/** @type {any} */ (token.codePointAt(0))) === token,
  );
  if (tokens === "char" && !lowerCase && minCount === 1 && areCharacters !== false)
    return { documents: await openDocuments(files, { separator, vocabulary: known, unknown }) };
  if (files.length === 1 && !separator) return { text: await readTexts(files) };
  const texts = [];
  for (const file of files) {
    const text = await readTexts([file]);
    if (separator) for (const part of text.split(separator)) texts.push(part);
    else texts.push(text);
  }
  return { documents: documentsInMemory(texts, settings, { vocabulary: known, unknown }) };
}
