/** How a reader goes through an experiment, from the bet to the check question, by keyboard alone. */
import assert from "node:assert/strict";
import { WORDS } from "../../web/app/lessons/words.js";
import { until } from "./harness.js";

/** Two minutes, and what a slow machine with other work needs besides. */
export const PATIENCE = 900_000;

/** For a page of experiments: it plays at the pace of its computing, not of a reader. */
export function unpaced() {
  const later = window.setTimeout;
  window.setTimeout = /** @type {any} */ (
    (/** @type {() => void} */ run, /** @type {number} */ ms, /** @type {any[]} */ ...rest) =>
      later(run, Math.min(ms, 4), ...rest)
  );
}

/** Tab, until something is reached. @param {import("playwright-core").Page} page @param {string} selector */
async function tabTo(page, selector) {
  for (let n = 0; n < 80; n++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`no way to ${selector} by Tab`);
}

/** Through the parts of an experiment that the reader leads: the focus is on the button. @param {import("playwright-core").Page} page @param {{ step: string }} own */
export async function goOn(page, own) {
  const next = page.getByRole("button", { name: own.step });
  await next.waitFor();
  while (await next.isVisible()) {
    const status = page.locator(".l-status");
    const shown = await status.textContent();
    assert.ok(await next.evaluate((button) => /** @type {any} */ (button.getRootNode()).activeElement === button));
    await page.keyboard.press("Enter");
    await until(async () => (await status.textContent()) !== shown, "the next part");
  }
}

/** @param {import("playwright-core").Page} page @param {import("../../web/lessons/lesson.js").Lesson} lesson @param {"en" | "zh"} language */
export async function goThrough(page, lesson, language) {
  const words = lesson.words[language];
  const own = WORDS[language];
  await page.locator(".lesson h2", { hasText: words.title }).waitFor();
  const start = page.getByRole("button", { name: own.start });
  assert.ok(await start.isDisabled(), "nothing runs before a bet");
  if (lesson.bet.kind === "draw") {
    for (const _ of lesson.bet.axis?.at ?? []) {
      await tabTo(page, ".l-sliders input");
      await page.keyboard.press("ArrowRight");
    }
  } else {
    await tabTo(page, ".l-bet input");
    await page.keyboard.press("Space");
  }
  await tabTo(page, ".l-bet .primary");
  await page.keyboard.press("Enter");
  if (lesson.byHand) await goOn(page, own);
  await page.locator(".l-after").waitFor({ timeout: PATIENCE });
  const said = await page.locator(".l-said li").allTextContents();
  assert.equal(said.length, lesson.events.length, `sentences: ${said.join(" / ")}`);
  const told = [...said, ...(await page.locator(".l-answer, .l-verdict, .l-says").allTextContents())];
  for (const sentence of told) assert.doesNotMatch(sentence, /\{|NaN|undefined|^$/);
  for (const label of await page
    .locator(".l-figure canvas[role=img]")
    .evaluateAll((all) => all.map((each) => each.ariaLabel)))
    assert.ok(label, "a picture without words");
  await tabTo(page, ".l-after .l-choices input");
  await page.keyboard.press("Space");
  await page.locator(".l-reply", { hasText: words.check.why }).waitFor();
}
