import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSettings, SETTINGS } from "../../web/core/config.js";
import { gapsOf } from "../../web/app/progress/chartmarks.js";
import { LossHistory } from "../../web/app/progress/history.js";
import { format } from "../../web/app/shell/format.js";
import { keepOffline } from "../../web/app/shell/offline.js";
import { State } from "../../web/app/state.js";
import { whatItIs } from "../../web/app/inside/probetext.js";
import { heldBackPiece } from "../../web/app/text/heldback.js";
import { trainingCount } from "../../web/core/text/corpus.js";
import { makeTokenizer } from "../../web/core/text/tokens.js";
import { TEXT_LIMIT, countCharacters, examine } from "../../web/app/text/texts.js";

test("the history keeps the mean of every bin, and halves its points before they are too many", () => {
  const history = new LossHistory();
  for (let step = 1; step <= 5000; step++) history.add(step, step);
  assert.equal(history.stride, 8);
  assert.ok(history.steps.length <= 1024);
  assert.equal(history.steps[0], 8);
  assert.equal(history.losses[0], 4.5);
  assert.equal(history.steps.at(-1), 5000);
  assert.equal(history.losses.at(-1), 4996.5);
  history.cutAfter(100);
  assert.equal(history.steps.at(-1), 96);
});

test("a text is cut between characters, and lone halves are replaced", async () => {
  const { text, notes } = await examine(`${"x".repeat(TEXT_LIMIT - 1)}🎈`);
  assert.equal(text.length, TEXT_LIMIT - 1);
  assert.deepEqual(notes, [{ name: "cut", count: TEXT_LIMIT }]);
  const mixed = await examine("a\ud83d🎈\r\n\0");
  assert.equal(mixed.text, "a\ufffd🎈\r\n\0");
  assert.deepEqual(mixed.notes, [{ name: "surrogates", count: 1 }, { name: "nul", count: 1 }, { name: "crlf" }]);
  assert.equal(countCharacters(mixed.text), 6);
  assert.equal(countCharacters("a\r\n\0é"), 5);
  assert.equal(countCharacters("a\ud83d"), 2, "half a pair is one");
  await assert.rejects(examine(""), { code: "empty-text" });
  await assert.rejects(examine("🎈"), { code: "one-character" });
  const pairs = "🎈".repeat(200_000);
  assert.deepEqual(await examine(`x${pairs}\udc00`), {
    text: `x${pairs}\ufffd`,
    notes: [{ name: "surrogates", count: 1 }],
  });
});

test("a text of 30 million characters is looked at in parts, between which the page has its turns", async (t) => {
  let clock = 0,
    turns = 0,
    under = true;
  t.mock.method(performance, "now", () => (clock += 25)); // as if each part took 25 ms
  const others = () => under && (turns++, setImmediate(others));
  setImmediate(others);
  const { text, notes } = await examine("to be or not to be\r\n".repeat(1_500_000));
  under = false;
  assert.equal(text.length, TEXT_LIMIT);
  assert.deepEqual(notes, [{ name: "cut", count: TEXT_LIMIT }, { name: "crlf" }]);
  assert.ok(turns >= TEXT_LIMIT / 2 ** 17, `${turns} turns`);
});

test("the state comes back from its own hash, and what a link may not say is refused", async () => {
  const state = new State();
  assert.equal(await state.toHash(), "");
  state.set({ settings: { cell: "gru", clipMode: "none", seed: 7 }, lang: "zh", temperature: "1.2" });
  await state.setOwnText("to be or not to be");
  const again = new State();
  assert.deepEqual(await again.read(await state.toHash()), []);
  assert.deepEqual(again.settings, state.settings);
  assert.deepEqual(again.text, { kind: "inline", text: "to be or not to be" });
  assert.equal(again.lang, "zh");
  assert.equal(again.temperature, 1.2);
  const problems = await again.read("#v=1&theme=pink&temperature=9&hidden=32&text=nowhere");
  assert.deepEqual(problems.map(({ details }) => details.name).sort(), ["temperature", "text", "theme"]);
  assert.equal(again.theme, "auto");
  assert.equal(again.settings.hidden, 32);
  assert.equal(again.textName, "moby-dick");
});

test("a first visit learns faster than the API's default, and a link means that default where it says no rate", async () => {
  const state = new State();
  await state.read("");
  assert.equal(state.settings.learningRate, 4e-3);
  state.set({ settings: { learningRate: 2e-3 } });
  const hash = await state.toHash();
  assert.notEqual(hash, "");
  await state.read(`#${hash}`);
  assert.equal(state.settings.learningRate, 2e-3);
  await state.read("#cell=gru");
  assert.equal(state.settings.learningRate, 2e-3);
  await state.read("#lang=zh");
  assert.equal(state.settings.learningRate, 4e-3);
});

test("a link that names an optimizer and no decay means the decay that the API takes with it", async () => {
  for (const optimizer of SETTINGS.optimizer.values) {
    const [state] = await State.of(`#v=1&optimizer=${optimizer}`);
    assert.equal(state.settings.weightDecay, checkSettings({ optimizer }).weightDecay, optimizer);
    for (const weightDecay of [0, 0.01, 0.5]) {
      state.set({ settings: { optimizer, weightDecay } }); // of a file that is opened, or a reader's
      const [again] = await State.of(await state.toHash());
      assert.deepEqual(again.settings, state.settings, `${optimizer}, ${weightDecay}`);
    }
  }
});

test("a Chinese visitor begins with a Chinese text, and a link means the same text for everybody", async () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { language: "zh-CN" }, configurable: true });
  try {
    const state = new State();
    await state.read("");
    assert.equal(state.textName, "tang");
    assert.equal(await state.toHash(), "", "nothing was changed");
    state.set({ text: { kind: "sample", name: "moby-dick" } });
    const chosen = await state.toHash();
    assert.notEqual(chosen, "");
    await state.read(chosen);
    assert.equal(state.textName, "moby-dick");
    await state.read("#v=1&hidden=64");
    assert.equal(state.textName, "moby-dick");
    await state.read("#text=recall");
    assert.equal(state.textName, "recall");
    await state.read("#lang=en");
    assert.equal(state.textName, "moby-dick");
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else Reflect.deleteProperty(globalThis, "navigator");
  }
});

test("a run stops at its best validation loss unless a link says otherwise", async () => {
  const state = new State();
  assert.equal(state.patience, 6);
  await state.read("#v=1&patience=0");
  assert.equal(state.patience, 0);
  assert.match(await state.toHash(), /patience=0/);
});

test("the gap is what validation is worse than training by then, not than what training was on its way", () => {
  const history = new LossHistory();
  const losses = (/** @type {number} */ step) => 4 - 0.02 * step; // training falls all the while
  for (let step = 1; step <= 100; step++) history.add(step, losses(step));
  for (const [step, loss] of [
    [1, 4],
    [40, 3.25],
    [100, 2.9],
  ])
    history.evaluate({ step, loss, accuracy: 0, tokens: 9 });
  const gaps = gapsOf(history).map(({ validation, training }) => validation - training);
  assert.deepEqual(gaps.slice(0, 1), [4 - losses(1)]);
  assert.equal(gaps[1], 0, "where validation is no worse there is none");
  const late = Array.from({ length: 15 }, (_, i) => losses(86 + i));
  assert.ok(Math.abs(gaps[2] - (2.9 - late.reduce((sum, each) => sum + each) / 15)) < 1e-9, String(gaps[2]));
});

test("numbers are written as Intl writes them in both languages, without its being asked", (t) => {
  const numbers = [0, 1, 12, 999, 1000, 17562.6, 1234567, -1234567.5, 0.5, 1.23456, 2.5, -0.001, 1e15, NaN];
  const written = (/** @type {any} */ options) =>
    ["en", "zh"].map((language) => numbers.map((x) => new Intl.NumberFormat(language, options).format(x)));
  const digits = (/** @type {number} */ n) => ({ minimumFractionDigits: n, maximumFractionDigits: n });
  const intl = [digits(0), digits(3), { style: "percent", ...digits(1) }].map(written);
  const made = t.mock.method(Intl, "NumberFormat");
  const ours = [format.integer, (/** @type {number} */ x) => format.fixed(x, 3), format.percent].map((write) =>
    numbers.map((x) => write(x)),
  );
  assert.deepEqual(
    intl,
    ours.map((all) => [all, all]),
  );
  assert.deepEqual([Infinity, -Infinity, -0].map(format.integer), ["∞", "-∞", "0"]);
  assert.equal(made.mock.callCount(), 0);
});

test("the site is kept for when there is no network once its first pictures are drawn", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const scripts = [];
  const register = (/** @type {URL} */ script) => Promise.resolve(scripts.push(script.pathname));
  const { navigator } = globalThis;
  Object.defineProperty(globalThis, "navigator", { value: { serviceWorker: { register } }, configurable: true });
  let load = () => {};
  Object.assign(globalThis, {
    isSecureContext: true,
    location: { protocol: "https:" },
    addEventListener: (/** @type {string} */ _, /** @type {() => void} */ act) => (load = act),
  });
  t.after(() => {
    for (const name of ["isSecureContext", "location", "addEventListener"])
      delete (/** @type {any} */ (globalThis)[name]);
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  });
  keepOffline(new URL("https://site.example/sw.js"));
  load();
  t.mock.timers.tick(2500);
  assert.deepEqual(scripts, [], "it would be made beside the first pictures");
  t.mock.timers.tick(2500);
  assert.deepEqual(scripts, ["/sw.js"]);
});

/** What is held back of a text. @param {string} text @param {number} validation @param {"char" | "word"} [tokens] */
function heldOf(text, validation, tokens = "char") {
  const count = [...makeTokenizer(tokens).split(text)].length;
  return { settings: { tokens, validation }, validationTokens: count - trainingCount(count, validation) };
}

test("a piece is called held back where the network learns nothing of it", () => {
  const line = "to be or not to be, that is the question\n"; // 41 characters
  const piece = (/** @type {string} */ text, /** @type {number} */ validation) =>
    heldBackPiece(text, heldOf(text, validation), 112);
  assert.deepEqual(piece(line.repeat(100), 0.1), { from: 91 * 41, isHeldBack: true });
  assert.deepEqual(piece(line.repeat(100), 0), { from: 0, isHeldBack: false });
  assert.deepEqual(piece("x".repeat(560), 0.2), { from: 448, isHeldBack: true });
  assert.deepEqual(piece("x".repeat(559), 0.2), { from: 447, isHeldBack: true });
  assert.deepEqual(piece("x".repeat(550), 0.2), { from: 438, isHeldBack: false }, "110 are held back");
  assert.deepEqual(piece("abc", 0.2), { from: 0, isHeldBack: false });
  assert.deepEqual(piece("🎈".repeat(560), 0.2), { from: 2 * 448, isHeldBack: true }, "places are UTF-16 units");
});

test("of a text of words a piece is called held back where none of its words is learnt", () => {
  // Half of the characters are few long words: a tenth of all words is far less than a tenth of the characters.
  const text = `${"supercalifragilistic ".repeat(400)}\n${"a b c d e f g h\n".repeat(500)}`;
  const held = heldOf(text, 0.1, "word");
  const learnt = [...makeTokenizer("word").split(text)].slice(0, -held.validationTokens).join("").length;
  const { from, isHeldBack } = heldBackPiece(text, held, 112);
  assert.ok(isHeldBack && from >= learnt, `${from} of ${learnt}`);
  const few = text.slice(-600);
  const short = heldBackPiece(few, heldOf(few, 0.1, "word"), 112);
  assert.equal(short.isHeldBack, false, "112 characters are more than a tenth of the words");
});

test("the words beside the text that is looked into say whose it is, and whether it is learnt", () => {
  const strings = { probeHint: "held back", probeLearnt: "learnt", probeChosen: "yours" };
  const told = (/** @type {string} */ chosen, /** @type {boolean | null} */ isHeldBack) =>
    whatItIs(chosen, { isHeldBack }, strings);
  assert.deepEqual(
    [told("", true), told("", false), told("my own", true), told("", null)],
    ["held back", "learnt", "yours", ""],
  );
});
