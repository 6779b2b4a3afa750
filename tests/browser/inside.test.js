/** The figures of the inside, as a reader uses them: by eye, by keyboard, by ear, on a phone, and as files. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Trainer, loadCore } from "../../web/core/index.js";
import { fill, magnitude, signed, visible } from "../../web/views/parts/format.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { colourOf, makeScales } from "../../web/views/parts/heatmap.js";
import en from "../../web/app/strings/en/index.js";
import zh from "../../web/app/strings/zh/index.js";
import { axe, mainThreadTasks, stage } from "./harness.js";

const here = stage();

/** @typedef {import("playwright-core").Page} Page */
const SMALL = "#v=1&hidden=16&batch=8&seqLen=16";
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true };

/** A test of the page at its inside, once that shows something. */
function inside(
  /** @type {string} */ name,
  /** @type {Parameters<typeof here.inPage>[1]} */ body,
  /** @type {Parameters<typeof here.inPage>[2]} */ options = {},
) {
  here.inPage(
    name,
    async (page, opened) => {
      await page.locator("#inside .u-score").first().scrollIntoViewIfNeeded();
      await numbers(page, "u-score", "after");
      await body(page, opened);
    },
    { hash: SMALL, ...options },
  );
}

const score = (/** @type {Page} */ page) => page.locator("#inside > div > .u-score");
const slider = (/** @type {Page} */ page) => score(page).getByRole("slider");
const readout = (/** @type {Page} */ page) => score(page).locator(".u-readout span");
const button = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.locator("#inside").getByRole("button", { name, exact: true });

/**
 * A figure's own line of numbers, once it says something.
 * @param {Page} page
 * @param {string} figure
 * @param {string} words
 */
async function numbers(page, figure, words) {
  const line = page.locator(`#inside > div > .${figure} > figcaption .u-numbers`);
  await line.filter({ hasText: words }).waitFor({ timeout: 60_000 });
  return (await line.textContent()) ?? "";
}

/** Back at the initial weights, standing still. @param {Page} page */
async function reset(page) {
  await page.getByRole("button", { name: en.transport.reset, exact: true }).click();
  await score(page).scrollIntoViewIfNeeded(); // what is not on the screen is not drawn
  await numbers(page, "u-score", "after 0 steps");
}

/** The same network in Node: what the page must show of it. @param {Page} page */
async function sameTrace(page) {
  const text = await readFile(new URL("../../dist/site/assets/moby-dick.txt", import.meta.url), "utf8");
  const trainer = new Trainer(await loadCore({ variant: "simd" }), { text, hidden: 16, batch: 8, seqLen: 16 });
  return trainer.probe(await page.locator("#u-probe").inputValue());
}

inside("shows the running network with nothing pressed, and goes on moving", async (page) => {
  const first = await numbers(page, "u-score", "after");
  await page.waitForFunction(
    (before) => document.querySelector("#inside > div > .u-score > figcaption .u-numbers")?.textContent !== before,
    first,
  );
  assert.match((await readout(page).first().textContent()) ?? "", /^\d+: .+ → .+ p 0\.\d{4} {3}loss \d+\.\d{3} nats/);
});

inside("reads exact values at the cursor from the keyboard, and says them", async (page) => {
  await reset(page);
  const trace = await sameTrace(page);
  const { T, H } = trace.sizes;
  await slider(page).focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  const [character, unit] = await readout(page).allTextContents();
  assert.match(
    character,
    new RegExp(
      `^5: ${trace.tokens[5]} → .* p ${trace.probabilities[5 * trace.sizes.V + trace.ids[6]].toFixed(4)} {3}loss ${trace.loss[5].toFixed(3)} nats`,
    ),
  );
  const j = Number(/unit (\d+)/.exec(unit)?.[1]);
  const at = 5 * H + j;
  assert.ok(unit.includes(`h ${signed(trace.hidden[at])} `), `${unit} for ${trace.hidden[at]}`);
  assert.ok(unit.includes(`c ${signed(/** @type {Float32Array} */ (trace.cell)[at])} `), unit);
  for (const gate of ["i", "f", "o"])
    assert.ok(unit.includes(`${gate} ${trace.gates[gate][at].toFixed(3)} `), `${gate}: ${unit}`);
  assert.equal(await slider(page).getAttribute("aria-valuenow"), "5");
  assert.equal(await slider(page).getAttribute("aria-valuetext"), `${character}. ${unit}`);
  await page.keyboard.press("End");
  assert.equal(await slider(page).getAttribute("aria-valuenow"), String(T - 1));
});

inside("draws each stave's cell in the colour of its value", async (page) => {
  await reset(page);
  const trace = await sameTrace(page);
  const { T, H } = trace.sizes;
  await score(page).getByLabel(en.score.order).selectOption("index");
  const scales = makeScales(makePalette(false));
  for (const [key, values, scale] of /** @type {const} */ ([
    ["hidden", trace.hidden, scales.hidden],
    ["f", trace.gates.f, scales.gate],
    ["g", trace.gates.g, scales.hidden],
    ["gradient", trace.hiddenGrad, scales.gradient],
  ])) {
    const cells = [
      [0, 0],
      [3, 17],
      [15, 50],
    ];
    const seen = await page.evaluate(
      ([name, places, units, columns]) => {
        const canvas = /** @type {HTMLCanvasElement} */ (
          document.querySelector(`#inside > div > .u-score [data-key="${name}"] canvas`)
        );
        const { data, width, height } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(
          0,
          0,
          canvas.width,
          canvas.height,
        );
        return places.map(([row, column]) => {
          const [x, y] = [(column + 0.5) * (width / columns), (row + 0.5) * (height / units)].map(Math.floor);
          return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
        });
      },
      /** @type {const} */ ([key, cells, H, T]),
    );
    for (const [n, [unit, t]] of cells.entries()) {
      const pixel = seen[n];
      const want = colourOf(scale, values[t * H + unit]);
      // The browser's module may round otherwise than Node's: one step of the table is allowed.
      const near = [
        want,
        ...[-1, 1].map((d) => scale.table[Math.max(0, Math.min(255, scale.table.indexOf(want) + d))]),
      ];
      const got = ((255 << 24) | (pixel[2] << 16) | (pixel[1] << 8) | pixel[0]) >>> 0;
      assert.ok(near.includes(got), `${key} unit ${unit} t ${t}: ${pixel} for ${values[t * H + unit]}`);
    }
  }
});

inside("brushes a stretch with Shift and the arrows, and tints the text by a unit", async (page) => {
  await slider(page).focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowRight");
  const brushed = score(page).locator(".u-brushed");
  await brushed.filter({ hasText: "“CHAP”" }).waitFor();
  await page.keyboard.press("Escape");
  await brushed.waitFor({ state: "hidden" });
  await page.keyboard.press("Enter");
  await numbers(page, "u-score", "The text is tinted by unit");
});

inside("moves one cursor through score and flow", async (page) => {
  await page.locator("#inside .u-flow .u-stave canvas").scrollIntoViewIfNeeded();
  await numbers(page, "u-flow", "the gradient falls to 1 %");
  const place = (/** @type {string} */ figure) =>
    page
      .locator(`#inside > div > .${figure} .u-cursor`)
      .first()
      .evaluate((bar) => bar.getBoundingClientRect().left);
  const box = await page.locator("#inside .u-flow .u-stave canvas").boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width / 3, box.y + 5);
  assert.equal(await place("u-flow"), await place("u-score"));
  assert.ok(Math.abs((await place("u-flow")) - (box.x + box.width / 3)) < 30);
});

inside("reads each itemised gradient from the keyboard", async (page) => {
  await reset(page);
  const {
    flow,
    sizes: { T },
    tokens,
  } = await sameTrace(page);
  const wanted = page.locator("#inside > div > .u-flow").getByRole("slider", { name: en.flow.cursor });
  await wanted.scrollIntoViewIfNeeded();
  await numbers(page, "u-flow", "the gradient falls to 1 %");
  await wanted.focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowRight");
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
  const value = magnitude(/** @type {Float32Array} */ (flow)[9 * T + 5]);
  assert.equal(
    await wanted.getAttribute("aria-valuetext"),
    fill(en.flow.at, {
      t: 9,
      token: visible(tokens[9]),
      next: visible(tokens[10]),
      lag: 4,
      earlier: visible(tokens[5]),
      value,
    }),
  );
});

inside("tells reach, saturated and clipped share in words", async (page) => {
  await page.locator("#inside .u-flow").scrollIntoViewIfNeeded();
  assert.match(
    await numbers(page, "u-flow", "the gradient falls to 1 %"),
    /after (\d+|more than \d+) characters .* Training cuts it after 16\. .*Spectral norm of the recurrent matrix: i \d+\.\d+, f \d/,
  );
  await page.locator("#inside .u-clip").scrollIntoViewIfNeeded();
  assert.match(
    await numbers(page, "u-clip", "the norm was"),
    /Of the last \d+ steps [\d.]+ % were clipped at 5, of all .* steps [\d.]+ %/,
  );
  await page.locator("#inside .u-gates").scrollIntoViewIfNeeded();
  assert.match(
    await numbers(page, "u-gates", "over"),
    /f is below 0\.1 at [\d.]+ % and above 0\.9 at [\d.]+ % of the places/,
  );
});

inside("moves the truncation boundary by keyboard and by hand, and the clipping threshold", async (page) => {
  const flow = page.locator("#inside > div > .u-flow");
  await flow.locator(".u-stave canvas").scrollIntoViewIfNeeded();
  await numbers(page, "u-flow", "Training cuts it after 16");
  await flow.getByRole("slider", { name: en.flow.seqLen }).focus();
  await page.keyboard.press("ArrowRight");
  await numbers(page, "u-flow", "Training cuts it after 17");
  const box = await flow.locator(".u-stave canvas").boundingBox();
  assert.ok(box);
  const lag = box.height / 112; // pixels of one character back; the probe has 112
  await page.mouse.move(box.x + 300, box.y + 17 * lag);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 40 * lag, { steps: 4 });
  await page.mouse.up();
  await numbers(page, "u-flow", "Training cuts it after 40");
  assert.equal(await page.getByLabel(en.controls.seqLen.label, { exact: true }).first().inputValue(), "40");
  const clip = page.locator("#inside > div > .u-clip");
  await clip.scrollIntoViewIfNeeded();
  await clip.getByRole("slider", { name: en.clip.threshold }).focus();
  await page.keyboard.press("Home");
  await numbers(page, "u-clip", "were clipped at 0.01");
});

inside("makes gradients explode at one click, held in the run and breaking in its twin", async (page) => {
  await button(page, en.clip.explode).click();
  await page.waitForFunction(
    () => {
      const words = document.querySelector("#inside > div > .u-clip > figcaption .u-numbers")?.textContent ?? "";
      const twin = /twin without clipping has a loss of (\d+\.\d+), this network (\d+\.\d+)/.exec(words);
      return / broke at step /.test(words) || (twin && Number(twin[1]) > 2 * Number(twin[2]));
    },
    undefined,
    { timeout: 120_000 },
  );
  assert.equal(await page.getByLabel(en.controls.cell.label, { exact: true }).inputValue(), "rnn");
});

inside("looks back at an earlier moment, and trains on from there", async (page) => {
  const range = page.locator("#u-travel");
  await range.scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () => Number(/** @type {HTMLInputElement} */ (document.querySelector("#u-travel")).max) > 6,
  );
  await range.focus();
  await page.keyboard.press("Home");
  await numbers(page, "u-score", "after 0 steps");
  await page.keyboard.press("ArrowRight");
  await numbers(page, "u-score", "after 1 steps");
  await button(page, en.travel.branch).click();
  await page.locator(".u-travel output", { hasText: "now: step" }).waitFor();
});

inside("goes through one update with the space bar", async (page) => {
  await button(page, en.slow.start).click();
  const title = page.locator(".u-slow h4");
  for (const name of /** @type {const} */ (["read", "forward", "loss", "backward", "clip", "update"])) {
    await title.filter({ hasText: en.slow.steps[name].title }).waitFor();
    if (name === "loss") {
      const losses = (await page.locator(".u-slow tbody tr:last-child td").allTextContents()).map(Number);
      const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
      const said = Number(/is ([\d.]+) nats/.exec((await page.locator(".u-slow-text").textContent()) ?? "")?.[1]);
      assert.ok(Math.abs(mean - said) < 0.002, `${mean} and ${said}`);
    }
    await page.keyboard.press("Space");
  }
  const [, from, to] = /from ([\d.]+) to ([\d.]+) nats/.exec(await numbers(page, "u-slow", "the update at step")) ?? [];
  assert.ok(Number(to) < Number(from), `the update took the loss from ${from} to ${to}`);
});

inside("checks gradients of every block against central differences", async (page) => {
  await button(page, en.check.start).click();
  const line = await numbers(page, "u-check", "gradients were checked");
  assert.ok(Number(/difference is ([\d.e-]+)\./.exec(line)?.[1]) < 0.02, line);
  const names = (await page.locator(".u-check tbody th").allTextContents()).map((name) => name.split("[")[0]);
  assert.deepEqual(
    [...new Set(names)],
    ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "head.weight", "head.bias"],
  );
});

inside("trains three cells in lock-step under one cursor", async (page) => {
  await button(page, en.compare.start).click();
  await page.locator(".u-compare").first().scrollIntoViewIfNeeded();
  const line = await numbers(page, "u-compare", "RNN (tanh) has a loss of");
  assert.match(line, /after \d+ steps: RNN.*; LSTM .*; GRU /);
  await button(page, en.compare.pause).click();
  const sliders = page.locator(".u-scores").getByRole("slider");
  assert.equal(await sliders.count(), 3);
  await sliders.nth(1).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  for (let i = 0; i < 3; i++) assert.equal(await sliders.nth(i).getAttribute("aria-valuenow"), "1");
});

inside(
  "keeps the page free with its figures on the screen: no task over 50 ms on its thread",
  async (page) => {
    const tasks = await mainThreadTasks(here.browser, page, async () => {
      for (const figure of ["u-score", "u-flow", "u-clip", "u-gates"]) {
        await page.locator(`#inside > div > .${figure}`).scrollIntoViewIfNeeded();
        await page.waitForTimeout(1500);
      }
    });
    assert.ok(tasks.length > 100, `${tasks.length} tasks were seen`);
    assert.deepEqual(
      tasks.filter((time) => time > 50),
      [],
    );
  },
  { hash: "" },
);

inside("fills the figures that are off the screen too", async (page) => {
  await page.evaluate(() => scrollTo(0, 0));
  for (const [figure, words] of [
    ["u-flow", "the gradient falls to 1 %"],
    ["u-clip", "the norm was"],
    ["u-gates", "of the places"],
  ])
    await numbers(page, figure, words);
  const filled = await page
    .locator("#inside > div > :is(.u-score, .u-flow, .u-clip, .u-gates) canvas")
    .evaluateAll((all) =>
      all.map((node) => {
        const canvas = /** @type {HTMLCanvasElement} */ (node);
        const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(
          0,
          0,
          canvas.width,
          canvas.height,
        );
        return data.some((byte, i) => i % 4 === 3 && byte > 0);
      }),
    );
  assert.ok(filled.length >= 17, `${filled.length} canvases`);
  assert.deepEqual(
    filled.filter((any) => !any),
    [],
  );
});

inside(
  "begins the comparison and the slow update when the reader comes to them, with nothing pressed",
  async (page) => {
    await page.locator("#inside .u-compare").first().scrollIntoViewIfNeeded();
    await page.waitForFunction(() =>
      /RNN \(tanh\) has a loss of \d.*; LSTM has a loss of \d.*; GRU has a loss of \d/ // it opens before its first step
        .test(document.querySelector("#inside > div > .u-compare > figcaption .u-numbers")?.textContent ?? ""),
    );
    await page.locator("#inside .u-slow").scrollIntoViewIfNeeded();
    await numbers(page, "u-slow", "the update at step");
    assert.equal(await page.locator(".u-slow h4").textContent(), en.slow.steps.read.title);
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest(".u-slow") ?? null),
      null,
      "the focus stays where it was",
    );
  },
);

inside("begins nothing while the network stands still", async (page) => {
  await reset(page);
  await page.locator("#inside .u-slow").scrollIntoViewIfNeeded();
  await page.waitForTimeout(1500);
  assert.equal(await button(page, en.compare.start).count(), 1);
  assert.equal(await page.locator(".u-slow-panel").isVisible(), false);
});

inside("moves every figure to an earlier moment, and back", async (page) => {
  await page.locator("#inside .u-compare").first().scrollIntoViewIfNeeded();
  await numbers(page, "u-compare", "RNN (tanh) has a loss of");
  await page.waitForFunction(
    () =>
      Number(
        /after (\d+) steps/.exec(
          document.querySelector("#inside > div > .u-compare > figcaption .u-numbers")?.textContent ?? "",
        )?.[1],
      ) > 3,
  );
  await button(page, en.slow.start).or(button(page, en.slow.again)).click();
  await button(page, en.check.start).click();
  await numbers(page, "u-check", "gradients were checked");
  await page.locator("#u-travel").focus();
  await page.keyboard.press("Home");
  await page.locator(".u-slow-place", { hasText: "at training step 0" }).waitFor();
  await numbers(page, "u-check", "at step 0, ");
  await score(page).scrollIntoViewIfNeeded();
  await numbers(page, "u-score", "after 0 steps");
  await page.locator("#inside .u-scores").scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll(".u-scores .u-numbers")].filter((line) =>
        line.textContent?.includes("after 0 steps"),
      ).length === 3,
  );
  await page.locator("#u-travel").focus();
  await page.keyboard.press("End");
  await page.locator(".u-slow-place", { hasText: /at training step [1-9]/ }).waitFor();
  await page.locator("#inside .u-scores").scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () =>
      ![...document.querySelectorAll(".u-scores .u-numbers")].some((line) =>
        line.textContent?.includes("after 0 steps"),
      ),
  );
});

inside("tints the text by what was clicked: a unit on a stave", async (page) => {
  await reset(page);
  const canvas = score(page).locator('[data-key="f"] canvas');
  await canvas.click({ position: { x: 40, y: 2 } });
  assert.match(await numbers(page, "u-score", "is tinted by unit"), /is tinted by unit \d+, its f\./);
  await canvas.click({ position: { x: 40, y: 2 } });
  await numbers(page, "u-score", "influence on the prediction");
  await slider(page).focus();
  for (const symbol of ["h", "c", "i"]) {
    await page.keyboard.press("Enter");
    await numbers(page, "u-score", `, its ${symbol}.`);
  }
});

inside("keeps the network that an exploding one, or a branch, takes the place of", async (page) => {
  await page.waitForFunction(
    () => Number(/** @type {HTMLInputElement} */ (document.querySelector("#u-travel")).max) > 8,
  );
  await page.getByRole("button", { name: en.transport.pause, exact: true }).click();
  const step = await page.locator("[data-number=step]").textContent();
  await button(page, en.clip.explode).click();
  await button(page, en.clip.explodeBack).click();
  await button(page, en.clip.explode).waitFor();
  assert.equal(await page.getByLabel(en.controls.cell.label, { exact: true }).inputValue(), "lstm");
  const after = async () =>
    Number(((await page.locator("[data-number=step]").textContent()) ?? "").replaceAll(",", ""));
  const before = Number((step ?? "").replaceAll(",", ""));
  assert.ok((await after()) >= before, `step ${await after()} after ${before}`);
  await page.waitForFunction(
    () => Number(/** @type {HTMLInputElement} */ (document.querySelector("#u-travel")).max) > 1,
  );
  await page.locator("#u-travel").focus();
  await page.keyboard.press("Home");
  await button(page, en.travel.branch).click();
  const left = Number(
    /come to step ([\d,]+)/
      .exec((await page.locator("[data-about=branch] p").textContent()) ?? "")?.[1]
      .replaceAll(",", ""),
  );
  await page.getByRole("button", { name: en.inside.branchBack, exact: true }).click();
  await page.waitForFunction(
    (wanted) => Number((document.querySelector("[data-number=step]")?.textContent ?? "").replaceAll(",", "")) >= wanted,
    left,
  );
});

inside(
  "speaks of tokens where they are no characters",
  async (page) => {
    await page.locator("#inside .u-flow h3").waitFor();
    assert.match((await page.locator("#inside > div > .u-flow .u-read").textContent()) ?? "", /how many tokens back/);
    assert.match(await numbers(page, "u-score", "after"), /over these \d+ tokens/);
  },
  { hash: `${SMALL}&tokens=word` },
);

inside(
  "drags the truncation boundary and the threshold by touch",
  async (page) => {
    const touch = await page.context().newCDPSession(page);
    const drag = async (/** @type {import("playwright-core").Locator} */ strip, /** @type {number} */ by) => {
      await strip.scrollIntoViewIfNeeded();
      const box = await strip.boundingBox();
      assert.ok(box);
      const at = (/** @type {number} */ dy) => ({ touchPoints: [{ x: 150, y: box.y + box.height / 2 + dy }] });
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", ...at(0) });
      for (const share of [0.3, 0.6, 1])
        await touch.send("Input.dispatchTouchEvent", { type: "touchMove", ...at(share * by) });
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    await numbers(page, "u-flow", "Training cuts it after 16");
    await drag(page.locator("#inside .u-flow .u-lane .u-handle"), 60);
    await page.waitForFunction(() =>
      /cuts it after (?!16)\d/.test(document.querySelector("#inside > div > .u-flow .u-numbers")?.textContent ?? ""),
    );
    const cut = Number(/cuts it after (\d+)/.exec(await numbers(page, "u-flow", "Training cuts it after"))?.[1]);
    assert.ok(cut > 30 && cut < 42, `${cut} characters, a row has 3 pixels`);
    await drag(page.locator("#inside .u-clip .u-handle"), 40);
    assert.match(await numbers(page, "u-clip", "were clipped at 0."), /were clipped at 0\.\d+/);
  },
  PHONE,
);

inside("saves the picture and its numbers", async (page) => {
  await reset(page);
  const { T, H } = (await sameTrace(page)).sizes;
  const save = async (/** @type {string} */ kind) => {
    await score(page).locator("summary", { hasText: en.figure.save }).click();
    const download = page.waitForEvent("download");
    await score(page).getByRole("button", { name: kind, exact: true }).click();
    return readFile(await (await download).path());
  };
  const csv = (await save(en.figure.csv)).toString();
  assert.equal(csv.trim().split(/\r\n(?=\d|$)/).length, 1 + T * H);
  const svg = (await save(en.figure.svg)).toString();
  const { page: blank, close } = await here.open(); // a picture is opened by itself, without the site's policy
  const parsed = await blank.evaluate((source) => {
    const root = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
    return { name: root.nodeName, images: root.querySelectorAll("image").length, words: root.textContent };
  }, svg);
  await close();
  assert.equal(parsed.name, "svg");
  assert.equal(parsed.images, 9); // the text's tint, guesses, h, c, four gates, gradient
  assert.ok(parsed.words?.includes("forget gate f"));
  assert.deepEqual([...(await save(en.figure.png)).subarray(1, 4)], [...Buffer.from("PNG")]);
});

inside("says what of an edited text the network does not know", async (page) => {
  await page.locator("#u-probe").fill("whale ☃ whale");
  await page.locator("#u-probe-note", { hasText: "does not know ☃" }).waitFor();
  await page.waitForFunction(
    () => document.querySelectorAll("#inside > div > .u-score .u-scroll[aria-valuemax='11']").length === 1,
  );
  await page.locator("#u-probe").fill("☃");
  await page.locator("#u-probe-note", { hasText: en.inside.probeShort }).waitFor();
});

inside(
  "brushes a stretch with a finger once that is asked for, and leaves it to scroll before",
  async (page) => {
    await slider(page).evaluate((scroller) => {
      scroller.scrollLeft = 0;
    });
    const canvas = score(page).locator('[data-key="hidden"] canvas');
    await canvas.scrollIntoViewIfNeeded();
    const touch = await page.context().newCDPSession(page);
    const drag = async () => {
      const box = await canvas.boundingBox();
      assert.ok(box);
      const at = (/** @type {number} */ x) => ({ touchPoints: [{ x: box.x + x, y: box.y + 20 }] });
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", ...at(200) });
      for (const x of [180, 160, 140]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", ...at(x) });
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    const brushed = score(page).locator(".u-brushed");
    await drag();
    assert.equal(await brushed.isVisible(), false);
    await button(page, en.score.mark).click();
    await canvas.scrollIntoViewIfNeeded();
    await slider(page).evaluate(async (scroller) => {
      // the fling of the first drag has to come to rest before
      for (let left = -1; left !== scroller.scrollLeft; ) {
        left = scroller.scrollLeft;
        await new Promise((done) => setTimeout(done, 300));
      }
      scroller.scrollLeft = 0;
    });
    await drag();
    await brushed.waitFor();
    assert.match((await brushed.locator("span").textContent()) ?? "", /^“.{4,9}”: /);
    assert.equal(await slider(page).evaluate((scroller) => scroller.scrollLeft), 0);
    await button(page, en.score.mark).click();
    await brushed.waitFor({ state: "hidden" });
  },
  PHONE,
);

inside(
  "reads on a phone: the score scrolls, the page does not",
  async (page) => {
    const { inner, outer, wide, window } = await page.evaluate(() => {
      const scroller = /** @type {HTMLElement} */ (document.querySelector("#inside > div > .u-score .u-scroll"));
      return {
        inner: scroller.scrollWidth,
        outer: scroller.clientWidth,
        wide: document.documentElement.scrollWidth,
        window: innerWidth,
      };
    });
    assert.ok(inner > outer, `${inner} in ${outer}`);
    assert.ok(wide <= window, `the page is ${wide} wide on ${window}`);
    assert.ok(
      (await page.locator("#inside > div > .u-score [data-key=hidden] canvas").boundingBox())?.height ?? 0 >= 64,
    );
  },
  PHONE,
);

for (const [theme, options] of /** @type {const} */ ([
  ["light", { viewport: { width: 1440, height: 900 } }],
  ["dark", PHONE],
])) {
  inside(
    `gives axe nothing to find in the figures, ${theme}, ${options.viewport.width} pixels wide`,
    async (page) => {
      await button(page, en.slow.start).click();
      await page.locator(".u-slow h4").waitFor();
      await button(page, en.check.start).click();
      await numbers(page, "u-check", "gradients were checked");
      await slider(page).focus();
      await page.keyboard.press("Shift+ArrowRight");
      assert.deepEqual(await axe(page, "#inside"), []);
    },
    { colorScheme: /** @type {"light" | "dark"} */ (theme), ...options },
  );
}

inside(
  "uncovers the backward step at once where motion is unwanted",
  async (page) => {
    await button(page, en.slow.start).click();
    await page.locator(".u-slow h4").waitFor();
    for (let i = 0; i < 3; i++) await page.keyboard.press("Space");
    await page.locator(".u-slow h4", { hasText: en.slow.steps.backward.title }).waitFor();
    assert.ok((await page.locator(".u-slow tbody td").allTextContents()).every((text) => text !== ""));
  },
  { reducedMotion: /** @type {const} */ ("reduce") },
);

inside("speaks Chinese as well", async (page) => {
  await page.locator("#u-lang").selectOption("zh");
  await page.locator("#inside h3", { hasText: zh.score.title }).waitFor();
  await page.locator("#inside .u-score").first().scrollIntoViewIfNeeded();
  await page.locator("#inside > div > .u-score > figcaption .u-numbers", { hasText: "平均损失" }).waitFor();
  await page.setViewportSize(PHONE.viewport);
  const heights = await page
    .locator("#inside .u-save > summary")
    .evaluateAll((all) => all.map((summary) => summary.getBoundingClientRect().height));
  assert.ok(Math.max(...heights) < 40, `two characters on one line: ${heights}`);
});
