import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import en from "../../web/app/strings/en/index.js";
import zh from "../../web/app/strings/zh/index.js";
import { encodeShare, textSource } from "../../web/app/share.js";
import { makeText } from "../../web/core/text/generators.js";
import { SMALL, axe, comeNear, pauseAt, shownNumber, stage, turnTo, waitForStep } from "./harness.js";

const here = stage();

/** A test in the page, once it stands. */
function inPage(
  /** @type {string} */ name,
  /** @type {Parameters<typeof here.inPage>[1]} */ body,
  /** @type {Parameters<typeof here.inPage>[2]} */ options = {},
) {
  here.inPage(
    name,
    async (page, opened) => {
      await page.locator("[data-number=step]").waitFor();
      await body(page, opened);
    },
    options,
  );
}

/** Waits until exactly this step is shown. @param {import("playwright-core").Page} page @param {number} step */
const waitForShown = (page, step) =>
  page.waitForFunction(
    (wanted) => document.querySelector("[data-number=step]")?.textContent === wanted.toLocaleString("en"),
    step,
  );

const button = (/** @type {import("playwright-core").Page} */ page, /** @type {string} */ name) =>
  page.getByRole("button", { name, exact: true });
const notice = (/** @type {import("playwright-core").Page} */ page, /** @type {string | RegExp} */ text) =>
  page.locator(".notice", { hasText: text });

/**
 * Puts a text on the clipboard's way into the box.
 * @param {import("playwright-core").Page} page
 * @param {string} text
 * @param {number} [times]
 */
async function paste(page, text, times = 1) {
  await page.evaluate(
    ([words, count]) => {
      const box = /** @type {HTMLTextAreaElement} */ (document.querySelector("#u-own"));
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", String(words).repeat(Number(count)));
      box.value = "";
      // An untrusted event inserts nothing by itself, as a browser would.
      const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
      if (box.dispatchEvent(event)) box.value = String(words).repeat(Number(count));
    },
    [text, times],
  );
}

/** The steps that everything on the page says it shows. @param {import("playwright-core").Page} page */
const stamps = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("[data-step]")].map((each) => `${each.className} ${each.getAttribute("data-step")}`),
  );

/**
 * Holds all stamps to one step, of the bar, the hero and the sample at least, and of the figure in view.
 * @param {import("playwright-core").Page} page
 * @param {string} after what was done
 */
async function assertOneMoment(page, after) {
  await page.locator(".bar[aria-busy=false]").waitFor();
  const all = await stamps(page);
  assert.ok(all.length >= 3, `${after}: ${all}`);
  assert.equal(new Set(all.map((each) => each.split(" ").at(-1))).size, 1, `${after}: ${all}`);
}

/**
 * Waits until a text of so many characters is being learnt.
 * @param {import("playwright-core").Page} page
 * @param {string} count
 */
const learning = (page, count) => page.locator(".facts", { hasText: `${count} characters` }).waitFor();

inPage("learns the sample text at once, with nothing pressed, and writes samples", async (page) => {
  await waitForStep(page, 1);
  const V = Number(/([\d,]+) different/.exec((await page.locator(".facts").textContent()) ?? "")?.[1]);
  await waitForStep(page, 60);
  const loss = await shownNumber(page, "loss");
  assert.ok(loss < 3.2 && loss > 1, `the loss fell from ln ${V} = ${Math.log(V).toFixed(2)} to ${loss}`);
  assert.ok((await shownNumber(page, "speed")) > 1000);
  await page.getByRole("tab", { name: en.dock.tabs.loss, exact: true }).click();
  await page.locator("[data-number=validation]", { hasText: /\d/ }).waitFor();
  assert.ok((await shownNumber(page, "validation")) < Math.log(V));
  assert.ok(((await page.locator(".writing").textContent()) ?? "").startsWith("The "));
  const earlier = await page.locator(".earlier li").allTextContents();
  assert.match(earlier.at(-1) ?? "", /^step [0-2]The /);
  assert.ok(earlier.length >= 3);
  const { innerWidth, scrollWidth } = await page.evaluate(() => ({
    innerWidth,
    scrollWidth: document.documentElement.scrollWidth,
  }));
  assert.ok(scrollWidth <= innerWidth, "the page does not scroll sideways");
});

inPage(
  "goes back to the same initial weights: the first loss is read twice, and belongs to the seed",
  async (page) => {
    await waitForStep(page, 3);
    await pauseAt(page);
    const first = async () => {
      await button(page, en.bar.reset).click();
      await page.waitForFunction(() => document.querySelector("[data-number=step]")?.textContent === "0");
      await button(page, en.bar.step).click();
      await waitForStep(page, 1);
      assert.equal(await shownNumber(page, "step"), 1);
      return shownNumber(page, "loss");
    };
    const loss = await first();
    await button(page, en.bar.step).click();
    await waitForStep(page, 2);
    assert.notEqual(await shownNumber(page, "loss"), loss);
    assert.equal(await first(), loss);
    await page.getByLabel(en.controls.seed.label, { exact: true }).fill("2");
    await page.getByLabel(en.controls.seed.label, { exact: true }).press("Enter");
    await page.waitForFunction(() => document.querySelector("[data-number=step]")?.textContent === "0");
    assert.notEqual(await first(), loss);
  },
  { hash: SMALL },
);

inPage(
  "learns a pasted text at once",
  async (page) => {
    await waitForStep(page, 5);
    await paste(page, "the cat sat on the mat. ", 100);
    await learning(page, "2,400");
    await waitForStep(page, 300);
    const loss = await shownNumber(page, "loss");
    assert.ok(loss < 1.5, `it learns: ${loss}, and ln 11 = 2.40 would be blind guessing`);
    assert.equal(await page.locator("#u-text").inputValue(), "own");
    await page.waitForFunction(() => location.hash.includes("text=deflate."));
  },
  { hash: SMALL },
);

inPage(
  "refuses bad texts in a sentence, and the run before goes on",
  async (page) => {
    await waitForStep(page, 2);
    const before = await page.locator(".facts").textContent();
    for (const [text, sentence] of /** @type {[string, RegExp][]} */ ([
      ["", /it is empty/],
      ["x", /two characters at least/],
      ["aaaaaaaaaaaaaaaaaaaaaa", /one character over and over/],
    ])) {
      await page.locator("#u-own").fill(text);
      await button(page, en.text.learn).click();
      await notice(page, sentence).waitFor();
      assert.equal(await page.locator(".facts").textContent(), before);
      const step = await shownNumber(page, "step");
      await waitForStep(page, step + 2);
    }
  },
  { hash: SMALL },
);

inPage("learns any text at once, from 30 characters on, and fits the batch to each", async (page) => {
  const shown = async (/** @type {string} */ name) => page.locator(`#u-${name}`).getAttribute("placeholder");
  await waitForStep(page, 1);
  assert.deepEqual([await shown("batch"), await shown("seqLen")], ["auto: 32", "auto: 64"]);
  for (const times of [1, 4, 400]) {
    await paste(page, "A short text, but not nothing. ", times);
    await learning(page, (31 * times).toLocaleString("en"));
    await waitForStep(page, 3);
    const [batch, seqLen] = (await Promise.all([shown("batch"), shown("seqLen")])).map((text) =>
      Number(/auto: (\d+)/.exec(text ?? "")?.[1]),
    );
    assert.ok(batch * (seqLen + 1) <= 31 * times, `${batch} × ${seqLen} for ${31 * times} characters`);
    if (times === 400) assert.equal(seqLen, 64);
  }
  await paste(page, "A short text, but not nothing. ", 16_000);
  await page.getByRole("tab", { name: en.dock.tabs.loss, exact: true }).click();
  const sampled = /^Validation is measured on 3[012],\d{3} of the 99,199 characters held back, in stretches/;
  await page.locator(".numbers p:visible", { hasText: sampled }).waitFor();
  assert.deepEqual(await page.locator(".notice-error").allTextContents(), []);
});

inPage(
  "keeps broken characters, NUL and Windows line ends from doing harm, and says so",
  async (page) => {
    await waitForStep(page, 1);
    await page.evaluate(() => {
      const box = /** @type {HTMLTextAreaElement} */ (document.querySelector("#u-own"));
      const clipboardData = new DataTransfer();
      clipboardData.getData = () => `one\r\ntwo \0 three \ud83d four 🎈 five ${"filler words ".repeat(1700)}`;
      box.dispatchEvent(Object.assign(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData })));
      Object.defineProperty(box, "value", { configurable: true, get: clipboardData.getData, set() {} });
    });
    await notice(page, "were replaced by �: 1.").waitFor();
    await notice(page, "has 1 NUL").waitFor();
    await notice(page, "Windows line ends").waitFor();
    await waitForStep(page, 2);
    await page.locator("#u-text").selectOption({ index: 0 });
    await page.waitForFunction(() => !document.querySelector(".notice:not([data-about=undo])")); // none of it is true of the next text
  },
  { hash: SMALL },
);

inPage(
  "takes the beginning of a paste of 100 MB and stays alive",
  async (page) => {
    await waitForStep(page, 1);
    await paste(page, "0123456789 abcdefghi ", 5_000_000);
    await notice(page, "its first 2,000,000 characters are used").waitFor();
    await learning(page, "2,000,000");
    await waitForStep(page, 3);
    assert.ok((await page.locator("#u-own").inputValue()).length < 1000, "the box holds the beginning only");
  },
  { hash: SMALL },
);

inPage(
  "says how much of a long text is read, cut into words, and has its turns meanwhile",
  async (page) => {
    await waitForStep(page, 1);
    await page.evaluate(() => {
      const status = /** @type {HTMLElement} */ (document.querySelector(".status"));
      const told = /** @type {{ said: string[], turns: number }} */ (
        Object.assign(window, { told: { said: [], turns: 0 } }).told
      );
      new MutationObserver(() => {
        const words = String(status.textContent).trim();
        if (words.startsWith("Reading") && words !== told.said.at(-1)) told.said.push(words);
      }).observe(status, { childList: true, subtree: true, characterData: true });
      setInterval(() => (told.turns += status.textContent?.startsWith("Reading") ? 1 : 0), 0);
    });
    await paste(page, "the cat sat on a mat, ", 1_400_000);
    await page.locator(".facts", { hasText: /^2,000,000 characters, \d different words$/ }).waitFor();
    const { said, turns } = await page.evaluate(() => /** @type {any} */ (window).told);
    const shares = said.map((/** @type {string} */ words) => Number(/^Reading the text… (\d+)%$/.exec(words)?.[1]));
    assert.ok(shares.length > 3 && shares[0] <= 10, `${said}`);
    assert.ok(
      shares.every((/** @type {number} */ share, /** @type {number} */ i) => share > (shares[i - 1] ?? -1)),
      `${said}`,
    );
    assert.ok(turns > 3, `${turns} turns of the page's`);
    await page.waitForFunction(() => document.querySelector(".status")?.textContent?.startsWith("Learning"));
    await waitForStep(page, 2);
  },
  { hash: `${SMALL}&tokens=word` },
);

inPage(
  "tells each setting that is out of range or no number, and keeps the run",
  async (page) => {
    await waitForStep(page, 1);
    for (const [name, typed, sentence] of /** @type {[keyof typeof en.controls, string, string][]} */ ([
      ["hidden", "0", "Hidden units is a whole number from 1 to 2048; 0 is not."],
      ["hidden", "1.5", "Hidden units is a whole number from 1 to 2048; 1.5 is not."],
      ["layers", "9", "Layers is a whole number from 1 to 4; 9 is not."],
      ["learningRate", "0", "Learning rate is a number above 0, up to 1000; 0 is not."],
      ["learningRate", "-1", "Learning rate is a number above 0, up to 1000; -1 is not."],
      ["learningRate", "", "Learning rate needs a number."],
      ["validation", "1", "Held back is a number from 0 to below 1; 1 is not."],
    ])) {
      const input = page.getByLabel(/** @type {any} */ (en.controls[name]).label, { exact: true });
      await input.evaluate((element, value) => {
        /** @type {HTMLInputElement} */ (element).value = value;
        element.dispatchEvent(new Event("change", { bubbles: true }));
      }, typed);
      assert.equal(await page.locator(`#u-${name}-problem`).textContent(), sentence);
      assert.equal(await input.getAttribute("aria-invalid"), "true");
      const step = await shownNumber(page, "step");
      await waitForStep(page, step + 1);
    }
    await page.waitForFunction(() => location.hash.includes("hidden=16"));
  },
  { hash: SMALL },
);

inPage(
  "leaves what is being typed, and what was refused, when another run takes its place",
  async (page) => {
    await waitForStep(page, 1);
    const hidden = page.getByLabel(en.controls.hidden.label, { exact: true });
    const layers = page.getByLabel(en.controls.layers.label, { exact: true });
    await layers.fill("9");
    await hidden.fill("20");
    await button(page, en.bar.reset).evaluate((each) => each.click()); // the focus stays where it is typed
    await waitForShown(page, 0);
    await page.locator(".hero[data-step='0']").waitFor();
    assert.deepEqual([await hidden.inputValue(), await layers.inputValue()], ["20", "9"]);
    assert.match((await page.locator("#u-layers-problem").textContent()) ?? "", /9 is not/);
    await hidden.press("Enter");
    await page.waitForFunction(() => location.hash.includes("hidden=20"));
  },
  { hash: SMALL },
);

inPage(
  "offers to drop what a prompt has and the network does not know",
  async (page) => {
    await waitForStep(page, 1);
    await page.getByLabel(en.sample.prompt, { exact: true }).fill("Whale 鲸!");
    await page.getByLabel(en.sample.prompt, { exact: true }).press("Enter");
    await notice(page, 'does not know "鲸"').waitFor();
    await button(page, en.sample.drop).click();
    await page.locator(".writing", { hasText: /^Whale !/ }).waitFor();
  },
  { hash: SMALL },
);

inPage(
  "stops when the loss cannot be computed, and goes back to the last good state",
  async (page) => {
    await notice(page, /grew beyond what can be computed/).waitFor();
    await button(page, en.bar.start).waitFor();
    await page.locator(".bar[aria-busy=false]").waitFor();
    const step = await shownNumber(page, "step");
    const back = page.locator(".notice").getByRole("button", { name: /^Back to step/ });
    const good = Number(/[\d,]+$/.exec((await back.textContent()) ?? "")?.[0].replaceAll(",", ""));
    assert.ok(good <= step, `${good} is before ${step}`);
    await back.click();
    await notice(page, /The one before stopped at step/).waitFor(); // the state it went back to stands
    await page.locator(`.hero[data-step='${good}']`).waitFor();
    await page.getByLabel(en.controls.learningRate.label, { exact: true }).fill("0.0001");
    await page.getByLabel(en.controls.learningRate.label, { exact: true }).press("Enter");
    await button(page, en.bar.start).click();
    await waitForStep(page, good + 3);
  },
  { hash: "#v=1&cell=rnn&hidden=32&batch=8&seqLen=32&optimizer=sgd&learningRate=1000&l2=1000&clipMode=none" },
);

inPage(
  "tells of a worker that died, and starts again with text and settings",
  async (page) => {
    await waitForStep(page, 2);
    await page.workers()[0].evaluate(() => {
      setTimeout(() => {
        throw new Error("out of luck");
      });
    });
    await notice(page, en.errors["worker-crashed"]).waitFor();
    await button(page, en.notice.again).click();
    await waitForStep(page, 2);
    assert.equal(await page.getByLabel(en.controls.hidden.label, { exact: true }).inputValue(), "16");
  },
  { hash: SMALL, allow: [/out of luck/] },
);

inPage(
  "refuses what is no text file, and takes one that is",
  async (page) => {
    await waitForStep(page, 1);
    for (const [name, bytes, told] of /** @type {[string, Buffer, string][]} */ ([
      ["photo.png", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), "photo.png is a picture, and no text."],
      ["book.gz", gzipSync("a book"), "book.gz is compressed: unpack it first, with gzip -d."],
      ["<b>.doc", Buffer.from("d0cf11e0a1b11ae1", "hex"), "<b>.doc is a document of an office program"],
      ["old.txt", Buffer.from("é".repeat(99), "latin1"), "old.txt is in an older encoding. Save it as UTF-8"],
      ["noise", Buffer.from([0, 255, 254, 3, 0, 200]), "noise does not look like text."],
    ])) {
      await page.setInputFiles("#u-file", { name, mimeType: "text/plain", buffer: bytes });
      await notice(page, told).waitFor();
    }
    await page.setInputFiles("#u-file", {
      name: "poem.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("春眠不觉晓，处处闻啼鸟。\n".repeat(120)),
    });
    await learning(page, "1,560");
    await notice(page, "noise").waitFor({ state: "detached" });
  },
  { hash: SMALL },
);

inPage(
  "uses what a link says well, and tells what it does not take in one sentence",
  async (page) => {
    await notice(page, "This link asks for hidden, nonsense in a way that does not work here").waitFor();
    assert.equal(await page.locator(".notice").count(), 1);
    assert.equal(await page.getByLabel(en.controls.cell.label, { exact: true }).inputValue(), "gru");
    assert.equal(await page.getByLabel(en.controls.hidden.label, { exact: true }).inputValue(), "128");
    assert.equal(await page.locator("#u-own img").count(), 0);
    await waitForStep(page, 1);
  },
  { hash: "#v=1&cell=gru&hidden=-3&nonsense=%3Cimg%20src%3Dx%3E" },
);

inPage(
  "writes every setting into the address, and a reload reads it there",
  async (page) => {
    await waitForStep(page, 1);
    await page.getByLabel(en.controls.cell.label, { exact: true }).selectOption("gru");
    await page.getByLabel(en.controls.gruReset.label, { exact: true }).selectOption("after");
    await page.getByLabel(en.text.choose, { exact: true }).selectOption("brackets");
    await page.waitForFunction(
      () =>
        /cell=gru/.test(location.hash) && /gruReset=after/.test(location.hash) && /text=brackets/.test(location.hash),
    );
    await page.reload(); // the run may have been saved, and is then offered before another learns
    await page.locator(".chip .word", { hasText: "GRU 16" }).waitFor();
    assert.equal(await page.getByLabel(en.controls.gruReset.label, { exact: true }).inputValue(), "after");
    assert.equal(await page.getByLabel(en.text.choose, { exact: true }).inputValue(), "brackets");
    assert.equal(await page.locator(".chip .word").textContent(), `${en.text.brackets} · GRU 16`);
  },
  { hash: SMALL },
);

inPage(
  "changes rate and clipping without starting anew, and the cell by starting anew",
  async (page) => {
    await waitForStep(page, 20);
    await page.getByLabel(en.controls.clipMode.label, { exact: true }).selectOption("none");
    await page.getByLabel(en.controls.learningRate.label, { exact: true }).fill("0.001");
    await page.getByLabel(en.controls.learningRate.label, { exact: true }).press("Enter");
    await waitForStep(page, 25);
    await pauseAt(page);
    await page.getByLabel(en.controls.cell.label, { exact: true }).selectOption("rnn");
    await page.waitForFunction(() => document.querySelector("[data-number=step]")?.textContent === "0");
    assert.equal(await page.locator(".chip .word").textContent(), "Moby-Dick, chapters 1–7 · RNN 16");
  },
  { hash: SMALL },
);

inPage(
  "halts while the tab is hidden and goes on when it is seen",
  async (page) => {
    await waitForStep(page, 5);
    const setHidden = (/** @type {boolean} */ hidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await setHidden(true);
    await page.waitForFunction(() => /** @type {any} */ (window).told.paused);
    for (let look = 1; look <= 5; look++) {
      // One that trains makes steps between what it is asked.
      await button(page, en.sample.again).click();
      await page.waitForFunction((count) => /** @type {any} */ (window).told.looks.length >= count, look);
    }
    const { at, looks } = await page.evaluate(() => /** @type {any} */ (window).told);
    assert.ok(at >= 5 && looks.every((/** @type {number} */ step) => step === at), `it halted at ${at}: ${looks}`);
    await setHidden(false);
    await waitForStep(page, at + 5);
  },
  {
    hash: SMALL,
    init: () => {
      /** The last step that was reported, and the steps of what was looked at since the worker paused. */
      const told = { paused: false, at: 0, looks: /** @type {number[]} */ ([]) };
      Object.assign(window, { told });
      const methods = /** @type {Map<number, string>} */ (new Map());
      const hear = (/** @type {MessageEvent} */ { data }) => {
        if (data.event === "report") told.at = data.reports.at(-1).step;
        const method = methods.get(data.id);
        if (method === "pause") Object.assign(told, { paused: true, looks: [] });
        if (method === "look") told.looks.push(data.result.step);
      };
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...others) {
        this.addEventListener("message", hear); // once, however often
        methods.set(message?.id, message?.method);
        return /** @type {any} */ (postMessage).call(this, message, ...others);
      };
    },
  },
);

inPage(
  "does not train in a tab that was opened unseen, until it is seen",
  async (page) => {
    const sample = page.locator(".sample[data-step]"); // it trains before it writes, where it does
    assert.equal(await sample.getAttribute("data-step"), "0");
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => false });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await waitForStep(page, 3);
  },
  { hash: SMALL, init: () => Object.defineProperty(document, "hidden", { configurable: true, get: () => true }) },
);

inPage(
  "speaks Chinese as well, and keeps the run when the language changes",
  async (page) => {
    await waitForStep(page, 10);
    const before = await pauseAt(page);
    await page.getByLabel(en.page.language, { exact: true }).selectOption("zh");
    await page.getByRole("heading", { name: zh.sample.title }).waitFor();
    await page.locator("html[lang=zh-CN]").waitFor();
    assert.equal(await page.title(), zh.page.title);
    assert.equal(await shownNumber(page, "step"), before);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "u-lang");
    await button(page, zh.bar.step).click();
    await waitForStep(page, before + 1);
  },
  { hash: SMALL },
);

inPage(
  "does all from the keyboard",
  async (page) => {
    await waitForStep(page, 3);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), en.page.skip);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
    await page.keyboard.press("Space"); // wherever nothing else has that key
    await button(page, en.bar.start).waitFor();
    await page.locator(".bar[aria-busy=false]").waitFor();
    const step = await shownNumber(page, "step");
    await button(page, en.bar.step).focus();
    await page.keyboard.press("Enter");
    await waitForStep(page, step + 1);
    assert.equal(await shownNumber(page, "step"), step + 1);
    await page.getByRole("tab", { name: en.dock.tabs.score, exact: true }).focus();
    await page.keyboard.press("End");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "u-tab-loss");
    await page.locator("#u-panel-loss .plot canvas").waitFor(); // there is a curve to go along
    const slider = page.getByRole("slider", { name: en.chart.cursor });
    await slider.focus();
    await page.keyboard.press("Home");
    assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^step 1: training \d\.\d{3}, validation/);
    await page.keyboard.press("ArrowRight");
    assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^step 2:/);
  },
  { hash: "#v=1&hidden=96&batch=8&seqLen=64" }, // from 1,024 steps on the curve has not a point for each
);

inPage(
  "shows one moment everywhere, whatever is done",
  async (page) => {
    const travel = page.locator("#u-travel");
    await waitForStep(page, 12);
    const two = /loss: training \d\.\d{3} \(thin\), validation (\d\.\d{3}|–) \(thick\)$/;
    assert.match((await travel.getAttribute("aria-valuetext")) ?? "", two, "what the bar's two lines are");
    assert.match((await travel.getAttribute("title")) ?? "", two);
    const legend = page.locator(".u-unrolled .u-chips");
    const scale = page.locator(".u-unrolled").getByLabel(en.figure.scale);
    await scale.selectOption("fixed");
    assert.match((await legend.textContent()) ?? "", /gradient 10⁻⁸10²/);
    await scale.selectOption("fitted");
    assert.doesNotMatch((await legend.textContent()) ?? "", /10⁻⁸10²/);
    for (let i = 0; i < 20; i++) {
      // while it runs, too: read in one go
      const all = await stamps(page);
      assert.equal(new Set(all.map((each) => each.split(" ").at(-1))).size, 1, `running: ${all}`);
    }
    await pauseAt(page);
    await assertOneMoment(page, "pause");
    const step = await shownNumber(page, "step");
    for (let i = 0; i < 5; i++) await button(page, en.bar.step).click();
    await waitForStep(page, step + 5);
    await assertOneMoment(page, "five quick steps");
    assert.equal(await shownNumber(page, "step"), step + 5);
    await travel.focus();
    await page.keyboard.press("Home");
    await waitForShown(page, 0);
    await assertOneMoment(page, "time travel");
    assert.equal(await page.locator(".badge b").textContent(), "step 0");
    for (const name of /** @type {const} */ (["flow", "gates", "clip", "loss", "keep"])) {
      await page.getByRole("tab", { name: en.dock.tabs[name], exact: true }).click();
      if (name !== "keep") await page.locator(`#u-panel-${name}[data-step]`).waitFor();
      await assertOneMoment(page, `the figure ${name}`);
    }
    await button(page, en.bar.now).click();
    await waitForShown(page, step + 5);
    await assertOneMoment(page, "back to now");
    await page.locator("#u-lang").selectOption("zh");
    await button(page, zh.bar.start).waitFor();
    await page.locator(".hero[data-step]").waitFor();
    await assertOneMoment(page, "another language");
    await page.locator("#u-lang").selectOption("en");
    await button(page, en.bar.start).waitFor();
    await page.getByLabel(en.controls.hidden.label, { exact: true }).fill("20");
    await page.getByLabel(en.controls.hidden.label, { exact: true }).press("Enter");
    await page.locator(".notice", { hasText: /stopped at step/ }).waitFor();
    await page.locator(".hero[data-step]").waitFor();
    await assertOneMoment(page, "another setting");
    await button(page, en.bar.step).click();
    await waitForShown(page, 1);
    await button(page, en.bar.reset).click();
    await waitForShown(page, 0);
    await page.locator(".hero[data-step]").waitFor();
    await assertOneMoment(page, "reset");
    await page.reload();
    await page.locator(".hero[data-step]").waitFor();
    await assertOneMoment(page, "reload");
  },
  { hash: SMALL },
);

inPage(
  "goes back to the run that a change of settings left, as it was",
  async (page) => {
    await waitForStep(page, 30);
    const step = await pauseAt(page);
    const written = await page.locator(".writing").textContent();
    await page.getByLabel(en.controls.hidden.label, { exact: true }).fill("20");
    await page.getByLabel(en.controls.hidden.label, { exact: true }).press("Enter");
    await waitForShown(page, 0);
    const offer = notice(page, /The one before stopped/);
    const size = () => offer.evaluate((each) => [each.offsetWidth, each.querySelector("p")?.offsetWidth]);
    const [wide] = await size();
    await offer.evaluate((each) => each.getAnimations({ subtree: true }).forEach((later) => later.finish())); // 12 s on
    const [narrow, sentence] = await size();
    assert.ok(wide > 600 && narrow < 160 && sentence === 1, `${wide}, then ${narrow} with a sentence of ${sentence}`);
    await offer.hover();
    assert.deepEqual((await size())[0], wide, "under the mouse it says what it leads back to");
    await button(page, en.notice.undo).click();
    await waitForShown(page, step);
    assert.equal(await page.getByLabel(en.controls.hidden.label, { exact: true }).inputValue(), "16");
    await page.waitForFunction((text) => document.querySelector(".writing")?.textContent === text, written);
    assert.ok(Number(await page.locator("#u-travel").getAttribute("max")) > 3, "its moments are there");
    await button(page, en.bar.reset).click();
    await waitForShown(page, 0);
    await button(page, en.notice.undo).click();
    await waitForShown(page, step);
  },
  { hash: SMALL },
);

inPage(
  "stops where the validation loss was best, shows that moment, and goes on when it is told to",
  async (page) => {
    await notice(page, /^It has not improved for a while/).waitFor();
    const [, best, at] = /This is step ([\d,]+), .* paused at step ([\d,]+)\./.exec(
      (await notice(page, /^It has not improved/).textContent()) ?? "",
    ) ?? ["", "", ""];
    await waitForShown(page, Number(best.replaceAll(",", "")));
    await assertOneMoment(page, "stopped at the best");
    assert.equal(await page.locator(".badge b").textContent(), `step ${best}`);
    await button(page, en.notice.goOn).click();
    await waitForStep(page, Number(at.replaceAll(",", "")) + 400);
    assert.equal(await notice(page, /^It has not improved/).count(), 0);
  },
  {
    hash: `#${await encodeShare({ settings: { hidden: 48, batch: 4, seqLen: 16, learningRate: 0.01 }, text: await textSource(makeText("quotes").text.slice(0, 1500)) })}`,
  },
);

inPage(
  "goes back in the page by the browser's own button, and the run goes on",
  async (page) => {
    await waitForStep(page, 10);
    await page.getByRole("tab", { name: en.dock.tabs.gates, exact: true }).click();
    await page.waitForFunction(() => location.hash.includes("view=gates"));
    await page.getByRole("tab", { name: en.dock.tabs.clip, exact: true }).click();
    await page.waitForFunction(() => location.hash.includes("view=clip"));
    const step = await shownNumber(page, "step");
    await page.goBack();
    await page.locator("#u-panel-gates:not([hidden])").waitFor();
    await waitForStep(page, step + 1);
    assert.equal(await page.locator(".notice").count(), 0);
  },
  { hash: SMALL },
);

inPage(
  "proposes the rate that goes with another optimizer",
  async (page) => {
    await waitForStep(page, 1);
    await page.getByLabel(en.controls.optimizer.label, { exact: true }).selectOption("sgd");
    await notice(
      page,
      "Measured on Moby-Dick with the usual network, SGD learns best at a rate near 3; yours is 0.002.",
    ).waitFor();
    await button(page, "Use 3").click();
    await page.waitForFunction(
      () => /** @type {HTMLInputElement} */ (document.querySelector("#u-learningRate")).value === "3",
    );
  },
  { hash: SMALL },
);

inPage(
  "what has nothing new to say is left as it is: the bar, its curve and what was written before",
  async (page) => {
    await waitForStep(page, 60);
    await pauseAt(page);
    await page.locator(".earlier li").first().waitFor();
    const written = await page.locator(".writing").textContent();
    await page.evaluate(() => {
      const told = /** @type {any} */ (window);
      told.touched = [];
      const watch = new MutationObserver((all) =>
        told.touched.push(
          ...all
            .filter(({ attributeName }) => attributeName !== "aria-busy")
            .map(({ target, type, attributeName }) => `${target.nodeName} ${type} ${attributeName ?? ""}`),
        ),
      );
      const all = { subtree: true, childList: true, characterData: true, attributes: true };
      for (const place of document.querySelectorAll(".bar-row, .earlier")) watch.observe(place, all);
    });
    await page.locator("#u-temperature").fill("0"); // another sample of the same moment
    await page.waitForFunction((before) => document.querySelector(".writing")?.textContent !== before, written);
    await page.locator(".bar[aria-busy=false]").waitFor();
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).touched), []);
  },
  { hash: SMALL },
);

inPage(
  "figures far out of sight are not fetched, rest, and show the moment of all when the reader comes near",
  async (page, { requests }) => {
    await waitForStep(page, 30);
    const score = page.locator("#u-panel-score");
    await page.locator("#inside").waitFor({ state: "attached" });
    await page.locator(".hero[data-step]").waitFor();
    const fetched = () => requests.some((url) => /\/score-\w+\.js/.test(url));
    assert.deepEqual([await score.locator(".u-tools").count(), fetched()], [0, false]);
    assert.equal(await score.getAttribute("data-step"), null);
    await pauseAt(page);
    const looks = () => page.evaluate(() => /** @type {any} */ (window).looks);
    const before = await looks();
    await comeNear(page);
    await page.locator("#u-panel-score[data-step]").waitFor();
    await score.locator(".u-stave canvas").first().waitFor();
    assert.equal(fetched(), true);
    await assertOneMoment(page, "coming near");
    assert.equal(await looks(), before, "the hero was drawn from all that the score shows");
    await page.evaluate(() => scrollTo(0, 0));
    await page.locator("#u-panel-score:not([data-step])").waitFor({ state: "attached" });
    await assertOneMoment(page, "gone again");
  },
  {
    hash: SMALL,
    viewport: { width: 390, height: 844 },
    init: () => {
      const counted = /** @type {any} */ (window);
      counted.looks = 0;
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...others) {
        if (message?.method === "look") counted.looks++;
        return /** @type {any} */ (postMessage).call(this, message, ...others);
      };
    },
  },
);

inPage(
  "the bar is whole at every width, also while an earlier moment is looked at",
  async (page) => {
    await waitForStep(page, 40);
    await page.locator(".doors").waitFor();
    await page.locator("#u-travel").focus();
    await page.keyboard.press("ArrowLeft");
    await page.locator(".badge").waitFor();
    for (const width of [1440, 1180, 1000, 900, 760, 645, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.locator(width > 640 ? ".bar .doors" : ".masthead .doors").waitFor();
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll(".bar button, .doors button")].flatMap((button) => {
          const { left, right } = button.getBoundingClientRect();
          const end = /** @type {HTMLElement} */ (button.parentElement).getBoundingClientRect().right;
          return button.checkVisibility() && (left < 0 || right > Math.min(innerWidth, end) + 1)
            ? [button.textContent]
            : [];
        }),
      );
      assert.deepEqual(cut, [], `${width} pixels wide`);
    }
  },
  { hash: SMALL },
);

inPage(
  "a sample text that cannot be loaded is told of, and the text that is learnt keeps its name",
  async (page) => {
    await waitForStep(page, 1);
    await page.locator("#u-text").selectOption("tang");
    await notice(page, en.errors["no-text-file"]).waitFor();
    assert.equal(await page.locator("#u-text").inputValue(), "moby-dick");
    await page.route("**/moby-dick.txt", (route) => route.abort());
    await page.reload();
    await notice(page, en.errors["no-text-file"]).waitFor();
    await page.locator(".facts").waitFor();
    await page.getByText(en.bar.opening).waitFor({ state: "detached" });
  },
  {
    hash: SMALL,
    prepare: (page) => page.route("**/tang.txt", (route) => route.abort()),
    allow: [/Failed to load resource/],
  },
);

inPage(
  "follows a link to what else is to be looked into",
  async (page) => {
    await waitForStep(page, 1);
    await page.evaluate(() => {
      location.hash = location.hash.replace("probe=aaa", "probe=bbb");
    });
    await page.waitForFunction(() => /** @type {any} */ (document.querySelector("#u-probe")).value === "bbb");
    await page.waitForFunction(() => location.hash.includes("probe=bbb"));
  },
  { hash: `${SMALL}&probe=aaa` },
);

inPage("loads at most 200 kB, compressed, before it has learnt", async (page, { requests }) => {
  await waitForStep(page, 1);
  const seen = [...new Set(requests)].filter((/** @type {string} */ url) => url.startsWith("http"));
  const sizes = await Promise.all(
    seen.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total <= 200_000, `${total} bytes in ${seen.map((url, i) => `${url} ${sizes[i]}`).join(", ")}`);
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])
  inPage(
    `gives axe nothing to find at ${viewport.width} pixels, light and dark`,
    async (page) => {
      await waitForStep(page, 5);
      await pauseAt(page);
      await page.evaluate(() =>
        document.querySelectorAll("details").forEach((details) => {
          details.open = true;
        }),
      );
      if (viewport.width < 900) await page.locator(".chip").click();
      await page.locator("#u-own").fill("x");
      await button(page, en.text.learn).click();
      await page.locator(".notice").waitFor();
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await turnTo(page, { colorScheme });
        assert.deepEqual(await axe(page), [], colorScheme);
      }
    },
    { hash: SMALL, viewport },
  );
