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

/** What a file is that is no text, said after its name. */
const KINDS = {
  packed: "is compressed: unpack it first, with {how}",
  zip: "is a ZIP archive, as .docx, .odt and .epub are: unpack it, or save it as plain text first",
  tar: "is a tar archive: unpack it first",
  pdf: "is a PDF document: save it as plain text first",
  office: "is a document of an office program: save it as plain text first",
  rtf: "is a document in rich text: save it as plain text first",
  picture: "is a picture, and no text",
  sound: "is a sound or a film, and no text",
  database: "is a database, and no text",
  program: "is a program, and no text",
  model: "is a safetensors file, a model and no text",
  binary: "is a binary file, and no text",
  utf32: "is UTF-32: convert it to UTF-8, for instance with iconv",
  other: "is not UTF-8 text: convert it, for instance with iconv",
  half: "is {how} at its beginning and not throughout: convert it to UTF-8",
};
/** @typedef {keyof typeof KINDS} Kind */
/** How such files begin. @type {readonly { bytes: string, kind: Kind, how?: string, at?: number }[]} */
const BEGINNINGS = [
  { bytes: "\x1f\x8b", kind: "packed", how: "gzip -d" },
  { bytes: "BZh", kind: "packed", how: "bzip2 -d" },
  { bytes: "\xfd7zXZ\0", kind: "packed", how: "xz -d" },
  { bytes: "\x28\xb5\x2f\xfd", kind: "packed", how: "zstd -d" },
  { bytes: "\x04\x22\x4d\x18", kind: "packed", how: "lz4 -d" },
  { bytes: "\x1f\x9d", kind: "packed", how: "uncompress" },
  { bytes: "7z\xbc\xaf\x27\x1c", kind: "packed", how: "7z x" },
  { bytes: "Rar!\x1a\x07", kind: "packed", how: "unrar" },
  { bytes: "PK\x03\x04", kind: "zip" },
  { bytes: "ustar", kind: "tar", at: 257 },
  { bytes: "%PDF-", kind: "pdf" },
  { bytes: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kind: "office" },
  { bytes: "{\\rtf", kind: "rtf" },
  { bytes: "\x89PNG\r\n\x1a\n", kind: "picture" },
  { bytes: "\xff\xd8\xff", kind: "picture" },
  { bytes: "GIF8", kind: "picture" },
  { bytes: "RIFF", kind: "sound" },
  { bytes: "OggS", kind: "sound" },
  { bytes: "ID3", kind: "sound" },
  { bytes: "ftyp", kind: "sound", at: 4 },
  { bytes: "SQLite format 3\0", kind: "database" },
  { bytes: "\x7fELF", kind: "program" },
  { bytes: "\0asm", kind: "program" },
  { bytes: '{"', kind: "model", at: 8 },
];
/** They may be all printable, and are no plain text even so. @type {readonly Kind[]} */
const MARKED = ["zip", "pdf", "office", "rtf"];

/** @param {string} name @param {Kind} kind @param {string} [how] */
const refuse = (name, kind, how = "") =>
  new UnrolledError("bad-text", `${name} ${KINDS[kind].replace("{how}", how)}.`, { name, kind, how });

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
  if (standsAt(bytes, "\xff\xfe\0\0", 0) || standsAt(bytes, "\0\0\xfe\xff", 0)) throw refuse(name, "utf32");
  if (standsAt(bytes, "\xff\xfe", 0)) return { encoding: "utf-16le", mark: 2 };
  if (standsAt(bytes, "\xfe\xff", 0)) return { encoding: "utf-16be", mark: 2 };
  const known = BEGINNINGS.find((beginning) => standsAt(bytes, beginning.bytes, beginning.at ?? 0));
  if (known && (MARKED.includes(known.kind) || strange(decode(bytes, "utf-8", cut) ?? "\0") > 0))
    throw refuse(name, known.kind, known.how);
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
  if (text !== null || bytes.includes(0)) throw refuse(name, "binary");
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
  if (encoding === "utf-8") throw refuse(name, "other");
  throw refuse(name, "half", encoding === "utf-16le" ? "UTF-16LE" : "UTF-16BE");
}
