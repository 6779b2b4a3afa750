import assert from "node:assert/strict";
import { test } from "node:test";
import { Vocabulary, buildVocabulary, compareCodePoints, makeTokenizer } from "../../web/core/index.js";
import { assertRefused } from "./support.js";

const texts = ["plain", "naïve e\u0301", "a\r\nb\n\rc\0d", "👩‍👩‍👧 and 🏳️‍🌈, 𝔘nrolled", "lone \ud800 and \udc00\ud800 halves", "床前明月光，疑是地上霜。", "  spaces\t and -- marks!? "];

for (const kind of ["char", "grapheme", "word"]) {
  test(`a text cut into ${kind}s joins to the same text`, () => {
    for (const text of texts) assert.equal([...makeTokenizer(kind).split(text)].join(""), text);
  });
}

test("characters are code points, and a lone surrogate is one of its own", () => {
  assert.deepEqual([...makeTokenizer("char").split("a😀\ud800b\udc00")], ["a", "😀", "\ud800", "b", "\udc00"]);
});

test("graphemes hold together what is seen as one", () => {
  assert.deepEqual([...makeTokenizer("grapheme").split("e\u0301👩‍👩‍👧\r\n")], ["e\u0301", "👩‍👩‍👧", "\r\n"]);
});

test("spaces and punctuation are words too, in English and in Chinese", () => {
  assert.deepEqual([...makeTokenizer("word").split("It's late, go.")], ["It's", " ", "late", ",", " ", "go", "."]);
  assert.ok([...makeTokenizer("word").split("我们喜欢学习。")].includes("喜欢"));
});

test("the vocabulary is sorted by code point, where UTF-16 order would put 😀 before ｡", () => {
  assert.ok("😀" < "｡");
  assert.deepEqual(buildVocabulary("｡😀ba\ud83dab").tokens, ["a", "b", "\ud83d", "｡", "😀"]);
  assert.ok(compareCodePoints("ab", "a") > 0);
  assert.ok(compareCodePoints("a😀", "a｡") > 0);
  assert.equal(compareCodePoints("a😀", "a😀"), 0);
});

test("ids are positions, and decoding gives the text back", () => {
  const vocabulary = buildVocabulary("hello 😀");
  const ids = vocabulary.encode("hello 😀");
  assert.deepEqual([...ids], [2, 1, 3, 3, 4, 0, 5]);
  assert.equal(vocabulary.decode(ids), "hello 😀");
});

test("unknown tokens are named, or dropped on request", () => {
  const vocabulary = buildVocabulary("abc");
  assertRefused(() => vocabulary.encode("axbyax"), "unknown-token", /"x", "y"/);
  assert.deepEqual([...vocabulary.encode("axbyc", "drop")], [0, 1, 2]);
  assertRefused(() => vocabulary.encode("a", "keep"), "bad-argument", /"throw" or "drop", got "keep"/);
  assertRefused(() => vocabulary.decode([3]), "bad-argument", /0 to 2, got 3 at position 0/);
});

test("a vocabulary is refused when a token is empty, double or no string", () => {
  assertRefused(() => new Vocabulary(["a", "a"]), "bad-text", /"a" twice/);
  assertRefused(() => new Vocabulary(["a", ""]), "bad-text", /token 1 .*not empty/);
  assertRefused(() => new Vocabulary(["a", 5]), "bad-text", /got 5/);
  assertRefused(() => new Vocabulary("ab"), "bad-text", /array of strings, got "ab"/);
});

test("a long text is cut as a short one is", () => {
  for (const kind of ["grapheme", "word"]) {
    const line = "It's 3.14, naïve 👩‍👩‍👧 床前明月光，疑是地上霜。\r\n";
    const want = [...makeTokenizer(kind).split(line)];
    assert.deepEqual([...makeTokenizer(kind).split(line.repeat(2000))], Array.from({ length: 2000 }, () => want).flat());
    const spaced = "It's 3.14, naïve 👩‍👩‍👧 ";
    const words = [...makeTokenizer(kind).split(spaced)];
    assert.deepEqual([...makeTokenizer(kind).split(spaced.repeat(2000))], Array.from({ length: 2000 }, () => words).flat());
    const solid = "😀".repeat(5000);
    assert.equal([...makeTokenizer(kind).split(solid)].join(""), solid);
  }
});

test("a missing segmenter is said, and characters offered", () => {
  const { Segmenter } = Intl;
  try {
    delete Intl.Segmenter;
    assertRefused(() => makeTokenizer("word"), "no-segmenter", /tokens "char" works/);
    assert.equal(makeTokenizer("char").kind, "char");
  } finally {
    Intl.Segmenter = Segmenter;
  }
  assertRefused(() => makeTokenizer("byte"), "bad-setting", /got "byte"/);
});
