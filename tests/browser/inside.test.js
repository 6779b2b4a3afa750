/** The figures of the inside, as a reader uses them: by eye, by keyboard, by ear, on a phone, and as files. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Trainer, loadCore } from "../../web/core/index.js";
import { fill, magnitude, signed, visible } from "../../web/views/parts/format.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { fitScales } from "../../web/views/parts/fit.js";
import { colourOf } from "../../web/views/parts/heatmap.js";
import { en, zh } from "../words.js";
import { SMALL, axe, comeNear, pauseAt, shownNumber, stage, turnTo, waitForStep } from "./harness.js";

const here = stage();

/** @typedef {import("playwright-core").Page} Page */
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true };

/** Comes to the score. @param {Page} page */
async function toScore(page) {
  await comeNear(page);
  await show(page, "score");
  await page.locator("#u-panel-score[data-step]").waitFor();
}

/**
 * A test in a page of its own, with the score in view.
 * @param {string} name @param {(page: Page) => Promise<void>} body @param {Parameters<typeof here.inPage>[2]} [options]
 */
function inside(name, body, options = {}) {
  const led = async (/** @type {Page} */ page) => {
    await toScore(page);
    await body(page);
  };
  here.inPage(name, led, { hash: SMALL, ...options });
}

/**
 * Tests in one page, one after the other, each with the score in view.
 * @param {string} name what they share
 * @param {Parameters<typeof here.inOnePage>[1] & { begin?: (page: Page) => Promise<void> }} options begin: what each
 * begins with
 * @param {(then: (name: string, body: (page: Page) => Promise<void>) => void) => void} tests
 */
function together(name, { begin, ...options }, tests) {
  here.inOnePage(name, { hash: SMALL, ...options }, (then) =>
    tests((sentence, body) =>
      then(sentence, async (page) => {
        await toScore(page);
        await begin?.(page);
        await body(page);
      }),
    ),
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
 * @param {string | RegExp} words
 */
async function numbers(page, figure, words) {
  const line = page.locator(`#inside > div > .${figure} > figcaption .u-numbers`);
  await line.filter({ hasText: words }).waitFor();
  return (await line.textContent()) ?? "";
}

/** Back at the initial weights, standing still, where it does not stand there already. @param {Page} page */
async function reset(page) {
  const start = page.getByRole("button", { name: en.bar.start, exact: true });
  if ((await start.isVisible()) && (await shownNumber(page, "step")) === 0) return;
  await page.getByRole("button", { name: en.bar.reset, exact: true }).click();
  await page.locator(".pane:not([hidden])[data-step='0']").waitFor();
}

/** Learning from the initial weights on. @param {Page} page */
async function learnAnew(page) {
  await reset(page);
  await page.getByRole("button", { name: en.bar.start, exact: true }).click();
}

/** Another figure comes into view, also where there is no room for its tab. @param {Page} page @param {string} name */
const show = (page, name) =>
  page.locator(".dock-choice").evaluate((choice, value) => {
    /** @type {HTMLSelectElement} */ (choice).value = value;
    choice.dispatchEvent(new Event("change"));
  }, name);

/** Another figure comes into view. @param {Page} page @param {keyof typeof en.dock.tabs} name */
async function open(page, name) {
  await page.getByRole("tab", { name: en.dock.tabs[name], exact: true }).click();
  await page.locator(`#u-panel-${name}`).waitFor();
}

/** Shows more of the score's staves: in a list that would lie over them. @param {Page} page @param {string[]} names */
async function showStaves(page, ...names) {
  const list = score(page).locator("summary", { hasText: en.score.staves });
  await list.click();
  for (const name of names) await score(page).getByLabel(name).check();
  await list.click();
}

/** Waits until so many moments can be gone back to. @param {Page} page @param {number} count */
const moments = (page, count) =>
  page.waitForFunction(
    (least) => Number(/** @type {HTMLInputElement} */ (document.querySelector("#u-travel")).max) >= least,
    count,
  );

/** The same network in Node: what the page must show of it. @param {Page} page */
async function sameTrace(page) {
  const text = await readFile(new URL("../../dist/site/assets/moby-dick.txt", import.meta.url), "utf8");
  const trainer = new Trainer(await loadCore({ variant: "simd" }), { text, hidden: 16, batch: 8, seqLen: 16 });
  return trainer.probe(await page.locator("#u-probe").inputValue());
}

together("a network at its initial weights, standing still", { begin: reset }, (then) => {
  then("saves the picture and its numbers", async (page) => {
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
    assert.match(svg, /^(<\?xml[^>]*>\s*)?<svg /);
    assert.equal(svg.match(/<image /g)?.length, 4); // the text's tint, guesses, h, and the forget gate
    assert.ok(svg.includes("forget gate f"));
    assert.deepEqual([...(await save(en.figure.png)).subarray(1, 4)], [...Buffer.from("PNG")]);
  });

  then("reads exact values at the cursor from the keyboard, and says them", async (page) => {
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

  then("brushes a stretch with Shift and the arrows, and tints the text by a unit", async (page) => {
    await slider(page).focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowRight");
    const brushed = score(page).locator(".u-brushed");
    const tokens = (await page.locator("#u-probe").inputValue()).slice(0, 4);
    await brushed.filter({ hasText: `“${[...tokens].map(visible).join("")}”` }).waitFor();
    await page.keyboard.press("Escape");
    await brushed.waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await numbers(page, "u-score", "The text is tinted by unit");
  });

  then("tints the text by what was clicked: a unit on a stave", async (page) => {
    const canvas = score(page).locator('[data-key="f"] canvas');
    await canvas.click({ position: { x: 40, y: 2 } });
    assert.match(await numbers(page, "u-score", "is tinted by unit"), /is tinted by unit \d+, its f\./);
    await canvas.click({ position: { x: 40, y: 2 } });
    await numbers(page, "u-score", "influence on the prediction");
    await slider(page).focus();
    for (const tint of [", its h.", ", its f.", "influence on the prediction"]) {
      await page.keyboard.press("Enter");
      await numbers(page, "u-score", tint);
    }
  });

  then("draws each stave's cell in the colour of its value", async (page) => {
    const trace = await sameTrace(page);
    const { T, H } = trace.sizes;
    await score(page).getByLabel(en.score.order).selectOption("index");
    await showStaves(page, en.score.stave.g, en.score.stave.gradient);
    const scales = fitScales(makePalette(false), trace);
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
          const { data, width, height } = /** @type {CanvasRenderingContext2D} */ (
            canvas.getContext("2d")
          ).getImageData(0, 0, canvas.width, canvas.height);
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

  then("fits the scales of the score to what is shown, says what they are, and gives the fixed ones", async (page) => {
    await showStaves(page, en.score.stave.cell);
    const legend = (/** @type {string} */ key) => score(page).locator(`[data-key="${key}"] .u-stave-label small`);
    const ends = async (/** @type {string} */ key) => (await legend(key).textContent()) ?? "";
    await legend("cell").waitFor();
    assert.match(await ends("cell"), /^−([125])\1$/, "a new cell's state is small, and its scale even");
    assert.match(await ends("text"), /^10.+10.+ log$/, "the tint has a legend");
    await score(page).getByLabel(en.figure.scale).selectOption("fixed");
    await page.waitForFunction(
      () =>
        document.querySelector('#inside .u-score [data-key="cell"] .u-stave-label small')?.textContent ===
        "−100100 asinh",
    );
    assert.equal(await ends("text"), "10⁻⁸10² log");
  });

  then("an opened cell and the score work out one unit: the one that was looked at last", async (page) => {
    await slider(page).focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    const looked = async () => /unit (\d+)/.exec((await readout(page).nth(1).textContent()) ?? "")?.[1];
    const first = await looked();
    await page.locator(".hero .u-stage").focus();
    await page.keyboard.press("Enter");
    const unit = page.locator(".hero .u-cell input");
    assert.equal(await unit.inputValue(), first);
    const second = first === "7" ? "8" : "7";
    await unit.fill(second);
    assert.equal(await looked(), second);
    await slider(page).focus();
    for (const key of ["ArrowUp", "ArrowDown", "ArrowDown"]) {
      const before = await looked();
      await page.keyboard.press(key);
      assert.notEqual(await looked(), before, key);
      assert.equal(await unit.inputValue(), await looked());
    }
  });

  then("keeps one cursor from figure to figure", async (page) => {
    await slider(page).focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator(".hero [role=slider]").getAttribute("aria-valuenow"), "9");
    await open(page, "flow");
    await numbers(page, "u-flow", "the gradient falls to 1%");
    const flow = page.locator("#inside .u-flow").getByRole("slider", { name: en.flow.cursor });
    assert.equal(await flow.getAttribute("aria-valuenow"), "9");
  });

  then("reads each itemised gradient from the keyboard", async (page) => {
    await open(page, "flow");
    const {
      flow,
      sizes: { T },
      tokens,
    } = await sameTrace(page);
    const wanted = page.locator("#inside > div > .u-flow").getByRole("slider", { name: en.flow.cursor });
    await wanted.scrollIntoViewIfNeeded();
    await numbers(page, "u-flow", "the gradient falls to 1%");
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

  then("checks gradients of every block against central differences", async (page) => {
    await open(page, "check");
    await button(page, en.check.start).click();
    const line = await numbers(page, "u-check", "gradients were checked");
    assert.match(line, /difference is (0\.01\d*|\d\.\d·10⁻[³⁴⁵⁶])\./);
    const names = (await page.locator(".u-check tbody th").allTextContents()).map((name) => name.split("[")[0]);
    assert.deepEqual(
      [...new Set(names)],
      ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "head.weight", "head.bias"],
    );
  });

  then("says what of an edited text the network does not know", async (page) => {
    await page.locator("summary", { hasText: en.inside.probe }).click();
    await page.locator("#u-probe").fill("whale ☃ whale");
    await page.locator("#u-probe-note", { hasText: "does not know ☃" }).waitFor();
    await page.waitForFunction(
      () => document.querySelectorAll("#inside > div > .u-score .u-scroll[aria-valuemax='11']").length === 1,
    );
    await page.locator("#u-probe").fill("☃");
    await page.locator("#u-probe-note", { hasText: en.inside.probeShort }).waitFor();
  });
});

together("a network that learns", { begin: learnAnew }, (then) => {
  then("shows the running network with nothing pressed, and goes on moving", async (page) => {
    const first = await numbers(page, "u-score", "after");
    await page.waitForFunction(
      (before) => document.querySelector("#inside > div > .u-score > figcaption .u-numbers")?.textContent !== before,
      first,
    );
    assert.match((await readout(page).first().textContent()) ?? "", /^\d+: .+ → .+ p 0\.\d{4} {3}loss \d+\.\d{3} nats/);
  });

  then("tells reach, saturated and clipped share in words", async (page) => {
    await open(page, "flow");
    assert.match(
      await numbers(page, "u-flow", "Spectral norm"), // of weights, which are asked for besides
      /after (\d+|more than \d+) characters .* Training cuts it after 16\. .*Spectral norm of the recurrent matrix: i \d+\.\d+, f \d/,
    );
    await open(page, "clip");
    assert.match(
      await numbers(page, "u-clip", "the norm was"),
      /Of all [\d,]+ steps (<0\.1|[\d.]+)% were clipped.*; the largest norm was [\d.]+/,
    );
    await open(page, "gates");
    assert.match(
      await numbers(page, "u-gates", "over"),
      /f is below 0\.1 at (<0\.1|[\d.]+)% and above 0\.9 at (<0\.1|[\d.]+)% of the places/,
    );
  });

  then("begins nothing by itself", async (page) => {
    for (const name of /** @type {const} */ ([
      "compare",
      "sweep",
      "overfitting",
      "document",
      "fill",
      "slow",
      "check",
    ])) {
      await open(page, name);
      await page.locator(`#u-panel-${name} button`).first().waitFor();
      assert.equal(await page.getByRole("button", { name: en.bar.pause, exact: true }).isEnabled(), true, name);
      assert.equal(await page.locator(".beside").isVisible(), false, name);
    }
  });

  then("makes the update and the check anew at another moment", async (page) => {
    await moments(page, 4);
    await open(page, "slow");
    await button(page, en.slow.start).click();
    await page.locator(".u-slow-place", { hasText: /at training step [1-9]/ }).waitFor();
    await page.locator("#u-travel").focus();
    await page.keyboard.press("Home");
    await page.locator(".u-slow-place", { hasText: "at training step 0" }).waitFor();
    await open(page, "check");
    await button(page, en.check.start).click();
    await numbers(page, "u-check", "at step 0, ");
    await page.getByRole("button", { name: en.bar.now, exact: true }).click();
    await numbers(page, "u-check", /At step [1-9]/);
  });

  then("goes through one update with the space bar, for which the run rests", async (page) => {
    await open(page, "slow");
    await button(page, en.slow.start).click();
    await page.locator(".u-slow h4").waitFor();
    const colours = page.locator(".u-slow-panel > .u-chips");
    assert.match((await colours.textContent()) ?? "", /gradient of the whole loss 10⁻?[⁰¹²³⁴⁵⁶⁷⁸]10[⁻⁰¹²]/);
    const edges = await page.locator(".u-slow-panel").evaluate((panel) => ({
      bars: [...panel.querySelectorAll(".u-scale")].map((bar) => bar.getBoundingClientRect().width >= 16),
      inside: panel.querySelector("canvas").getBoundingClientRect().right < panel.getBoundingClientRect().right,
    }));
    assert.deepEqual(edges, { bars: [true, true, true], inside: true }, "colours seen, and nothing hangs over");
    const scale = page.locator(".u-slow").getByLabel(en.figure.scale);
    await scale.selectOption("fixed");
    assert.match((await colours.textContent()) ?? "", /gradient of the whole loss 10⁻⁸10²/);
    await scale.selectOption("fitted");
    assert.doesNotMatch((await colours.textContent()) ?? "", /10⁻⁸10²/, "it fits this update again");
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
    const [, from, to] =
      /from ([\d.]+) to ([\d.]+) nats/.exec(await numbers(page, "u-slow", "the update at step")) ?? [];
    assert.ok(Number(to) < Number(from), `the update took the loss from ${from} to ${to}`);
  });

  then("grows to the whole screen in height as in width, and comes back", async (page) => {
    await waitForStep(page, 5);
    await pauseAt(page);
    for (const [view, figure, most] of /** @type {const} */ ([
      ["clip", "u-clip", 2],
      ["flow", "u-flow", 1],
      ["gates", "u-gates", 2],
      ["path", "u-path", 1],
      ["difference", "u-difference", 2],
      ["memory", "u-halflife", 2],
    ])) {
      await open(page, /** @type {any} */ (view));
      const root = page.locator(`#u-panel-${view} .${figure}`).first();
      await root.locator(".u-numbers", { hasText: /\d/ }).waitFor();
      const canvas = root.locator("canvas").last(); // a row of the first may be of whole pixels
      const height = () => canvas.evaluate((node) => node.getBoundingClientRect().height);
      const usual = await height();
      await root.getByRole("button", { name: en.figure.whole, exact: true }).click();
      const grown = page.waitForFunction(
        ([node, whole, before, spare]) => {
          const box = /** @type {HTMLElement} */ (whole);
          const end = box.querySelector(":scope > figcaption")?.getBoundingClientRect().bottom ?? 0;
          const isHigh = /** @type {any} */ (node).getBoundingClientRect().height > 1.15 * Number(before);
          return isHigh && box.scrollHeight === box.clientHeight && innerHeight - end < Number(spare);
        },
        /** @type {const} */ ([await canvas.elementHandle(), await root.elementHandle(), usual, 200 * most]),
      );
      await assert.doesNotReject(grown, `${view} fills the screen and is not scrolled`);
      await page.evaluate(() => document.exitFullscreen());
      await page.waitForFunction(
        ([node, before]) => /** @type {any} */ (node).getBoundingClientRect().height === before,
        /** @type {const} */ ([await canvas.elementHandle(), usual]),
      );
    }
  });

  then("speaks Chinese as well", async (page) => {
    await page.locator("#u-lang").selectOption("zh");
    await page.locator("#inside h3", { hasText: zh.score.title }).waitFor();
    await page.locator("#inside > div > .u-score > figcaption .u-numbers", { hasText: "平均损失" }).waitFor();
    await page.setViewportSize(PHONE.viewport);
    const heights = await page
      .locator("#inside .u-save > summary")
      .evaluateAll((all) => all.map((summary) => summary.getBoundingClientRect().height));
    assert.ok(Math.max(...heights) < 52, `two characters on one line: ${heights}`);
  });
});

together("a network that is made to explode", { begin: learnAnew }, (then) => {
  then("keeps the network that an exploding one takes the place of", async (page) => {
    await open(page, "clip");
    await pauseAt(page);
    const step = await page.locator("[data-number=step]").textContent();
    await button(page, en.clip.explode).click();
    await button(page, en.clip.explodeBack).click();
    await button(page, en.clip.explode).waitFor();
    assert.equal(await page.getByLabel(en.controls.cell.label, { exact: true }).inputValue(), "lstm");
    await page.waitForFunction((wanted) => document.querySelector("[data-number=step]")?.textContent === wanted, step);
  });

  then("makes gradients explode at one click, held in the run and breaking in its twin", async (page) => {
    await open(page, "clip");
    await button(page, en.clip.explode).click();
    await page.waitForFunction(() => {
      const words = document.querySelector("#inside > div > .u-clip > figcaption .u-numbers")?.textContent ?? "";
      const twin = /twin without clipping has a loss of (\d+\.\d+), this network (\d+\.\d+)/.exec(words);
      return / broke at step /.test(words) || (twin && Number(twin[1]) > 2 * Number(twin[2]));
    });
    assert.equal(await page.getByLabel(en.controls.cell.label, { exact: true }).inputValue(), "rnn");
  });
});

together("on a phone", PHONE, (then) => {
  then(
    "reads on a phone: the score scrolls, the page does not, and a tap is a place in the map and in the triangle",
    async (page) => {
      await numbers(page, "u-score", "after");
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
      const { height } = /** @type {{height: number}} */ (
        await page.locator("#inside > div > .u-score [data-key=hidden] canvas").boundingBox()
      );
      assert.ok(height >= 64, `${height} pixels high`);
      for (const name of ["gates", "flow"]) {
        await page.locator(".dock-choice").selectOption(name);
        const at = page.locator(`#u-panel-${name}[data-step] [role=slider]`);
        const before = (await at.getAttribute("aria-valuenow")) ?? "";
        await page.locator(`#u-panel-${name} .u-lane canvas`).tap({ position: { x: 70, y: 70 } });
        await page.locator(`#u-panel-${name} [role=slider]:not([aria-valuenow="${before}"])`).waitFor();
      }
    },
  );

  then("brushes a stretch with a finger once that is asked for, and leaves it to scroll before", async (page) => {
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
  });

  then("drags the truncation boundary and the threshold by touch", async (page) => {
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
    await page.locator(".dock-choice").selectOption("flow");
    await numbers(page, "u-flow", "Training cuts it after 16");
    await drag(page.locator("#inside .u-flow .u-lane .u-handle"), 60);
    await page.waitForFunction(() =>
      /cuts it after (?!16)\d/.test(document.querySelector("#inside > div > .u-flow .u-numbers")?.textContent ?? ""),
    );
    const cut = Number(/cuts it after (\d+)/.exec(await numbers(page, "u-flow", "Training cuts it after"))?.[1]);
    assert.ok(cut > 30 && cut < 42, `${cut} characters, a row has 3 pixels`);
    await page.locator(".dock-choice").selectOption("clip");
    await numbers(page, "u-clip", "the norm was");
    await page.locator("#inside .u-clip select").selectOption("fixed"); // else the axis fits the norms
    await drag(page.locator("#inside .u-clip .u-handle"), 40);
    await page.waitForFunction(() => /[#&]clipThreshold=0\.\d/.test(location.hash));
  });
});

here.inPage(
  "looks into the text, not at its beginning, also where the first unit is not among those shown",
  async (page) => {
    await readout(page)
      .filter({ hasText: /unit \d/ })
      .waitFor();
    const [now, last] = await slider(page).evaluate((at) => [Number(at.ariaValueNow), Number(at.ariaValueMax)]);
    assert.equal(now, Math.floor((last + 1) * 0.6));
    assert.doesNotMatch((await readout(page).nth(1).textContent()) ?? "", /unit 0 /);
  },
  { hash: "#v=1&hidden=128&batch=8&seqLen=16" },
);

inside("moves the truncation boundary by keyboard and by hand, and the clipping threshold", async (page) => {
  await open(page, "flow");
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
  await open(page, "clip");
  const clip = page.locator("#inside > div > .u-clip");
  await clip.getByRole("slider", { name: en.clip.threshold }).focus();
  await page.keyboard.press("Home");
  const set = page.getByLabel(en.controls.clipThreshold.label, { exact: true });
  await page.waitForFunction((field) => field?.value === "0.01", await set.first().elementHandle());
});

inside("looks back at an earlier moment, and trains on from there", async (page) => {
  await moments(page, 6);
  await page.locator("#u-travel").focus();
  await page.keyboard.press("Home");
  await numbers(page, "u-score", "after step 0 ");
  await page.keyboard.press("ArrowRight");
  await numbers(page, "u-score", "after step 1 ");
  await open(page, "clip");
  assert.match(
    await numbers(page, "u-clip", "before clipping"),
    /^At step 1 the norm was [\d.]+ before|^Step 1 is one of/,
  );
  await page.getByRole("button", { name: en.bar.branch, exact: true }).click();
  await page.locator(".badge").waitFor({ state: "hidden" });
  await page.locator(".notice", { hasText: /The one before stopped at step/ }).waitFor();
});

inside(
  "speaks of tokens where they are no characters",
  async (page) => {
    assert.match(await numbers(page, "u-score", "after"), /over these \d+ tokens/);
    await open(page, "flow");
    assert.match((await page.locator("#inside > div > .u-flow .u-read").textContent()) ?? "", /how many tokens back/);
    await open(page, "loss");
    assert.match((await page.locator("#inside .numbers").textContent()) ?? "", /bits per token.* likely tokens/);
    assert.match((await page.locator("#u-probe-note").textContent()) ?? "", /in tokens it knows/);
  },
  { hash: `${SMALL}&tokens=word` },
);

for (const [theme, options] of /** @type {const} */ ([
  ["light", { viewport: { width: 1440, height: 900 } }],
  ["dark", PHONE],
])) {
  inside(
    `gives axe nothing to find in the figures, ${theme}, ${options.viewport.width} pixels wide`,
    async (page) => {
      await pauseAt(page); // axe looks at what stands still
      for (const name of Object.keys(en.dock.tabs)) {
        await show(page, name);
        await page.locator(`#u-panel-${name}  > *`).first().waitFor();
        const start = { slow: en.slow.start, check: en.check.start }[name];
        if (start) await button(page, start).click();
        assert.deepEqual(await axe(page, `#u-panel-${name}`), [], name);
      }
      assert.deepEqual(await axe(page, "#inside"), [], "with all of them open once, and the way to them");
    },
    { colorScheme: /** @type {"light" | "dark"} */ (theme), ...options },
  );
}

inside(
  "uncovers the backward step at once where motion is unwanted",
  async (page) => {
    await open(page, "slow");
    await button(page, en.slow.start).click();
    await page.locator(".u-slow h4").waitFor();
    for (let i = 0; i < 3; i++) await page.keyboard.press("Space");
    await page.locator(".u-slow h4", { hasText: en.slow.steps.backward.title }).waitFor();
    const numbers = await page.locator(".u-slow tbody td").allTextContents();
    assert.ok(numbers.length > 0 && numbers.every((text) => text !== ""), `${numbers}`);
  },
  { reducedMotion: /** @type {const} */ ("reduce") },
);

/** What reaches out of its part of the opened cell, or stands over what is beside it. @param {Element[]} parts */
const meetings = (parts) =>
  parts.flatMap((part) => {
    const boxes = [...part.children].map((child) => {
      const range = document.createRange();
      range.selectNodeContents(child);
      const inner = child.localName === "canvas" ? child : range;
      return { name: child.localName, box: inner.getBoundingClientRect() };
    });
    const { right: end } = part.getBoundingClientRect();
    return boxes.flatMap(({ name, box }, i) => [
      ...(box.right > end + 1 ? [`${part.textContent}: ${name} ends at ${box.right} of ${end}`] : []),
      ...boxes
        .slice(i + 1)
        .filter(
          ({ box: o }) =>
            o.width && box.right > o.left && o.right > box.left && box.bottom > o.top + 1 && o.bottom > box.top + 1,
        )
        .map((other) => `${part.textContent}: ${name} over ${other.name}`),
    ]);
  });

const WIDE = { width: 1440, height: 900 };
for (const [cell, ...viewports] of /** @type {const} */ ([
  ["cell=lstm", PHONE.viewport],
  ["cell=gru&gruReset=after", PHONE.viewport, WIDE],
  ["cell=attention", PHONE.viewport, WIDE],
])) {
  here.inPage(
    `an opened cell's equations stand clear of their values and strips, ${cell}, ${viewports.map(({ width }) => width).join(" and ")} pixels wide`,
    async (page) => {
      await page.locator(".hero[data-step]").waitFor();
      await page.locator(".hero .u-stage").focus();
      await page.keyboard.press("Enter");
      const parts = page.locator(".hero .u-cell summary");
      for (const viewport of viewports) {
        await turnTo(page, { viewport });
        await parts.first().waitFor();
        assert.deepEqual(await parts.evaluateAll(meetings), [], `${viewport.width} pixels wide`);
      }
    },
    { hash: `${SMALL}&${cell}`, viewport: viewports[0] },
  );
}
