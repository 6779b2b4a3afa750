/** What a comparison of several kinds of network rests on: widths of as many parameters, and what is said of the outcome. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { en as english, zh as chinese } from "../words.js";
import { CELLS } from "../../web/core/cells.js";
import { Trainer, checkSettings, loadCore } from "../../web/core/index.js";
import { countParameters, widthFor } from "../../web/core/shapes.js";
import { HEIGHT, paintLosses } from "../../web/views/compare/charts.js";
import { contextText, rowsOf, tellOutcome } from "../../web/views/compare/numbers.js";
import { extentOf, lossAt, outcomeOf, usedContext } from "../../web/views/compare/outcome.js";
import { Course } from "../../web/views/compare/course.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { SvgPen } from "../../web/views/parts/svg.js";

const TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(40);
const [en, zh] = [english.compare, chinese.compare];
const core = await loadCore();

test("the parameters that are counted are those that a trainer has", () => {
  for (const cell of Object.keys(CELLS))
    for (const more of [{}, { gruReset: "after" }, { layers: 2, embedding: 7 }]) {
      const trainer = new Trainer(core, { cell, hidden: 12, batch: 2, seqLen: 8, text: TEXT, ...more });
      assert.equal(countParameters(trainer.settings, trainer.vocabulary.length), trainer.parameterCount, cell);
      trainer.dispose();
    }
});

test("the width for so many parameters is the nearest there is, of attention among the multiples of its heads", () => {
  const V = 60;
  for (const cell of Object.keys(CELLS)) {
    const settings = checkSettings({ cell, hidden: 8, heads: 4 });
    for (const wanted of [3000, 20_000, 200_000]) {
      const hidden = widthFor(settings, V, wanted);
      const each = cell === "attention" ? 4 : 1;
      const off = (n) => Math.abs(countParameters({ ...settings, hidden: n }, V) - wanted);
      assert.equal(hidden % each, 0, cell);
      for (const other of [hidden - each, hidden + each].filter((n) => n > 0))
        assert.ok(off(hidden) <= off(other), `${cell} of ${wanted}: ${hidden}, not ${other}`);
      assert.ok(off(hidden) < 0.2 * wanted, `${cell} of ${wanted} is off by ${off(hidden)}`);
    }
  }
  const own = checkSettings({ hidden: 77 });
  assert.equal(widthFor(own, V, countParameters(own, V)), 77);
  assert.equal(widthFor(own, V, 1), 1);
});

test("a course keeps its points few, each the mean of as many updates", () => {
  const course = new Course();
  for (let i = 1; i <= 1600; i++) course.add([i, i], { tokens: 2 * i, seconds: i / 10 });
  const { points } = course;
  assert.ok(points.length < 400, `${points.length} points`);
  const last = points[points.length - 1];
  const each = last.tokens - points[points.length - 2].tokens;
  assert.equal(last.loss, last.tokens / 2 - (each / 2 - 1) / 2);
  assert.equal(last.seconds, last.tokens / 20);
});

/** A network that was measured after so many tokens. @param {any} more */
const model = ({ cell, measured, ...more }) => ({
  cell,
  hidden: 10,
  parameters: 1234,
  tokens: measured.at(-1)?.tokens ?? 0,
  seconds: measured.at(-1)?.seconds ?? 0,
  course: { points: [] },
  measured,
  trace: null,
  use: null,
  broken: false,
  ...more,
});
const point = (tokens, seconds, loss) => ({ tokens, seconds, loss, accuracy: 0.5 });
const uses = (n) => ({
  kept: [1, 5, 20],
  dropped: Float32Array.of(3, n >= 5 ? 2 : 3, n >= 20 ? 1 : 2),
  shuffled: new Float32Array(3),
  whole: n >= 20 ? 1 : 2,
  positions: 9,
});
const models = [
  model({ cell: "rnn", measured: [point(0, 0, 4), point(100, 1, 3), point(200, 2, 2.5)], use: uses(5) }),
  model({ cell: "mingru", measured: [point(0, 0, 4), point(1000, 1, 2), point(2000, 2, 1)], use: uses(20) }),
];

test("no line goes through the names of the curves: they stand on paper, over the rules of simpler guessers", () => {
  const pen = new SvgPen();
  const baselines = { uniform: 4, unigram: 3.6, bigram: 3.3 };
  const drawn = models.map((each) => ({ ...each, course: { points: each.measured } }));
  const place = { width: 520, height: HEIGHT, strings: english.compare, palette: makePalette(false), fixed: false };
  paintLosses(pen, /** @type {any} */ ({ models: drawn, baselines, by: "tokens" }), place);
  const svg = pen.document(520, HEIGHT, "t");
  const last = svg.lastIndexOf("<path");
  for (const { cell } of drawn) {
    const name = svg.indexOf(`>${english.compare.cell[cell]}<`);
    assert.ok(name > last, `${cell} at ${name}, the last line at ${last}`);
    assert.match(svg.slice(svg.lastIndexOf("<rect", name), name), /opacity/, "on paper");
  }
});

test("a loss is told between two measures, and not beyond them", () => {
  const { measured } = models[0];
  assert.equal(lossAt(measured, "tokens", 50), 3.5);
  assert.equal(lossAt(measured, "seconds", 1), 3);
  assert.equal(lossAt(measured, "tokens", 201), null);
  assert.equal(lossAt(measured.slice(1), "tokens", 99), null);
});

test("who is best is told where all have come, by tokens and by seconds", () => {
  assert.equal(extentOf(models, "tokens"), 200);
  const byTokens = outcomeOf(models, "tokens");
  assert.deepEqual([byTokens.at, byTokens.best], [200, ["rnn"]]);
  assert.deepEqual(
    byTokens.ranked.map(({ loss }) => loss),
    [2.5, 3.6],
  );
  const bySeconds = outcomeOf(models, "seconds");
  assert.deepEqual([bySeconds.at, bySeconds.best, bySeconds.ranked[0].loss], [2, ["mingru"], 1]);
  assert.equal(outcomeOf(models.slice(0, 1), "tokens"), null, "one alone");
  assert.equal(
    outcomeOf([models[0], model({ cell: "gru", measured: [point(0, 0, 4)] })], "tokens"),
    null,
    "at nothing",
  );
});

test("the sentence says the outcome in both languages, and who uses the most context", () => {
  assert.equal(
    tellOutcome(models, "tokens", en),
    "after 200 characters each, the text held back is guessed best by RNN (tanh), at 2.50 nats a character, and worst by minGRU, at 3.60; the most context is used by minGRU: 20 characters.",
  );
  assert.equal(
    tellOutcome(models, "seconds", zh),
    "各训练 2.0 秒之后，留出的文本猜得最好的是 minGRU，每个字符 1.00 nat；最差的是 RNN（tanh），2.50 nat；用到上文最多的是 minGRU，20 个字符。",
  );
  const even = ["lstm", "gru", "rnn"].map((cell, i) =>
    model({ cell, measured: [point(0, 0, 4), point(100, 1, 2 + i / 200)] }),
  );
  assert.equal(
    tellOutcome(even, "tokens", en),
    "after 100 characters each, LSTM, GRU and RNN (tanh) guess the text held back alike, at about 2.00 nats a character.",
  );
});

test("a row stands where its numbers were measured, as the sentence does, however far the network has come since", () => {
  const ahead = models.map((each) => ({ ...each, tokens: each.tokens + 50, seconds: each.seconds + 1 }));
  const [heads, row, other] = rowsOf(ahead, en).map((cells) => cells.map(({ text }) => text));
  const columns = [en.axis.tokens, en.axis.seconds, en.heldOut].map((name) => heads.indexOf(name));
  assert.deepEqual(
    columns.map((i) => row[i]),
    ["200", "2.0", "2.500"],
  );
  assert.deepEqual(
    columns.map((i) => other[i]),
    ["2,000", "2.0", "1.000"],
  );
  assert.match(tellOutcome(ahead, "tokens", en), /^after 200 characters each/);
});

test("one that broke has no rank, and a row that says so", () => {
  const broken = model({ cell: "gru", measured: [point(0, 0, 4)], broken: true });
  assert.deepEqual(outcomeOf([...models, broken], "tokens").ranked.length, 2);
  const [heads, , , row] = rowsOf([...models, broken], en).map((cells) => cells.map(({ text }) => text));
  assert.equal(row[heads.indexOf(en.heldOut)], en.broken);
  assert.equal(row[heads.indexOf(en.parameters)], "1,234");
});

test("the context that is used is where more no longer helps, and beyond what was measured where nothing was enough", () => {
  assert.deepEqual(usedContext(uses(5)), { length: 5, most: 20 });
  assert.equal(usedContext({ ...uses(20), dropped: Float32Array.of(3, 1.01, 1) }).length, 5);
  assert.equal(usedContext({ ...uses(20), dropped: Float32Array.of(1, 2, 1) }).length, 20, "a lucky short one");
  const beyond = { ...uses(20), whole: 0.5 };
  assert.equal(usedContext(beyond).length, Infinity);
  assert.equal(contextText(beyond, en), "more than 20");
  const [one, other] = models;
  const told = tellOutcome([one, { ...other, use: beyond }], "tokens", en);
  assert.match(told, /and worst by minGRU, at 3\.60\.$/, "nobody is said to use the most");
});
