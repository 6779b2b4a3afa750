/** Attention on the page: every figure opens and says what is true of it, in both languages, and it learns in the element. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Trainer, loadCore } from "../../web/core/index.js";
import { FIGURES } from "../../web/app/dock/figures.js";
import { en, zh } from "../words.js";
import enShare from "../../web/app/strings/en/share.js";
import enSweep from "../../web/app/strings/en/sweep.js";
import enApart from "../../web/app/strings/en/apart.js";
import zhApart from "../../web/app/strings/zh/apart.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { colourOf } from "../../web/views/parts/heatmap.js";
import { describeHeads } from "../../web/views/score/readout.js";
import { weightsAt } from "../../web/core/inside/weights.js";
import { weightScale } from "../../web/views/score/heads.js";
import { makeText } from "../../web/core/text/generators.js";
import { comeNear, pauseAt, stage, until, waitForStep } from "./harness.js";

const pages = new Map();
const here = stage({ pages });

/** @typedef {import("playwright-core").Page} Page */
const SMALL = "#v=1&cell=attention&hidden=18&heads=3&layers=2&batch=4&seqLen=24&core=simd";
const SETTINGS = { cell: "attention", hidden: 18, heads: 3, layers: 2, batch: 4, seqLen: 24 };

/** The page's network before its first step, in Node. @param {Page} page */
async function sameTrace(page) {
  const text = await readFile(new URL("../../dist/site/assets/moby-dick.txt", import.meta.url), "utf8");
  const trainer = new Trainer(await loadCore({ variant: "simd" }), /** @type {any} */ ({ ...SETTINGS, text }));
  return trainer.probe(await page.locator("#u-probe").inputValue());
}

/** The colours of a stave, a row of the text's columns for each of its rows. @param {Page} page @param {string} key
 * @param {number} rows @param {number} T @returns {Promise<number[][]>} as pixels of a palette, 0 where it is clear */
const coloursOf = (page, key, rows, T) =>
  page.evaluate(
    ([name, R, columns]) => {
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(`[data-key=${name}] canvas`));
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (copy);
      pen.drawImage(canvas, 0, 0);
      const at = (/** @type {number} */ i, /** @type {number} */ n, /** @type {number} */ all) =>
        Math.floor(((i + 0.5) * all) / n);
      return Array.from({ length: /** @type {number} */ (R) }, (_, r) =>
        Array.from({ length: /** @type {number} */ (columns) }, (_, t) => {
          const x = at(t, /** @type {number} */ (columns), canvas.width);
          const { data } = pen.getImageData(x, at(r, /** @type {number} */ (R), canvas.height), 1, 1);
          return new Uint32Array(data.buffer)[0];
        }),
      );
    },
    /** @type {[string, number, number]} */ ([key, rows, T]),
  );

/** A page of somebody else's. @param {string} body */
const host = (body) =>
  `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"><script type="module" src="unrolled-element.js"></script></head><body>${body}</body></html>`;

here.inPage(
  "the score shows at every cursor what each head looks at, and says where most",
  async (page) => {
    await comeNear(page);
    await page.locator("#u-panel-score[data-step]").waitFor();
    await page.getByRole("button", { name: en.bar.reset, exact: true }).click();
    await page.locator("#u-panel-score[data-step='0']").waitFor();
    const trace = await sameTrace(page);
    assert.equal(trace.sizes.T, 24, "the page's piece is cut to the window");
    const slider = page.locator("#inside .u-score").getByRole("slider");
    await slider.focus();
    await page.keyboard.press("Home");
    const scale = weightScale(makePalette(false));
    let t = 0;
    for (const cursor of [0, 7, 23]) {
      for (; t < cursor; t++) await page.keyboard.press("ArrowRight");
      const colours = await coloursOf(page, "attention", 3, 24);
      for (let head = 0; head < 3; head++) {
        const weights = weightsAt(trace, { layer: 0, head, t: cursor });
        const wanted = Array.from({ length: 24 }, (_, s) => (s > cursor ? 0 : colourOf(scale, weights[s])));
        assert.deepEqual(colours[head], wanted, `head ${head} at ${cursor}`);
      }
      const said = await page.locator("#inside .u-score .u-readout span").nth(2).textContent();
      assert.equal(said, describeHeads(trace, 0, cursor, en.score));
    }
    const file = page.waitForEvent("download");
    await page.locator("#inside .u-score summary", { hasText: en.figure.save }).click();
    await page.getByRole("button", { name: en.figure.csv }).click();
    const csv = await readFile(/** @type {string} */ (await (await file).path()), "utf8");
    assert.match(
      csv.split("\n")[0],
      /attention_at_23_head_1,attention_at_23_head_2,attention_at_23_head_3,layer,unit,hidden,gradient/,
    );
  },
  { hash: `${SMALL}&view=score` },
);

here.inPage(
  "every figure opens with attention and says what it has, or that it has not, in both languages",
  async (page) => {
    await comeNear(page);
    await page.locator("#u-panel-score[data-step]").waitFor();
    await pauseAt(page);
    for (const [lang, strings, apart] of /** @type {const} */ ([
      ["en", en, enApart],
      ["zh", zh, zhApart],
    ])) {
      await page.locator("#u-lang").selectOption(lang);
      await page.getByRole("tab", { name: strings.dock.tabs.score, exact: true }).waitFor();
      const lacks = /** @type {Record<string, string>} */ (strings.attention.lacks);
      for (const name of Object.keys(FIGURES).filter((each) => !["equations", "learn"].includes(each))) {
        await page.locator(`#u-tab-${name}`).click();
        const panel = page.locator(`#u-panel-${name}`);
        await panel.locator(":scope > *").first().waitFor();
        const text = (await panel.textContent()) ?? "";
        if (lacks[name]) assert.equal(text, lacks[name]);
        else assert.doesNotMatch(text, /hidden state|隐藏状态|∂h/, `${name} speaks of a hidden state`);
      }
      for (const [name, start] of [
        ["slow", strings.slow.start],
        ["check", strings.check.start],
        ["passages", apart.passages.start],
        ["context", apart.context.start],
        ["difference", ""],
      ]) {
        await page.locator(`#u-tab-${name}`).click();
        const panel = page.locator(`#u-panel-${name}`);
        if (start) await panel.getByRole("button", { name: start, exact: true }).click();
        await panel.locator(".u-numbers").filter({ hasText: /\S/ }).waitFor();
      }
      assert.equal(await page.locator(".notice-error").count(), 0, "nothing failed");
    }
  },
  { hash: `${SMALL}&lang=en&view=score` },
);

here.inPage(
  "slow motion shows a step of attention at once, which hands nothing from column to column",
  async (page) => {
    const title = page.locator(".u-slow h4");
    await page.locator("#u-panel-slow").getByRole("button", { name: en.slow.start, exact: true }).click();
    for (const name of /** @type {const} */ (["read", "forward", "loss", "backward"])) {
      const { title: own } = /** @type {Record<string, { title?: string }>} */ (en.attention.slow.steps)[name] ?? {};
      await title.filter({ hasText: new RegExp(`^${own ?? en.slow.steps[name].title}$`) }).waitFor();
      const numbers = await page.locator(".u-slow tbody td").allTextContents();
      assert.equal(numbers.length > 0 && numbers.every((text) => text !== ""), true, `${name}: ${numbers}`);
      await page.keyboard.press("Space");
    }
  },
  { hash: `${SMALL}&view=slow` },
);

here.inPage(
  "choosing attention leads to a run and says what had to change; heads are asked for then, and the address says so",
  async (page) => {
    const setting = (/** @type {string} */ name) => page.locator(`#u-${name}`);
    const hidden = async (/** @type {string} */ name) => setting(name).isHidden();
    await waitForStep(page, 1);
    assert.equal(await hidden("heads"), true);
    await setting("cell").selectOption("attention");
    await page.locator(".notice", { hasText: en.notice.attention }).waitFor();
    const said = await page.locator(".notice", { hasText: en.notice.attention }).innerText();
    assert.ok(said.includes("It has an embedding of its own in place of the 8 numbers."), said);
    assert.ok(said.includes("5 heads cannot share 18 evenly, so there are 3."), said);
    assert.equal(await setting("heads").getAttribute("placeholder"), "auto: 3");
    for (const name of ["gruReset", "init", "initGain"]) assert.equal(await setting(name).isDisabled(), true, name);
    await setting("heads").fill("4");
    await setting("heads").blur();
    await page.getByText("18 hidden units cannot be shared evenly by 4 heads: take 1, 2, 3, 6.").waitFor();
    await setting("heads").fill("6");
    await setting("heads").blur();
    await page.waitForFunction(() => location.hash.includes("heads=6"));
    assert.match(await page.evaluate(() => location.hash), /cell=attention&hidden=18&batch=4&seqLen=24&heads=6/);
    await page.locator("#u-panel-score .u-stave[data-key=attention]").waitFor();
    await page
      .locator("#u-probe")
      .evaluate((box) => /** @type {any} */ (box.closest("details")).setAttribute("open", ""));
    await page.locator("#u-probe").fill("the whale and the sea and the ship");
    const cut = page.getByText("It reads 24 characters at once; the first 24 of your text are looked into.");
    await cut.waitFor();
    await page.waitForFunction(
      () => document.querySelector("#inside .u-score [role=slider]")?.getAttribute("aria-valuemax") === "23",
    );
    await setting("cell").selectOption("lstm");
    await page.locator("#u-panel-score .u-stave[data-key=f]").waitFor();
    assert.equal(await page.locator(".u-stave[data-key=attention]").count(), 0);
    assert.equal(await hidden("heads"), true);
    await page.waitForFunction(
      () => Number(document.querySelector("#inside .u-score [role=slider]")?.getAttribute("aria-valuemax")) > 30,
    );
  },
  { hash: "#v=1&hidden=18&embedding=8&heads=5&batch=4&seqLen=24&view=score" },
);

here.inPage(
  "an element learns with attention, and shows its heads",
  async (page) => {
    await page.waitForFunction(() => {
      const element = /** @type {any} */ (document.querySelector("unrolled-demo"));
      return element?.state?.step >= 3 && !element.shadowRoot.querySelector(".demo.u-waiting");
    });
    const demo = page.locator("unrolled-demo");
    await demo.locator(".u-stave[data-key=attention]").waitFor();
    assert.equal(await demo.locator(".pane").nth(1).textContent(), en.attention.lacks.gates);
    const settings = await page.evaluate(() => {
      const { cell, heads, hidden } = /** @type {any} */ (document.querySelector("unrolled-demo")).trainer.settings;
      return { cell, heads, hidden };
    });
    assert.deepEqual(settings, { cell: "attention", heads: 2, hidden: 12 });
  },
  {
    path: "host.html",
    prepare: async () => {
      pages.set("/host.html", {
        body: host(
          `<unrolled-demo cell="attention" units="12" heads="2" batch="4" seq-len="16" views="score gates" autoplay>${"to be, or not to be: that is the question; ".repeat(30)}</unrolled-demo>`,
        ),
      });
    },
  },
);

here.inPage(
  "a saved attention goes on where it was, is handed out for PyTorch and ONNX, and is one of a sweep",
  async (page) => {
    const { text } = makeText("brackets");
    const trainer = new Trainer(await loadCore(), /** @type {any} */ ({ ...SETTINGS, text }));
    trainer.step(40);
    await waitForStep(page, 1); // the run that the page begins with stands
    await page.locator("#u-panel-keep .shelf").waitFor();
    const buffer = Buffer.from(trainer.save());
    await page.locator("#u-open-run").setInputFiles({ name: "mine.safetensors", mimeType: "", buffer });
    await page.locator(".notice", { hasText: "mine.safetensors goes on at step 40." }).waitFor();
    assert.equal(await page.locator("#u-cell").inputValue(), "attention");
    assert.equal(await page.locator("#u-heads").inputValue(), "3");
    /** @type {string[]} */ const files = [];
    page.on("download", (download) => files.push(download.suggestedFilename().replace(/.*\./, "")));
    for (const [name, count] of /** @type {const} */ ([
      [enShare.take.onnx, 1],
      [enShare.take.pytorch, 3],
      [enShare.take.trace, 4],
    ])) {
      await page.getByRole("button", { name, exact: true }).click();
      await until(async () => files.length === count, `${count} files`);
    }
    assert.deepEqual(files.sort(), ["json", "onnx", "py", "safetensors"]);
    await page.locator("#u-tab-sweep").click();
    const root = page.locator("#u-panel-sweep");
    await root.locator("select").first().selectOption("cell");
    await root.locator("input").nth(0).fill("rnn, attention");
    await root.locator("input[type=number]").nth(0).fill("4800");
    await root.getByRole("button", { name: enSweep.start }).click();
    await root.locator(".work", { hasText: enSweep.done }).waitFor();
    const rows = await root.locator("tbody tr").evaluateAll((all) => all.map((row) => row.textContent));
    assert.match(rows.join("\n"), /^rnn50\d\.\d{3}.+\nattention50\d\.\d{3}/);
  },
  { hash: "#v=1&text=brackets&cell=gru&hidden=8&batch=4&seqLen=24&view=keep" },
);
