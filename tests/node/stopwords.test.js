import assert from "node:assert/strict";
import { test } from "node:test";
import * as stopword from "stopword";
import { loadStopWords, removeStopWords, tokenTable } from "../../web/core/index.js";

test("the lists are those of npm's stopword", async () => {
  assert.deepEqual(await loadStopWords("en"), new Set(stopword.eng));
  assert.deepEqual(await loadStopWords("zh"), new Set(stopword.zho));
});

test("stop words go with the space after them, whatever their capitals", async () => {
  const english = await loadStopWords("en");
  assert.deepEqual(removeStopWords("The whale and THE sea, it is deep.", english), {
    text: "whale sea, deep.",
    words: 8,
    removed: 5,
  });
  assert.equal(removeStopWords("sea,  the  sea", english).text, "sea,  sea");
  const chinese = removeStopWords("鲸鱼和大海。", await loadStopWords("zh"));
  assert.deepEqual(chinese, { text: "鲸鱼大海。", words: 3, removed: 1 });
});

test("a text of nothing but stop words, and a language without a list, are each refused by a sentence", async () => {
  const english = await loadStopWords("en");
  assert.throws(() => removeStopWords("and the and the", english), {
    code: "bad-text",
    message: /Every word of this text is a stop word/,
  });
  assert.equal(removeStopWords("... 。", english).text, "... 。");
  await assert.rejects(loadStopWords("toString"), {
    code: "bad-argument",
    message: /"en" and "zh", not of "toString"/,
  });
});

test("the table counts tokens, the most frequent first, and what falls below minCount", async () => {
  const table = await tokenTable("b a b c A b a", { tokens: "word", lowerCase: true, minCount: 2 });
  assert.deepEqual(table, {
    total: 13,
    distinct: 4,
    kept: 3,
    rare: 1,
    rows: [
      { token: " ", count: 6 },
      { token: "a", count: 3 },
      { token: "b", count: 3 },
    ],
    stopWords: null,
  });
  const { rows, stopWords } = await tokenTable("The whale and the sea", {
    tokens: "word",
    lowerCase: true,
    stopWords: "en",
    most: 2,
  });
  assert.deepEqual(stopWords, { words: 5, removed: 3 });
  assert.deepEqual(rows, [
    { token: " ", count: 1 },
    { token: "sea", count: 1 },
  ]);
  await assert.rejects(tokenTable("text", { minCount: 0 }), { code: "bad-setting" });
});
