/** The figures that take a network apart, on the page: each asked, and its sentence read, in both languages. */
import assert from "node:assert/strict";
import en from "../../web/app/strings/en/apart.js";
import zh from "../../web/app/strings/zh/apart.js";
import enPage from "../../web/app/strings/en/index.js";
import zhPage from "../../web/app/strings/zh/index.js";
import { axe, stage, waitForStep } from "./harness.js";

const { inPage } = stage();
const SMALL = "v=1&hidden=24&batch=8&seqLen=32&seed=1";

/** What a filled template looks like, whatever its values. @param {string} template */
const like = (template) =>
  new RegExp(
    template
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[\\s\\S]+?"),
    "i",
  );

for (const [lang, words, page] of /** @type {const} */ ([
  ["en", en, enPage],
  ["zh", zh, zhPage],
])) {
  inPage(
    `every figure that takes a network apart says in ${lang} what it found`,
    async (tab) => {
      await waitForStep(tab, 20);
      await tab.getByRole("button", { name: page.bar.pause, exact: true }).click();
      const panel = (/** @type {string} */ name) => tab.locator(`#u-panel-${name}`);
      const show = (/** @type {string} */ name) => tab.locator(`#u-tab-${name}`).click();
      const says = (/** @type {string} */ name, /** @type {string} */ template) =>
        panel(name)
          .locator(".u-numbers", { hasText: like(template) })
          .first()
          .waitFor();
      const press = (/** @type {string} */ name, /** @type {string} */ label) =>
        panel(name).getByRole("button", { name: label, exact: true }).click();

      await show("held");
      await panel("held").getByLabel(words.held.every).check();
      await panel("held").getByRole("combobox", { name: words.held.gate }).selectOption("f");
      await says("held", words.held.whatAll.split("{gate}")[lang === "en" ? 1 : 0].split("{value}")[0]);
      await panel("held").locator(".u-samples pre").nth(1).waitFor();
      const [free, held] = await panel("held").locator(".u-samples pre").allTextContents();
      assert.ok(free.length > 50 && held.length > 50 && free !== held, "without its memory it writes something else");

      await show("costs");
      await press("costs", words.costs.start);
      await says("costs", words.costs.summary);
      await press("costs", words.units.start);
      await panel("costs").locator(".u-units table tbody tr").nth(7).waitFor();
      assert.equal(await panel("costs").locator(".u-units thead th").last().textContent(), words.units.cost);

      await show("passages");
      await press("passages", words.passages.start);
      await says("passages", words.passages.summary);
      assert.equal(await panel("passages").locator("q").count(), 8);
      await says("passages", words.halflife.summary);

      await show("context");
      await press("context", words.context.start);
      await says("context", words.context.summary);

      await show("path");
      await says("path", words.path.summary);
      const before = await panel("path").locator(".u-numbers").textContent();
      await panel("path").getByRole("slider").press("ArrowRight");
      await tab.waitForFunction(
        (text) => document.querySelector("#u-panel-path .u-numbers")?.textContent !== text,
        before,
      );

      await show("difference");
      await says("difference", words.difference.parts);
      assert.deepEqual(await axe(tab), []);
    },
    { hash: `#${SMALL}&lang=${lang}&view=score` },
  );
}

inPage(
  "on a plain RNN there is no gate to remember by, and the figure says so",
  async (tab) => {
    await waitForStep(tab, 5);
    await tab.locator("#u-tab-passages").click();
    await tab.locator("#u-panel-passages .u-halflife .u-numbers", { hasText: en.halflife.noGate }).waitFor();
  },
  { hash: `#${SMALL}&cell=rnn&view=score` },
);
