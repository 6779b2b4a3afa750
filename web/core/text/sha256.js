/**
 * SHA-256 (FIPS 180-4). Node's own, ten times as quick, where it can be had at once. A browser's is as quick, but
 * asynchronous and missing on insecure origins, and `trainer.save()` is neither: so the package brings its own, and asks
 * the browser's where it need not answer at once.
 */
import { checkText } from "../arguments.js";
import { nextTurn, nodeCrypto } from "../wasm/platform.js";
import { CHUNK, copying, runInTurns, runThrough } from "../wasm/turns.js";

/** The first 64 primes. */
const PRIMES = [2];
for (let n = 3; PRIMES.length < 64; n += 2) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
/** @param {number} x @returns {number} the first 32 bits of its fractional part */
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));
const START = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)));

/**
 * @typedef {object} Hash that is fed in pieces
 * @property {(bytes: Uint8Array) => Hash} update
 * @property {() => string} hex of all that was fed, 64 digits; the last call on it
 */

/** @returns {Hash} */
export const startHash = () => (nodeCrypto ? nodeHash(nodeCrypto) : new Sha256());

/** @param {NonNullable<typeof nodeCrypto>} crypto @returns {Hash} */
function nodeHash(crypto) {
  const inner = crypto.createHash("sha256");
  /** @type {Hash} */
  const hash = { update: (bytes) => (inner.update(bytes), hash), hex: () => inner.digest("hex") };
  return hash;
}

/** The one that runs everywhere. @implements {Hash} */
export class Sha256 {
  #state = START.slice();
  #block = new Uint8Array(64);
  #words = new Int32Array(64);
  #length = 0;

  /** @param {Uint8Array} bytes @returns {this} */
  update(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let from = 0;
    const filled = this.#length % 64;
    this.#length += bytes.length;
    if (filled) {
      from = Math.min(64 - filled, bytes.length);
      this.#block.set(bytes.subarray(0, from), filled);
      if (filled + from < 64) return this;
      this.#mix(new DataView(this.#block.buffer), 0);
    }
    for (; from + 64 <= bytes.length; from += 64) this.#mix(view, from);
    this.#block.set(bytes.subarray(from));
    return this;
  }

  hex() {
    const bits = this.#length * 8;
    const filled = this.#length % 64;
    const padding = new Uint8Array((filled < 56 ? 64 : 128) - filled);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(padding.length - 4, bits >>> 0);
    this.update(padding);
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /** @param {DataView} view @param {number} at */
  #mix(view, at) {
    const w = this.#words,
      s = this.#state;
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15],
        y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = s[0],
      b = s[1],
      c = s[2],
      d = s[3],
      e = s[4],
      f = s[5],
      g = s[6],
      h = s[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    s[0] += a;
    s[1] += b;
    s[2] += c;
    s[3] += d;
    s[4] += e;
    s[5] += f;
    s[6] += g;
    s[7] += h;
  }
}

/** @typedef {() => Iterable<Uint8Array>} Content the same pieces each time */

/** @param {Content} content @param {Hash} hash @returns {Generator<void, string>} */
function* hashing(content, hash) {
  for (const piece of content())
    for (let from = 0; from < piece.length; from += CHUNK) {
      hash.update(piece.subarray(from, from + CHUNK));
      yield;
    }
  return hash.hex();
}

/** All of it in one array. @param {Content} content @returns {Generator<void, Uint8Array<ArrayBuffer>>} */
function* gathering(content) {
  const pieces = [];
  let size = 0;
  for (const piece of content()) {
    pieces.push(piece);
    size += piece.length;
    yield;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    yield* copying(whole.subarray(at), piece);
    at += piece.length;
  }
  return whole;
}

/** @param {Content} content @returns {string} 64 hex digits */
export const hashOf = (content) => runThrough(hashing(content, startHash()));

/**
 * The same, while others have their turn.
 * @param {Content} content
 * @param {object} [options]
 * @param {AbortSignal} [options.signal] calls it off
 * @param {typeof nodeCrypto} [options.node] what may hash: Node's,
 * @param {Pick<SubtleCrypto, "digest">} [options.subtle] and else a browser's, where it has one and does not refuse
 * @returns {Promise<string>}
 */
export async function hashAsync(content, { signal, node = nodeCrypto, subtle = globalThis.crypto?.subtle } = {}) {
  await nextTurn(); // to gather what is hashed took its time
  if (!node && subtle) {
    const whole = await runInTurns(gathering(content), { signal });
    const digest = await subtle.digest("SHA-256", whole).catch(() => null);
    signal?.throwIfAborted();
    if (digest) return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return runInTurns(hashing(content, node ? nodeHash(node) : new Sha256()), { signal });
}

/**
 * A text's UTF-8 bytes. A lone surrogate, which UTF-8 has no bytes for, counts as the three bytes its code would have,
 * so that different texts differ.
 * @param {string} text
 * @returns {Generator<Uint8Array, void>}
 */
export function* bytesOf(text) {
  const encoder = new TextEncoder();
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + CHUNK, text.length);
    if (to < text.length && /** @type {number} */ (text.codePointAt(to - 1)) > 0xffff) to--;
    const chunk = text.slice(from, to);
    yield isBroken(chunk) ? brokenBytes(chunk, encoder) : encoder.encode(chunk);
    from = to;
  }
}

/** Whether there are lone surrogates; newer programs tell it quickly. @param {string} text */
function isBroken(text) {
  const { isWellFormed } = /** @type {{ isWellFormed?: () => boolean }} */ (String.prototype);
  return isWellFormed ? !isWellFormed.call(text) : /\p{Surrogate}/u.test(text);
}

/** @param {string} chunk with lone surrogates @param {TextEncoder} encoder */
function brokenBytes(chunk, encoder) {
  const bytes = new Uint8Array(3 * chunk.length);
  let at = 0;
  for (const character of chunk) {
    const code = character.charCodeAt(0);
    const encoded =
      character.length > 1 || code < 0xd800 || code > 0xdfff
        ? encoder.encode(character)
        : [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    bytes.set(encoded, at);
    at += encoded.length;
  }
  return bytes.subarray(0, at);
}

/** Feeds a text's bytes. @param {Hash} hash @param {string} text */
export function hashInto(hash, text) {
  for (const bytes of bytesOf(text)) hash.update(bytes);
}

/**
 * SHA-256 of a text's UTF-8 bytes: what `sha256sum` says of the file.
 * @param {string} text
 * @returns {string} 64 hex digits
 */
export function hashText(text) {
  checkText("The text", text);
  return hashOf(() => bytesOf(text));
}

/** The same, while others have their turn. @param {string} text @param {AbortSignal} [signal] */
export function hashTextAsync(text, signal) {
  return hashAsync(() => bytesOf(text), { signal });
}
