/**
 * A text whose brackets and quotes close 40 to 75 characters after they opened: to close the right one, a network
 * must carry a single fact over everything in between. Written by a seeded grammar:
 *   sentence = opener clause closer " "        opener, closer: ( ) or [ ] or { } or « »
 *   clause   = word { " " word } "."           words of a small fixed lexicon, no brackets inside
 */

const PAIRS = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["«", "»"],
];
const SUBJECTS = ["the old ferryman", "a grey heron", "the miller", "my sister", "one tired lamp", "the north wind"];
const VERBS = ["counts", "remembers", "follows", "waits for", "carries home", "sings to"];
const OBJECTS = ["the slow river", "seven white stones", "the last boat", "a letter", "the rain", "every open door"];
const ENDINGS = [
  "until the bells fall silent",
  "while the town is asleep",
  "and says nothing about it",
  "as it did the year before",
  "before the tide turns",
];

/** Marsaglia's xorshift32. @param {number} seed @returns {(n: number) => number} draws an integer below n */
function generator(seed) {
  let x = seed >>> 0 || 1;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

/**
 * @param {{length?: number, seed?: number}} [options] length: characters, at least
 * @returns {string}
 */
export function bracketText({ length = 60_000, seed = 1 } = {}) {
  const draw = generator(seed);
  const pick = (/** @type {any[]} */ list) => list[draw(list.length)];
  let text = "";
  while (text.length < length) {
    const [open, close] = pick(PAIRS);
    let clause = `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)}`;
    if (draw(2) || clause.length < 40) clause += ` ${pick(ENDINGS)}`;
    text += `${open}${clause}${close}${draw(4) ? " " : "\n"}`;
  }
  return text;
}
