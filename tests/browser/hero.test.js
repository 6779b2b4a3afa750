/** The first picture of attention, as a reader meets it: what is drawn, told and saved is what the network looks at. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Trainer, loadCore } from "../../web/core/index.js";
import { makeText } from "../../web/core/text/generators.js";
import words from "../../web/app/strings/en/attention.js";
import en from "../../web/app/strings/en/index.js";
import chinese from "../../web/app/strings/zh/attention.js";
import { fill, percent, visible } from "../../web/views/parts/format.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { headColours } from "../../web/views/unrolled/attention/heads.js";
import { layOut } from "../../web/views/unrolled/attention/lanes.js";
import { SMALL, axe, stage, waitForStep } from "./harness.js";

const pages = new Map();
const site = stage({ pages });
/** @typedef {import("playwright-core").Page} Page */

const PROBE = "to be, or not to";
const STEPS = 40;
const [LAYERS, HEADS] = [2, 3];
const demo = `<unrolled-demo cell="attention" units="24" heads="${HEADS}" layers="${LAYERS}" batch="4" seq-len="16" learning-rate="0.01"
  seed="5" probe="${PROBE}" views="unrolled equations tools captions">${"to be, or not to be: that is the question; ".repeat(30)}</unrolled-demo>`;

/** @param {string} name @param {(page: Page, trace: any) => Promise<void>} check of a trace of the network that is shown */
const inDemo = (name, check) =>
  site.inPage(
    name,
    async (page) => {
      const trace = await page.evaluate(
        async ([probe, steps]) => {
          await customElements.whenDefined("unrolled-demo");
          const demo = /** @type {any} */ (document.querySelector("unrolled-demo"));
          if (!demo.trainer) await new Promise((done) => demo.addEventListener("unrolled-ready", done, { once: true }));
          await demo.trainer.step(steps);
          const { tokens, attention, flow, sizes, hidden } = await demo.trainer.probe(probe);
          return { tokens, sizes, attention: [...attention], flow: [...flow], hidden: [...hidden] };
        },
        /** @type {[string, number]} */ ([PROBE, STEPS]),
      );
      await page.locator(`.hero[data-step='${STEPS}']`).waitFor();
      await check(page, trace);
    },
    {
      path: "host.html",
      prepare: async () => {
        pages.set("/host.html", {
          body: `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"><script type="module" src="unrolled-element.js"></script></head><body><main><h1>Host</h1>${demo}</main></body></html>`,
        });
      },
    },
  );

/** The weights at t, by head. @param {any} trace @param {number} t @param {number} layer @returns {number[][]} */
const weightsAt = ({ attention, sizes: { T } }, t, layer) =>
  Array.from({ length: HEADS }, (_, h) => {
    const row = ((layer * HEADS + h) * T + t) * T;
    return attention.slice(row, row + t + 1);
  });
/** @param {number[][]} weights */
const meanOf = (weights) => weights[0].map((_, s) => weights.reduce((sum, row) => sum + row[s], 0) / weights.length);

/** The three strongest, as they are told. @param {any} trace @param {number[]} weights @param {string} who @param {number} layer */
function told({ tokens }, weights, who, layer) {
  const t = weights.length - 1;
  const list = weights
    .map((p, s) => ({ p, s }))
    .sort((a, b) => b.p - a.p)
    .slice(0, 3)
    .map(({ p, s }) =>
      fill(s === t ? words.heads.own : words.heads.place, { token: visible(tokens[s]), back: t - s, p: percent(p) }),
    ); // prettier-ignore
  return fill(words.heads.looks, { who, layer: layer + 1, list: list.join(", ") });
}

inDemo(
  "what is drawn, told and saved at the cursor is the trace's attention, and adds up to 1",
  async (page, trace) => {
    const stage = page.locator(".u-stage");
    const { T } = trace.sizes;
    const t = 10;
    await stage.focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < t; i++) await page.keyboard.press("ArrowRight");
    const save = async (/** @type {string} */ kind) => {
      await page.locator(".u-unrolled .u-save summary").click();
      const download = page.waitForEvent("download");
      await page.locator(".u-unrolled").getByRole("button", { name: kind, exact: true }).click();
      return readFile(await (await download).path(), "utf8");
    };
    for (let layer = 0; layer < LAYERS; layer++) {
      await stage.focus();
      if (layer) await page.keyboard.press("ArrowUp");
      const weights = weightsAt(trace, t, layer);
      for (const row of weights) assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-5);
      const value = (await stage.getAttribute("aria-valuetext")) ?? "";
      assert.ok(value.includes(told(trace, meanOf(weights), words.heads.all, layer)), value);

      const csv = await save(en.figure.csv);
      const [head, ...rows] = csv.trim().split("\r\n");
      assert.equal(
        head,
        "t,token,next,guess,probability,gradient,weight,weight of head 1,weight of head 2,weight of head 3",
      );
      assert.equal(rows.length, 8);
      for (const line of rows) {
        const s = Number(line.split(",")[0]);
        const numbers = line.split(",").slice(-HEADS).map(Number);
        weights.forEach((row, h) => assert.equal(numbers[h], row[s] ?? 0, `layer ${layer}, head ${h}, ${s}`));
      }
    }

    const svg = await save(en.figure.svg);
    const geometry = layOut(960, LAYERS);
    const from = t - 7;
    headColours(makePalette(false), HEADS).forEach((colour, h) => {
      const outlines = [...svg.matchAll(/<path d="([^"]+)" fill="([^"]+)"/g)].filter(([, , fill]) => fill === colour);
      assert.equal(outlines.length, LAYERS * 9, "eight columns and all that was before, in each block");
      outlines.forEach(([, d], i) => {
        const points = [...d.matchAll(/([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
        const foot = Math.min(...points.map(([, y]) => y));
        const atFoot = points.filter(([, y]) => y === foot).map(([x]) => x);
        const row = weightsAt(trace, t, Math.floor(i / 9))[h];
        const look = i % 9;
        const want = look ? row[from + look - 1] : row.slice(0, from).reduce((a, b) => a + b, 0);
        const share = ((Math.max(...atFoot) - Math.min(...atFoot)) * HEADS) / geometry.whole;
        assert.ok(
          Math.abs(share - want) < 0.04 * (1 / geometry.whole) * HEADS,
          `${h} ${i}: drawn ${share}, looked ${want}`,
        ); // an SVG's hundredths
      });
    });
    assert.equal(T, PROBE.length);
  },
);

inDemo("a head is shown alone, and an opened block has its weights, strongest first", async (page, trace) => {
  const stage = page.locator(".u-stage");
  const t = 12;
  await stage.focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < t; i++) await page.keyboard.press("ArrowRight");
  const choice = page.locator(".u-unrolled").getByLabel(words.heads.label);
  await choice.selectOption("1");
  const weights = weightsAt(trace, t, 0);
  const value = (await stage.getAttribute("aria-valuetext")) ?? "";
  assert.ok(value.includes(told(trace, weights[1], fill(words.heads.head, { head: 2 }), 0)), value);
  await stage.focus();
  await page.keyboard.press("Enter");
  const parts = page.locator(".u-cell details");
  await parts.first().waitFor();
  assert.equal(await page.locator(".u-cell h4").textContent(), "The block at “t”, block 1");
  assert.equal(await parts.count(), 7, "five equations and the head's two, no gates");
  const lines = await page
    .locator(".u-cell .u-line")
    .evaluateAll((all) =>
      all.map((line) => [...line.querySelectorAll(".u-term")].map((term) => term.querySelector("b")?.textContent)),
    );
  assert.equal(lines.length, HEADS);
  lines.forEach((line, h) => {
    const sorted = [...weights[h]].sort((a, b) => b - a);
    const rest = sorted.slice(6).reduce((a, b) => a + b, 0);
    assert.deepEqual(line.slice(0, 6), sorted.slice(0, 6).map(percent), `head ${h + 1}`);
    assert.ok(
      Math.abs(parseFloat(line[6] ?? "") / 100 - rest) < 0.006,
      `the others of head ${h + 1}: ${line[6]} of ${rest}`,
    );
  });
  const primed = await page.locator(".u-cell summary math").nth(4).locator("msub > mrow > mtext").allTextContents();
  assert.deepEqual(primed, ["″", "′", "′"], "as large as the letter they stand at");
  const unit = Number(await page.locator(".u-cell input").inputValue());
  const leaves = trace.hidden[t * trace.sizes.H + unit];
  const shown = await parts.nth(4).locator("output").textContent();
  assert.equal(shown, `x″ of unit ${unit}: ${leaves < 0 ? "−" : "+"}${Math.abs(leaves).toFixed(3)}`);
  assert.equal(await page.locator(".cell-equations li").count(), 7, "the same in the view of equations");
  assert.deepEqual(await axe(page), []);
});

site.inPage(
  "another network has its own heads to choose from, also where it has as many weights",
  async (page) => {
    const heads = page.locator(".hero").getByLabel(words.heads.label);
    await waitForStep(page, 1);
    await page.locator(".hero[data-step]").waitFor();
    await heads.selectOption("3");
    await page.locator(".hero").getByLabel(en.figure.scale).selectOption("fixed"); // its ends are no sign of another
    const trainer = new Trainer(await loadCore(), {
      text: makeText("brackets").text,
      cell: "attention",
      hidden: 16,
      heads: 2,
      layers: 2,
      batch: 4,
      seqLen: 16,
    });
    trainer.step(10);
    const buffer = Buffer.from(trainer.save());
    await page.locator("#u-panel-keep .shelf").waitFor();
    await page.locator("#u-open-run").setInputFiles({ name: "two.safetensors", mimeType: "", buffer });
    await page.locator(".notice", { hasText: "two.safetensors goes on at step 10." }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll(".hero .u-head-key").length === 2);
    const offered = await heads.locator("option").allTextContents();
    assert.deepEqual(offered, [words.heads.all, ...[1, 2].map((head) => fill(words.heads.head, { head }))]);
    assert.equal(await heads.inputValue(), "", "both are shown");
  },
  { hash: "#v=1&text=brackets&cell=attention&hidden=16&heads=4&layers=1&batch=4&seqLen=16&view=keep" },
);

site.inPage(
  "another way to read has another picture, which is fetched when there is one",
  async (page, { requests }) => {
    const title = page.locator(".hero h3");
    const cell = page.getByLabel(en.controls.cell.label, { exact: true });
    const isFetched = () => requests.some((url) => /\/attending-/.test(url));
    await waitForStep(page, 2);
    await page.locator(".hero[data-step]").waitFor();
    assert.equal(await title.textContent(), en.unrolled.title);
    assert.equal(isFetched(), false, "a page of cells does without");
    await cell.selectOption("attention");
    await title.filter({ hasText: words.unrolled.title }).waitFor();
    await page.locator(".hero[data-step]").waitFor();
    assert.equal(isFetched(), true);
    assert.equal(await title.count(), 1);
    assert.equal(await page.locator(".hero").getAttribute("aria-label"), words.unrolled.title);
    await page.locator("#u-lang").selectOption("zh");
    await title.filter({ hasText: chinese.unrolled.title }).waitFor();
    await page.locator("#u-lang").selectOption("en");
    await title.filter({ hasText: words.unrolled.title }).waitFor();
    await cell.selectOption("lstm");
    await title.filter({ hasText: en.unrolled.title }).waitFor();
    await page.locator(".hero[data-step]").waitFor();
    assert.equal(await title.count(), 1);
    assert.equal(await page.locator(".hero").getByLabel(words.heads.label).count(), 0);
  },
  { hash: SMALL },
);

site.inPage(
  "a picture of attention that could not be fetched is fetched again with what is shown next",
  async (page, { requests }) => {
    await page.locator(".hero[data-step] h3").filter({ hasText: words.unrolled.title }).waitFor();
    assert.ok(requests.filter((url) => /\/attending-/.test(url)).length > 1);
  },
  {
    hash: "#v=1&cell=attention&hidden=16&heads=4&batch=8&seqLen=16",
    prepare: (page) => page.route("**/attending-*.js", (route) => route.abort(), { times: 1 }),
    allow: [/ERR_FAILED/, /dynamically imported module/],
  },
);
