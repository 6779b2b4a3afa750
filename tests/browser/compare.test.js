/** Five ways to read, as a reader compares them: with as many parameters each, in step by characters and by seconds. */
import assert from "node:assert/strict";
import { en } from "../words.js";
import { CELLS } from "../../web/core/cells.js";
import { checkSettings } from "../../web/core/index.js";
import { countParameters, widthFor } from "../../web/core/shapes.js";
import { makeText } from "../../web/core/text/generators.js";
import { buildVocabulary } from "../../web/core/text/tokens.js";
import { stage } from "./harness.js";

const { inPage } = stage();
const words = en.compare;

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */
const HASH = "#v=1&text=brackets&cell=lstm&hidden=12&batch=4&seqLen=32&patience=0&view=compare";
const figure = (/** @type {Page} */ page) => page.locator("#u-panel-compare .u-compare");
const button = (/** @type {Page} */ page, /** @type {string} */ name) =>
  figure(page).getByRole("button", { name, exact: true });
const line = (/** @type {Page} */ page) => figure(page).locator("> figcaption .u-numbers");
const box = (/** @type {Page} */ page, /** @type {keyof typeof CELLS} */ cell) =>
  figure(page).getByRole("checkbox", { name: words.cell[cell], exact: true });

/** The table: by the network's name, its cells by their headings. @param {Page} page */
async function table(page) {
  const rows = await figure(page)
    .locator("table tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  const [heads, ...others] = rows;
  return new Map(
    others.map(([name, ...values]) => [name, Object.fromEntries(values.map((value, i) => [heads[i + 1], value]))]),
  );
}
const numberOf = (/** @type {string} */ text) => Number(text.replaceAll(",", ""));

/** Stops them, and waits until the run above has the cores again. @param {Page} page */
async function stop(page) {
  await button(page, words.pause).click();
  await page.locator(".bar").getByRole("button", { name: en.bar.pause, exact: true }).waitFor();
}

inPage(
  "five networks of as many parameters learn in step, under one cursor, and the run rests",
  async (page) => {
    await button(page, words.start).click();
    await page.locator(".beside", { hasText: en.work.compare }).waitFor();
    assert.equal(await page.getByRole("button", { name: en.bar.start, exact: true }).isDisabled(), true);
    await line(page).filter({ hasText: "nats a character" }).waitFor();
    await stop(page);

    const V = buildVocabulary(makeText("brackets").text).size;
    const base = checkSettings({ cell: "lstm", hidden: 12, batch: 4, seqLen: 32 });
    const wanted = countParameters(base, V);
    const rows = await table(page);
    for (const cell of /** @type {(keyof typeof CELLS)[]} */ (Object.keys(CELLS))) {
      const row = rows.get(words.cell[cell]) ?? assert.fail(`no row for ${cell}`);
      const settings = { ...base, cell };
      const hidden = widthFor(settings, V, wanted);
      assert.equal(numberOf(row[words.width]), hidden, cell);
      assert.equal(numberOf(row[words.parameters]), countParameters({ ...settings, hidden }, V), cell);
      assert.ok(Number(row[words.heldOut]) > 0, `${cell} has lost ${row[words.heldOut]} on what is held back`);
    }
    const read = [...rows.values()].map((row) => row[words.axis.tokens]);
    assert.equal(new Set(read).size, 1, `all have read as much: ${read}`);
    assert.match((await line(page).textContent()) ?? "", /^After [\d,]+ characters each, .+ nats a character/);

    const sliders = figure(page).locator(".u-scores").getByRole("slider");
    assert.equal(await sliders.count(), 5);
    const cursors = await sliders.evaluateAll((all) => all.map((slider) => slider.getAttribute("aria-valuenow")));
    assert.equal(new Set(cursors).size, 1, `one cursor from the start: ${cursors}`);
    const { score } = en.attention;
    const staves = await figure(page).locator(".u-scores .u-figure").allTextContents();
    assert.deepEqual(
      staves.map((text) => text.includes(score.stave.gradient)),
      [false, false, false, false, true],
      "each is named for its own kind",
    );
    await sliders.nth(1).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    for (let i = 0; i < 5; i++) assert.equal(await sliders.nth(i).getAttribute("aria-valuenow"), "1");
  },
  { hash: HASH },
);

inPage(
  "two stay at least; by seconds all have learnt as long, and one that is picked later catches up first",
  async (page) => {
    for (const cell of /** @type {const} */ (["rnn", "gru", "mingru"])) await box(page, cell).uncheck();
    for (const cell of /** @type {const} */ (["lstm", "attention"]))
      assert.equal(await box(page, cell).isDisabled(), true, `${cell} cannot be left out`);
    await figure(page).getByRole("radio", { name: words.by.seconds, exact: true }).check();
    await button(page, words.start).click();
    await line(page).filter({ hasText: "seconds of training each" }).waitFor();
    await stop(page);
    const first = await table(page);
    assert.deepEqual([...first.keys()], [words.cell.lstm, words.cell.attention]);

    await box(page, "gru").check();
    await box(page, "attention").uncheck();
    await figure(page).getByRole("radio", { name: words.by.tokens, exact: true }).check();
    await button(page, words.goOn).click();
    await figure(page).locator("table th", { hasText: words.cell.gru }).waitFor();
    await stop(page);
    const then = await table(page);
    assert.deepEqual([...then.keys()], [words.cell.lstm, words.cell.gru]);
    const read = (/** @type {Awaited<ReturnType<typeof table>>} */ rows, /** @type {"lstm" | "gru"} */ cell) =>
      numberOf(rows.get(words.cell[cell])?.[words.axis.tokens] ?? "");
    assert.ok(read(then, "gru") <= read(then, "lstm"), "the newcomer is not ahead");
    if (read(then, "gru") < read(then, "lstm"))
      assert.equal(read(then, "lstm"), read(first, "lstm"), "and who is ahead waits for it");
    assert.equal(await figure(page).locator(".u-scores").getByRole("slider").count(), 2);
  },
  { hash: HASH },
);
