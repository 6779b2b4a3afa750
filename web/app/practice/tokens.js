/**
 * What a token is: characters, graphemes or words, counted in a table; rare ones left out; stop words, and what a
 * network writes without them.
 */
import { STOP_WORDS } from "../../core/text/stopwords.js";
import { field, makeBench, makeTable, select, trainAside } from "./bench.js";
import { fill, h } from "../shell/dom.js";
import { explain } from "../settings/explain.js";
import { visible } from "../../views/parts/format.js";
import en from "../strings/en/tokens.js";
import zh from "../strings/zh/tokens.js";

const KINDS = ["char", "grapheme", "word"];
const TABLES = 3;
const ROWS = 8; // of each table
/** Distinct tokens from which an embedding is proposed in place of one-hot input. */
const MANY = 500;
const EMBEDDING = 64;
/** The two networks that write with and without stop words. */
const WRITER = {
  tokens: "word",
  cell: "lstm",
  hidden: 128,
  embedding: EMBEDDING,
  batch: 16,
  seqLen: 32,
  learningRate: 4e-3,
  validation: 0.1,
};
const WRITER_EPOCHS = 12;
const WRITTEN = 60; // tokens
const PREVIEW = 500; // characters

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function open(root, app) {
  const strings = { en, zh }[app.language];
  const stop = makeStopWords(app, strings);
  const count = makeCounts(app, strings);
  root.replaceChildren(
    ...strings.body.map((paragraph) => h("p", { class: "prose" }, paragraph)),
    ...count.elements,
    h("h3", {}, strings.stopTitle),
    ...strings.stopBody.map((paragraph) => h("p", { class: "prose" }, paragraph)),
    ...stop.elements,
  );
  return {
    close() {
      count.end();
      stop.end();
    },
  };
}

/** @param {import("../page.js").Page} app @param {typeof en} strings */
function makeCounts(app, strings) {
  const { integer, percent } = app.format;
  const { tokens, lowerCase, minCount } = app.state.settings;
  const wanted = { tokens, lowerCase, minCount };
  const facts = h("p", { class: "num" }),
    hint = h("p", { class: "work" }),
    problem = h("p", { class: "work problem", role: "alert" });
  const tables = Array.from({ length: TABLES }, (_, i) =>
    makeTable(fill(strings.ranks, { from: i * ROWS + 1, to: (i + 1) * ROWS }), strings.heads, { silent: true }),
  );
  const least = h("input", {
    type: "number",
    min: "1",
    step: "1",
    value: String(minCount),
    autocomplete: "off",
    onchange: () => read(),
  });
  const kind = select(KINDS, strings.kinds, tokens, () => read());
  const small = h("input", { type: "checkbox", checked: lowerCase, onchange: () => read() });
  const chars = h(
    "button",
    {
      type: "button",
      hidden: true,
      onclick: () => {
        kind.value = "char";
        read();
      },
    },
    strings.takeChars,
  );
  const take = h("button", { type: "button", onclick: () => learn() }, strings.take);
  let turn = 0,
    distinct = 0,
    width = 0;

  function read() {
    const value = Number(least.value);
    problem.textContent =
      Number.isInteger(value) && value >= 1 && value <= 1e9
        ? ""
        : fill(strings.badCount, { value: least.value.slice(0, 40) });
    if (problem.textContent) return;
    Object.assign(wanted, { tokens: kind.value, lowerCase: small.checked, minCount: value });
    count();
  }

  async function count() {
    const mine = ++turn;
    chars.hidden = true;
    try {
      const link = await app.run.open();
      const found = await link.call(0, "tokenTable", [app.run.text, { ...wanted, most: TABLES * ROWS }]);
      if (mine !== turn) return;
      distinct = found.kept + (found.rare ? 1 : 0);
      width = distinct >= MANY && app.carries ? EMBEDDING : 0; // attention has its own
      facts.textContent = fill(found.rare ? strings.factsRare : strings.facts, {
        total: integer(found.total),
        distinct: integer(found.distinct),
        kept: integer(found.kept),
        rare: integer(found.rare),
        share: percent(found.rare / found.total),
      });
      hint.textContent = width ? fill(strings.many, { distinct: integer(distinct), width }) : "";
      for (const table of tables) table.clear();
      found.rows.forEach((/** @type {any} */ { token, count: times }, /** @type {number} */ i) =>
        tables[Math.floor(i / ROWS)].row([visible(token), integer(times), percent(times / found.total)]),
      );
    } catch (error) {
      if (mine !== turn) return;
      const { code } = /** @type {any} */ (error);
      problem.textContent = code === "no-segmenter" ? strings.noSegmenter : explain(app.strings, error, app.format);
      chars.hidden = code !== "no-segmenter";
    }
  }

  async function learn() {
    problem.textContent = "";
    const refused = (/** @type {Event} */ event) => {
      problem.textContent = /** @type {CustomEvent} */ (event).detail.message;
    };
    app.addEventListener("failed", refused);
    await app.actions.takeSettings({ ...wanted, embedding: width });
    app.removeEventListener("failed", refused);
  }

  const renew = () => count();
  app.run.addEventListener("run", renew);
  if (app.run.text) count();
  return {
    elements: [
      h(
        "div",
        { class: "fields" },
        field(strings.kind, kind),
        field(strings.minCount, least),
        field(strings.lowerCase, small, { tick: true }),
      ),
      facts,
      hint,
      problem,
      h("div", { class: "buttons" }, take, chars),
      h("p", { class: "small" }, strings.caption),
      h("div", { class: "trio" }, ...tables.map(({ element }) => element)),
    ],
    end: () => app.run.removeEventListener("run", renew),
  };
}

/** @param {import("../page.js").Page} app @param {typeof en} strings */
function makeStopWords(app, strings) {
  const { integer } = app.format;
  const sides = ["with", "without"].map((name) => ({
    read: h("blockquote", { class: "quoted" }),
    written: h("blockquote", { class: "quoted" }),
    common: h("p", { class: "small" }),
    element: h("div", { hidden: true }),
    title: h("h4", {}, /** @type {any} */ (strings.sides)[name]),
  }));
  for (const { element, title, read, common, written } of sides)
    element.append(title, read, common, h("h5", {}, strings.writes), written);
  const language = select(
    Object.keys(STOP_WORDS),
    strings.languages,
    /\p{Script=Han}/u.test(app.run.text.slice(0, PREVIEW)) ? "zh" : "en",
    () => {},
  );
  const bench = makeBench(app, strings, async ({ say, signal }) => {
    for (const { read, written, common, element } of sides) {
      for (const place of [read, written, common]) place.textContent = "";
      element.hidden = false;
    }
    const link = await app.run.open();
    const whole = app.run.text;
    const without = await link.call(0, "withoutStopWords", [whole, language.value]);
    signal.throwIfAborted();
    for (const [i, text] of [whole, without.text].entries()) {
      const { rows } = await link.call(0, "tokenTable", [text, { tokens: "word", lowerCase: true }]);
      const words = rows.filter((/** @type {any} */ row) => /\p{L}/u.test(row.token)).slice(0, 8);
      sides[i].read.textContent = text.slice(0, PREVIEW);
      sides[i].common.textContent = fill(strings.common, {
        words: words
          .map((/** @type {any} */ row) => `${row.token} ${integer(row.count)}`)
          .join(app.strings.figure.list),
      });
    }
    for (const [i, text] of [whole, without.text].entries()) {
      await trainAside(app, {
        settings: { ...WRITER, seed: app.state.settings.seed },
        text,
        signal,
        course: (windows) => ({ until: WRITER_EPOCHS * windows, evaluateEvery: windows }),
        tell: ({ step }, windows) =>
          say(
            fill(strings.working, {
              side: sides[i].title.textContent,
              epoch: integer(step / windows),
              epochs: WRITER_EPOCHS,
            }),
          ),
        after: async (client) => {
          const { text: words } = await client.sample({
            length: WRITTEN,
            temperature: 0.7,
            seed: 1,
            probabilities: false,
          });
          sides[i].written.textContent = words;
        },
      });
    }
    say(fill(strings.removed, { removed: integer(without.removed), words: integer(without.words) }));
  });
  return {
    elements: [
      h("div", { class: "fields" }, field(strings.language, language)),
      bench.element,
      h("div", { class: "columns" }, ...sides.map(({ element }) => element)),
    ],
    end: bench.end,
  };
}
