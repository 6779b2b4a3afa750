import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Trainer,
  UNKNOWN,
  Vocabulary,
  buildVocabulary,
  compareCodePoints,
  countTokens,
  makeTokenizer,
} from "../../web/core/index.js";
import { assertRefused, assertSameBits, core, makeTrainer, prose } from "./support.js";

const texts = [
  "plain",
  "naïve e\u0301",
  "a\r\nb\n\rc\0d",
  "👩‍👩‍👧 and 🏳️‍🌈, 𝔘nrolled",
  "lone \ud800 and \udc00\ud800 halves",
  "床前明月光，疑是地上霜。",
  "  spaces\t and -- marks!? ",
];

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
    assert.deepEqual(
      [...makeTokenizer(kind).split(line.repeat(2000))],
      Array.from({ length: 2000 }, () => want).flat(),
    );
    const spaced = "It's 3.14, naïve 👩‍👩‍👧 ";
    const words = [...makeTokenizer(kind).split(spaced)];
    assert.deepEqual(
      [...makeTokenizer(kind).split(spaced.repeat(2000))],
      Array.from({ length: 2000 }, () => words).flat(),
    );
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

test("a long text is cut where one piece of it would be", () => {
  const chinese = "床前明月光，疑是地上霜。举头望明月，低头思故乡。学习深度神经网络需要耐心！";
  const sources = [
    prose(900),
    `${prose(300)}\r\n\r\ne\u0301 can't 3.14 (a.b)  \t${prose(300)}👩‍👩‍👧 🏳️‍🌈 a \u0301b`,
    chinese.repeat(20),
    "x".repeat(700),
    `${chinese}abc ${chinese} 1,000 `.repeat(9),
    "🇩🇪🇫🇷🇬🇧".repeat(2000),
    `x${"🇩🇪🇫🇷🇬🇧".repeat(400)}`,
    `a${"\u0301\u200d".repeat(3000)}b`,
    "👩‍👩‍👧🏳️‍🌈👍🏽".repeat(300),
    "can't.a.b_c:d·e".repeat(500),
    "床前明月光疑是地上霜举头望明月低头思故乡".repeat(60),
    "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน".repeat(60),
  ];
  for (const granularity of ["word", "grapheme"]) {
    const whole = new Intl.Segmenter("en", { granularity });
    for (const text of sources)
      assert.deepEqual(
        [...makeTokenizer(granularity).split(text)],
        Array.from(whole.segment(text), ({ segment }) => segment),
      );
  }
});

test("an unknown sign that shows nothing by itself is named by its number and its name", (t) => {
  const trainer = makeTrainer(t);
  for (const [sign, name] of [
    ["\u0301", "U\\+0301 \\(combining acute accent\\)"],
    ["\u20dd", "U\\+20DD \\(a combining mark\\)"],
    ["\u200b", "U\\+200B \\(zero width space\\)"],
    ["\u2060", "U\\+2060 \\(an invisible sign\\)"],
    ["\u{e0101}", "U\\+E0101 \\(a combining mark\\)"],
    ["\ud800", "U\\+D800 \\(half of a pair\\)"],
    ["\u0000", "U\\+0000 \\(a control character\\)"],
    ["\n", '"\\\\n"'],
    ["λ", '"λ"'],
  ])
    assertRefused(() => trainer.encode(`the${sign}`), "unknown-token", new RegExp(`does not know ${name}: it was not`));
});

test("6,000 flags in a row are 3 tokens, and are learnt as such", (t) => {
  const text = "🇩🇪🇫🇷🇬🇧".repeat(2000);
  const trainer = makeTrainer(t, { text, tokens: "grapheme", hidden: 4 });
  assert.deepEqual(trainer.vocabulary, ["🇩🇪", "🇫🇷", "🇬🇧"]);
  assert.equal(trainer.trainingTokens + trainer.validationTokens, 6000);
  assert.equal(trainer.decode(trainer.encode(text)), text);
});

test("lower-casing makes one token of Whale and whale, and a prompt is read the same way", (t) => {
  const split = (text, kind) => [...makeTokenizer(kind, { lowerCase: true }).split(text)];
  assert.deepEqual(split("Whale, WHALE!", "word"), ["whale", ",", " ", "whale", "!"]);
  assert.equal(split("\u0130Ab", "char").length, 4);
  const trainer = makeTrainer(t, { text: prose(3000).toUpperCase(), lowerCase: true });
  assert.ok(trainer.vocabulary.every((token) => token === token.toLowerCase()));
  assert.deepEqual(trainer.encode("The"), trainer.encode("tHE"));
});

test("tokens are counted, and rare ones become <unk>", () => {
  assert.deepEqual(
    [...countTokens("abcab")],
    [
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ],
  );
  const vocabulary = buildVocabulary("abcabd", { minCount: 2 });
  assert.deepEqual(vocabulary.tokens, [UNKNOWN, "a", "b"]);
  assert.deepEqual([...vocabulary.encode("acdbx")], [1, 0, 0, 2, 0]);
  assert.equal(vocabulary.id("c"), -1);
  assert.deepEqual(buildVocabulary("aabb", { minCount: 2 }).tokens, ["a", "b"]);
});

test("a network of words reads new words as <unk>, writes text that joins, and is saved with its vocabulary", (t) => {
  const text = prose(6000, "the cat sat on a mat and saw the rat run by; then it was gone, once. ").replace(
    "mat",
    "zebra",
  );
  const trainer = makeTrainer(t, { text, tokens: "word", minCount: 2, batch: 4, seqLen: 10, embedding: 8 });
  assert.ok(trainer.vocabulary.includes(UNKNOWN) && !trainer.vocabulary.includes("zebra"));
  trainer.step(30);
  assert.equal(trainer.decode(trainer.encode("the cat zebra")), `the cat ${UNKNOWN}`);
  assert.equal(trainer.probe("the aardvark").tokens.join(""), `the ${UNKNOWN}`);
  const loaded = Trainer.load(core, trainer.save(), { text });
  t.after(() => loaded.dispose());
  assert.deepEqual(loaded.vocabulary, trainer.vocabulary);
  loaded.step(5);
  trainer.step(5);
  assertSameBits(loaded.parameters(), trainer.parameters());
});

test("nothing but <unk>, and one word over and over, are each refused by a sentence", () => {
  const make = (settings) => () => new Trainer(core, { hidden: 4, batch: 1, seqLen: 4, ...settings });
  assertRefused(make({ text: prose(500), minCount: 1000 }), "bad-text", /only <unk> is left/);
  assertRefused(make({ text: "霜".repeat(50), tokens: "grapheme" }), "bad-text", /there is only "霜"/);
  assertRefused(
    make({ text: "word word word word", tokens: "word", validation: 0.9 }),
    "too-few-tokens",
    /needs a text of \d+ tokens, and this one has 7/,
  );
});

test("a network takes tokens for a text as they are: nothing is joined and cut anew", (t) => {
  const trainer = makeTrainer(t, { tokens: "word", minCount: 60 });
  const tokens = ["the", "the", " ", "<unk>"];
  const ids = tokens.map((token) => trainer.vocabulary.indexOf(token));
  assert.ok(!ids.includes(-1), `${ids}`);
  assert.deepEqual([...trainer.encode(tokens)], ids);
  assert.deepEqual(trainer.probe(tokens).tokens, tokens);
  assert.notDeepEqual(trainer.probe(tokens.join(""), { unknown: "drop" }).tokens, tokens);
  assertRefused(() => trainer.encode(["the", 3]), "bad-argument", /^The text must be a string, got an array of 2\.$/);
});
