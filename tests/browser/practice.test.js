import assert from "node:assert/strict";
import { test } from "node:test";
import en from "../../web/app/strings/en/index.js";
import document_ from "../../web/app/strings/en/document.js";
import overfitting from "../../web/app/strings/en/overfitting.js";
import schedule from "../../web/app/strings/en/schedule.js";
import tokens from "../../web/app/strings/en/tokens.js";
import { encodeShare } from "../../web/app/share.js";
import { SMALL, axe, stage, turnTo, waitForStep } from "./harness.js";

/** @typedef {import("playwright-core").Page} Page */
const { inPage } = stage();

/** With 6,400 characters to learn and one more, the first model has one window in an epoch. */
const SHORT = `#${await encodeShare({ settings: { hidden: 16, batch: 8, seqLen: 16 }, text: { kind: "inline", text: "the cat sat on a mat and saw the rat run by; ".repeat(180).slice(0, 8100) } })}`;

/**
 * Opens the page, goes down to the section, and opens a tab.
 * @param {string} name
 * @param {keyof typeof en.dock.tabs} tab
 * @param {(page: Page, panel: import("playwright-core").Locator) => Promise<void>} body
 * @param {Parameters<typeof inPage>[2]} [options]
 */
function inPanel(name, tab, body, options) {
  inPage(
    name,
    async (page, { requests }) => {
      await waitForStep(page, 1);
      assert.equal(
        requests.some((url) => /overfitting-|document-|tokens-/.test(url)),
        false,
        "nothing of it is loaded before it is in view",
      );
      await page.locator(".dock-choice").evaluate((choice, value) => {
        /** @type {HTMLSelectElement} */ (choice).value = value;
        choice.dispatchEvent(new Event("change"));
      }, tab);
      const panel = page.locator(`#u-panel-${tab}`);
      await panel.locator("p").first().waitFor();
      await body(page, panel);
    },
    { hash: SMALL, ...options },
  );
}

const field = (/** @type {import("playwright-core").Locator} */ panel, /** @type {string} */ label) =>
  panel.getByLabel(label, { exact: true });
const choice = (/** @type {import("playwright-core").Locator} */ panel, /** @type {string} */ name) =>
  panel.getByRole("combobox", { name });
const button = (/** @type {import("playwright-core").Locator} */ panel, /** @type {string} */ name) =>
  panel.getByRole("button", { name, exact: true });

inPanel("tokens are counted as they are chosen, and learnt above on request", "tokens", async (page, panel) => {
  await panel.getByText("75,656 tokens, 74 different.").waitFor();
  await choice(panel, tokens.kind).selectOption("word");
  await panel.getByText(/^29,\d\d\d tokens, 3,\d\d\d different\.$/).waitFor();
  assert.match(await panel.locator("table").first().innerText(), /␣\s+1\d,\d\d\d/);
  const rows = (await panel.locator("table").allInnerTexts()).join("\n");
  assert.match(rows, /^"\s/m);
  assert.doesNotMatch(rows, /\\/, "a quote stands as it is");
  await field(panel, tokens.minCount).fill("3");
  await field(panel, tokens.minCount).press("Enter");
  await panel.getByText(/become <unk>\.$/).waitFor();
  await panel.getByText(/an embedding of 64 numbers/).waitFor();
  await button(panel, tokens.take).click();
  await page.waitForFunction(
    () => /tokens=word/.test(location.hash) && /minCount=3/.test(location.hash) && /embedding=64/.test(location.hash),
  );
  await waitForStep(page, 1);
  await field(panel, tokens.minCount).fill("100000");
  await field(panel, tokens.minCount).press("Enter");
  await button(panel, tokens.take).click();
  await panel.getByText(en.errors["all-rare"]).waitFor();
  await page.waitForFunction(() => /minCount=3/.test(location.hash)); // the run before goes on, and the address says so
  await field(panel, tokens.minCount).fill("0");
  await field(panel, tokens.minCount).press("Enter");
  await panel.getByText("The least count is a whole number from 1; 0 is not.").waitFor();
});

inPanel(
  "a browser without a segmenter says so and offers characters",
  "tokens",
  async (_page, panel) => {
    await panel.getByText("75,656 tokens").waitFor();
    await choice(panel, tokens.kind).selectOption("word");
    await panel.getByText(tokens.noSegmenter).waitFor();
    await button(panel, tokens.takeChars).click();
    await panel.getByText("75,656 tokens").waitFor();
  },
  {
    prepare: (page) =>
      page.route("**/worker/worker.js", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `delete Intl.Segmenter;${await response.text()}` });
      }),
  },
);

inPanel(
  "the first model tells loss and accuracy of each epoch, as an LSTM and as a GRU",
  "document",
  async (_page, panel) => {
    await button(panel, document_.start).click();
    await panel.getByText(/^Done\./).waitFor();
    const best = [];
    for (const name of ["LSTM", "GRU"]) {
      const rows = await panel
        .getByRole("region", { name: `${name}, per epoch` })
        .locator("tbody tr")
        .allInnerTexts();
      assert.equal(rows.length, 10);
      const losses = rows.map((row) => Number(row.split("\t")[1]));
      assert.ok(losses[9] < losses[0], `losses ${losses}`);
      best.push({ name, loss: Math.min(...rows.map((row) => Number(row.split("\t")[3]))) });
      for (const row of rows) assert.match(row, /^\d+\t\d\.\d{3}\t\d+\.\d%\t\d\.\d{3}\t\d+\.\d%\t\d+\.\d$/);
    }
    const [better, other] = best.sort((a, b) => a.loss - b.loss);
    const told = (await panel.locator(".panels + .prose").textContent()) ?? "";
    assert.ok(
      told.startsWith(
        `The ${better.name} guesses held-back text better: ${better.loss.toFixed(3)} nats against ${other.loss.toFixed(3)} of the ${other.name}`,
      ),
      told,
    );
    assert.equal(await panel.locator(".panels svg .line.validation").count(), 2);
  },
  { hash: SHORT },
);

inPanel("what overfits is drawn as it learns, and can be called off", "overfitting", async (page, panel) => {
  await button(panel, overfitting.start).click();
  await panel.locator(".panels svg").first().waitFor();
  await page.waitForFunction(() =>
    /epoch [3-9]/.test(document.querySelector("#u-panel-overfitting .work")?.textContent ?? ""),
  );
  await button(panel, overfitting.cancel).click();
  await panel.getByText(overfitting.cancelled).waitFor();
  await panel.locator("button:enabled", { hasText: overfitting.start }).waitFor();
  await page.getByRole("button", { name: en.bar.pause, exact: true }).waitFor(); // the run above goes on
});

inPanel(
  "a run stops after the epochs it is given, and remembers them in the address",
  "overfitting",
  async (page, panel) => {
    await page.evaluate((start) => {
      const bar = /** @type {HTMLElement} */ (document.querySelector(".bar"));
      const watch = new MutationObserver(() => {
        if (bar.querySelector(".primary .word")?.textContent !== start) return;
        Object.assign(window, { busyAtTheEnd: bar.ariaBusy });
        watch.disconnect();
      });
      watch.observe(bar, { subtree: true, childList: true, characterData: true });
    }, en.bar.start);
    await field(panel, overfitting.fields.epochs).fill("1");
    await field(panel, overfitting.fields.epochs).press("Enter");
    await page.waitForFunction(() => /epochs=1/.test(location.hash));
    await page.getByRole("button", { name: en.bar.start, exact: true }).waitFor();
    assert.equal(
      await page.evaluate(() => /** @type {any} */ (window).busyAtTheEnd),
      "true",
      "the last step is looked at",
    );
    await page.locator(".bar[aria-busy=false]").waitFor();
    const step = Number((await page.locator("[data-number=step]").textContent())?.replaceAll(",", ""));
    assert.equal(step % 472, 0, `it stopped after step ${step}`); // windows of an epoch: floor(floor((60524-1)/8)/16)
    await field(panel, overfitting.fields.dropout).fill("1");
    await field(panel, overfitting.fields.dropout).press("Enter");
    await panel.getByText(/Dropout is a number from 0 to below 1; 1 is not/).waitFor();
    await choice(panel, overfitting.dropoutKind).selectOption("variational");
    await page.waitForFunction(() => /dropoutKind=variational/.test(location.hash));
  },
);

inPanel("a schedule is drawn before it runs, and the run follows it", "schedule", async (page, panel) => {
  await choice(panel, schedule.kind).selectOption("cosine");
  await field(panel, schedule.fields.warmup).fill("20000");
  await panel.getByText(/must be shorter than the whole schedule/).waitFor();
  assert.equal(await button(panel, schedule.take).isDisabled(), true);
  await field(panel, schedule.fields.warmup).fill("900000000");
  await field(panel, schedule.fields.totalSteps).fill("1000000000");
  await panel.getByRole("img", { name: /^cosine: the learning rate goes from 2\.22e-12 to 0\.0002/ }).waitFor();
  await button(panel, schedule.take).click();
  await page.waitForFunction(() => /schedule=cosine/.test(location.hash));
  await panel.getByText(/The run’s last update, step [\d,]+, used \d(\.\d+)?e-(8|9|1\d)\./).waitFor();
});

inPanel(
  "axe finds nothing in the panels, light and wide or dark and narrow, and nothing is wider than the page",
  "tokens",
  async (page) => {
    for (const tab of /** @type {const} */ (["tokens", "document", "overfitting", "schedule"])) {
      await page.locator(".dock-choice").evaluate((choice, value) => {
        /** @type {HTMLSelectElement} */ (choice).value = value;
        choice.dispatchEvent(new Event("change"));
      }, tab);
      await page.locator(`#u-panel-${tab} p`).first().waitFor();
      for (const [colorScheme, width] of /** @type {const} */ ([
        ["light", 1440],
        ["dark", 390],
      ])) {
        await turnTo(page, { colorScheme, viewport: { width, height: 844 } });
        assert.deepEqual(await axe(page, "#inside"), [], `${tab}, ${colorScheme}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(wider, false, `${tab}, ${width} pixels`);
      }
    }
  },
);

inPanel("tabs are moved between by the arrow keys", "tokens", async (page) => {
  await page.getByRole("tab", { name: en.dock.tabs.tokens }).press("ArrowLeft");
  await page.locator("#u-panel-document .notes").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "u-tab-document");
  assert.equal(await page.locator("#u-panel-tokens").isHidden(), true);
});

test("the panels' words are there in both languages, with the same holes to fill", async () => {
  const shape = (/** @type {any} */ value) => {
    if (typeof value === "string") return [...new Set(value.match(/\{\w+\}/g))].sort().join();
    if (Array.isArray(value)) return value.map(shape);
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, shape(value[key])]),
    );
  };
  for (const name of ["document", "overfitting", "schedule", "tokens"]) {
    const [a, b] = await Promise.all(
      ["en", "zh"].map((language) => import(`../../web/app/strings/${language}/${name}.js`)),
    );
    assert.deepEqual(shape(b.default), shape(a.default), name);
  }
});
