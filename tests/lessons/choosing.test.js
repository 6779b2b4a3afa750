import assert from "node:assert/strict";
import { test } from "node:test";
import { first } from "../../web/app/lessons/verdict.js";
import { holds } from "../../web/lessons/run/expression.js";
import { lessonOf, testClaims } from "./support.js";

testClaims("choosing", [
  "gru32.validation < lstm32.validation - 0.1",
  "gru32.validation < rnn32.validation - 0.05",
  "gru2.validation < gru32.validation + 0.06",
  "gru128.validation < gru32.validation + 0.06",
  "gru32.validation < 2.1",
]);

/** A run's losses by cell, of windows of 2, 8, 32 and 128. @param {Record<string, number | number[]>} cells */
const ended = (cells) =>
  new Map([
    ["over", 1],
    ...Object.entries(cells).flatMap(([cell, losses]) =>
      [2, 8, 32, 128].map(
        (n, i) => /** @type {[string, number]} */ ([`${cell}${n}.validation`, [losses].flat()[i] ?? losses]),
      ),
    ),
  ]);

test("the outcome is of all lengths and of every cell", () => {
  const lesson = lessonOf("choosing");
  const is = (/** @type {any} */ cells) => first(lesson.bet.outcome, ended(cells)).is;
  assert.equal(is({ rnn: 1.5, gru: 1.8, lstm: 1.8 }), "cell");
  assert.equal(is({ rnn: 2.1, gru: 1.95, lstm: 2.15 }), "cell");
  assert.equal(is({ rnn: 1.8, gru: 1.8, lstm: 1.8 }), "neither");
  assert.equal(is({ rnn: 2.1, gru: [2.2, 2.2, 1.9, 1.9], lstm: 2.15 }), "neither", "ahead with 32 and 128 alone");
  const falls = [2.4, 2.2, 2.0, 1.9];
  assert.equal(is({ rnn: falls, gru: falls, lstm: falls }), "length");
  assert.equal(is({ rnn: falls, gru: falls.map((loss) => loss - 0.1), lstm: falls }), "both");
});

test("what was seen of a sample text is not said of another on which it is not so", () => {
  const { events, answer, words } = lessonOf("choosing");
  const uneven = ended({ rnn: 1.5, gru: [2.4, 2.2, 2.0, 1.9], lstm: 1.8 });
  for (const name of ["lengths", "cells"]) {
    const { when } = /** @type {any} */ (events.find(({ say }) => say === name));
    assert.equal(holds(when, uneven), false, name);
    assert.equal(holds(when, ended({ rnn: 2.1, gru: 1.95, lstm: 2.15 })), true, name);
  }
  assert.equal(first(answer, uneven).say, "otherwise");
  for (const language of /** @type {const} */ (["en", "zh"]))
    for (const name of ["half", "fast"])
      assert.doesNotMatch(words[language].say[name], /how flat|was not the worse|线有多平|它并不差/);
});
