/** Documents that are held in memory: an id takes one byte, two or four, so a text takes about what its file does. */
import { checkOptions, checkText } from "../arguments.js";
import { checkSettings } from "../config.js";
import { UnrolledError, quote } from "../errors.js";
import { DOCUMENT_END } from "./documents.js";
import { Numbering } from "./numbering.js";
import { startHash, hashInto } from "./sha256.js";
import { Vocabulary, makeTokenizer } from "./tokens.js";

/** @typedef {Uint8Array | Uint16Array | Int32Array} Chunk of ids, as narrow as they allow */

const CHUNK = 1 << 16;

/** @param {number} most id @param {number} length @returns {Chunk} */
const makeChunk = (most, length) =>
  new (most < 1 << 8 ? Uint8Array : most < 1 << 16 ? Uint16Array : Int32Array)(length);

/** A list of ids that grows by chunks. */
class Ids {
  /** @type {Chunk[]} */
  #chunks = [];
  #most = 0;
  length = 0;

  /** @param {number} id */
  push(id) {
    const at = this.length % CHUNK;
    if (id > this.#most) this.#most = id;
    if (at === 0) this.#chunks.push(makeChunk(this.#most, CHUNK));
    let chunk = this.#chunks[this.#chunks.length - 1];
    if (id >= 2 ** (8 * chunk.BYTES_PER_ELEMENT)) {
      const wider = makeChunk(id, CHUNK);
      wider.set(chunk);
      this.#chunks[this.#chunks.length - 1] = chunk = wider;
    }
    chunk[at] = id;
    this.length++;
  }

  /** Puts another id in each one's place, and ends the list. @param {Int32Array} places @param {number} most of them */
  rename(places, most) {
    this.#chunks.forEach((chunk, i) => {
      const used = Math.min(CHUNK, this.length - i * CHUNK),
        renamed = makeChunk(most, used);
      for (let k = 0; k < used; k++) renamed[k] = places[chunk[k]];
      this.#chunks[i] = renamed;
    });
  }

  /** @param {number} from @param {Int32Array} out @param {number} at @param {number} n */
  copy(from, out, at, n) {
    if (from + n > this.length) throw new RangeError(`There are ${this.length} ids: none from ${from} to ${from + n}.`);
    for (let done = 0; done < n; ) {
      const first = (from + done) % CHUNK,
        chunk = this.#chunks[Math.floor((from + done) / CHUNK)];
      const part = chunk.subarray(first, first + n - done);
      out.set(part, at + done);
      done += part.length;
    }
  }
}

/**
 * Documents that are held in memory, cut into any kind of tokens.
 * @param {readonly string[]} texts
 * @param {Partial<Pick<import("../config.js").Settings, "tokens" | "lowerCase" | "minCount">>} [settings]
 * @param {{ vocabulary?: readonly string[], unknown?: import("./tokens.js").Unknown }} [options] vocabulary: the one
 * they may have
 * @returns {import("./documents.js").Documents}
 */
export function documentsInMemory(texts, settings, options) {
  if (!Array.isArray(texts))
    throw new UnrolledError("bad-text", `The documents must be an array of strings, got ${quote(texts)}.`);
  const { tokens, lowerCase, minCount } = checkSettings(settings);
  const { vocabulary: given, unknown = "throw" } = checkOptions("documentsInMemory", options, [
    "vocabulary",
    "unknown",
  ]);
  const tokenizer = makeTokenizer(tokens),
    known = given === undefined ? null : new Vocabulary(given),
    numbering = new Numbering(),
    ids = new Ids(),
    starts = [0],
    hash = startHash();
  for (const [d, text] of texts.entries()) {
    const prepared = lowerCase ? checkText(`Document ${d}`, text).toLowerCase() : checkText(`Document ${d}`, text);
    if (prepared === "") continue;
    if (starts.length > 1) hash.update(Uint8Array.of(DOCUMENT_END));
    hashInto(hash, prepared);
    const pieces = tokenizer.split(prepared);
    if (known) for (const id of known.idsOf(pieces, unknown)) ids.push(id);
    else for (const token of pieces) ids.push(numbering.number(token));
    starts.push(ids.length);
  }
  if (starts.length === 1) throw new UnrolledError("bad-text", "The text is empty: all documents are.");
  const { vocabulary, places } = known ? { vocabulary: known, places: null } : numbering.sorted(minCount);
  if (places) ids.rename(places, vocabulary.size - 1);
  return {
    vocabulary: vocabulary.tokens,
    cut: { tokens, lowerCase },
    starts,
    digest: { kind: "text", sha256: hash.hex() },
    open: (position) => ({
      read: (out, at, n) => {
        ids.copy(position, out, at, n);
        position += n;
      },
    }),
  };
}
