/* A visit to the page as its reader has it, in figures: node tests/bench/visit.js [words] [heights] [targets] [shift] [tasks] [presses], all when none is named.
 *   words    that are seen in the lab before anything is pressed, by language (a word of Chinese: a character)
 *   heights  of the page with each figure of the dock in view, CSS pixels, at 1440x900 and 390x844
 *   targets  smaller than 44 pixels at 390x844, and texts that are cut off
 *   shift    of the layout over a visit that looks at every figure and scrolls to the end
 *   tasks    longest of the main thread on the same visit, with three pictures of each figure that is drawn while it
 *            trains, and of ten demos on one page, in milliseconds of its processor time
 *   presses  time until the page has drawn what a press leads to: run, step, tabs, timeline, full screen
 * All but the presses hold on a busy machine too. */
import { comeNear, launch, leave, openPage, serve, waitForStep } from "../browser/harness.js";
import { mainThreadTasks } from "./tasks.js";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const LEAST = 44; // CSS pixels of a target
/** Figures that are drawn at every moment. */
const LIVE = ["flow", "clip", "gates", "score"];
/** @type {Map<string, {body: string}>} */ const pages = new Map();
const site = await serve(undefined, pages);
const browser = await launch();

/** @param {import("playwright-core").BrowserContextOptions} options @param {(page: import("playwright-core").Page) => Promise<void>} body */
async function visit(options, body, hash = "") {
  const { page, close } = await openPage(browser, options);
  await page.addInitScript(() => {
    const seen = /** @type {any} */ (window);
    seen.shifts = [];
    seen.presses = [];
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries()))
        if (!entry.hadRecentInput)
          seen.shifts.push({
            value: entry.value,
            sources: entry.sources.map((/** @type {any} */ { node }) => `${node?.nodeName}.${node?.className}`),
          });
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries()))
        seen.presses.push({ name: entry.name, ms: entry.duration, on: entry.target?.textContent?.slice(0, 20) ?? "" });
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  });
  await page.goto(`${site.origin}/index.html${hash}`);
  await waitForStep(page, 5);
  await page.evaluate(() => scrollTo(0, 1)); // who sets out has the figures fetched
  await page.locator("#inside .pane:not([hidden])").waitFor();
  await body(page);
  await close();
}

/** Every figure of the dock, by name. @param {import("playwright-core").Page} page */
const figures = (page) =>
  page
    .locator("#inside [role=tabpanel]")
    .evaluateAll((panels) => panels.map((panel) => panel.id.replace("u-panel-", "")));

/** @param {import("playwright-core").Page} page @param {string} name */
async function show(page, name) {
  const tab = page.locator(`#u-tab-${name}`);
  if (await tab.isVisible()) await tab.click();
  else await page.locator(".dock-choice").selectOption(name);
  await page.locator(`#u-panel-${name}[data-loaded]:not([hidden])`).waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Waits until a figure was drawn anew so often. @param {import("playwright-core").Page} page @param {string} name @param {number} count */
async function pictures(page, name, count) {
  for (let i = 0; i < count; i++) {
    const panel = `#u-panel-${name}[data-step]`;
    const step = await page.locator(panel).getAttribute("data-step");
    await page.waitForFunction(
      ([selector, was]) => document.querySelector(String(selector))?.getAttribute("data-step") !== was,
      [panel, step],
    );
  }
}

/** A page with so many demos that learn at once, and what lets each go on by some steps. @param {number} count @param {(page: import("playwright-core").Page, learn: (steps: number) => Promise<void>) => Promise<void>} body */
async function visitDemos(count, body) {
  const demos = Array.from(
    { length: count },
    (_, i) => `<unrolled-demo autoplay views="loss" seed="${i}"></unrolled-demo>`,
  );
  pages.set("/demos.html", {
    body: `<!doctype html><title>Demos</title><link rel="icon" href="data:,"><script type="module" src="unrolled-element.js"></script>${demos.join("")}`,
  });
  const { page, close } = await openPage(browser, { viewport: { width: 1200, height: 6000 } });
  await page.goto(`${site.origin}/demos.html`);
  const learn = (/** @type {number} */ steps) =>
    page.evaluate(async (wanted) => {
      const demos = /** @type {any[]} */ ([...document.querySelectorAll("unrolled-demo")]);
      const stepOf = (/** @type {any} */ demo) => demo.state?.step ?? 0;
      const goals = demos.map((demo) => stepOf(demo) + wanted);
      while (demos.some((demo, i) => stepOf(demo) < goals[i])) await new Promise((done) => setTimeout(done, 50));
    }, steps);
  await learn(20); // all are there
  await body(page, learn);
  await close();
}

const longest = (/** @type {number[]} */ tasks) =>
  `${tasks
    .slice(0, 5)
    .map((ms) => ms.toFixed(1))
    .join(", ")} ms`;

/** @param {import("playwright-core").Page} page */
async function walk(page) {
  for (const name of await figures(page)) await show(page, name);
  for (let y = 0; y < 4000; y += 400) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(50);
  }
}

const measures = {
  async words() {
    for (const locale of ["en-US", "zh-CN"])
      await visit({ viewport: SIZES[0], locale }, async (page) => {
        const text = await page.locator("body").innerText();
        const count = text.match(/\p{Script=Han}|[\p{L}\p{N}][\p{L}\p{N}.,’'-]*/gu)?.length ?? 0;
        console.log(`words ${locale}: ${count}`);
      });
  },
  async heights() {
    for (const viewport of SIZES)
      await visit({ viewport, hasTouch: viewport.width < 500 }, async (page) => {
        const heights = [];
        for (const name of await figures(page)) {
          await show(page, name);
          await comeNear(page);
          await page.waitForTimeout(300);
          heights.push(`${name} ${await page.evaluate(() => document.documentElement.scrollHeight)}`);
        }
        console.log(`heights ${viewport.width}: ${heights.join(", ")}`);
      });
  },
  async targets() {
    await visit({ viewport: SIZES[1], hasTouch: true }, async (page) => {
      const look = (/** @type {string} */ where) =>
        page.evaluate(
          ([least, name]) => {
            const found = [];
            for (const element of document.querySelectorAll(
              "button, select, input, textarea, summary, a[href], label.button, [role=slider], [tabindex='0']",
            )) {
              if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
              if (element.closest("math")) continue;
              const ticked = element.matches("[type=checkbox], [type=radio]");
              const label = (ticked && element.closest("label")) || element; // a press anywhere on it counts
              const { width, height, right } = label.getBoundingClientRect();
              if (width < 2 || height < 2) continue; // for those who hear the page
              const told = `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? "").slice(0, 24)}"`;
              if (Math.min(width, height) < Number(least) - 0.5)
                found.push(`small ${told} ${Math.round(width)}x${Math.round(height)}`);
              if (right > innerWidth + 1 && !element.closest(".scroller, .u-scroll, [data-scrolls]"))
                found.push(`cut ${told} to ${Math.round(right)}`);
            }
            for (const element of document.querySelectorAll("button, select, p, h2, h3, label, span, td, th, li")) {
              if (!element.checkVisibility()) continue;
              const { overflowX, textOverflow } = getComputedStyle(element);
              if (
                overflowX !== "visible" &&
                overflowX !== "auto" &&
                element.scrollWidth > element.clientWidth + 1 &&
                textOverflow !== "ellipsis" &&
                element.clientWidth > 2
              )
                found.push(
                  `cut ${name}: ${element.tagName}.${element.className} "${(element.textContent ?? "").slice(0, 30)}"`,
                );
            }
            if (document.documentElement.scrollWidth > innerWidth) found.push(`sideways ${name}`);
            return found;
          },
          [String(LEAST), where],
        );
      /** @type {Set<string>} */ const found = new Set();
      for (const name of await figures(page)) {
        await show(page, name);
        await comeNear(page);
        await page.waitForTimeout(200);
        for (const each of await look("")) found.add(each);
      }
      await page.locator(".chip").click();
      for (const each of await look("sheet")) found.add(each);
      console.log(`targets: ${found.size}\n  ${[...found].join("\n  ")}`);
    });
  },
  async shift() {
    for (const viewport of SIZES)
      await visit({ viewport, hasTouch: viewport.width < 500 }, async (page) => {
        await waitForStep(page, 60);
        await walk(page);
        const shifts = await page.evaluate(() => /** @type {any} */ (window).shifts);
        const sum = shifts.reduce((/** @type {number} */ all, /** @type {any} */ { value }) => all + value, 0);
        console.log(`shift ${viewport.width}: ${sum.toFixed(4)}`);
        for (const { value, sources } of shifts)
          if (value > 0.001) console.log(`  ${value.toFixed(4)} ${sources.join(" ")}`);
      });
  },
  async tasks() {
    for (const viewport of SIZES)
      await visit({ viewport, hasTouch: viewport.width < 500 }, async (page) => {
        const tasks = await mainThreadTasks(browser, page, async () => {
          await comeNear(page);
          for (const name of LIVE) {
            await show(page, name);
            await pictures(page, name, 3);
          }
          await walk(page);
        });
        console.log(`tasks ${viewport.width}: longest ${longest(tasks)}`);
      });
    await visitDemos(10, async (page, learn) => {
      const tasks = await mainThreadTasks(browser, page, () => learn(20));
      console.log(`tasks of ten demos: longest ${longest(tasks)}`);
    });
  },
  async presses() {
    await visit({ viewport: SIZES[0] }, async (page) => {
      await waitForStep(page, 60);
      const press = async (/** @type {string} */ name) => page.getByRole("button", { name, exact: true }).click();
      const tasks = await mainThreadTasks(browser, page, async () => {
        await press("Pause");
        for (let i = 0; i < 5; i++) await press("Step");
        await press("Start");
        for (const name of await figures(page)) await show(page, name);
        await page.keyboard.press("f");
        await page.keyboard.press("Escape");
        await page.keyboard.press("Space");
        await page.locator("input[type=range]").first().focus();
        for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
        await page.waitForTimeout(500);
      });
      /** @type {{name: string, ms: number, on: string}[]} */
      const all = await page.evaluate(() => /** @type {any} */ (window).presses);
      const presses = all.filter(({ name }) => /^(click|keydown|input|change)$/.test(name)).sort((a, b) => b.ms - a.ms);
      const told = presses.slice(0, 5).map(({ name, ms, on }) => `${name} ${on.trim()} ${ms}`);
      console.log(
        `presses: slowest of those over 16 ms ${told.join(", ") || "none"} ms; in processor time ${tasks[0].toFixed(1)} ms`,
      );
    });
  },
};

const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(measures)) if (!wanted.length || wanted.includes(name)) await measure();
await leave(browser);
await site.close();
