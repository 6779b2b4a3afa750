/** The part of a text that a network does not learn: it is at the end. */
import { makeTokenizer } from "../../core/text/tokens.js";
import { countCharacters, unitsAt } from "./texts.js";

const SEARCHED = 400; // UTF-16 units in which a line or a word may begin

/**
 * @typedef {object} Held what is held back of the text that a network learns
 * @property {{tokens: string, validation: number}} settings
 * @property {number} validationTokens
 */

/**
 * A piece of it, from a line or else a word on where one begins soon; where less is held back than that, the end of the
 * text, and where nothing is, its beginning.
 * @param {string} text
 * @param {Held} held
 * @param {number} length of the piece, characters
 * @returns {{ from: number, isHeldBack: boolean }} from: UTF-16 units; isHeldBack: all of it
 */
export function heldBackPiece(text, { settings: { tokens, validation }, validationTokens }, length) {
  if (!(validation > 0)) return { from: 0, isHeldBack: false };
  const learnt = unitsOf(text, 1 - validation),
    last = Math.max(0, text.length - length);
  if (tokens === "char") {
    const from = lineFrom(text, Math.min(learnt, last), length);
    return { from, isHeldBack: from >= learnt };
  }
  // A share of the words is not the same share of the characters: near the end few enough of them can be counted.
  const from = lineFrom(text, Math.max(Math.min(learnt, last), last - SEARCHED), length);
  const rest = [...makeTokenizer(/** @type {"word"} */ (tokens)).split(text.slice(from))].length;
  return { from, isHeldBack: rest <= validationTokens };
}

/** @param {string} text @param {number} from @param {number} length of the piece */
function lineFrom(text, from, length) {
  const near = text.slice(from, Math.min(from + SEARCHED, text.length - length));
  for (const gap of [/\n+(?=\S)/, /\s+(?=\S)/]) {
    const found = gap.exec(near);
    if (found) return from + found.index + found[0].length;
  }
  return from;
}

/** UTF-16 units that hold a share of the characters, rounded up to a character. @param {string} text @param {number} share */
function unitsOf(text, share) {
  const characters = countCharacters(text);
  const wanted = Math.floor(share * characters);
  if (characters === text.length) return wanted;
  let units = 0;
  for (let count = 0; count < wanted; count++) units += unitsAt(text, units) || 1;
  return units;
}
