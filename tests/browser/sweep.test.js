import assert from "node:assert/strict";
import { test } from "node:test";
import { loadCore } from "../../web/core/index.js";
import { runTrial } from "../../web/core/train/trial.js";
import enFill from "../../web/app/strings/en/fill.js";
import enSweep from "../../web/app/strings/en/sweep.js";
import en from "../../web/app/strings/en/index.js";
import zhFill from "../../web/app/strings/zh/fill.js";
import zhSweep from "../../web/app/strings/zh/sweep.js";
import { makeText } from "../../web/core/text/generators.js";
import { stage } from "./harness.js";

const { inPage } = stage();

const HASH = "#v=1&text=brackets&cell=rnn&hidden=8&batch=4&seqLen=16&patience=0";
const SETTINGS = { cell: /** @type {const} */ ("rnn"), hidden: 8, batch: 4, seqLen: 16 };

/**
 * Opens a panel and holds the page to what is always true.
 * @param {string} name
 * @param {string} panel
 * @param {(root: import("playwright-core").Locator, page: import("playwright-core").Page) => Promise<void>} body
 * @param {Parameters<typeof inPage>[2]} [options]
 */
function inPanel(name, panel, body, options) {
  inPage(
    name,
    async (page) => {
      await page.locator("[data-number=step]").waitFor();
      await page.locator(".dock-choice").evaluate((choice, value) => {
        /** @type {HTMLSelectElement} */ (choice).value = value;
        choice.dispatchEvent(new Event("change"));
      }, panel);
      const root = page.locator(`#u-panel-${panel}`);
      await root.locator("button").first().waitFor();
      await body(root, page);
    },
    { hash: HASH, ...options },
  );
}
const cells = (/** @type {import("playwright-core").Locator} */ root) =>
  root.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

test("the panels have the same words in both languages", () => {
  const shape = (/** @type {any} */ value) =>
    value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shape(each)]))
      : typeof value;
  const holes = (/** @type {any} */ value) =>
    JSON.stringify(value)
      .match(/\{\w+\}/g)
      ?.sort();
  for (const [en, zh] of [
    [enSweep, zhSweep],
    [enFill, zhFill],
  ]) {
    assert.deepEqual(shape(zh), shape(en));
    assert.deepEqual([...new Set(holes(zh))], [...new Set(holes(en))]);
  }
});

inPanel(
  "a sweep shows the losses that trials of the package have, draws them, and its answer can be taken",
  "sweep",
  async (root, page) => {
    await root.locator("input").nth(0).fill("4, 32");
    await root.locator("input[type=number]").nth(0).fill("6400");
    await root.getByRole("button", { name: enSweep.start }).click();
    await root.locator(".work", { hasText: enSweep.done }).waitFor();
    const core = await loadCore(),
      text = makeText("brackets").text;
    const want = await Promise.all(
      [4, 32].map((seqLen) => runTrial(core, { text, settings: { ...SETTINGS, seqLen }, steps: 6400 / 4 / seqLen })),
    );
    const rows = await cells(root);
    assert.deepEqual(
      rows.map((row) => row.slice(0, 5)),
      want.map(({ steps, loss, trainingLoss, accuracy }, i) => [
        ["4", "32"][i],
        String(steps),
        loss.toFixed(3),
        trainingLoss.toFixed(3),
        `${(100 * accuracy).toFixed(1)}%`,
      ]),
    );
    const best = want[0].loss < want[1].loss ? "4" : "32";
    assert.equal(await root.locator("tr.best th").textContent(), best);
    const painted = await root.locator("canvas").evaluate((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      return new Set(
        new Uint32Array(/** @type {any} */ (canvas).getContext("2d").getImageData(0, 0, width, height).data.buffer),
      ).size;
    });
    assert.ok(painted > 10, `${painted} colours`);
    const told = (await root.locator("p[role=status].prose").textContent()) ?? "";
    assert.match(
      told,
      /^After 6,400 characters each, .* After 50 updates each, Sequence length \d+ is best: \d\.\d{3} nats\./,
    );
    assert.equal(await page.locator("#u-seqLen").inputValue(), "16");
    await root.getByRole("button", { name: `Learn with Sequence length ${best} above` }).click();
    await page.waitForFunction(
      (value) => /** @type {HTMLInputElement} */ (document.querySelector("#u-seqLen")).value === value,
      best,
    );
  },
);

inPanel(
  "a sweep that is called off keeps what was finished, and the run above goes on",
  "sweep",
  async (root, page) => {
    await root.locator("input").nth(0).fill("64, 8, 9, 10, 11, 12, 13, 14, 15");
    await root.locator("input[type=number]").nth(0).fill("1000000");
    await root.getByRole("button", { name: enSweep.start }).click();
    await root.locator("tbody tr").first().locator("td").nth(5).waitFor();
    await root.getByRole("button", { name: enSweep.cancel }).click();
    await root.locator(".work", { hasText: enSweep.cancelled }).waitFor();
    const rows = await cells(root);
    assert.equal(rows.length, 9);
    assert.ok(rows[0].length > 6, "the first has its figures");
    assert.equal(rows[8][2], enSweep.states.cancelled);
    await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  },
);

inPanel("a sweep that cannot be is refused by a sentence", "sweep", async (root, page) => {
  const problem = root.locator(".work.problem");
  const start = root.getByRole("button", { name: enSweep.start });
  await root.locator("input").nth(0).fill("4, many");
  await start.click();
  await problem.filter({ hasText: /Sequence length .* many/ }).waitFor();
  await root.locator("select").nth(0).selectOption("hidden");
  await root.locator("input").nth(0).fill("8, 2048");
  await page.evaluate(() => Object.defineProperty(navigator, "deviceMemory", { value: 0.25 }));
  await start.click();
  await problem
    .filter({
      hasText:
        /^These runs would hold [\d,]+ MB at a time, the largest [\d,]+ MB, and there are 125 MB for them\. The runs with 8 fit\.$/,
    })
    .waitFor();
  assert.equal(await root.locator("tbody tr").count(), 0, "nothing was begun");
});

inPanel(
  "holes are filled by the network as it is, and a text with marks too",
  "fill",
  async (root, page) => {
    await page.getByRole("button", { name: en.bar.start, exact: true }).waitFor(); // after so many epochs, no more, no less
    await root.getByRole("button", { name: enFill.start }).click();
    await root.locator(".work", { hasText: enFill.done }).waitFor();
    const rows = await cells(root);
    assert.deepEqual(
      rows.map(([name]) => name),
      [...Object.values(enFill.methods), enFill.truth],
    );
    const right = rows.slice(1, 4).map(([, of]) => Number(String(of).split(" ")[0]));
    assert.ok(right[1] > right[0] && right[2] >= right[1], `${right}`);
    assert.equal(await root.locator(".filled .hole").count(), 60);
    assert.equal(await root.locator(".filled .hole.right").count(), right[2]);
    await root.locator("textarea").fill("(the old ferryman c_unts the slow rive_ until the bells fall silent)");
    await root.locator("select").first().selectOption("mark");
    await root.getByRole("button", { name: enFill.start }).click();
    await root.locator("tbody tr").nth(0).filter({ hasText: "–" }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll(".filled .hole").length === 2);
    assert.equal((await cells(root)).length, 4, "no truth, no row of it");
    await root.locator("textarea").fill("the 鲸 ferryman c_unts");
    await root.getByRole("button", { name: enFill.start }).click();
    await root.getByText(/^.*Left out, as the network does not know it: .*鲸/).waitFor();
    await root.locator("textarea").fill("鲸鲸");
    await root.getByRole("button", { name: enFill.start }).click();
    await root.locator(".work.problem", { hasText: 'does not know "鲸"' }).waitFor();
    await root.locator("textarea").fill("(abcd)");
    await root.getByRole("button", { name: enFill.start }).click();
    await root.locator(".work.problem", { hasText: "has no hole" }).waitFor();
  },
  { hash: `${HASH}&epochs=1`, viewport: { width: 390, height: 844 } },
);
