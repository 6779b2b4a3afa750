import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { loadCore, Trainer } from "../../web/core/index.js";
import { WORDS } from "../../web/app/lessons/words.js";
import { encodeShare } from "../../web/app/share.js";
import { attributeOf, NAMES } from "../../web/embed/options.js";
import { axe, serve, stage, turnTo, until } from "./harness.js";

/** Pages of somebody else's beside the site. */
const pages = new Map();
const site = stage({ pages });
/** Another origin with the same files. @type {Awaited<ReturnType<typeof serve>>} */ let other;
/** @type {string} */ let protocol;

before(async () => {
  protocol = await readFile(new URL("../../web/embed/protocol.js", import.meta.url), "utf8");
  other = await serve();
});
after(() => other?.close());

const TEXT = "to be, or not to be: that is the question; ".repeat(30);
const SMALL = 'units="16" batch="4" seq-len="16" seed="5"';
const SCRIPT = '<script type="module" src="unrolled-element.js"></script>';
const demo = (attributes = "", inside = TEXT) => `<unrolled-demo ${SMALL} ${attributes}>${inside}</unrolled-demo>`;

/** A page of somebody else's, written for one test. @param {any} host @param {(page: any) => Promise<void>} check */
function onHost(name, { body, head = SCRIPT, csp = "", ...options }, check) {
  site.inPage(name, check, {
    path: "host.html",
    prepare: async () => {
      pages.set("/host.html", {
        headers: csp ? { "content-security-policy": csp } : {},
        body: `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,">${head}</head><body>${typeof body === "function" ? body() : body}</body></html>`,
      });
    },
    ...options,
    origins: () => [other.origin],
  });
}

/** The step of the nth demo. */
const stepOf = (page, n = 0) => page.evaluate((i) => document.querySelectorAll("unrolled-demo")[i].state.step, n);
/** Waits until it has made so many steps, and stands: it learns while it is laid out. */
const waitForStepOf = (page, step, n = 0) =>
  page.waitForFunction(
    ([i, wanted]) => {
      const demo = document.querySelectorAll("unrolled-demo")[i];
      return demo?.state?.step >= wanted && !demo.shadowRoot.querySelector(".demo.u-waiting");
    },
    [n, step],
  );
/** Pauses the first demo, and waits until its picture is of the step it rests at. */
async function rest(page) {
  const step = await page.evaluate(async () => {
    const demo = document.querySelector("unrolled-demo");
    await demo.pause();
    return demo.state.step;
  });
  await page.locator(`unrolled-demo .hero[data-step='${step}']`).waitFor();
}

onHost(
  "every demo of a page has its figures, also one whose worker was warm before",
  {
    body: () =>
      `${demo('autoplay views="score"')}${demo('autoplay views="flow" cell="gru"')}${demo('autoplay views="gates clip" cell="rnn"')}`,
  },
  async (page) => {
    for (const [n, figures] of [["u-score"], ["u-flow"], ["u-gates", "u-clip"]].entries()) {
      await page.evaluate((i) => document.querySelectorAll("unrolled-demo")[i].scrollIntoView(), n);
      for (const figure of figures) {
        const numbers = page.locator("unrolled-demo").nth(n).locator(`.${figure}`).first().locator(".u-numbers");
        await numbers.filter({ hasText: /\d/ }).waitFor();
      }
    }
    assert.equal(await page.locator("unrolled-demo .u-compare").count(), 0);
    const heroes = await page.evaluate(() =>
      [...document.querySelectorAll("unrolled-demo")].map(
        (each) => each.shadowRoot?.querySelectorAll(".u-unrolled").length,
      ),
    );
    assert.deepEqual(heroes, [0, 0, 0], "the unrolled network is there where it is named");
  },
);

onHost(
  "a demo loads when it is seen, rests while it is not, and goes on exactly there",
  {
    body: `<div style="height: 3000px"></div>${demo("autoplay")}<div style="height: 3000px"></div>`,
    init: () => {
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...others) {
        if (message?.method === "pause") window.rests = true;
        return postMessage.call(this, message, ...others);
      };
    },
  },
  async (page) => {
    await page.waitForFunction(() => customElements.get("unrolled-demo"));
    assert.equal(page.workers().length, 0, "no worker before it is seen");
    const steps = await page.evaluateHandle(() => {
      const seen = [];
      document.addEventListener("unrolled-step", ({ detail }) => seen.push(detail.step));
      return seen;
    });
    await page.locator("unrolled-demo").scrollIntoViewIfNeeded();
    await waitForStepOf(page, 5);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForFunction(() => window.rests);
    const rested = await page.evaluate(async () => {
      const demo = document.querySelector("unrolled-demo");
      await demo.trainer.snapshots(); // answered after what was asked before
      return demo.state.step;
    });
    await steps.evaluate((seen) => seen.splice(0));
    const { loss } = await page.evaluate(() => document.querySelector("unrolled-demo").trainer.step(1));
    const trainer = new Trainer(await loadCore({ variant: "simd" }), {
      text: TEXT.trimEnd(),
      hidden: 16,
      batch: 4,
      seqLen: 16,
      seed: 5,
    });
    const want = trainer.step(rested + 1);
    assert.equal(loss, want.loss, `loss of step ${want.step}, the one after its rest`);
    trainer.dispose();
    await page.locator("unrolled-demo").scrollIntoViewIfNeeded();
    await waitForStepOf(page, rested + 5);
  },
);

onHost(
  "a demo without autoplay waits for Start, and its methods do what its buttons do",
  { body: demo() },
  async (page) => {
    await page.getByRole("button", { name: "Start" }).click();
    await waitForStepOf(page, 3);
    const result = await page.evaluate(async () => {
      const demo = document.querySelector("unrolled-demo");
      await demo.reset();
      const afterReset = demo.state;
      const first = new Promise((done) =>
        demo.addEventListener("unrolled-step", ({ detail }) => done(detail.loss), { once: true }),
      );
      await demo.step();
      const loss = await first;
      await demo.reset();
      const again = new Promise((done) =>
        demo.addEventListener("unrolled-step", ({ detail }) => done(detail.loss), { once: true }),
      );
      await demo.step();
      return { afterReset, loss, again: await again, step: demo.state.step };
    });
    assert.equal(result.afterReset.running, false);
    assert.equal(result.again, result.loss, "the same first loss after a reset");
    assert.equal(result.step, 1);
    assert.equal(await page.getByRole("button", { name: "Start" }).count(), 1, "it is paused");
  },
);

onHost(
  "the page's styles stay out, and what the author sets on the element comes in",
  {
    head: `${SCRIPT}<style>* { color: rgb(255, 0, 0) !important; font-size: 40px !important } button, canvas { display: none !important } html { font-size: 30px }
    unrolled-demo { --u-accent: rgb(1, 2, 3) } unrolled-demo::part(numbers) { outline: 7px solid }</style>`,
    body: `<div style="direction: rtl; text-align: center">${demo('autoplay views="loss numbers"')}</div>`,
  },
  async (page) => {
    await waitForStepOf(page, 3);
    await page.locator("unrolled-demo .plot canvas").waitFor({ state: "attached" });
    const styles = await page.evaluate(() => {
      const root = document.querySelector("unrolled-demo").shadowRoot;
      const of = (selector) => getComputedStyle(root.querySelector(selector));
      return {
        button: of(".demo > .transport .primary").display,
        back: of(".demo > .transport .primary").backgroundColor,
        size: of("h2").fontSize,
        canvas: of(".plot canvas").display,
        outline: of(".numbers").outlineWidth,
      };
    });
    assert.deepEqual(styles, { button: "block", back: "rgb(1, 2, 3)", size: "17px", canvas: "block", outline: "7px" });
  },
);

onHost(
  "the old name of the units is read, whatever the host's styles make of HTML's attribute of that name",
  {
    head: `${SCRIPT}<style>[hidden] { display: none !important }</style>`,
    body: '<unrolled-demo hidden="9" batch="4" seq-len="16" views="loss" autoplay></unrolled-demo>',
  },
  async (page) => {
    await waitForStepOf(page, 3);
    assert.equal(await page.evaluate(() => document.querySelector("unrolled-demo").trainer.settings.hidden), 9);
    assert.equal(await page.locator("unrolled-demo .plot").isVisible(), true);
  },
);

onHost(
  "hidden as HTML has it, a demo rests, and goes on where it was when it is shown again",
  { body: demo('autoplay views="loss"') },
  async (page) => {
    await waitForStepOf(page, 20);
    const before = await page.evaluate(() => {
      const demo = document.querySelector("unrolled-demo");
      demo.addEventListener("unrolled-ready", () => (window.anew = true));
      demo.hidden = true;
      return demo.state.step;
    });
    assert.equal(await page.locator("unrolled-demo").isVisible(), false);
    await page.evaluate(() => (document.querySelector("unrolled-demo").hidden = false));
    await waitForStepOf(page, before + 10);
    assert.equal(await page.evaluate(() => window.anew), undefined);
    await page.evaluate(() => {
      const demo = document.querySelector("unrolled-demo");
      demo.setAttribute("hidden", "9");
      demo.hidden = true;
    });
    assert.equal(await page.locator("unrolled-demo").isVisible(), false, "also where it said units meanwhile");
  },
);

onHost("no attribute or property of ours is HTML's or ARIA's name for something else", { body: "" }, async (page) => {
  await page.waitForFunction(() => customElements.get("unrolled-demo"));
  const clashes = await page.evaluate(
    ([names, attributes]) => {
      const inherited = new Set();
      for (let type = HTMLElement.prototype; type; type = Object.getPrototypeOf(type))
        for (const name of Object.getOwnPropertyNames(type)) inherited.add(name.toLowerCase());
      const { prototype } = customElements.get("unrolled-demo");
      const ours = Object.getOwnPropertyNames(prototype).filter((name) => !/Callback$|^constructor$/.test(name));
      const clash = (name) => inherited.has(name.toLowerCase()) || /^(on|aria-?|data-)|^role$/i.test(name);
      return {
        properties: [...new Set([...ours, ...names])].filter(clash),
        attributes: attributes.filter((name) => clash(name.replaceAll("-", ""))),
        missing: names.filter((name) => !(name in prototype)),
      };
    },
    [NAMES, NAMES.map(attributeOf)],
  );
  // `lang` is HTML's, and means the same here.
  assert.deepEqual(clashes, { properties: ["lang"], attributes: ["lang"], missing: [] });
});

/** What a framework does with { units: 24, stateful: false, … } on an element. */
const WAYS = {
  "attributes of text, as HTML and React 18 write them": (demo, options) => {
    for (const [name, value] of Object.entries(options)) demo.setAttribute(name, String(value));
  },
  "properties where there are such, as React 19, Vue, Svelte and Preact set them": (demo, options) => {
    for (const [name, value] of Object.entries(options)) {
      if (!(name in demo)) throw new Error(`${name} would become an attribute`);
      demo[name] = value;
    }
  },
  "properties, as Angular and Lit set them, taken away again by null or undefined": (demo, options) => {
    Object.assign(demo, { layers: 3, prompt: "x" }, options);
    Object.assign(demo, { layers: null, prompt: undefined });
  },
};
for (const [way, set] of Object.entries(WAYS))
  onHost(`a demo takes ${way}`, { body: "<main></main>" }, async (page) => {
    await page.waitForFunction(() => customElements.get("unrolled-demo"));
    const got = await page.evaluate(
      async ([source, text]) => {
        const demo = document.createElement("unrolled-demo");
        const options = {
          units: 24,
          seqLen: 16,
          batch: 4,
          learningRate: 0.01,
          stateful: false,
          cell: "gru",
          autoplay: true,
        };
        new Function("demo", "options", `(${source})(demo, options)`)(demo, { ...options, views: "loss", text });
        const ready = new Promise((done) => demo.addEventListener("unrolled-step", done, { once: true }));
        document.querySelector("main").append(demo);
        await ready;
        const { hidden, seqLen, learningRate, stateful, cell, layers } = demo.trainer.settings;
        const { width, height } = demo.getBoundingClientRect();
        return {
          settings: { hidden, seqLen, learningRate, stateful, cell, layers },
          properties: [demo.units, demo.seqLen, demo.stateful, demo.autoplay, demo.cell, demo.layers],
          seen: width > 100 && height > 100 && !demo.hidden,
          text: demo.text,
        };
      },
      [String(set), TEXT],
    );
    assert.deepEqual(got, {
      settings: { hidden: 24, seqLen: 16, learningRate: 0.01, stateful: false, cell: "gru", layers: 1 },
      properties: [24, 16, false, true, "gru", undefined],
      seen: true,
      text: TEXT,
    });
  });

onHost(
  "options that a framework sets after it has put the element in are taken, in Solid's spelling as well",
  { body: "<main></main>" },
  async (page) => {
    await page.waitForFunction(() => customElements.get("unrolled-demo"));
    const settings = await page.evaluate(async (text) => {
      const demo = document.querySelector("main").appendChild(document.createElement("unrolled-demo"));
      Object.assign(demo, { units: 24, seqlen: 16, batch: 4, text, views: "loss", autoplay: true });
      await new Promise((done) => demo.addEventListener("unrolled-step", done, { once: true }));
      const { hidden, seqLen, batch } = demo.trainer.settings;
      demo.autoplay = false;
      while (demo.state.running) await new Promise(requestAnimationFrame);
      return [hidden, seqLen, batch, demo.seqLen, demo.state.running];
    }, TEXT);
    assert.deepEqual(settings, [24, 16, 4, 16, false]);
  },
);

onHost(
  "properties that were set before the element's script was there are taken, and changed ones begin anew",
  {
    head: "",
    body: `<unrolled-demo></unrolled-demo><script>
      Object.assign(document.querySelector("unrolled-demo"), { units: 8, batch: 4, seqLen: 16, text: ${JSON.stringify(TEXT)}, views: ["loss", "sample"], autoplay: true });
    </script>${SCRIPT}`,
  },
  async (page) => {
    await waitForStepOf(page, 3);
    const got = await page.evaluate(async () => {
      const demo = document.querySelector("unrolled-demo");
      const before = [demo.trainer.settings.hidden, demo.getAttribute("views"), demo.text.length];
      const ready = new Promise((done) => demo.addEventListener("unrolled-ready", done, { once: true }));
      demo.units = 12;
      await ready;
      return [...before, demo.trainer.settings.hidden, demo.getAttribute("units")];
    });
    assert.deepEqual(got, [8, "loss sample", TEXT.length, 12, "12"]);
  },
);

onHost(
  "a page that reads from right to left, or is translated, leaves the demo as it is",
  { body: `<div dir="rtl" title="A title" style="text-transform: uppercase">${demo('autoplay views="score"')}</div>` },
  async (page) => {
    await waitForStepOf(page, 3);
    const styles = await page.evaluate(() => {
      const root = document.querySelector("unrolled-demo").shadowRoot;
      const { direction, textTransform } = getComputedStyle(root.querySelector(".u-stage"));
      const { lang, translate } = root.querySelector(".demo");
      return { direction, textTransform, lang, translate };
    });
    assert.deepEqual(styles, { direction: "ltr", textTransform: "none", lang: "en", translate: false });
  },
);

/** What of a demo is seen, by what a reader calls it. */
const seenParts = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("unrolled-demo").shadowRoot;
    const parts = {
      unrolled: ".hero",
      loss: ".curve",
      flow: ".u-flow",
      sample: ".sample",
      score: ".u-score",
      travel: ".u-travel",
      compare: ".u-compare",
      slow: ".u-slow",
      check: ".u-check",
      numbers: ".numbers",
      equations: ".cell-equations",
      learn: ".explanations",
      probe: ".u-probe",
      transport: ".transport",
      text: '[data-group="text"]',
      cell: '[data-setting="cell"]',
      units: '[data-setting="hidden"]',
      captions: ".u-read",
      tools: ".u-tools",
      masthead: ".masthead",
      footer: "footer",
      lead: ".lead",
    };
    const isSeen = (part) => part.checkVisibility() && part.getBoundingClientRect().height > 1;
    return Object.keys(parts).filter((name) => [...root.querySelectorAll(parts[name])].some(isSeen));
  });

onHost(
  "has a width where what is around it is as wide as its content, and no more than there is",
  {
    body: [
      ["centred in a column", "display:flex;flex-direction:column;align-items:center"],
      ["in a row", "display:flex"],
      ["centred in a grid", "display:grid;place-items:center"],
      ["as wide as its content", "width:fit-content"],
      ["narrow", "width:280px"],
      ["half of what is narrow", "width:280px;display:grid;grid-template-columns:1fr 1fr"],
    ]
      .map(([name, style]) => `<div title="${name}" style="${style}">${demo("views=loss")}</div>`)
      .join(""),
    viewport: { width: 1000, height: 800 },
  },
  async (page) => {
    await page.locator("unrolled-demo").last().waitFor({ state: "attached" });
    await page.waitForFunction(() => [...document.querySelectorAll("unrolled-demo")].every((each) => each.shadowRoot));
    const widths = await page
      .locator("div[title]")
      .evaluateAll((all) => all.map((one) => [one.title, one.firstElementChild.getBoundingClientRect().width]));
    assert.deepEqual(Object.fromEntries(widths), {
      "centred in a column": 640,
      "in a row": 640,
      "centred in a grid": 640,
      "as wide as its content": 640,
      narrow: 280,
      "half of what is narrow": 140,
    });
  },
);

onHost(
  "keeps its styles in another document and back, and says of a change what it cannot take",
  { body: demo() },
  async (page) => {
    await page.waitForFunction(() => document.querySelector("unrolled-demo").shadowRoot);
    const [there, back, message, starts] = await page.evaluate(async () => {
      const one = document.querySelector("unrolled-demo"),
        sheets = () => one.shadowRoot.adoptedStyleSheets.length;
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.contentDocument.body.append(one);
      const away = sheets();
      document.body.prepend(one);
      const again = sheets();
      await one.pause();
      const told = new Promise((done) =>
        one.addEventListener("unrolled-error", ({ detail }) => done(detail.message), { once: true }),
      );
      one.theme = "DARK";
      one.setAttribute("autoplay", "0");
      return [away, again, await told, one.autoplay];
    });
    assert.deepEqual([there, back, starts], [1, 1, false]);
    assert.equal(message, "theme is auto, light or dark; “DARK” is none of them.");
  },
);

for (const [views, expected] of Object.entries({
  score: ["score", "transport"],
  "loss flow": ["loss", "flow", "transport"],
  "sample numbers": ["sample", "numbers", "transport"],
  "score tools captions": ["score", "transport", "captions", "tools"],
  "loss text": ["loss", "transport", "text"],
  "equations learn probe": ["equations", "learn", "probe", "transport"],
}))
  onHost(
    `views="${views}" shows ${expected.join(", ")}, no higher than 500 px, and nothing else`,
    { body: demo(`autoplay views="${views}"`), viewport: { width: 760, height: 900 } },
    async (page) => {
      await waitForStepOf(page, 3);
      await page.waitForFunction(() =>
        document.querySelector("unrolled-demo").shadowRoot.querySelector(".demo:not(.u-waiting)"),
      );
      assert.deepEqual((await seenParts(page)).sort(), [...expected].sort());
      const { height } = await page.locator("unrolled-demo").boundingBox();
      assert.ok(height <= 500 && height > 100, `${height} px`);
    },
  );

onHost(
  "a demo without views shows the unrolled network, of any text that is long enough to be one",
  {
    body: '<unrolled-demo units="16" autoplay>A line of the author\'s own.</unrolled-demo>',
    viewport: { width: 760, height: 900 },
  },
  async (page) => {
    await waitForStepOf(page, 3);
    await page.locator("unrolled-demo .u-unrolled canvas").waitFor();
    assert.deepEqual((await seenParts(page)).sort(), ["transport", "unrolled"]);
    assert.equal(await page.locator("unrolled-demo .notice").count(), 0);
    const { height } = await page.locator("unrolled-demo").boundingBox();
    assert.ok(height <= 500 && height > 100, `${height} px`);
  },
);

onHost(
  "one view alone is the smallest demo, and height makes it another",
  { body: demo('autoplay views="loss" hide="transport"') },
  async (page) => {
    await waitForStepOf(page, 3);
    assert.deepEqual(await seenParts(page), ["loss"]);
    await page.evaluate(() =>
      Object.assign(document.querySelector("unrolled-demo"), { height: 640, views: "loss settings learn" }),
    );
    await page.waitForFunction(() => document.querySelector("unrolled-demo").getBoundingClientRect().height === 640);
    await page.evaluate(() => Object.assign(document.querySelector("unrolled-demo"), { height: "auto" }));
    await page.waitForFunction(() => document.querySelector("unrolled-demo").clientHeight > 900);
  },
);

onHost(
  "settings are there when they are named, but for those that are left out, and a change begins anew",
  { body: demo('autoplay views="settings" hide="cell, learning-rate learningRate"') },
  async (page) => {
    await waitForStepOf(page, 3);
    assert.deepEqual(await seenParts(page), ["transport", "units"]);
    await page.getByLabel("Hidden units").fill("10");
    await page.getByLabel("Hidden units").blur();
    await page.waitForFunction(() => document.querySelector("unrolled-demo").trainer?.settings.hidden === 10);
    await page.evaluate(() => document.querySelector("unrolled-demo").removeAttribute("hide"));
    for (const name of ["Cell", "Learning rate"]) await page.getByLabel(name, { exact: true }).waitFor();
  },
);

onHost(
  "what is left out stays so, whatever is changed",
  { body: demo('autoplay cell="attention" views="settings" hide="heads"') },
  async (page) => {
    await waitForStepOf(page, 3);
    const heads = page.locator('unrolled-demo [data-setting="heads"]');
    assert.equal(await heads.isVisible(), false);
    await page.getByLabel("Hidden units").fill("12");
    await page.getByLabel("Hidden units").blur();
    await page.waitForFunction(() => document.querySelector("unrolled-demo").trainer?.settings.hidden === 12);
    assert.equal(await heads.isVisible(), false);
  },
);

onHost(
  "a demo that is reset while it begins otherwise says again what it is",
  { body: demo('autoplay views="settings"') },
  async (page) => {
    await waitForStepOf(page, 3);
    const [before, shown, hidden] = await page.evaluate(async () => {
      const demo = document.querySelector("unrolled-demo");
      const input = demo.shadowRoot.querySelector('[data-setting="hidden"] input');
      const { value } = input;
      input.value = "12";
      input.dispatchEvent(new Event("change"));
      await demo.reset();
      return [value, input.value, demo.trainer.settings.hidden];
    });
    assert.deepEqual([shown, hidden], [before, Number(before)]);
  },
);

onHost(
  "ten demos on one page share workers, and all learn",
  {
    body: Array.from({ length: 10 }, (_, i) => demo(`autoplay views="loss" seed="${i}"`)).join(""),
    viewport: { width: 1200, height: 6000 },
  },
  async (page) => {
    for (let n = 0; n < 10; n++) await waitForStepOf(page, 20, n);
    const workers = await page.evaluate(() => Math.min(4, Math.max(1, navigator.hardwareConcurrency - 1)));
    assert.ok(page.workers().length <= workers, `${page.workers().length} workers for ${workers} cores to spare`);
    for (let n = 0; n < 10; n++) await waitForStepOf(page, (await stepOf(page, n)) + 20, n);
  },
);

onHost(
  "a demo that is removed leaves no worker behind, and one that is moved goes on",
  { body: demo("autoplay") },
  async (page) => {
    await waitForStepOf(page, 5);
    const before = await page.evaluate(() => {
      const demo = document.querySelector("unrolled-demo");
      const { step } = demo.state;
      document.body.append(document.createElement("section"));
      document.querySelector("section").append(demo);
      return step;
    });
    await waitForStepOf(page, before + 3);
    assert.equal(page.workers().length, 1);
    const gone = page.workers()[0].waitForEvent("close");
    const element = await page.evaluateHandle(() => {
      const demo = document.querySelector("unrolled-demo");
      demo.remove();
      return demo;
    });
    await gone;
    assert.equal(page.workers().length, 0);
    await element.evaluate((demo) => document.body.append(demo));
    await waitForStepOf(page, 3);
  },
);

onHost(
  "a change of attributes begins anew with them, once for all that are set in one go",
  { body: demo("autoplay") },
  async (page) => {
    await waitForStepOf(page, 3);
    const settings = await page.evaluate(
      () =>
        new Promise((done) => {
          const demo = document.querySelector("unrolled-demo");
          let ready = 0;
          demo.addEventListener("unrolled-ready", () => ready++);
          // A second beginning would have come by then.
          demo.addEventListener("unrolled-step", ({ detail }) => {
            if (ready && detail.step >= 20) done({ ready, ...demo.trainer.settings });
          });
          demo.setAttribute("cell", "gru");
          demo.setAttribute("units", "8");
        }),
    );
    assert.deepEqual([settings.ready, settings.cell, settings.hidden, settings.seqLen], [1, "gru", 8, 16]);
  },
);

onHost(
  "what is asked of a demo before it stands, while it begins, and with other options, is done",
  { body: "<main></main>", viewport: { width: 1200, height: 3000 } },
  async (page) => {
    await page.waitForFunction(() => customElements.get("unrolled-demo"));
    const ask = async (/** @type {string} */ text) => {
      const main = document.querySelector("main");
      const said = { units: 16, batch: 4, seqLen: 16, views: "loss", text };
      const make = (options) => Object.assign(document.createElement("unrolled-demo"), said, options);
      const told = (demo, name) =>
        new Promise((done) => demo.addEventListener(`unrolled-${name}`, done, { once: true }));
      /** Whether it trains once it stands. */
      const settled = async (demo) => {
        while (!demo.shadowRoot.querySelector(".demo:not(.u-waiting)")) await new Promise(requestAnimationFrame);
        for (let frame = 0; frame < 60 && demo.state.running; frame++) await new Promise(requestAnimationFrame);
        return demo.state.running;
      };
      const started = make();
      started.start();
      main.append(started);
      await told(started, "step");

      const atReady = make({ autoplay: true });
      let paused;
      atReady.addEventListener("unrolled-ready", () => (paused = atReady.pause()), { once: true });
      main.append(atReady);
      await told(atReady, "ready");
      await paused;
      const stillAtReady = await settled(atReady);

      const loading = make({ autoplay: true });
      const loaded = told(loading, "ready"); // it may be there before the next frame
      main.append(loading);
      while (!loading.shadowRoot.querySelector(".demo")) await new Promise(requestAnimationFrame);
      loading.autoplay = null;
      await loaded;
      const stillLoading = await settled(loading);

      Object.assign(atReady, { cell: "gru", autoplay: null });
      await told(atReady, "ready");
      Object.assign(atReady, { cell: "rnn", autoplay: true });
      await told(atReady, "step"); // paused before, it trains
      Object.assign(atReady, { cell: "gru", autoplay: false });
      await told(atReady, "ready");
      window.running = { stillAtReady, stillLoading, turnedOff: await settled(atReady) };
    };
    await page.evaluate(([source, text]) => void new Function(`return ${source}`)()(text), [String(ask), TEXT]);
    const running = await page.waitForFunction(() => window.running);
    assert.deepEqual(await running.jsonValue(), { stillAtReady: false, stillLoading: false, turnedOff: false });
  },
);

onHost(
  "a demo that cannot begin again leaves nothing of the one before",
  { body: demo('autoplay views="loss"') },
  async (page) => {
    await waitForStepOf(page, 3);
    for (let time = 1; time <= 2; time++) {
      const boxes = await page.evaluate(async () => {
        const demo = document.querySelector("unrolled-demo");
        const told = new Promise((done) => demo.addEventListener("unrolled-error", done, { once: true }));
        demo.text = "aaaaaaaa";
        await told;
        const all = () => [...demo.shadowRoot.querySelectorAll(".demo")];
        while (all().some((box) => box.matches(".u-waiting"))) await new Promise(requestAnimationFrame);
        return all().map((box) => box.querySelector(".transport")?.checkVisibility());
      });
      assert.deepEqual(boxes, [false], `time ${time}: one box, without a line to run it by`);
    }
  },
);

onHost(
  "what cannot be taken is said in the demo and in an event, and never becomes markup",
  {
    body: demo(
      'autoplay cell="<img src=x onerror=window.broken=1>" views="loss nothing" caption="<b id=bold>x</b>"',
      "&lt;img src=x onerror=window.broken=1&gt;".repeat(60),
    ),
    init: () => {
      window.told = [];
      addEventListener("unrolled-error", ({ detail }) => window.told.push(detail.message));
    },
  },
  async (page) => {
    await waitForStepOf(page, 3);
    await page.getByText(/views is .+; “nothing” is none of them/).waitFor();
    const { told, broken, bold } = await page.evaluate(() => ({
      told: window.told,
      broken: window.broken,
      bold: document.querySelector("unrolled-demo").shadowRoot.querySelector("#bold"),
    }));
    assert.match(told.join("\n"), /cell is rnn, lstm, .+; “<img src=x/);
    assert.match(told.join("\n"), /views is unrolled, sample, .+; “nothing” is none of them/);
    assert.deepEqual([broken, bold], [undefined, null]);
  },
);

onHost(
  "a strict policy of the host is enough for it",
  {
    body: demo('autoplay views="sample loss score gates flow clip"'),
    csp: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; img-src data:; style-src 'self'",
    viewport: { width: 1000, height: 4000 },
  },
  async (page) => {
    await waitForStepOf(page, 20);
  },
);

onHost(
  "a host that wants trusted types and names ours gets them",
  {
    body: demo("autoplay"),
    csp: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; img-src data:; require-trusted-types-for 'script'; trusted-types unrolled",
  },
  async (page) => {
    await waitForStepOf(page, 10);
  },
);

const WORDS_OF_POLICY = {
  "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'": /forbids workers\..+: worker-src blob:$/,
  "script-src 'self'; worker-src blob:": /forbids WebAssembly\..+: script-src 'wasm-unsafe-eval'$/,
  "script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; require-trusted-types-for 'script'; trusted-types 'none'":
    /forbids its script\..+: trusted-types unrolled$/,
  "script-src 'self'": /forbids workers and WebAssembly\..+: worker-src blob:; script-src 'wasm-unsafe-eval'$/,
};
for (const [policy, sentence] of Object.entries(WORDS_OF_POLICY))
  onHost(
    `where the host's policy is only "${policy}", the demo says what it lacks`,
    {
      body: demo("autoplay"),
      csp: `default-src 'none'; img-src data:; ${policy}`,
      allow: [/Content Security Policy|Trusted/i],
      init: () => {
        window.told = [];
        addEventListener("unrolled-error", ({ detail }) => window.told.push(detail.message));
      },
    },
    async (page) => {
      const notice = page.locator("unrolled-demo .notice p");
      await notice.filter({ hasText: sentence }).waitFor();
      assert.equal(await notice.count(), 1, "one sentence");
      assert.match(await page.evaluate(() => window.told.join("\n")), sentence);
      assert.equal(await page.getByText("Loading").filter({ visible: true }).count(), 0, "nothing is loading");
      assert.equal(await page.locator("unrolled-demo .transport").filter({ visible: true }).count(), 0);
      if (!policy.includes("trusted"))
        assert.ok(await page.locator("unrolled-demo .still svg").isVisible(), "the recorded picture stays");
      const { height } = await page.locator("unrolled-demo").boundingBox();
      assert.ok(height > 60 && height < 600, `${height} px`);
    },
  );

onHost(
  "a text that cannot be learnt is told, and nothing stands there as if it were loading",
  { body: demo("autoplay", "aaaaaaaaaaaaaaaaaaaa") },
  async (page) => {
    await page.getByText("This text is one character over and over").waitFor();
    assert.equal(await page.getByText("Loading").filter({ visible: true }).count(), 0);
    await page.evaluate(() =>
      Object.assign(document.querySelector("unrolled-demo"), { text: "to be or not to be ".repeat(40) }),
    );
    await waitForStepOf(page, 3);
    assert.equal(await page.getByText("over and over").count(), 0, "the sentence went with the text");
    assert.equal(await page.locator("unrolled-demo .still").count(), 0);
  },
);

onHost(
  "an experiment is as high as it is, or scrolls within its height, and says what it cannot take",
  {
    body: '<div style="width: 760px"><unrolled-demo lesson="exploding" theme="pink" caption="Below"></unrolled-demo></div>',
    init: () => {
      window.told = [];
      addEventListener("unrolled-error", ({ detail }) => window.told.push(detail.message));
    },
  },
  async (page) => {
    await page.getByRole("button", { name: WORDS.en.noBet }).waitFor();
    const seen = () => {
      const { shadowRoot } = document.querySelector("unrolled-demo");
      const [box, button] = [".demo", ".l-bet .buttons button:last-child"].map((part) =>
        shadowRoot.querySelector(part).getBoundingClientRect(),
      );
      return button.top >= box.top && button.bottom <= box.bottom;
    };
    assert.ok(await page.evaluate(seen), "all of it is there");
    await page.getByText("theme is auto, light or dark; “pink” is none of them.").waitFor();
    assert.equal((await page.evaluate(() => window.told)).length, 1);
    await page.getByText("Below", { exact: true }).waitFor();
    await page.evaluate(() => Object.assign(document.querySelector("unrolled-demo"), { height: 400, theme: null }));
    await page.waitForFunction(() => document.querySelector("unrolled-demo").clientHeight === 400);
    assert.equal(await page.evaluate(seen), false);
    await page.mouse.move(300, 200);
    await page.mouse.wheel(0, 2000);
    await page.waitForFunction(seen);
  },
);

onHost(
  "where the host's policy forbids workers, an experiment says what it lacks",
  {
    body: '<unrolled-demo lesson="exploding"></unrolled-demo>',
    csp: "default-src 'none'; img-src data:; script-src 'self' 'wasm-unsafe-eval'",
    allow: [/Content Security Policy/i],
  },
  async (page) => {
    await page.getByRole("button", { name: WORDS.en.noBet }).click();
    await page.getByText(/forbids workers\..+: worker-src blob:$/).waitFor();
  },
);

onHost(
  "views stand one under another, its buttons in one line, and its colours follow the system's",
  {
    body: demo('autoplay views="unrolled sample captions"'),
    viewport: { width: 390, height: 844 },
    colorScheme: "light",
  },
  async (page) => {
    await waitForStepOf(page, 5);
    await page.locator("unrolled-demo .sample h2").first().waitFor();
    const { hero, sample, buttons } = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector("unrolled-demo");
      const box = (/** @type {Element} */ element) => element.getBoundingClientRect().toJSON();
      return {
        hero: box(shadowRoot.querySelector(".hero .u-figure")),
        sample: box(shadowRoot.querySelector(".sample")),
        buttons: [...shadowRoot.querySelectorAll(".demo > .transport button")].map((each) => {
          const range = document.createRange();
          range.selectNodeContents(each);
          return [each.textContent, range.getClientRects().length];
        }),
      };
    });
    assert.ok(hero.bottom <= sample.top, `the network ends at ${hero.bottom}, what it writes begins at ${sample.top}`);
    assert.deepEqual(buttons, [
      ["Pause", 1],
      ["Step", 1],
      ["Reset", 1],
    ]);
    await rest(page);
    const drawn = () => document.querySelector("unrolled-demo").shadowRoot.querySelector(".hero canvas").toDataURL();
    const before = await page.evaluate(drawn);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(
      (light) => document.querySelector("unrolled-demo").shadowRoot.querySelector(".hero canvas").toDataURL() !== light,
      before,
    );
  },
);

onHost(
  "a demo follows the colours of its page, however that switches them",
  {
    head: `${SCRIPT}<style>
      .night { color-scheme: dark }
      .dusk body { background: oklch(0.2 0.02 260); color: #ddd }
      .green unrolled-demo { --u-ink: rgb(0, 80, 0) }
      * { transition: none !important }
    </style>`,
    body: `<main>${demo('autoplay views="unrolled"')}</main>`,
    colorScheme: "light",
  },
  async (page) => {
    await waitForStepOf(page, 2);
    await page.locator("unrolled-demo .hero canvas").first().waitFor();
    await rest(page);
    const look = () =>
      page.evaluate(() => {
        const { shadowRoot } = document.querySelector("unrolled-demo");
        return {
          paper: getComputedStyle(shadowRoot.querySelector(".demo")).backgroundColor,
          picture: shadowRoot.querySelector(".hero canvas").toDataURL(),
        };
      });
    const light = await look();
    assert.equal(light.paper, "rgb(253, 252, 250)");
    /** Switches, and waits until the pictures are drawn anew. */
    const turn = async (/** @type {string} */ place, /** @type {string} */ name) => {
      const { picture } = await look();
      await page.evaluate(([where, which]) => document.querySelector(where).classList.toggle(which), [place, name]);
      await page.waitForFunction(
        (before) =>
          document.querySelector("unrolled-demo").shadowRoot.querySelector(".hero canvas").toDataURL() !== before,
        picture,
      );
      return look();
    };
    const night = await turn("main", "night");
    assert.equal(night.paper, "rgb(17, 19, 22)", "a scheme that an ancestor has");
    assert.deepEqual(await turn("main", "night"), light);
    assert.deepEqual(await turn("html", "dusk"), night, "a page that only paints itself dark");
    assert.deepEqual(await turn("html", "dusk"), light);
    assert.equal((await turn("html", "green")).paper, light.paper, "a colour of the author's");
    assert.deepEqual(await turn("html", "green"), light);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML("beforeend", '<section class="night"></section>');
      document.querySelector("section").append(document.querySelector("unrolled-demo"));
    });
    assert.equal((await look()).paper, night.paper, "where it is moved to");
  },
);

onHost(
  "axe finds nothing in a demo, light and dark",
  {
    body: `<main><h1>Host</h1>${demo('autoplay views="sample loss score gates flow clip equations learn"')}</main>`,
    viewport: { width: 800, height: 5000 },
  },
  async (page) => {
    await waitForStepOf(page, 10);
    await page.locator("unrolled-demo .u-score canvas").first().waitFor();
    for (const colorScheme of ["light", "dark"]) {
      await turnTo(page, { colorScheme });
      assert.deepEqual(await axe(page), [], colorScheme);
    }
  },
);

onHost(
  "without WebAssembly a recorded picture stands there with its caption",
  {
    body: demo("autoplay"),
    init: () => {
      delete window.WebAssembly;
    },
  },
  async (page) => {
    await page.waitForFunction(() => document.querySelector("unrolled-demo").shadowRoot?.querySelector(".still svg"));
    const text = await page.locator("unrolled-demo .still figcaption").textContent();
    assert.match(text, /recorded picture, not a live one/);
    assert.ok((await page.locator("unrolled-demo .still svg").boundingBox()).height > 100);
    assert.equal(page.workers().length, 0);
  },
);

onHost(
  "the author's own still picture is shown instead, and by itself where there are no scripts",
  {
    body: demo("autoplay", `${TEXT}<img slot="still" src="assets/still.svg" alt="Units of a network">`),
    javaScriptEnabled: false,
    init: undefined,
  },
  async (page) => {
    assert.ok((await page.getByAltText("Units of a network").boundingBox()).height > 50);
  },
);

onHost(
  "on paper the picture that was there is printed, without its buttons",
  { body: demo('autoplay views="loss"') },
  async (page) => {
    await waitForStepOf(page, 20);
    await page.locator("unrolled-demo .plot canvas").waitFor();
    await page.evaluate(() => document.querySelector("unrolled-demo").pause());
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("unrolled-demo .demo > .transport").isVisible(), false);
    assert.equal(await page.locator("unrolled-demo .plot canvas").isVisible(), true);
  },
);

onHost(
  "it speaks the language of the element, or of the page around it",
  { body: `<div lang="zh-CN">${demo("autoplay")}</div>${demo('lang="en"')}` },
  async (page) => {
    await page.getByRole("button", { name: "暂停" }).waitFor();
    await page.locator("unrolled-demo").nth(1).scrollIntoViewIfNeeded();
    await page.getByRole("button", { name: "Start" }).waitFor();
  },
);

onHost(
  "it speaks the language around it through the shadow tree it stands in",
  {
    body: `<section lang="zh"></section><script>
      const card = document.querySelector("section").attachShadow({ mode: "open" });
      card.innerHTML = '<unrolled-demo ${SMALL} autoplay></unrolled-demo>';
    </script>`,
  },
  async (page) => {
    await page.getByRole("button", { name: "暂停" }).waitFor();
  },
);

// ---- In an iframe

const frameOf = (
  address,
  { sandbox = 'sandbox="allow-scripts"', more = "" } = {},
) => `<iframe ${sandbox} style="width: 900px; height: 300px" src="${address}"></iframe>
<script>
  window.heard = [];
  const frame = document.querySelector("iframe");
  const say = (message) => frame.contentWindow.postMessage({ unrolled: 1, channel: "a", ...message }, "*");
  addEventListener("message", ({ data, source }) => { if (source === frame.contentWindow) { heard.push(data); if (data.type === "ready") say({ type: "hello" }); } });
  ${more}
</script>`;
const heard = (page, type) =>
  page
    .waitForFunction((wanted) => window.heard.find((message) => message.type === wanted), type)
    .then((handle) => handle.jsonValue());
const SETTINGS = "units=16&batch=4&seqLen=16&seed=5";
const packed = await encodeShare({ text: { kind: "inline", text: TEXT } });

onHost(
  "a sandboxed frame of another origin under a strict policy says ready, height and state, and takes commands",
  {
    head: "",
    body: () => frameOf(`${other.origin}/embed.html#channel=a&${SETTINGS}&views=loss`),
    csp: "default-src 'none'; frame-src http:; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:",
  },
  async (page) => {
    await heard(page, "ready");
    assert.deepEqual(await heard(page, "hello"), { unrolled: 1, channel: "a", type: "hello", version: 1 });
    const { height } = await heard(page, "height");
    assert.ok(Number.isInteger(height) && height > 100, `height ${height}`);
    await page.waitForFunction(() => heard.some(({ type, state }) => type === "state" && !state.running));
    await page.evaluate(() => say({ type: "command", command: "start" }));
    await page.waitForFunction(() =>
      heard.some(({ type, state }) => type === "state" && state.running && state.step >= 5),
    );
    await page.evaluate(() => say({ type: "command", command: "pause" }));
    await page.waitForFunction(() => {
      const last = heard.findLast(({ type }) => type === "state").state;
      return !last.running && last.step > 0;
    });
    await page.evaluate(() => {
      heard.length = 0;
      say({ type: "command", command: "set", value: { cell: "gru", onclick: "alert(1)" } });
    });
    const error = await heard(page, "error");
    assert.match(error.message, /There is no setting "onclick"/);
    await page.waitForFunction(() => heard.some(({ type, state }) => type === "state" && state.step === 0));
  },
);

onHost(
  "a frame says that its run has ended, and why a command could not be done",
  {
    head: "",
    body: () => frameOf(`${other.origin}/embed.html#channel=a&${SETTINGS}&views=loss&epochs=1&autoplay=true&${packed}`),
  },
  async (page) => {
    await page.waitForFunction(() => {
      const states = heard.filter(({ type }) => type === "state").map(({ state }) => state);
      return states.some(({ running }) => running) && !states.at(-1).running && states.at(-1).step > 0;
    });
    await page.evaluate(() =>
      say({
        type: "command",
        command: "set",
        value: { optimizer: "sgd", learningRate: "1000", weightDecay: "1000", autoplay: "false" },
      }),
    );
    const error = await until(async () => {
      await page.evaluate(() => say({ type: "command", command: "step" }));
      return page.evaluate(() => heard.find(({ type }) => type === "error"));
    }, "a network that diverges");
    assert.equal(error.code, "diverged");
    assert.match(error.message, /no longer finite at step \d+/);
  },
);

onHost(
  "a frame is told by a command to learn a text, a sample instead, and to show something else",
  { head: "", body: () => frameOf(`${other.origin}/embed.html#channel=a&${SETTINGS}&views=loss`) },
  async (page) => {
    await heard(page, "hello");
    const inside = page.frames()[1];
    const learns = (text) =>
      inside.waitForFunction((wanted) => {
        const demo = document.querySelector("unrolled-demo");
        return demo?.trainer && (demo.text ?? demo.getAttribute("sample") ?? "") === wanted;
      }, text);
    const set = (value) => page.evaluate((options) => say({ type: "command", command: "set", value: options }), value);
    await learns("");
    await set({ text: TEXT });
    await learns(TEXT);
    await set({ text: "brackets" });
    await learns("brackets");
    await set({ text: "words of the author's own. ".repeat(40), hidden: "12" });
    await learns("words of the author's own. ".repeat(40));
    await set({ sample: "tang", views: "sample" });
    await learns("tang");
    await inside.locator("unrolled-demo .sample").waitFor();
    assert.equal(await inside.evaluate(() => document.querySelector("unrolled-demo").trainer.settings.hidden), 12);
  },
);

onHost(
  "a frame speaks the reader's language where its address names none",
  { head: "", body: () => frameOf(`${other.origin}/embed.html#channel=a&${SETTINGS}&views=loss`), locale: "zh-CN" },
  async (page) => {
    await page.frameLocator("iframe").getByRole("button", { name: "开始" }).waitFor();
    assert.equal(await page.frames()[1].evaluate(() => document.documentElement.lang), "zh-CN");
  },
);

onHost(
  "the page's end of the protocol fits the frame's height, hears its state and commands it",
  {
    head: "",
    body: () => {
      pages.set("/protocol.js", { headers: { "content-type": "text/javascript" }, body: protocol });
      return `<iframe sandbox="allow-scripts" style="width: 900px; height: 150px" src="${other.origin}/embed.html#channel=a&${SETTINGS}&views=loss"></iframe>
      <script type="module">
        import { PageEnd } from "./protocol.js";
        window.heard = [];
        window.end = new PageEnd(document.querySelector("iframe"), { channel: "a", onMessage: (message) => heard.push(message) });
      </script>`;
    },
  },
  async (page) => {
    await page.waitForFunction(() => {
      const height = heard.findLast(({ type }) => type === "height")?.height;
      return height > 200 && height <= 500 && document.querySelector("iframe").clientHeight === height;
    });
    assert.equal((await heard(page, "hello")).version, 1);
    await page.evaluate(() => end.command("start"));
    await page.waitForFunction(() =>
      heard.some(({ type, state }) => type === "state" && state.running && state.step > 5),
    );
    await page.evaluate(() => {
      end.close();
      heard.length = 0;
    });
    await page.waitForTimeout(500);
    assert.deepEqual(await page.evaluate(() => heard), [], "nothing is heard once it is closed");
  },
);

onHost(
  "a frame pays no heed to windows that are not its parent, nor to another channel",
  {
    head: "",
    body: () =>
      frameOf(`${site.origin}/embed.html#channel=a&${SETTINGS}&views=loss`, {
        sandbox: "",
        more: `
    window.stranger = document.createElement("iframe");
    document.body.append(stranger);`,
      }),
  },
  async (page) => {
    await heard(page, "hello");
    await page.waitForFunction(() => frame.contentDocument.querySelector("unrolled-demo")?.trainer);
    const step = await page.evaluate(async () => {
      stranger.contentWindow.eval(
        `parent.frames[0].postMessage({ unrolled: 1, channel: "a", type: "command", command: "start" }, "*")`,
      );
      frame.contentWindow.postMessage({ unrolled: 1, channel: "b", type: "command", command: "start" }, "*");
      frame.contentWindow.postMessage({ unrolled: 9, channel: "a", type: "command", command: "start" }, "*");
      frame.contentWindow.postMessage("start", "*");
      const answered = new Promise((done) =>
        addEventListener("message", ({ data }) => data.type === "state" && done(data.state)),
      );
      say({ type: "command", command: "state" });
      return answered;
    });
    assert.deepEqual([step.running, step.step], [false, 0]);
  },
);

test("in an address what stands behind # wins, a packed text is learnt, and unknown names are told", async () => {
  const { page, errors, close } = await site.open();
  try {
    const link = await encodeShare({
      settings: { cell: "gru", hidden: 12, batch: 2, seqLen: 8 },
      text: { kind: "inline", text: TEXT },
    });
    await page.goto(`${site.origin}/embed.html?cell=rnn&layers=2&style=color:red&onload=x#${link}`);
    await page.waitForFunction(() => document.querySelector("unrolled-demo")?.trainer);
    const got = await page.evaluate(() => {
      const { trainer, text } = document.querySelector("unrolled-demo");
      return { ...trainer.settings, text };
    });
    assert.deepEqual([got.cell, got.hidden, got.layers, got.text], ["gru", 12, 2, TEXT]);
    await page.getByText("The address says “style”").waitFor();
    assert.equal(await page.locator("unrolled-demo").getAttribute("style"), null);
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
});

onHost(
  "figures that take a network apart can be embedded, and what is held is an attribute that begins no other run",
  {
    body: () =>
      `${demo('autoplay views="score held" hold="gate=f value=0"')}${demo('views="costs passages memory context path difference"')}`,
  },
  async (page) => {
    const [first, second] = [page.locator("unrolled-demo").first(), page.locator("unrolled-demo").nth(1)];
    const said = first.locator(".u-hold [role=status]");
    await said.filter({ hasText: "Forget gate f of all units, held at 0 (shut)," }).waitFor();
    await first.locator("figure.u-held .u-numbers").filter({ hasText: "Forget gate f of all units" }).waitFor();
    await waitForStepOf(page, 5);
    const { step, trainer } = await page
      .evaluateHandle(() => {
        const element = /** @type {any} */ (document.querySelector("unrolled-demo"));
        const before = { step: element.state.step, trainer: element.trainer };
        element.hold = "gate=h unit=3 value=0";
        return before;
      })
      .then(async (handle) => ({
        step: await (await handle.getProperty("step")).jsonValue(),
        trainer: await handle.getProperty("trainer"),
      }));
    await said.filter({ hasText: "Hidden state h of unit 3, held at 0 (off)," }).waitFor();
    assert.ok((await stepOf(page)) >= step);
    assert.ok(
      await page.evaluate(
        (before) => /** @type {any} */ (document.querySelector("unrolled-demo")).trainer === before,
        trainer,
      ),
    );
    assert.equal(await first.locator(".u-costs, .u-path, .u-context").count(), 0, "nothing that was not asked for");

    await second.evaluate((element) => element.scrollIntoView());
    for (const figure of ["u-costs", "u-units", "u-passages", "u-halflife", "u-context", "u-path", "u-difference"])
      await second.locator(`figure.${figure}`).waitFor();
    await second.locator("figure.u-costs").getByRole("button", { name: "Switch each off in turn" }).click();
    await second.locator("figure.u-costs tbody tr").nth(4).waitFor();
  },
);
