/** The page's words: each language is a folder of the same files, with the same keys and the same holes to fill. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { wordsOf as apartWords } from "../../web/app/apart/study.js";
import { explain } from "../../web/app/settings/explain.js";
import { format } from "../../web/app/shell/format.js";
import { inTokens } from "../../web/app/strings/tokens.js";
import { HIDEABLE, VIEWS } from "../../web/embed/options.js";
import { refusal, wordsOf as demoWords } from "../../web/embed/demo/words.js";
import { describeText } from "../../web/views/score/readout.js";
import { describeFlow } from "../../web/views/figures/flowtold.js";

const STRINGS = new URL("../../web/app/strings/", import.meta.url);
const filesOf = (/** @type {string} */ language) => readdirSync(new URL(language, STRINGS)).sort();
const wordsOf = async (/** @type {string} */ language, /** @type {string} */ file) =>
  (await import(new URL(`${language}/${file}`, STRINGS).href)).default;
/** Those of the page with those of its figures. @param {string} language */
const allWords = async (language) => ({
  ...(await wordsOf(language, "index.js")),
  ...(await wordsOf(language, "figures.js")),
});

/** Keys, and what a template asks for. @param {any} value @returns {any} */
function shape(value) {
  if (typeof value === "string") return [...new Set(value.match(/\{\w+\}/g))].sort().join();
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, shape(value[key])]),
  );
}

/** @param {any} value @returns {string[]} */
const sentences = (value) =>
  typeof value === "string" ? [value] : typeof value === "object" ? Object.values(value).flatMap(sentences) : [];

test("both languages have the same files", () => assert.deepEqual(filesOf("zh"), filesOf("en")));

for (const file of filesOf("en"))
  test(`both languages have the same keys and the same holes to fill in ${file}`, async () => {
    assert.deepEqual(shape(await wordsOf("zh", file)), shape(await wordsOf("en", file)));
  });

test("the dialog's words name all that can be shown or left out", async () => {
  for (const language of ["en", "zh"]) {
    const { parts } = (await wordsOf(language, "share.js")).embed;
    for (const name of [...VIEWS, ...HIDEABLE.filter((each) => each !== "probe")]) assert.ok(parts[name], name);
  }
});

test("a list has the commas of its sentence's language", async () => {
  const error = { code: "unknown-token", details: { tokens: ["q", "z"] }, message: "" };
  const allowed = { kind: "choice", name: "cell", value: "cnn", allowed: ["rnn", "lstm", "gru"] };
  const flow = {
    trace: { cellType: "lstm" },
    norms: { i: 1, f: 2 },
    keep: null,
    keepTen: null,
    history: { steps: [], profiles: [] },
  };
  const told = async (/** @type {"en" | "zh"} */ language) => {
    const strings = await allWords(language);
    return [
      explain(strings, error, format),
      refusal(demoWords(language), /** @type {any} */ (allowed)),
      describeFlow(/** @type {any} */ (flow), Float32Array.of(1, 0.5), strings),
    ].join("\n");
  };
  for (const list of ['"q", "z"', "rnn, lstm or gru", "i 1.00, f 2.00"])
    assert.ok((await told("en")).includes(list), list);
  for (const list of ['"q"、"z"', "rnn、lstm 或 gru", "i 1.00、f 2.00"])
    assert.ok((await told("zh")).includes(list), list);
});

test("the gradient ten back is told of a text that has ten", async () => {
  const flow = {
    trace: { cellType: "rnn" },
    norms: null,
    keep: null,
    keepTen: null,
    history: { steps: [], profiles: [] },
    seqLen: 64,
  };
  for (const [language, ten] of /** @type {const} */ ([
    ["en", "0.25 ten back"],
    ["zh", "往回十个为 0.25"],
  ])) {
    const strings = await allWords(language);
    const told = (/** @type {number} */ lags) =>
      describeFlow(
        /** @type {any} */ (flow),
        Float32Array.from({ length: lags }, () => 0.25),
        strings,
      );
    assert.ok(told(11).includes(ten), told(11));
    assert.doesNotMatch(told(10), /ten back|十个/);
  }
});

test("of a text that is guessed worse than blindly it is said, and why is not", async () => {
  const [T, V] = [8, 30];
  const trace = { loss: new Float32Array(T).fill(5), probabilities: new Float32Array(T * V), ids: new Int32Array(T) };
  const picture = { step: 900, shown: 1, tint: "" };
  for (const [language, worse] of /** @type {const} */ ([
    ["en", "The loss is worse than that of blind guessing."],
    ["zh", "这样的损失比随机猜测还差。"],
  ])) {
    const strings = await allWords(language);
    const told = describeText(/** @type {any} */ ({ ...trace, sizes: { T, V, H: 1 } }), picture, strings.score);
    assert.ok(told.endsWith(worse), told);
  }
});

test("a text that is too short for a study is told of in the page's language, and in tokens where those are learnt", async () => {
  const error = { code: "short-text", details: { needed: 240, have: 96 }, message: "take shorter contexts" };
  for (const [language, told] of /** @type {const} */ ([
    ["en", /takes 240 (character|token)s, and this has 96/],
    ["zh", /需要 240 个(字符|词元)，而它只有 96 个/],
  ])) {
    const strings = await allWords(language);
    const units = [strings, inTokens(strings)].map((words) => told.exec(explain(words, error, format))?.[1]);
    assert.deepEqual(units, language === "en" ? ["character", "token"] : ["字符", "词元"]);
  }
});

test("what the loss is set beside, and its numbers, are of tokens where those are no characters", async () => {
  for (const [language, unit] of /** @type {const} */ ([
    ["en", /letter|character/],
    ["zh", /字母|单字|两字|字符/],
  ])) {
    const { tokenWords, ...words } = await wordsOf(language, "index.js");
    const { chart, numbers, bar, inside } = inTokens({ tokenWords, ...words });
    const { unigram, bigram } = inTokens({ tokenWords, ...(await wordsOf(language, "figures.js")).compare });
    const said = sentences([chart, numbers, bar, inside, unigram, bigram]);
    assert.deepEqual(
      said.filter((each) => unit.test(each)),
      [],
    );
  }
});

test("a unit is called by its number, which begins at 0, not counted by it", async () => {
  for (const file of filesOf("zh")) {
    const counted = sentences(await wordsOf("zh", file)).filter((each) => /第 \{(unit|first)\} 个/.test(each));
    assert.deepEqual(counted, [], file);
  }
});

test("no list of a page is joined by a comma of one language", () => {
  const web = new URL("../../web/", import.meta.url);
  for (const folder of ["app", "embed", "views"])
    for (const file of readdirSync(new URL(folder, web), { recursive: true, encoding: "utf8" })) {
      const path = `${folder}/${file}`;
      if (path.endsWith(".js")) assert.ok(!readFileSync(new URL(path, web), "utf8").includes('join(", ")'), path);
    }
});

test("the figures that take a network apart speak of tokens where those are no characters", async () => {
  for (const [language, unit] of /** @type {const} */ ([
    ["en", /character/i],
    ["zh", /字符/],
  ]))
    for (const carries of [true, false]) {
      const strings = await allWords(language);
      const page = /** @type {any} */ ({ language, carries, strings, tokens: "char", tokenStrings: strings });
      assert.match(apartWords(page).halflife.summary, unit);
      const words = apartWords({ ...page, tokens: "word", tokenStrings: inTokens(strings) });
      assert.deepEqual(
        sentences(words).filter((each) => unit.test(each)),
        [],
      );
    }
});
