/**
 * A text made ready for training: its vocabulary, its ids, its two parts, and how well one could guess it without a
 * network.
 */
import { isList } from "../arguments.js";
import { autoSettings, checkSettings } from "../config.js";
import { UnrolledError, quote } from "../errors.js";
import { runInTurns, runThrough } from "../wasm/turns.js";
import { bytesOf, hashAsync, hashOf } from "./sha256.js";
import { Numbering } from "./numbering.js";
import { UNKNOWN, Vocabulary, checkUnknown, makeTokenizer } from "./tokens.js";

/** @typedef {import("../config.js").Settings} Settings */

/**
 * @typedef {object} Source what to learn from: a text, or ids with their vocabulary; a vocabulary alone makes a network
 * without a text
 * @property {string} [text]
 * @property {ArrayLike<number>} [ids]
 * @property {import("./documents.js").Documents} [documents] texts that are read while they are trained on
 * @property {readonly string[]} [vocabulary] with a text: the tokens it may have
 * @property {import("./tokens.js").Unknown} [unknown] what becomes of other tokens
 */

/** @typedef {{ kind: "text" | "ids", sha256: string }} Digest tells one text from another without holding it */

/**
 * @typedef {object} Corpus
 * @property {Vocabulary} vocabulary
 * @property {number} count tokens
 * @property {(out: Int32Array) => void} fill writes their ids
 * @property {Digest | null} digest null without a text
 * @property {boolean} [several] documents, whose windows may be shorter
 */

/** A hundred million characters (enwik8 is as long) take 400 MB as ids, and WebAssembly's memory ends at 4 GB. */
const MOST_TOKENS = 100_000_000;
/** Code points there are: the core's limit. */
const MOST_VOCABULARY = 1_114_112;

/** @param {string} message */
const badText = (message) => new UnrolledError("bad-text", message);

/** @typedef {Pick<Settings, "tokens" | "lowerCase" | "minCount">} Cut how a text is cut into tokens */

/** Tokens that are read between two turns of others. */
const STRETCH = 1 << 14;

/** @typedef {{ kind: Digest["kind"], content: import("./sha256.js").Content }} Hashed what tells a text from another */

/** @param {Source} source @param {Cut} cut @returns {Corpus} */
export function readCorpus(source, cut) {
  const { corpus, hashed } = runThrough(reading(source, cut));
  return hashed ? { ...corpus, digest: { kind: hashed.kind, sha256: hashOf(hashed.content) } } : corpus;
}

/**
 * The same, while others have their turn.
 * @param {Source} source @param {Cut} cut
 * @param {{ signal?: AbortSignal, progress?: (done: number) => void }} [options] signal: calls it off; progress: told
 * how much of a text is read, from 0 to 1
 * @returns {Promise<Corpus>}
 */
export async function readCorpusAsync(source, cut, { signal, progress } = {}) {
  const { corpus, hashed } = await runInTurns(reading(source, cut), { signal, progress });
  if (!hashed) return corpus;
  return { ...corpus, digest: { kind: hashed.kind, sha256: await hashAsync(hashed.content, { signal }) } };
}

/** @typedef {{ corpus: Corpus, hashed?: Hashed }} Read hashed: what its digest is still to be made of */

/** @param {Source} source @param {Cut} cut @returns {Generator<number, Read>} */
function* reading({ text, ids, documents, vocabulary, unknown = "throw" }, cut) {
  checkUnknown(unknown);
  if ([text, ids, documents].filter((given) => given !== undefined).length > 1)
    throw badText("Give a text, ids or documents, one of them and not both.");
  const known = vocabulary === undefined ? undefined : checkSize(new Vocabulary(vocabulary));
  const read =
    text !== undefined
      ? yield* readingText(text, cut, known, unknown)
      : ids !== undefined
        ? yield* readingIds(ids, known)
        : documents !== undefined
          ? { corpus: fromDocuments(documents, known) }
          : { corpus: { vocabulary: known ?? missing(), count: 0, fill: () => {}, digest: null } };
  checkSize(read.corpus.vocabulary);
  return read;
}

/** @param {Vocabulary} vocabulary */
function checkSize(vocabulary) {
  const { size, tokens } = vocabulary;
  if (size === 1 && tokens[0] === UNKNOWN)
    throw new UnrolledError(
      "bad-text",
      "No token comes as often as minCount asks, so only <unk> is left: take a smaller minCount or a longer text.",
      { setting: "minCount" },
    );
  if (size < 2)
    throw badText(
      `One distinct token is nothing to learn from${size ? `: there is only ${quote(tokens[0])}` : ""}. Take a text with two or more.`,
    );
  if (size > MOST_VOCABULARY)
    throw badText(`The vocabulary may have ${MOST_VOCABULARY} tokens, and this one has ${size}: take tokens "char".`);
  return vocabulary;
}

/** @returns {never} */
function missing() {
  throw badText("There is nothing to learn from: give a text, or ids with their vocabulary.");
}

/**
 * @param {string} text @param {Cut} cut
 * @param {Vocabulary | undefined} known @param {import("./tokens.js").Unknown} unknown
 * @returns {Generator<number, Read>}
 */
function* readingText(text, { tokens, lowerCase, minCount }, known, unknown) {
  if (typeof text !== "string") throw badText(`The text must be a string, got ${quote(text)}.`);
  if (text === "") throw badText("The text is empty: paste or type some, a page or more to learn well.");
  if (text.length > 2 * MOST_TOKENS) throw tooLong(text.length, "characters");
  const pieces = makeTokenizer(tokens, { lowerCase }).split(text);
  const { length } = text;
  const room = new Int32Array((lowerCase ? 2 : 1) * length); // a small İ takes two units
  const { vocabulary, ids } = known
    ? { vocabulary: known, ids: yield* collecting(known, pieces, unknown, { length, room }) }
    : yield* numbering(pieces, minCount, { length, room });
  if (ids.length > MOST_TOKENS) throw tooLong(ids.length, "tokens");
  return readOf(vocabulary, ids, { kind: "text", content: () => bytesOf(text) });
}

/** @param {Vocabulary} vocabulary @param {Int32Array} ids @param {Hashed} hashed @returns {Read} */
function readOf(vocabulary, ids, hashed) {
  return { corpus: { vocabulary, count: ids.length, fill: (out) => out.set(ids), digest: null }, hashed };
}

/** @typedef {{ length: number, room: Int32Array }} Place a text's UTF-16 units, and where its ids go */

/**
 * @param {Vocabulary} known @param {Iterable<string>} tokens @param {import("./tokens.js").Unknown} unknown
 * @param {Place} place
 * @returns {Generator<number, Int32Array>}
 */
function* collecting(known, tokens, unknown, { length, room }) {
  const read = new Counted(tokens);
  let count = 0;
  for (const id of known.idsOf(read, unknown)) {
    room[count++] = id;
    if (count % STRETCH === 0) yield Math.min(1, read.units / length);
  }
  return room.subarray(0, count);
}

/** Tokens that are counted as they are read. */
class Counted {
  /** UTF-16 units that were read. */
  units = 0;
  #tokens;

  /** @param {Iterable<string>} tokens */
  constructor(tokens) {
    this.#tokens = tokens;
  }

  *[Symbol.iterator]() {
    for (const token of this.#tokens) {
      this.units += token.length;
      yield token;
    }
  }
}

/**
 * @param {Iterable<string>} tokens @param {number} minCount @param {Place} place
 * @returns {Generator<number, { vocabulary: Vocabulary, ids: Int32Array }>}
 */
function* numbering(tokens, minCount, { length, room }) {
  const numbered = new Numbering();
  let count = 0,
    units = 0;
  for (const token of tokens) {
    room[count++] = numbered.number(token);
    units += token.length;
    if (count % STRETCH === 0) yield Math.min(1, units / length);
  }
  const { vocabulary, places } = numbered.sorted(minCount);
  for (let i = 0; i < count; i++) room[i] = places[room[i]];
  return { vocabulary, ids: room.subarray(0, count) };
}

/** @param {number} count @param {string} what */
function tooLong(count, what) {
  return badText(
    `The text has ${count} ${what}, and at most ${MOST_TOKENS} tokens fit into memory: take a part of it.`,
  );
}

/** @param {ArrayLike<number>} ids @param {Vocabulary | undefined} vocabulary @returns {Generator<number, Read>} */
function* readingIds(ids, vocabulary) {
  if (!vocabulary) throw badText("ids need their vocabulary: an array of strings, where ids are positions.");
  if (!isList(ids)) throw badText(`ids must be an array of integers, got ${quote(ids)}.`);
  if (ids.length > MOST_TOKENS) throw tooLong(ids.length, "tokens");
  if (ids.length === 0) throw badText("ids is empty: there is nothing to learn from.");
  const { length } = ids,
    copy = new Int32Array(length);
  for (let from = 0; from < length; ) {
    const to = Math.min(from + STRETCH, length);
    checkIds(ids, vocabulary.size, "ids", from, to);
    for (; from < to; from++) copy[from] = ids[from];
    yield to / length;
  }
  return readOf(vocabulary, copy, { kind: "ids", content: () => [new Uint8Array(copy.buffer)] });
}

/** @param {import("./documents.js").Documents} documents @param {Vocabulary | undefined} known @returns {Corpus} */
function fromDocuments(documents, known) {
  const { tokens, starts, digest } = checkDocuments(documents);
  const vocabulary = new Vocabulary(tokens);
  if (known && (known.size !== vocabulary.size || known.tokens.some((token, id) => token !== tokens[id]))) {
    throw badText("The documents were cut with another vocabulary than the network has: read them with its own.");
  }
  return { vocabulary, count: starts[starts.length - 1], fill: () => {}, digest, several: starts.length > 2 };
}

/** @param {import("./documents.js").Documents} documents */
function checkDocuments(documents) {
  const { vocabulary: tokens, starts, digest, open } = documents ?? {};
  if (typeof open !== "function" || !isList(starts) || !starts.length)
    throw badText(
      `Documents must be an object { vocabulary, starts, digest, open }, as documentsInMemory() makes it, got ${quote(documents)}.`,
    );
  for (let d = 0; d < starts.length; d++)
    if (!Number.isSafeInteger(starts[d]) || starts[d] < (d ? starts[d - 1] : 0) || (d === 0 && starts[0] !== 0))
      throw badText(
        `starts must be counts of tokens that begin with 0 and never go back, got ${quote(starts[d])} at position ${d}.`,
      );
  if (!digest || (digest.kind !== "text" && digest.kind !== "ids") || !/^[0-9a-f]{64}$/.test(digest.sha256))
    throw badText(`The digest of documents must be { kind: "text", sha256 }, got ${quote(digest)}.`);
  return { tokens, starts, digest };
}

/** A network that has a vocabulary alone is asked to train or to measure. */
export const noText = () =>
  new UnrolledError(
    "no-text",
    "This trainer has no text: it can sample and probe, and trains when it is made or loaded with one.",
  );

/** @param {string} what what is counted on a whole text, and "is" or "are" */
export const notHeld = (what) =>
  new UnrolledError(
    "no-text",
    `${what} counted on a text that is held in memory, and this trainer reads its own from where it is.`,
  );

/**
 * @param {ArrayLike<number>} ids @param {number} V @param {string} name @param {number} [from] @param {number} [to] behind
 * the last one that is looked at
 */
export function checkIds(ids, V, name, from = 0, to = ids.length) {
  for (let i = from; i < to; i++) {
    if (!Number.isInteger(ids[i]) || ids[i] < 0 || ids[i] >= V) {
      throw new UnrolledError(
        "bad-argument",
        `${name} must hold integers from 0 to ${V - 1}, got ${quote(ids[i])} at position ${i}.`,
      );
    }
  }
}

/**
 * Tokens of the training part, which comes first: its share, but two at least, as one is nothing to learn from.
 * @param {number} count @param {number} validation
 */
export function trainingCount(count, validation) {
  return Math.max(Math.min(2, count), Math.floor((1 - validation) * count));
}

/**
 * Settings whose batch and seqLen fit a text, where they are left to it: the default, or the largest that its training
 * part fills one window of. The windows are made long first, then many.
 * @param {number} count tokens of the text @param {Readonly<Settings>} settings
 * @param {readonly ("batch" | "seqLen")[]} auto which are left to fit
 * @returns {Readonly<Settings>}
 */
export function fitWindow(count, settings, auto) {
  const room = trainingCount(count, settings.validation) - 1;
  let { batch, seqLen } = settings;
  const fits = (/** @type {number} */ most, /** @type {number} */ other) =>
    Math.max(1, Math.min(most, Math.floor(room / other)));
  if (auto.includes("seqLen")) seqLen = fits(seqLen, auto.includes("batch") ? 1 : batch);
  if (auto.includes("batch")) batch = fits(batch, seqLen);
  return Object.freeze({ ...settings, batch, seqLen });
}

/**
 * Settings that fit a text: what is left to it is fitted, and what is named must fit.
 * @param {Corpus} corpus @param {import("../config.js").PartialSettings} given
 * @returns {Readonly<Settings>}
 */
export function fitSettings({ count, digest, several }, given) {
  const wanted = checkSettings(given);
  if (!digest) return wanted;
  const settings = fitWindow(count, wanted, autoSettings(given));
  if (!several) checkEnough(count, settings);
  return settings;
}

/**
 * Refuses a text that does not fill one window of every stream, and says what would fit.
 * @param {number} count @param {Readonly<Settings>} settings
 */
export function checkEnough(count, { validation, batch, seqLen }) {
  const have = trainingCount(count, validation);
  const room = have - 1;
  if (Math.floor(room / batch) >= seqLen) return;
  let needed = Math.ceil((batch * seqLen + 1) / (1 - validation));
  const isExact = Number.isSafeInteger(needed + 1); // else one more may be the same
  while (isExact && trainingCount(needed, validation) < batch * seqLen + 1) needed++;
  while (isExact && trainingCount(needed - 1, validation) >= batch * seqLen + 1) needed--;
  const details = {
    needed,
    have: count,
    fits: room < 2 ? null : room >= seqLen ? { batch: Math.floor(room / seqLen), seqLen } : { batch: 1, seqLen: room },
  };
  const window = `One window of ${seqLen} steps in ${batch} stream${batch > 1 ? "s" : ""} needs a text of ${needed} tokens, and this one has ${count}`;
  if (!details.fits) throw new UnrolledError("too-few-tokens", `${window}: take a longer text.`, details);
  const ways = [];
  if (room >= seqLen) ways.push(`batch ${details.fits.batch}`);
  if (batch > 1 && Math.floor(room / batch) > 0) ways.push(`seqLen ${Math.floor(room / batch)}`);
  if (!ways.length || batch === 1) ways.splice(0, ways.length, `batch 1 and seqLen ${room}`);
  throw new UnrolledError(
    "too-few-tokens",
    `${window}: take a longer text, or at most ${ways.join(", or ")}.`,
    details,
  );
}

/**
 * @typedef {{ uniform: number, unigram: number | null, bigram: number | null }} Baselines mean nats a token; null
 * without a validation part
 */

/** Pairs of tokens are counted in a table up to this many, in a map beyond. */
const MOST_PAIRS = 1 << 22;

/**
 * The loss of three guessers on the validation part: one that knows nothing, one that knows how often each token comes
 * in the training part, one that knows what follows what. Counts are smoothed by one.
 * @param {Int32Array} ids @param {number} from first token of the validation part @param {number} V
 * @returns {Baselines}
 */
export function guessBaselines(ids, from, V) {
  const uniform = Math.log(V);
  const targets = ids.length - from - 1;
  if (targets < 1) return { uniform, unigram: null, bigram: null };
  const single = new Float64Array(V),
    leading = new Float64Array(V);
  const pairs = V * V <= MOST_PAIRS ? new Float64Array(V * V) : null;
  /** @type {Map<number, number>} */
  const rare = new Map();
  for (let i = 0; i < from; i++) {
    single[ids[i]]++;
    if (i + 1 === from) break;
    const pair = ids[i] * V + ids[i + 1];
    leading[ids[i]]++;
    if (pairs) pairs[pair]++;
    else rare.set(pair, (rare.get(pair) ?? 0) + 1);
  }
  let unigram = 0,
    bigram = 0;
  for (let i = from; i < ids.length - 1; i++) {
    const pair = ids[i] * V + ids[i + 1];
    unigram -= Math.log((single[ids[i + 1]] + 1) / (from + V));
    bigram -= Math.log(((pairs ? pairs[pair] : (rare.get(pair) ?? 0)) + 1) / (leading[ids[i]] + V));
  }
  return { uniform, unigram: unigram / targets, bigram: bigram / targets };
}
