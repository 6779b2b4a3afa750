/** Tokens as they may be read in a sentence: quoted, or by number and name where by themselves they show nothing. */
import { quote } from "../errors.js";

/** Unicode's names of those that come most often. @type {Readonly<Record<string, string>>} */
const NAMES = {
  "00A0": "no-break space",
  "00AD": "soft hyphen",
  "0300": "combining grave accent",
  "0301": "combining acute accent",
  "0302": "combining circumflex accent",
  "0303": "combining tilde",
  "0304": "combining macron",
  "0306": "combining breve",
  "0307": "combining dot above",
  "0308": "combining diaeresis",
  "030A": "combining ring above",
  "030C": "combining caron",
  "0323": "combining dot below",
  "0327": "combining cedilla",
  "0328": "combining ogonek",
  "200B": "zero width space",
  "200C": "zero width non-joiner",
  "200D": "zero width joiner",
  "200E": "left-to-right mark",
  "200F": "right-to-left mark",
  2028: "line separator",
  2029: "paragraph separator",
  3000: "ideographic space",
  FE0F: "variation selector-16",
  FEFF: "byte order mark",
  FFFD: "replacement character",
};
/** @type {readonly (readonly [RegExp, string])[]} */
const KINDS = [
  [/\p{M}/u, "a combining mark"],
  [/\p{Cc}/u, "a control character"],
  [/\p{Cf}/u, "an invisible sign"],
  [/\p{Cs}/u, "half of a pair"],
  [/\p{Z}/u, "a space"],
  [/./su, "a sign without a name"],
];

/** @param {string} sign one code point */
function nameSign(sign) {
  const code = /** @type {number} */ (sign.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0");
  const [, kind] = /** @type {readonly [RegExp, string]} */ (KINDS.find(([pattern]) => pattern.test(sign)));
  return `U+${code} (${NAMES[code] ?? kind})`;
}

/** @param {string} token @returns {string} "a" in quotes; U+0301 (combining acute accent) */
export function nameToken(token) {
  if (!/^[\p{M}\p{C}\p{Z}\ufffd]+$/u.test(token) || /^[ \t\r\n]+$/.test(token)) return quote(token);
  return [...token].slice(0, 8).map(nameSign).join(" ");
}
