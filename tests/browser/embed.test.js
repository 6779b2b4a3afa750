import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { loadCore, Trainer } from "../../web/core/index.js";
import enShare from "../../web/app/strings/en/share.js";
import zhShare from "../../web/app/strings/zh/share.js";
import { HIDEABLE, VIEWS } from "../../web/embed/options.js";
import { launch, mainThreadTasks, openPage, serve } from "./harness.js";

/** @type {import("playwright-core").Browser} */ let browser;
/** @type {{origin: string, close: () => Promise<void>}} */ let site;
/** Another origin with the same files. @type {{origin: string, close: () => Promise<void>}} */ let other;

/** Pages of somebody else's beside the site. */
const pages = new Map();

/** @type {string} */ let protocol;

before(async () => {
  protocol = await readFile(new URL("../../web/embed/protocol.js", import.meta.url), "utf8");
  [site, other] = await Promise.all([serve(undefined, pages), serve()]);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await Promise.all([site?.close(), other?.close()]);
});

const TEXT = "to be, or not to be: that is the question; ".repeat(30);
const SMALL = 'hidden-units="16" batch="4" seq-len="16" seed="5"';
const SCRIPT = '<script type="module" src="unrolled-element.js"></script>';
const demo = (attributes = "", inside = TEXT) => `<unrolled-demo ${SMALL} ${attributes}>${inside}</unrolled-demo>`;

/** A page of somebody else's, written for one test. Held to what is always true: no errors, no request to elsewhere. */
function onHost(name, { body, head = SCRIPT, csp = "", init, ...options }, check) {
  test(name, async () => {
    const { page, errors, requests, close } = await openPage(browser, options);
    try {
      if (init) await page.addInitScript(init);
      pages.set("/host.html", {
        headers: csp ? { "content-security-policy": csp } : {},
        body: `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,">${head}</head><body>${typeof body === "function" ? body() : body}</body></html>`,
      });
      await page.goto(`${site.origin}/host.html`);
      await check(page);
      assert.deepEqual(errors, [], "errors in the console");
      const elsewhere = requests.filter(
        (url) => ![site.origin, other.origin, "data:", "blob:"].some((start) => url.startsWith(start)),
      );
      assert.deepEqual(elsewhere, [], "requests to other origins");
    } finally {
      await close();
    }
  });
}

/** The step of the nth demo. */
const stepOf = (page, n = 0) => page.evaluate((i) => document.querySelectorAll("unrolled-demo")[i].state.step, n);
const waitForStepOf = (page, step, n = 0) =>
  page.waitForFunction(
    ([i, wanted]) => document.querySelectorAll("unrolled-demo")[i]?.state?.step >= wanted,
    [n, step],
    { timeout: 60_000 },
  );
/** Waits until nothing more is told. */
async function settledStep(page, n = 0) {
  for (let before = -1; ; ) {
    const now = await stepOf(page, n);
    if (now === before) return now;
    before = now;
    await page.waitForTimeout(300);
  }
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
        await numbers.filter({ hasText: /In numbers: .+\d/ }).waitFor();
      }
    }
    await page.waitForTimeout(1000);
    assert.equal(await page.locator("unrolled-demo .u-compare").first().isVisible(), false);
    const glimpses = await page.evaluate(() =>
      [...document.querySelectorAll("unrolled-demo")].map(
        (each) => each.shadowRoot?.querySelectorAll(".glimpse").length,
      ),
    );
    assert.deepEqual(glimpses, [0, 0, 0], "a first look belongs to the site's page");
  },
);

onHost(
  "a demo loads when it is seen, rests while it is not, and goes on exactly there",
  {
    body: `<div style="height: 3000px"></div>${demo("autoplay")}<div style="height: 3000px"></div>`,
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
    const rested = await settledStep(page);
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
    body: `<div style="direction: rtl; text-align: center">${demo("autoplay")}</div>`,
  },
  async (page) => {
    await waitForStepOf(page, 3);
    const styles = await page.evaluate(() => {
      const root = document.querySelector("unrolled-demo").shadowRoot;
      const of = (selector) => getComputedStyle(root.querySelector(selector));
      return {
        button: of(".primary").display,
        back: of(".primary").backgroundColor,
        size: of("h2").fontSize,
        canvas: of(".plot canvas").display,
        outline: of(".numbers").outlineWidth,
      };
    });
    assert.deepEqual(styles, { button: "block", back: "rgb(1, 2, 3)", size: "17px", canvas: "block", outline: "7px" });
  },
);

onHost(
  "hidden is the number of units, whatever the host's styles make of HTML's attribute of that name",
  {
    head: `${SCRIPT}<style>[hidden] { display: none !important }</style>`,
    body: '<unrolled-demo hidden="9" batch="4" seq-len="16" autoplay></unrolled-demo>',
  },
  async (page) => {
    await waitForStepOf(page, 3);
    assert.equal(await page.evaluate(() => document.querySelector("unrolled-demo").trainer.settings.hidden), 9);
    assert.equal(await page.locator("unrolled-demo .plot").isVisible(), true);
  },
);

onHost(
  "views and hide say what is there",
  { body: demo('autoplay views="loss flow" hide="text cell, learningRate"') },
  async (page) => {
    await waitForStepOf(page, 3);
    const shown = await page.evaluate(() => {
      const root = document.querySelector("unrolled-demo").shadowRoot;
      return Object.fromEntries(
        [
          ".curve",
          ".u-flow",
          ".sample",
          ".u-score",
          ".u-travel",
          ".u-compare",
          ".u-slow",
          ".u-check",
          ".transport",
          '[data-group="text"]',
          '[data-setting="cell"]',
          '[data-setting="learningRate"]',
          '[data-setting="hidden"]',
        ].map((selector) => [selector, root.querySelector(selector).getClientRects().length > 0]),
      );
    });
    assert.deepEqual(shown, {
      ".curve": true,
      ".u-flow": true,
      ".sample": false,
      ".u-score": false,
      ".u-travel": false,
      ".u-compare": false,
      ".u-slow": false,
      ".u-check": false,
      ".transport": true,
      '[data-group="text"]': false,
      '[data-setting="cell"]': false,
      '[data-setting="learningRate"]': false,
      '[data-setting="hidden"]': true,
    });
    await page.locator("unrolled-demo .u-flow").scrollIntoViewIfNeeded();
    await page.waitForFunction(
      () => document.querySelector("unrolled-demo").shadowRoot.querySelector(".u-flow canvas").width > 100,
      undefined,
      { timeout: 10_000 },
    );
  },
);

onHost(
  "ten demos on one page share workers, and all learn",
  {
    body: Array.from({ length: 10 }, (_, i) =>
      demo(`autoplay views="loss" hide="controls numbers captions" seed="${i}"`),
    ).join(""),
    viewport: { width: 1200, height: 6000 },
  },
  async (page) => {
    for (let n = 0; n < 10; n++) await waitForStepOf(page, 20, n);
    const workers = await page.evaluate(() => Math.min(4, Math.max(1, navigator.hardwareConcurrency - 1)));
    assert.ok(page.workers().length <= workers, `${page.workers().length} workers for ${workers} cores to spare`);
    const tasks = await mainThreadTasks(browser, page, async () => {
      for (let n = 0; n < 10; n++) await waitForStepOf(page, (await stepOf(page, n)) + 20, n);
    });
    const long = tasks.filter((time) => time > 50);
    assert.ok(long.length < 20, `tasks over 50 ms while they learn: ${long}`);
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
          demo.addEventListener("unrolled-ready", ({ detail }) => {
            ready++;
            setTimeout(() => done({ ready, ...detail.settings }));
          });
          demo.setAttribute("cell", "gru");
          demo.setAttribute("hidden-units", "8");
        }),
    );
    assert.deepEqual([settings.ready, settings.cell, settings.hidden, settings.seqLen], [1, "gru", 8, 16]);
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
    await page.getByText(/views has "nothing"/).waitFor();
    const { told, broken, bold } = await page.evaluate(() => ({
      told: window.told,
      broken: window.broken,
      bold: document.querySelector("unrolled-demo").shadowRoot.querySelector("#bold"),
    }));
    assert.match(told.join("\n"), /cell must be "rnn", "lstm" or "gru", got "<img/);
    assert.match(told.join("\n"), /views has "nothing"; there are sample, loss/);
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

for (const colorScheme of ["light", "dark"]) {
  onHost(
    `axe finds nothing in a demo in the ${colorScheme} theme`,
    {
      body: `<main><h1>Host</h1>${demo('autoplay views="sample loss score gates flow clip equations learn"')}</main>`,
      colorScheme,
      viewport: { width: 800, height: 5000 },
    },
    async (page) => {
      await waitForStepOf(page, 10);
      await page.locator("unrolled-demo .u-score canvas").first().waitFor();
      await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
      const violations = await page.evaluate(async () =>
        (await window.axe.run()).violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
        ),
      );
      assert.deepEqual(violations, []);
    },
  );
}

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
  { body: demo("autoplay") },
  async (page) => {
    await waitForStepOf(page, 20);
    await page.evaluate(() => document.querySelector("unrolled-demo").pause());
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("unrolled-demo .transport").isVisible(), false);
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
const SETTINGS = "hidden=16&batch=4&seqLen=16&seed=5";

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
  "the page's end of the protocol fits the frame's height, hears its state and commands it",
  {
    head: "",
    body: () => {
      pages.set("/protocol.js", { headers: { "content-type": "text/javascript" }, body: protocol });
      return `<iframe sandbox="allow-scripts" style="width: 900px; height: 150px" src="${other.origin}/embed.html#channel=a&${SETTINGS}&views=loss"></iframe>
      <script type="module">
        import { PageEnd } from "./protocol.js";
        window.heard = [];
        window.end = new PageEnd(document.querySelector("iframe"), { channel: "a", maxHeight: 500, onMessage: (message) => heard.push(message) });
      </script>`;
    },
  },
  async (page) => {
    await page.waitForFunction(() => document.querySelector("iframe").clientHeight === 500, undefined, {
      timeout: 30_000,
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
  const { page, errors, close } = await openPage(browser);
  try {
    const { encodeShare } = await import("../../web/app/share.js");
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
    await page.getByText('The address says "style"').waitFor();
    assert.equal(await page.locator("unrolled-demo").getAttribute("style"), null);
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
});

test("the dialog's words name all that can be shown or left out", () => {
  for (const name of [...VIEWS, ...HIDEABLE.filter((each) => each !== "probe")])
    for (const strings of [enShare, zhShare]) assert.ok(strings.embed.parts[name], name);
});
