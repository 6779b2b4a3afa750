/** Any string cut into tokens of each kind, and back: nothing lost, nothing empty, the same cuts in pieces as in one. */
import assert from "node:assert/strict";
import {
  buildVocabulary,
  compareCodePoints,
  makeTokenizer,
  UNKNOWN,
  Vocabulary,
} from "../../../web/core/text/tokens.js";
import { attempt, Bytes } from "../js/bytes.js";

const KINDS = /** @type {const} */ (["char", "grapheme", "word"]);
const LONG = 1200; // beyond the longest piece twice
/** Scripts without spaces, whose words a dictionary finds by looking as far as it likes. */
const BY_DICTIONARY =
  /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tale}\p{sc=Talu}\p{sc=Lana}\p{sc=Tavt}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Yiii}\p{sc=Hang}]/u;
const SEGMENTERS = {
  grapheme: new Intl.Segmenter("en", { granularity: "grapheme" }),
  word: new Intl.Segmenter("en", { granularity: "word" }),
};

export const words = [
  "\u0301",
  "\u200d",
  "\u{1f1e9}\u{1f1ea}",
  "\u{1f468}\u200d\u{1f469}",
  "\r\n",
  "don't",
  "生存",
  "\u0e01\u0e33",
  "\ufe0f",
].map((text) => text);
/** Kind, how long, then UTF-16 units. */
export const seeds = () =>
  ["to be, or not to be\n", "🇩🇪🇫🇷", "e\u0301a\u0308", "生存还是毁灭，这是。", "\ud83d\r\n\0"].flatMap((text) =>
    [0, 1, 2].map((kind) =>
      Uint8Array.of(kind, 1, ...new Uint8Array(Uint16Array.from(text, (_, i) => text.charCodeAt(i)).buffer)),
    ),
  );

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const choice = bytes.byte();
  const kind = KINDS[choice % 3];
  const long = bytes.byte() === 0;
  const lowerCase = choice % 5 === 4;
  let text = bytes.units();
  if (!text) return;
  if (long) text = text.repeat(Math.ceil(LONG / text.length));
  const tokens = [...makeTokenizer(kind, { lowerCase }).split(text)];
  const prepared = lowerCase ? text.toLowerCase() : text;
  assert.ok(tokens.join("") === prepared, "the tokens do not join to the text");
  assert.ok(tokens.every((token) => token.length > 0));
  if (kind === "char") assert.equal(tokens.length, [...prepared].length);
  else if (kind === "grapheme" || !BY_DICTIONARY.test(prepared)) {
    let i = 0;
    for (const { segment, index } of SEGMENTERS[kind].segment(prepared))
      if (tokens[i++] !== segment)
        assert.fail(`${kind} ${i} at ${index} is ${JSON.stringify(tokens[i - 1])}, not ${JSON.stringify(segment)}`);
  }
  const vocabulary = buildVocabulary(tokens, { minCount: 1 + (choice >> 6) });
  for (let id = 1; id < vocabulary.size; id++)
    assert.ok(compareCodePoints(vocabulary.tokens[id - 1], vocabulary.tokens[id]) < 0, "not in order");
  const ids = vocabulary.encode(tokens);
  const decoded = vocabulary.decode(ids);
  if (vocabulary.id(UNKNOWN) < 0) assert.ok(decoded === prepared, "decoded otherwise");
  const others = attempt(() => new Vocabulary([...vocabulary.tokens].reverse()));
  assert.equal(others?.size, vocabulary.size);
}
