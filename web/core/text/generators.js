/**
 * Texts that are written to be learnt: each needs one kind of memory, and says at which places. The loss of all
 * characters hides whether a network has it, for most of them need none; the share of right guesses at those places,
 * beside what is right by chance, shows it.
 *
 * Written by a seeded generator of whole numbers, so a seed means the same text on every machine.
 */
import { isList, isPlain, unknownName } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";

/** @typedef {{ min: number, max: number, default: number, doc: string }} Option a whole number */
/** @typedef {(n: number) => number} Draw a whole number below n */
/**
 * @typedef {object} Written
 * @property {string} text
 * @property {number[][]} places positions of the tokens that need the memory, in groups that are right as a whole
 */
/**
 * @typedef {object} Generator
 * @property {string} doc what it writes, and what it needs memory for
 * @property {"char" | "word"} tokens that it is to be read in
 * @property {Readonly<Record<string, Option>>} options
 * @property {(options: Record<string, number>) => number} memory tokens back that the answer lies, at most
 * @property {(options: Record<string, number>) => number} chance share that is right without memory
 * @property {(options: Record<string, number>) => string[] | null} choices the tokens among which a guess at such a
 *   place is made; null: all
 * @property {(options: Record<string, number>, draw: Draw) => Written} write
 */
/**
 * @typedef {object} MadeText
 * @property {string} name
 * @property {string} text
 * @property {"char" | "word"} tokens
 * @property {Readonly<Record<string, number>>} options all of them, the seed too
 * @property {number} memory
 * @property {number} chance
 * @property {string[] | null} choices
 * @property {number[][]} places
 */

/** Marsaglia's xorshift32. @param {number} seed @returns {Draw} */
function generator(seed) {
  let x = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1; // seeds side by side begin far apart
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

/** @type {(min: number, max: number, value: number, doc: string) => Option} */
const option = (min, max, value, doc) => ({ min, max, default: value, doc });
const lines = (/** @type {number} */ value, doc = "lines") => option(1, 200_000, value, doc);
const letters = (/** @type {number} */ n) => [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].slice(0, n);
const pick = (/** @type {Draw} */ draw, /** @type {readonly string[]} */ list) => list[draw(list.length)];

const PAIRS = ["()", "[]", "{}", "<>"];

/** @type {Generator} */
const recall = {
  doc: "A letter, dots, and the same letter again. To write it, one must have kept it over all the dots.",
  tokens: "char",
  options: {
    lag: option(1, 2000, 40, "dots between the letter and its return, at most"),
    least: option(0, 2000, 0, "dots at least; 0: always as many as the lag says"),
    lines: lines(3000),
    letters: option(2, 26, 4, "different letters"),
  },
  memory: ({ lag }) => lag + 2,
  chance: (options) => 1 / options.letters,
  choices: (options) => letters(options.letters),
  write(options, draw) {
    const kinds = letters(options.letters);
    const spread = whole("least", options.least, 0, options.lag) ? options.lag - options.least + 1 : 1;
    let text = "";
    const places = [];
    for (let line = 0; line < options.lines; line++) {
      const letter = pick(draw, kinds);
      text += `${letter}${".".repeat(options.lag - (spread > 1 ? draw(spread) : 0))}>`;
      places.push([text.length]);
      text += `${letter}\n`;
    }
    return { text, places };
  },
};

/** @type {Generator} */
const echo = {
  doc: "A small letter is drawn, then the one of some pairs ago comes again as a capital. All between must be kept at once, in order.",
  tokens: "char",
  options: {
    lag: option(1, 200, 4, "pairs between a letter and its echo"),
    lines: lines(12_000, "pairs"),
    letters: option(2, 26, 2, "different letters"),
  },
  memory: ({ lag }) => 2 * lag + 1,
  chance: (options) => 1 / options.letters,
  choices: (options) => letters(options.letters),
  write(options, draw) {
    const kinds = letters(options.letters);
    const drawn = [];
    let text = "";
    const places = [];
    for (let pair = 0; pair < options.lines; pair++) {
      const letter = pick(draw, kinds);
      drawn.push(letter);
      text += letter.toLowerCase();
      if (pair >= options.lag) places.push([text.length]);
      text += drawn[pair - options.lag] ?? "-";
    }
    return { text, places };
  },
};

/** @type {Generator} */
const brackets = {
  doc: "Brackets inside brackets, with letters between. To close one, one must know the kind of the last that is still open.",
  tokens: "char",
  options: {
    depth: option(1, 12, 3, "brackets open at once, at most"),
    lines: lines(4000),
    kinds: option(2, 4, 4, "different kinds of brackets"),
    letters: option(1, 40, 4, "letters at a time, at most"),
  },
  memory({ depth, letters: most }) {
    /** @type {(d: number) => number} */
    const long = (d) => 2 + most + (d > 1 ? 2 * (long(d - 1) + most) : 0);
    return long(depth) - 1;
  },
  chance: ({ kinds }) => 1 / kinds,
  choices: ({ kinds }) => PAIRS.slice(0, kinds).map((pair) => pair[1]),
  write(options, draw) {
    const pairs = PAIRS.slice(0, options.kinds);
    let text = "";
    /** @type {number[][]} */
    const places = [];
    const word = () => {
      for (let n = 1 + draw(options.letters); n > 0; n--) text += "abcdefgh"[draw(8)];
    };
    const inside = (/** @type {number} */ depth) => {
      const pair = pick(draw, pairs);
      text += pair[0];
      word();
      for (let n = depth > 1 ? draw(3) : 0; n > 0; n--) {
        inside(depth - 1);
        word();
      }
      places.push([text.length]);
      text += pair[1];
    };
    for (let line = 0; line < options.lines; line++) {
      inside(options.depth);
      text += "\n";
    }
    return { text, places };
  },
};

/** @type {Generator} */
const anbn = {
  doc: "Some a and then as many b. To know when the b end, one must have counted the a. A line is right when none of its b is missing or too many.",
  tokens: "char",
  options: {
    most: option(2, 1000, 12, "a in a line, at most"),
    lines: lines(4000),
  },
  memory: ({ most }) => 2 * most,
  chance: ({ most }) => 1 / most,
  choices: () => ["b", "\n"],
  write({ most, lines: count }, draw) {
    let text = "";
    const places = [];
    for (let line = 0; line < count; line++) {
      const n = 1 + draw(most);
      text += "a".repeat(n);
      // The first b is drawn, not known: an a could follow as well. What follows it is known.
      places.push(Array.from({ length: n }, (_, i) => text.length + i + 1));
      text += `${"b".repeat(n)}\n`;
    }
    return { text, places };
  },
};

const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** @param {number} n below 10,000 @returns {string} */
function inWords(n) {
  if (n >= 1000) return `${SMALL[Math.floor(n / 1000)]} thousand${n % 1000 ? ` ${inWords(n % 1000)}` : ""}`;
  if (n >= 100) return `${SMALL[Math.floor(n / 100)]} hundred${n % 100 ? ` ${inWords(n % 100)}` : ""}`;
  if (n < 20) return SMALL[n];
  return TENS[Math.floor(n / 10) - 2] + (n % 10 ? ` ${SMALL[n % 10]}` : "");
}

/** @type {Generator} */
const numbers = {
  doc: "Numbers in words, each one more than the one before. To write a number, one must know the whole of the last.",
  tokens: "word",
  options: {
    lines: lines(8000, "numbers"),
    most: option(20, 9999, 9999, "the largest; zero follows it"),
  },
  memory: ({ most }) => 2 * inWords(most).split(" ").length,
  chance: () => 0, // no number follows from one word
  choices: () => null,
  write({ lines: count, most }, draw) {
    const first = draw(most + 1);
    let text = "";
    let tokens = 0;
    const places = [];
    for (let line = 0; line < count; line++) {
      const number = inWords((first + line) % (most + 1));
      const long = 2 * number.split(" ").length; // a space or a line feed after each word
      if (line) places.push(Array.from({ length: long }, (_, i) => tokens + i));
      text += `${number}\n`;
      tokens += long;
    }
    return { text, places };
  },
};

const WORDS = ["sun", "sea", "old", "red", "sky", "man", "day", "all"];

/** @type {Generator} */
const quotes = {
  doc: "Sentences, some of them spoken. What is said ends with an exclamation mark, what is told with a full stop: one must know whether a quote is open.",
  tokens: "char",
  options: {
    lines: lines(3000, "sentences, or a few more"),
    spoken: option(1, 20, 3, "sentences said in one quote, at most"),
  },
  memory: () => 12, // three words with their spaces, and the quotation mark itself
  chance: () => 0.5,
  choices: () => [".", "!"],
  write({ lines: count, spoken }, draw) {
    let text = "";
    /** @type {number[][]} */
    const places = [];
    const sentence = (/** @type {string} */ end) => {
      for (let n = 1 + draw(3), i = 0; i < n; i++) text += (i ? " " : "") + pick(draw, WORDS);
      places.push([text.length]);
      text += end;
    };
    for (let line = 0; line < count; ) {
      const run = 1 + draw(spoken);
      const quoted = line > 0 && draw(2) === 0;
      if (quoted) text += '"';
      for (let n = 0; n < run; n++, line++) {
        if (n) text += " ";
        sentence(quoted ? "!" : ".");
      }
      text += `${quoted ? '"' : ""}${draw(4) ? " " : "\n"}`;
    }
    return { text, places };
  },
};

/** What can be written, by name. @type {Readonly<Record<string, Readonly<Generator>>>} */
export const GENERATORS = Object.freeze({ recall, echo, brackets, anbn, numbers, quotes });

const REFUSED = /** @type {const} */ ({ code: "bad-setting" });

/**
 * @param {string} name of GENERATORS
 * @param {Record<string, number>} [options] its own, and `seed`
 * @returns {MadeText}
 */
export function makeText(name, options = {}) {
  const names = Object.keys(GENERATORS);
  if (!names.includes(name))
    throw unknownName("There is no text named", name, names, { ...REFUSED, more: " to be made" });
  const { tokens, options: known, memory, chance, choices, write } = GENERATORS[name];
  if (!isPlain(options))
    throw new UnrolledError("bad-setting", `The text "${name}" takes its options as an object, got ${quote(options)}.`);
  const { seed = 1, ...given } = /** @type {Record<string, number>} */ (options);
  for (const key of Object.keys(given))
    if (!Object.hasOwn(known, key))
      throw unknownName(`The text "${name}" has no option`, key, [...Object.keys(known), "seed"], {
        ...REFUSED,
        have: "it has",
      });
  const all = Object.fromEntries(
    Object.entries(known).map(([key, { min, max, default: usual }]) => [
      key,
      whole(key, given[key] === undefined ? usual : given[key], min, max),
    ]),
  );
  const { text, places } = write(all, generator(whole("seed", seed, 0, 2 ** 32 - 1)));
  if (!places.length)
    throw new UnrolledError(
      "bad-setting",
      `With lines ${all.lines} the text "${name}" ends before any of it needs memory: take more lines${all.lag > 1 ? ", or a smaller lag" : ""}.`,
    );
  return {
    name,
    text,
    tokens,
    options: { ...all, seed },
    memory: memory(all),
    chance: chance(all),
    choices: choices(all),
    places,
  };
}

/** @param {string} key @param {unknown} value @param {number} min @param {number} max @returns {number} */
function whole(key, value, min, max) {
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return Number(value);
  throw new UnrolledError("bad-setting", `${key} must be a whole number from ${min} to ${max}, got ${quote(value)}.`);
}

/**
 * How many of the places that need memory a network guesses right, in a made text that it has just read, or in the first
 * part of it.
 * @param {Pick<import("../inside/trace.js").Trace, "probabilities" | "ids" | "vocabulary">} trace its flow is not asked for
 * @param {Pick<MadeText, "places" | "choices" | "chance">} made
 * @returns {{ accuracy: number, chance: number, places: number }} places: groups of them in what was read
 */
export function placeAccuracy(trace, made) {
  const given = isPlain(trace) && isPlain(made);
  if (!given || ![trace.probabilities, trace.ids, trace.vocabulary, made.places].every(isList))
    throw new UnrolledError("bad-argument", "placeAccuracy takes the trace of a made text, and that text.");
  const { probabilities, ids, vocabulary } = trace,
    { choices, chance } = made;
  const places = made.places.filter((group) => group.every((place) => place < ids.length));
  const V = vocabulary.length;
  const among = choices
    ? choices.map((token) => vocabulary.indexOf(token)).filter((id) => id >= 0)
    : Array.from({ length: V }, (_, id) => id);
  const guess = (/** @type {number} */ place) => {
    const row = (place - 1) * V; // the guess is made when the token before was read
    return among.reduce((best, id) => (probabilities[row + id] > probabilities[row + best] ? id : best), among[0]);
  };
  const right = places.filter((group) => group.every((place) => guess(place) === ids[place])).length;
  return { accuracy: places.length ? right / places.length : 0, chance, places: places.length };
}
