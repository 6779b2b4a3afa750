/* Made texts: the same for a seed, true to their rule, and measured at the places that need memory. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { GENERATORS, makeText, placeAccuracy } from "../../web/core/text/generators.js";
import { buildVocabulary, makeTokenizer } from "../../web/core/text/tokens.js";
import { assertRefused } from "./support.js";

const tokensOf = (made) => [...makeTokenizer(made.tokens).split(made.text)];

/** What an oracle sees that gives all its probability to the token that does come, or to another. */
function oracle(made, guess) {
  const tokens = tokensOf(made);
  const vocabulary = buildVocabulary(tokens);
  const V = vocabulary.tokens.length;
  const probabilities = new Float32Array(tokens.length * V);
  tokens.slice(1).forEach((token, t) => {
    probabilities[t * V + vocabulary.id(guess(token, t + 1))] = 1;
  });
  return {
    probabilities,
    ids: Int32Array.from(tokens, (token) => vocabulary.id(token)),
    vocabulary: vocabulary.tokens,
  };
}

test("each made text is the same for a seed, and has the bits it always had", () => {
  const digests = Object.fromEntries(
    Object.keys(GENERATORS).map((name) => [
      name,
      createHash("sha256")
        .update(makeText(name, { lines: 50, seed: 7 }).text)
        .digest("hex")
        .slice(0, 16),
    ]),
  );
  assert.deepEqual(digests, {
    recall: "1fa1764d14de3fff",
    echo: "4fdea02f1eb5f249",
    brackets: "5e6ba0a7dce7b86a",
    anbn: "e1e8be65ad659007",
    numbers: "cb9b7693ffe0a12f",
    quotes: "fd64e2f7d2384ff2",
  });
  for (const name of Object.keys(GENERATORS)) {
    assert.equal(makeText(name, { seed: 3 }).text, makeText(name, { seed: 3 }).text);
    assert.notEqual(makeText(name, { seed: 3 }).text, makeText(name, { seed: 4 }).text, name);
  }
});

test("a letter comes back after as many dots as were asked for", () => {
  const { text, places, memory } = makeText("recall", { lag: 7, lines: 30, letters: 3 });
  assert.equal(memory, 9);
  assert.match(text, /^(([ABC])\.{7}>\2\n){30}$/);
  for (const [place] of places) assert.equal(text[place], text[place - memory]);
  const lags = makeText("recall", { lag: 9, least: 2, lines: 400 })
    .text.split("\n", 400)
    .map((line) => line.length - 3);
  assert.deepEqual([...new Set(lags)].sort(), [2, 3, 4, 5, 6, 7, 8, 9]);
});

test("an echo is the letter of some pairs ago", () => {
  const { text, places, memory } = makeText("echo", { lag: 3, lines: 60, letters: 5 });
  assert.equal(places.length, 57);
  for (const [place] of places) assert.equal(text[place], text[place - memory].toUpperCase());
});

test("every bracket closes the last one that is open, no farther back than the text says", () => {
  const { text, places, memory, choices } = makeText("brackets", { lines: 300, kinds: 3, depth: 3 });
  assert.deepEqual(choices, [")", "]", "}"]);
  const open = [];
  let closed = 0,
    farthest = 0,
    deepest = 0;
  [...text].forEach((sign, at) => {
    if ("([{".includes(sign)) open.push(at);
    deepest = Math.max(deepest, open.length);
    if (!")]}".includes(sign)) return;
    const from = open.pop();
    assert.equal(sign, choices["([{".indexOf(text[from])]);
    assert.equal(places[closed++][0], at);
    farthest = Math.max(farthest, at - from);
  });
  assert.equal(closed, places.length);
  assert.equal(open.length, 0);
  assert.equal(deepest, 3);
  assert.ok(farthest <= memory && farthest > memory / 2, `${farthest} of ${memory}`);
});

test("there are as many b as a, and a line is asked from its second b on to its end", () => {
  const { text, places } = makeText("anbn", { most: 6, lines: 80 });
  const rows = text.trimEnd().split("\n");
  for (const row of rows) assert.match(row, /^(a+)b+$/), assert.equal(row.indexOf("b") * 2, row.length);
  assert.equal(new Set(rows.map((row) => row.length)).size, 6);
  places.forEach((group, line) => {
    assert.equal(group.map((place) => text[place]).join(""), `${"b".repeat(rows[line].length / 2 - 1)}\n`);
  });
});

test("numbers count on in words, over the largest to zero, each a group of its own", () => {
  const made = makeText("numbers", { lines: 10_100, seed: 5 });
  const rows = made.text.trimEnd().split("\n");
  const zero = rows.indexOf("zero");
  assert.equal(rows[zero - 1], "nine thousand nine hundred ninety nine");
  assert.deepEqual(
    [1, 14, 20, 21, 100, 342, 1000, 6018].map((n) => rows[zero + n - (zero + n >= rows.length ? 10_000 : 0)]),
    [
      "one",
      "fourteen",
      "twenty",
      "twenty one",
      "one hundred",
      "three hundred forty two",
      "one thousand",
      "six thousand eighteen",
    ],
  );
  const short = makeText("numbers", { lines: 40, seed: 5 });
  const tokens = tokensOf(short);
  short.places.forEach((group, i) => {
    assert.equal(group.map((place) => tokens[place]).join(""), `${short.text.split("\n")[i + 1]}\n`);
  });
});

test("what is said ends with an exclamation mark, what is told with a full stop", () => {
  const { text, places, memory } = makeText("quotes", { lines: 400 });
  assert.ok(places.length >= 400);
  for (const [place] of places) {
    const quoted = (text.slice(0, place).match(/"/g) ?? []).length % 2 === 1;
    assert.equal(text[place], quoted ? "!" : ".");
    const from = Math.max(
      text.lastIndexOf('"', place),
      text.lastIndexOf("!", place - 1),
      text.lastIndexOf(".", place - 1),
    );
    assert.ok(place - from <= memory + 1, text.slice(from, place + 1));
  }
});

test("accuracy is counted at the places that need memory, among the choices there, and group by group", () => {
  for (const name of Object.keys(GENERATORS)) {
    const made = makeText(name, { lines: 60 });
    assert.equal(
      placeAccuracy(
        oracle(made, (token) => token),
        made,
      ).accuracy,
      1,
      name,
    );
    const first = new Set(made.places.slice(0, 10).map((group) => group[0]));
    const wrong = made.choices ?? ["one"];
    const { accuracy, places } = placeAccuracy(
      oracle(made, (token, t) => (first.has(t) ? wrong.find((other) => other !== token) : token)),
      made,
    );
    assert.equal(accuracy, (places - 10) / places, name);
  }
  const recall = makeText("recall", { lines: 8, lag: 3 });
  const dots = placeAccuracy(
    oracle(recall, () => "."),
    recall,
  ); // no letter is more probable than another: the first counts
  assert.equal(dots.accuracy, recall.text.split("\n").filter((line) => line[0] === "A").length / 8);
  assert.equal(dots.chance, 0.25);
});

test("what cannot be made is refused with what there is", () => {
  assertRefused(
    () => makeText("sonnets"),
    "bad-setting",
    /"sonnets" .* recall, echo, brackets, anbn, numbers, quotes\./,
  );
  assertRefused(() => makeText("recall", { length: 3 }), "bad-setting", /no option "length"; it has lag, .*seed\./);
  assertRefused(
    () => makeText("recall", { lag: 0 }),
    "bad-setting",
    /lag must be a whole number from 1 to 2000, got 0\./,
  );
  assertRefused(() => makeText("echo", { lag: 5, lines: 5 }), "bad-setting", /ends before any .* or a smaller lag\./);
  assert.equal(makeText("echo", { lag: 5, lines: 6 }).places.length, 1);
  assertRefused(() => makeText("numbers", { lines: 1 }), "bad-setting", /"numbers" ends before .*: take more lines\./);
  assertRefused(() => makeText("echo", { seed: 1.5 }), "bad-setting", /seed must be a whole number/);
  assertRefused(() => makeText("recall", { lag: 5, least: 9 }), "bad-setting", /least must be .* 0 to 5, got 9\./);
});
