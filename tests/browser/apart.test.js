/** The figures that take a network apart, on the page: each asked, and its sentence read, in both languages. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import en from "../../web/app/strings/en/apart.js";
import zh from "../../web/app/strings/zh/apart.js";
import { en as enPage, zh as zhPage } from "../words.js";
import { axe, comeNear, pauseAt, stage, waitForStep } from "./harness.js";

const { inPage } = stage();
const SMALL = "v=1&hidden=24&batch=8&seqLen=32&seed=1&patience=0";

/** What a filled template looks like, whatever its values. @param {string} template */
const like = (template) =>
  new RegExp(
    template
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[\\s\\S]+?"),
    "i",
  );

for (const [lang, words, page] of /** @type {const} */ ([
  ["en", en, enPage],
  ["zh", zh, zhPage],
])) {
  inPage(
    `every figure that takes a network apart says in ${lang} what it found`,
    async (tab) => {
      await waitForStep(tab, 20);
      await pauseAt(tab, page.bar);
      const panel = (/** @type {string} */ name) => tab.locator(`#u-panel-${name}`);
      const show = (/** @type {string} */ name) => tab.locator(`#u-tab-${name}`).click();
      const says = (/** @type {string} */ name, /** @type {string} */ template) =>
        panel(name)
          .locator(".u-numbers", { hasText: like(template) })
          .first()
          .waitFor();
      const press = (/** @type {string} */ name, /** @type {string} */ label) =>
        panel(name).getByRole("button", { name: label, exact: true }).click();

      await show("held");
      await panel("held").getByLabel(page.held.every).check();
      await panel("held").getByRole("combobox", { name: page.held.gate }).selectOption("f");
      await says(
        "held",
        page.held.whatAll.replace("{gate}", page.places.f).replace("{value}", page.held.gateValues[0]),
      );
      await panel("held").locator(".u-samples pre").nth(1).waitFor();
      const [free, held] = await panel("held").locator(".u-samples pre").allTextContents();
      assert.ok(free.length > 50 && held.length > 50 && free !== held, "without its memory it writes something else");

      await show("costs");
      await press("costs", words.costs.start);
      await says("costs", words.costs.summary);
      await press("costs", words.units.start);
      await panel("costs").locator(".u-units table tbody tr").nth(7).waitFor();
      assert.equal(await panel("costs").locator(".u-units thead th").last().textContent(), words.units.cost);

      await show("passages");
      await press("passages", words.passages.start);
      await says("passages", words.passages.summary);
      assert.equal(await panel("passages").locator("q").count(), 8);

      await show("memory");
      await says("memory", words.halflife.summary);

      await show("context");
      await press("context", words.context.start);
      await says("context", words.context.summary);

      await show("path");
      await says("path", words.path.summary);
      const before = await panel("path").locator(".u-numbers").textContent();
      await panel("path").getByRole("slider").press("ArrowRight");
      await tab.waitForFunction(
        (text) => document.querySelector("#u-panel-path .u-numbers")?.textContent !== text,
        before,
      );

      await show("difference");
      await says("difference", words.difference.parts);
      assert.deepEqual(await axe(tab), []);
    },
    { hash: `#${SMALL}&lang=${lang}&view=score` },
  );
}

inPage(
  "on a plain RNN there is no gate to remember by, and the figure says so",
  async (tab) => {
    await waitForStep(tab, 5);
    await tab.locator("#u-tab-memory").click();
    await tab.locator("#u-panel-memory .u-halflife .u-numbers", { hasText: en.halflife.noGate }).waitFor();
  },
  { hash: `#${SMALL}&cell=rnn&view=score` },
);

const SCORE = "#u-panel-score";
/**
 * Where the names of a picture's rows stand when it is scrolled to its end, how wide they are, and whether they are the
 * same that stand at its beginning.
 * @param {import("playwright-core").Page} tab @param {string} name
 */
const marginOf = (tab, name) =>
  tab.locator(`#u-panel-${name} .u-scroll`).evaluate((scroller) => {
    scroller.scrollLeft = scroller.scrollWidth;
    const [margin, picture] = scroller.querySelectorAll("canvas");
    const place = margin.getBoundingClientRect();
    const pixels = (/** @type {HTMLCanvasElement} */ canvas) =>
      /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, margin.width, margin.height);
    const [own, beneath] = [pixels(margin).data, pixels(picture).data];
    return [
      place.left - scroller.getBoundingClientRect().left,
      place.width,
      own.some(Boolean) && own.every((value, i) => value === beneath[i]),
    ];
  });

/** What the score says is held. @param {import("playwright-core").Page} tab */
const heldWords = (tab) => tab.locator(`${SCORE} .u-hold [role=status]`);

inPage(
  "a press on a row's handle switches the unit off: in the score, in the dock and in the address at once",
  async (tab) => {
    await waitForStep(tab, 20);
    await pauseAt(tab);
    const rail = tab.locator(`${SCORE} .u-stave[data-key=f] .u-rail`);
    await rail.click({ position: { x: 8, y: 2 } });
    await tab.locator(`${SCORE} .u-stave[data-key=added] canvas`).waitFor();
    const words = (await heldWords(tab).textContent()) ?? "";
    assert.match(words, /^Forget gate f of unit \d+, held at 0 \(shut\), .* nats a character over \d+ characters\./);
    assert.equal(await tab.locator(`${SCORE} .u-hold pre`).count(), 2);
    await tab.waitForFunction(() => /hold=gate%3Df\+unit%3D\d+\+value%3D0/.test(location.hash));

    await tab.locator("#u-tab-held").click();
    await tab.locator("#u-panel-held .u-numbers", { hasText: words }).waitFor();
    await tab.locator("#u-panel-held").getByLabel(enPage.held.every).check();
    await tab.locator("#u-tab-score").click();
    await heldWords(tab)
      .filter({ hasText: like(enPage.held.whatAll) })
      .waitFor();

    await tab.locator(SCORE).getByRole("button", { name: enPage.held.letGo, exact: true }).click();
    await tab.locator(`${SCORE} .u-stave[data-key=added]`).waitFor({ state: "detached" });
    assert.equal(await heldWords(tab).textContent(), "");
    await tab.locator("#u-tab-held").click();
    await tab.locator("#u-panel-held").getByText(enPage.held.none).waitFor();
    await tab.waitForFunction(() => !location.hash.includes("hold="));
  },
  { hash: `#${SMALL}` },
);

inPage(
  "what a link holds is held, the keyboard lets it go and holds again, and all is of the moment that is shown",
  async (tab) => {
    await heldWords(tab).filter({ hasText: "Hidden state h of all units, held at 0 (off), costs" }).waitFor();
    await waitForStep(tab, 40);
    await pauseAt(tab);
    const slider = tab.locator(`${SCORE} [role=slider]`);
    await slider.press("Delete");
    await tab.locator(`${SCORE} .u-stave[data-key=added]`).waitFor({ state: "detached" });
    await slider.press("Delete");
    await heldWords(tab)
      .filter({ hasText: like("Hidden state h of unit {n}, held at 0 (off),") })
      .waitFor();
    const now = await heldWords(tab).textContent();
    await tab.locator("#u-travel").press("Home"); // the first moment: nothing has been learnt
    await tab.locator(`${SCORE}[data-step="0"]`).waitFor();
    assert.notEqual(await heldWords(tab).textContent(), now);
    await tab.locator("#u-tab-path").click();
    await tab.locator('#u-panel-path[data-step="0"] .u-numbers', { hasText: like(en.path.summary) }).waitFor();
  },
  { hash: `#${SMALL}&hold=gate%3Dh+value%3D0` },
);

inPage(
  "a stretch that is marked in the score is looked for, and what is found is of this moment alone",
  async (tab) => {
    await waitForStep(tab, 30);
    await pauseAt(tab);
    const slider = tab.locator(`${SCORE} [role=slider]`);
    for (const key of ["Home", "Shift+ArrowRight", "Shift+ArrowRight"]) await slider.press(key);
    await tab.locator(`${SCORE} .u-find`).click();
    const units = tab.locator("#u-panel-costs .u-units");
    await units.locator("tbody tr").nth(7).waitFor();
    assert.match(String(await units.locator("thead").textContent()), /held-out accuracy.*cost of switching off/);
    assert.match(String(await units.locator(".u-numbers").textContent()), /times in the text|stretch itself is judged/);
    await tab.getByRole("button", { name: enPage.bar.step, exact: true }).click();
    await tab
      .locator("#u-panel-costs .work", { hasText: like(en.study.gone) })
      .first()
      .waitFor();
    assert.equal(await units.locator("tbody tr").count(), 0);
  },
  { hash: `#${SMALL}` },
);

inPage(
  "units are sorted by their memory where the cell has a gate for it",
  async (tab) => {
    await waitForStep(tab, 20);
    const order = tab.locator(SCORE).getByRole("combobox", { name: enPage.score.order });
    await order.selectOption("memory");
    await tab.locator(`${SCORE} .u-readout`, { hasText: like(enPage.score.lives) }).waitFor();
    const address = tab.url().replace(/#.*/, `#${SMALL}&cell=rnn`);
    await tab.goto("about:blank");
    await tab.goto(address);
    await waitForStep(tab, 5);
    await tab.locator(SCORE).waitFor();
    assert.equal(await order.locator("option[value=memory]").count(), 0);
  },
  { hash: `#${SMALL}` },
);

/** A narrow screen that is touched. */
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

inPage(
  "a finger switches a unit off and lets it go, on targets of 44 pixels, and axe finds nothing",
  async (tab) => {
    await waitForStep(tab, 20);
    await pauseAt(tab);
    const rail = tab.locator(`${SCORE} .u-stave[data-key=hidden] .u-rail`);
    await comeNear(tab);
    await rail.scrollIntoViewIfNeeded();
    await rail.tap();
    await heldWords(tab)
      .filter({ hasText: like("Hidden state h of unit {n}, held at 0 (off),") })
      .waitFor();
    assert.ok(((await rail.boundingBox())?.width ?? 0) >= 44);
    const small = (/** @type {string} */ panel) =>
      tab.locator(panel).evaluate((node) =>
        [...node.querySelectorAll("button, select, input:not([type=checkbox]), .u-choice:has(input), label.tick")]
          .map((each) => ({ what: each.textContent || each.tagName, box: each.getBoundingClientRect() }))
          .filter(({ box }) => box.height > 0 && box.height < 43.5)
          .map(({ what, box }) => `${what}: ${box.height}`),
      );
    assert.deepEqual(await small(SCORE), []);
    await tab.locator(SCORE).getByRole("button", { name: enPage.held.letGo, exact: true }).tap();
    await tab.locator(`${SCORE} .u-stave[data-key=added]`).waitFor({ state: "detached" });
    for (const name of ["held", "costs", "passages", "memory", "context", "path", "difference"]) {
      await tab.locator(".dock-choice").selectOption(name);
      if (name === "held")
        await tab.locator("#u-panel-held").getByRole("button", { name: enPage.held.hold, exact: true }).tap();
      await tab.locator(`#u-panel-${name} .u-figure`).first().waitFor();
      if (["held", "memory", "path", "difference"].includes(name))
        await tab.locator(`#u-panel-${name} .u-numbers`, { hasText: /\d/ }).waitFor();
      assert.deepEqual(await small(`#u-panel-${name}`), [], name);
      assert.deepEqual(await axe(tab, `#u-panel-${name}`), [], name);
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(wide, 0, `${name} makes the page ${wide} pixels too wide`);
      if (["held", "difference"].includes(name)) assert.deepEqual(await marginOf(tab, name), [0, 64, true], name);
    }
  },
  { hash: `#${SMALL}`, ...PHONE },
);

inPage(
  "what is held can be kept as numbers and as a picture, the samples with it",
  async (tab) => {
    const panel = tab.locator("#u-panel-held");
    await panel.locator("pre").nth(1).waitFor();
    await pauseAt(tab);
    const keep = async (/** @type {string} */ kind) => {
      await panel.locator(".u-save summary").click();
      const told = tab.waitForEvent("download");
      await panel.getByRole("button", { name: kind, exact: true }).click();
      return readFile(await (await told).path(), "utf8");
    };
    const csv = await keep(enPage.figure.csv);
    assert.match(csv, /^t,token,added loss of the next\r\n0,/);
    const [free, held] = await panel.locator("pre").allTextContents();
    assert.ok(csv.includes(free.replaceAll('"', '""')) && csv.includes(held.replaceAll('"', '""')));
    const svg = await keep(enPage.figure.svg);
    assert.ok(svg.startsWith("<svg") && svg.includes(enPage.held.heldSample));
  },
  { hash: `#${SMALL}&view=held&hold=gate%3Df+value%3D0` },
);
