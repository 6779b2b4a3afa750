/** The part of a text that a network does not learn: it is at the end. */

const SEARCHED = 400; // UTF-16 units in which a line or a word may begin

/**
 * Where a piece of it begins, with a line or else a word where one begins soon.
 * @param {string} text
 * @param {number} share that is held back
 * @param {number} length of the piece, characters
 * @returns {number} UTF-16 units; 0 where nothing is held back
 */
export function heldBackFrom(text, share, length) {
  if (!(share > 0)) return 0;
  const from = Math.min(unitsOf(text, 1 - share), Math.max(0, text.length - length));
  const near = text.slice(from, Math.min(from + SEARCHED, text.length - length));
  for (const gap of [/\n+(?=\S)/, /\s+(?=\S)/]) {
    const found = gap.exec(near);
    if (found) return from + found.index + found[0].length;
  }
  return from;
}

/** UTF-16 units that hold a share of the characters, rounded up to a character. @param {string} text @param {number} share */
function unitsOf(text, share) {
  let characters = 0;
  for (let i = 0; i < text.length; i++) characters += isSecondHalf(text, i) ? 0 : 1;
  let left = Math.floor(share * characters);
  let i = 0;
  for (; i < text.length; i++) {
    if (isSecondHalf(text, i)) continue;
    if (left-- === 0) break;
  }
  return i;
}

/** Whether a surrogate pair ends here. @param {string} text @param {number} i */
function isSecondHalf(text, i) {
  const code = text.charCodeAt(i);
  if (code < 0xdc00 || code > 0xdfff || i === 0) return false;
  const before = text.charCodeAt(i - 1);
  return before >= 0xd800 && before <= 0xdbff;
}
