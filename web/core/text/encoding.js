/**
 * Bytes as a text: UTF-8, or UTF-16 of either order, with a byte order mark, which is no part of the text, or without
 * one. What is no text is refused by the name of what it is, and nothing is guessed that could as well be something else.
 */
import { UnrolledError } from "../errors.js";

/** @typedef {"utf-8" | "utf-16le" | "utf-16be"} Encoding */

/** Bytes from a text's beginning that its encoding is told by. */
export const HEAD = 1 << 16;
/** Shares of a text's characters: control and unassigned ones of a text beyond doubt, and of one at all. */
const FEW = 0.01;
const MANY = 0.1;
/** Of those, so many prove nothing. */
const HANDFUL = 4;
/** Of a UTF-16 text, characters at the least that no 8-bit text would give. */
const SIGNS = 1 / 400;

const PACKED = "is compressed: unpack it first";
const PLAIN = "save it as plain text first";
const SOUND = "is a sound or a film, and no text";
/** How files begin that are no texts. @type {readonly (readonly [bytes: string, what: string, at?: number])[]} */
const BEGINNINGS = [
  ["\x1f\x8b", `${PACKED}, with gzip -d`],
  ["BZh", `${PACKED}, with bzip2 -d`],
  ["\xfd7zXZ\0", `${PACKED}, with xz -d`],
  ["\x28\xb5\x2f\xfd", `${PACKED}, with zstd -d`],
  ["\x04\x22\x4d\x18", `${PACKED}, with lz4 -d`],
  ["\x1f\x9d", `${PACKED}, with uncompress`],
  ["7z\xbc\xaf\x27\x1c", `${PACKED}, with 7z x`],
  ["Rar!\x1a\x07", `${PACKED}, with unrar`],
  ["PK\x03\x04", `is a ZIP archive, as .docx, .odt and .epub are: unpack it, or ${PLAIN}`],
  ["ustar", "is a tar archive: unpack it first", 257],
  ["%PDF-", `is a PDF document: ${PLAIN}`],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", `is a document of an office program: ${PLAIN}`],
  ["{\\rtf", `is a document in rich text: ${PLAIN}`],
  ["\x89PNG\r\n\x1a\n", "is a picture, and no text"],
  ["\xff\xd8\xff", "is a picture, and no text"],
  ["GIF8", "is a picture, and no text"],
  ["RIFF", SOUND],
  ["OggS", SOUND],
  ["ID3", SOUND],
  ["ftyp", SOUND, 4],
  ["SQLite format 3\0", "is a database, and no text"],
  ["\x7fELF", "is a program, and no text"],
  ["\0asm", "is a program, and no text"],
  ['{"', "is a safetensors file, a model and no text", 8],
];

/** @param {string} name @param {string} what */
const refuse = (name, what) => new UnrolledError("bad-text", `${name} ${what}.`, { name });

/** @param {Uint8Array} bytes @param {string} wanted @param {number} at */
function standsAt(bytes, wanted, at) {
  if (bytes.length < at + wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted.charCodeAt(i)) return false;
  return true;
}

/** @param {Uint8Array} bytes @param {Encoding} encoding @param {boolean} cut whether more bytes follow @returns {string | null} */
function decode(bytes, encoding, cut) {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** @param {string} text @param {RegExp} what @returns {number} */
const share = (text, what) => (text.match(what)?.length ?? 0) / Math.max(1, text.length);

/** Share of control characters, and of such as nobody writes. @param {string} text */
const strange = (text) => share(text, /[\p{Cc}\p{Cn}\p{Co}\p{Cs}]/gu) - share(text, /[\t\n\v\f\r]/g);

/** Share of what is in nearly every text, and in a misread 8-bit one never. @param {string} text */
const signs = (text) => share(text, /[\t\n\r -~\u3000-\u303f\uff01-\uff1f]/g);

/**
 * What a text is written in, told by its beginning.
 * @param {Uint8Array} bytes HEAD of them, or all
 * @param {{ name?: string, cut?: boolean }} [options] name: for sentences; cut: whether more bytes follow
 * @returns {{ encoding: Encoding, mark: number }} mark: bytes that are no part of the text
 */
export function encodingOf(bytes, { name = "The text", cut = false } = {}) {
  if (standsAt(bytes, "\xef\xbb\xbf", 0)) return { encoding: "utf-8", mark: 3 };
  if (standsAt(bytes, "\xff\xfe\0\0", 0) || standsAt(bytes, "\0\0\xfe\xff", 0))
    throw refuse(name, "is UTF-32: convert it to UTF-8, for instance with iconv");
  if (standsAt(bytes, "\xff\xfe", 0)) return { encoding: "utf-16le", mark: 2 };
  if (standsAt(bytes, "\xfe\xff", 0)) return { encoding: "utf-16be", mark: 2 };
  const known = BEGINNINGS.find(([beginning, , at = 0]) => standsAt(bytes, beginning, at));
  if (known && strange(decode(bytes, "utf-8", cut) ?? "\0") > 0) throw refuse(name, known[1]);
  if (known?.[1].endsWith(PLAIN)) throw refuse(name, known[1]);
  return { encoding: guess(bytes, name, cut), mark: 0 };
}

/** @param {Uint8Array} bytes @param {string} name @param {boolean} cut @returns {Encoding} */
function guess(bytes, name, cut) {
  const text = decode(bytes, "utf-8", cut),
    odd = text === null ? 1 : strange(text);
  if (odd <= FEW) return "utf-8";
  const [best] = /** @type {Encoding[]} */ (["utf-16le", "utf-16be"])
    .map((encoding) => ({ encoding, text: decode(bytes, encoding, cut) ?? "" }))
    .map(({ encoding, text: read }) => ({ encoding, odd: read ? strange(read) : 1, signs: signs(read) }))
    .filter((read) => read.odd <= FEW && read.signs >= SIGNS)
    .sort((a, b) => b.signs - a.signs);
  if (best) return best.encoding;
  if (text !== null && (odd <= MANY || odd * text.length <= HANDFUL)) return "utf-8";
  if (text !== null || bytes.includes(0)) throw refuse(name, "is a binary file, and no text");
  return "utf-8"; // which it is not: who reads on finds the place
}

/**
 * @param {Uint8Array} bytes
 * @param {{ name?: string, cut?: boolean }} [options] name: for sentences; cut: a last character may be cut off
 * @returns {string} nothing changed, without its byte order mark
 */
export function decodeText(bytes, { name = "The text", cut = false } = {}) {
  const head = bytes.subarray(0, HEAD),
    { encoding, mark } = encodingOf(head, { name, cut: cut || head.length < bytes.length });
  const text = decode(bytes.subarray(mark), encoding, cut);
  if (text !== null) return text;
  if (encoding === "utf-8") throw refuse(name, "is not UTF-8 text: convert it, for instance with iconv");
  throw refuse(
    name,
    `is UTF-${encoding === "utf-16le" ? "16LE" : "16BE"} at its beginning and not throughout: convert it to UTF-8`,
  );
}
