/** A fuzzer's bytes read as values, and the properties that every target holds its results to. */
import assert from "node:assert/strict";
import { UnrolledError } from "../../../web/core/errors.js";

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  0.5,
  1e-3,
  1e-15,
  1e-300,
  5e-324,
  100,
  255,
  256,
  4095,
  4096,
  65535,
  65536,
  1e6,
  1114112,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  1e9,
  1e18,
  1e308,
  -(2 ** 31),
  -1e308,
  Infinity,
  -Infinity,
  NaN,
];
const STRINGS = [
  "",
  " ",
  "0",
  "1e6",
  "NaN",
  "true",
  "__proto__",
  "constructor",
  "\0",
  "é",
  "e\u0301",
  "\ud83d",
  "\ud83c\udde9",
];

/** @param {unknown} value @returns {string | undefined} none where JSON has no word for it, as for an heir of a Date */
function jsonOf(value) {
  try {
    return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? Number(each) : each));
  } catch {
    return undefined;
  }
}

/** What is past the end reads as zeros. */
export class Bytes {
  #bytes;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  get left() {
    return this.#bytes.length - this.#at;
  }

  byte() {
    return this.#at < this.#bytes.length ? this.#bytes[this.#at++] : 0;
  }

  /** @param {number} most @returns {number} 0..most-1 */
  below(most) {
    return (most > 256 ? this.byte() * 256 + this.byte() : this.byte()) % most;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  of(list) {
    return list[this.below(list.length)];
  }

  /** @param {number} count @returns {Uint8Array<ArrayBuffer>} */
  take(count) {
    const out = this.#bytes.slice(this.#at, this.#at + count);
    this.#at += out.length;
    return /** @type {Uint8Array<ArrayBuffer>} */ (out);
  }

  /** Everything that is left, as UTF-16 units: every string there is can come. */
  units() {
    const bytes = this.take(this.left & ~1);
    return String.fromCharCode(...new Uint16Array(bytes.buffer, 0, bytes.length / 2));
  }

  /** @param {number} [most] bytes */
  text(most = this.left) {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.take(most));
  }

  number() {
    const kind = this.byte();
    if (kind < NUMBERS.length) return NUMBERS[kind];
    if (kind < 128) return kind - 64;
    if (kind < 192) return (this.byte() - 128) * 2 ** (this.byte() - 128);
    const bytes = new Uint8Array(8);
    bytes.set(this.take(8));
    return new DataView(bytes.buffer).getFloat64(0);
  }

  /** Anything a program, a message or a file may hand over. @param {readonly string[]} names for objects @returns {any} */
  value(names, depth = 3) {
    switch (this.below(depth > 0 ? 16 : 10)) {
      case 0:
        return undefined;
      case 1:
        return null;
      case 2:
        return this.byte() % 2 === 0;
      case 3:
      case 4:
        return this.number();
      case 5:
        return this.of(STRINGS);
      case 6:
        return this.of(names);
      case 7:
        return this.text(this.byte() % 24);
      case 8:
        return BigInt(this.byte());
      case 9:
        return [() => 1, Symbol("s"), new Date(NaN), /x/, new Map(), new ArrayBuffer(8)][this.below(6)];
      case 10:
        return new (this.of([Float32Array, Int32Array, Uint8Array, Float64Array]))(this.below(9)).fill(this.byte());
      case 11:
      case 12:
        return Array.from({ length: this.below(5) }, () => this.value(names, depth - 1));
      case 13:
        return new Array(this.below(4)); // holes
      default:
        return this.object(names, depth - 1);
    }
  }

  /** What of it a file can hold. @param {readonly string[]} names @returns {any} */
  json(names) {
    const text = jsonOf(this.value(names));
    return text === undefined ? null : JSON.parse(text);
  }

  /** @param {readonly string[]} names */
  object(names, depth = 2) {
    /** @type {Record<string, any>} */
    const out = this.byte() % 8 ? {} : Object.create(null);
    for (let count = this.below(6); count > 0; count--) out[this.of(names)] = this.value(names, depth);
    return out;
  }
}

const CODES = new Set();
/** @param {string} code */
const isCode = (code) =>
  CODES.has(code) || (/^[a-z]+(-[a-z]+)+$|^(ok|busy|disposed|diverged)$/.test(code) && CODES.add(code));

/**
 * What a call gives, or undefined where it was refused as it should be: by an UnrolledError with a code and a sentence.
 * @template R @param {() => R} call @returns {R | undefined}
 */
export function attempt(call) {
  try {
    return call();
  } catch (error) {
    checkRefusal(error);
    return undefined;
  }
}

/** @param {unknown} error */
export function checkRefusal(error) {
  if (!(error instanceof UnrolledError)) throw error;
  assert.ok(isCode(error.code), `a code, got ${error.code}`);
  assert.match(error.message, /^[^\s].{5,1500}[.?!)]$/su, "a sentence");
}

/** @param {ArrayLike<number>} numbers @param {string} what */
export function mustBeFinite(numbers, what) {
  for (let i = 0; i < numbers.length; i++)
    if (!Number.isFinite(numbers[i])) assert.fail(`${what} has ${numbers[i]} at ${i}`);
}

/** @param {Uint8Array} got @param {Uint8Array} want */
export function mustBeSame(got, want) {
  assert.ok(Buffer.compare(got, want) === 0, "other bytes");
}
