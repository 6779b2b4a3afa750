/* Every lesson is what web/lessons/lesson.js says, and has the same words in both languages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSettings, unflatten } from "../../web/core/config.js";
import { makeText } from "../../web/core/text/generators.js";
import { LESSONS } from "../../web/lessons/catalog.js";
import { checkLesson } from "../../web/lessons/check.js";
import { WORDS } from "../../web/app/lessons/words.js";
import { compile, holds } from "../../web/lessons/run/expression.js";
import { namesIn, say, written } from "../../web/lessons/run/sentence.js";
import { assertRefused } from "../node/support.js";

/** Keys and holes of words. */
function shape(value) {
  if (typeof value === "string") return [...new Set(namesIn(value))].sort().join();
  if (Array.isArray(value)) return value.map(shape).join("|");
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, shape(value[key])]),
  );
}

for (const lesson of LESSONS) {
  test(`"${lesson.name}" is whole`, () => {
    checkLesson(lesson);
    for (const { settings, text } of Object.values(lesson.networks)) {
      checkSettings(unflatten(settings));
      const { make, ...options } = text;
      if (make) makeText(make, options);
    }
  });

  test(`"${lesson.name}" says the same in English and in Chinese`, () => {
    assert.deepEqual(shape(lesson.words.zh), shape(lesson.words.en));
    assert.doesNotMatch(JSON.stringify(lesson.words.zh), /[，。：；？！]\s/, "no space after a Chinese mark");
  });
}

test("a lesson that names what is not there is refused by a sentence", () => {
  const [lesson] = LESSONS;
  const refused = (changes, pattern) =>
    assertRefused(() => checkLesson({ ...lesson, ...changes }), "bad-lesson", pattern);
  refused({ lab: "nobody" }, /opens the network "nobody" in the lab/);
  refused({ claims: ["nobody.loss < 1"] }, /speaks of nobody\.loss in "nobody\.loss < 1"/);
  refused({ measures: [{ kind: "mood" }] }, /asks for the measure "mood"; there are accuracy, /);
  refused({ answer: [{ when: "net.words > 0", say: "answer" }] }, /needs an answer that always holds/);
  refused({ figures: [{ kind: "gates", name: "words" }] }, /has no words for the figure "words": "scale" \(en\)/);
  refused({ events: [{ when: "over", say: "applause" }] }, /has no words for the sentence "applause" \(en\)/);
});

test("the player says the same in both languages", () => {
  assert.deepEqual(Object.keys(WORDS.zh), Object.keys(WORDS.en));
  const holes = (words) => Object.values(words).map((text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join());
  assert.deepEqual(holes(WORDS.zh), holes(WORDS.en));
});

test("there are ten lessons, each with a name of its own", () => {
  assert.equal(LESSONS.length, 10);
  assert.equal(new Set(LESSONS.map(({ name }) => name)).size, 10);
});

test("a condition computes as it reads, and with what was not measured it is false", () => {
  const values = new Map([
    ["a.x", 0.5],
    ["b", 2],
  ]);
  const value = (source) => compile(source).value(values);
  assert.equal(value("1 + 2 * 3 - 4 / 2"), 5);
  assert.equal(value("-(a.x + 1) * b"), -3);
  assert.equal(value("1e-3 * 1000"), 1);
  assert.ok(holds("a.x < 0.6 and b >= 2", values));
  assert.ok(holds("a.x > 0.6 or not b = 3", values));
  for (const source of ["c > 0", "c < 0", "c > 0 and b > 0", "a.x + c = 0"]) assert.equal(holds(source, values), false);
  assert.deepEqual(compile("a.x < b + a.x").names, ["a.x", "b"]);
});

test("a condition that cannot be read is refused where it breaks", () => {
  const breaks = { "a >": "its end", "a ? b": "?", "(a": "its end", "a b": "b", and: "and" };
  for (const [source, at] of Object.entries(breaks)) {
    const sentence = `The condition "${source}" cannot be read at "${at}".`;
    assert.throws(() => compile(source), { code: "bad-lesson", message: sentence });
  }
});

test("numbers are written for readers", () => {
  const values = new Map([
    ["n.step", 12345],
    ["n.p", 0.256],
    ["n.tiny", 0.00000042],
  ]);
  assert.equal(
    say("{n.step} at {n.p percent}, {n.p 1}, {n.p}, {n.tiny power}, {n.gone}", values, "en"),
    "12,345 at 26%, 0.3, 0.256, 4·10⁻⁷, {n.gone}",
  );
  assert.equal(written(-0.5, "2", "zh"), "−0.50");
  assert.deepEqual(
    [0, 0.004, 0.005].map((x) => written(x, "percent", "en")),
    ["0%", "<1%", "1%"],
  );
  assert.equal(written(Infinity, undefined, "en"), "∞");
  assert.equal(written(0.25, "power", "en"), "0.25");
});
