/** Any bytes as a text: refused by the name of what they are, or every byte of them is in it; a mark is always believed. */
import assert from "node:assert/strict";
import { decodeText, encodingOf } from "../../../web/core/text/encoding.js";
import { attempt, Bytes, mustBeSame } from "../js/bytes.js";

const MARKS = { "utf-8": [0xef, 0xbb, 0xbf], "utf-16le": [0xff, 0xfe], "utf-16be": [0xfe, 0xff] };
const ENCODINGS = /** @type {const} */ (["utf-8", "utf-16le", "utf-16be"]);

export const words = ["\ufeff", "\0\0", "PK\x03\x04", "{\\rtf", "%PDF-", "。", "\u4e00", "GIF8", "ID3"];
export const seeds = () => {
  const texts = ["to be, or not to be\r\n", "生存还是毁灭，这是。", "Все счастливые семьи", "\ud83d\ude00 a\u0301\0"];
  const written = texts.flatMap((text) => ENCODINGS.map((encoding) => Uint8Array.of(1, ...encode(text, encoding))));
  const packed = ["\x1f\x8b\x08\0", "PK\x03\x04\x14\0", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0"];
  return [...written, ...packed.map((text) => Uint8Array.of(1, ...Buffer.from(text, "latin1")))];
};

/** @param {string} text @param {import("../../../web/core/text/encoding.js").Encoding} encoding @returns {Buffer} */
function encode(text, encoding) {
  if (encoding === "utf-8") return Buffer.from(text);
  const bytes = Buffer.from(text, "utf16le");
  return encoding === "utf-16be" ? bytes.swap16() : bytes;
}

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const kind = bytes.byte();
  if (kind % 4 === 0) {
    const text = bytes.units(),
      encoding = ENCODINGS[(kind >> 2) % 3];
    if (/\p{Cs}/u.test(text) || text.startsWith("\0")) return; // no text, and what begins as UTF-32 does
    const marked = Buffer.concat([Uint8Array.from(MARKS[encoding]), encode(text, encoding)]);
    assert.deepEqual(encodingOf(marked), { encoding, mark: MARKS[encoding].length });
    assert.ok(decodeText(marked) === text, "read otherwise than it was written");
    return;
  }
  const rest = bytes.take(bytes.left);
  const text = attempt(() => decodeText(rest));
  if (text === undefined) return;
  const { encoding, mark } = encodingOf(rest);
  mustBeSame(encode(text, encoding), rest.subarray(mark));
}
