/** Every experiment, from its bet to its check question, and the ways that lead there. */
import assert from "node:assert/strict";
import { WORDS } from "../../web/app/lessons/words.js";
import { LESSONS } from "../../web/lessons/catalog.js";
import { axe, stage } from "./harness.js";
import { PATIENCE, goOn, goThrough, unpaced } from "./lessons-support.js";

const here = stage({
  pages: new Map([
    [
      "/lesson.html",
      {
        body: '<!doctype html><html lang="en"><title>One experiment</title><link rel="icon" href="data:,"><script type="module" src="unrolled-element.js"></script><unrolled-demo lesson="exploding"></unrolled-demo>',
      },
    ],
  ]),
});

/**
 * Where an experiment stands, in Chinese, on a phone in the dark: nothing of it is gone, and all is said.
 * @param {import("playwright-core").Page} page @param {import("../../web/lessons/lesson.js").Lesson} lesson
 */
async function inChinese(page, lesson) {
  const count = (/** @type {string} */ parts) => page.locator(parts).count();
  const parts = ".l-said li, .l-after:not([hidden]), .l-mark, .l-choices input:checked";
  const before = await count(parts);
  const told = ".l-said li, .l-answer, .l-verdict, .l-changed, .l-reply";
  const english = await page.locator(told).allTextContents();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.locator("#u-lang").selectOption("zh");
  const { title, check } = lesson.words.zh;
  await page.locator(".lesson h2", { hasText: title }).waitFor();
  assert.equal(await count(parts), before);
  const said = await page.locator(".l-said li, .l-answer, .l-verdict, .l-says, .l-changed").allTextContents();
  assert.ok(said.length > lesson.events.length + 2);
  for (const sentence of said) assert.match(sentence, /^(?!.*(\{|NaN|undefined)).*\p{Script=Han}/u);
  await page.locator(".l-reply", { hasText: check.why }).waitFor();
  assert.deepEqual(await axe(page), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} pixels wide`);
  await page.locator("#u-lang").selectOption("en");
  await page.locator(".lesson h2", { hasText: lesson.words.en.title }).waitFor();
  assert.deepEqual(await page.locator(told).allTextContents(), english, "back in English it says what it said");
}

/** What is changed where the last of the changes trains all anew, and this one comes to the same sentence. */
const QUICKER = /** @type {Record<string, string>} */ ({ meaning: "last", byheart: "tiny" });

for (const lesson of LESSONS) {
  here.inPage(
    `"${lesson.name}" is gone through by keyboard, one thing is changed, and it stands there in Chinese, on a phone in the dark`,
    async (page) => {
      await goThrough(page, lesson, "en");
      const options = lesson.change.options.map(({ name }) => name);
      const changing = options.indexOf(QUICKER[lesson.name] ?? options.at(-1));
      await page.locator(".l-words .l-box .buttons button").nth(changing).focus();
      await page.keyboard.press("Enter");
      const changed = page.locator(".l-changed");
      await page.waitForFunction(
        (busy) => ![busy, ""].includes(document.querySelector(".l-changed")?.textContent ?? ""),
        WORDS.en.changing,
        { timeout: PATIENCE },
      );
      assert.doesNotMatch((await changed.textContent()) ?? "", /\{|NaN|undefined/);
      assert.deepEqual(await axe(page), []);
      const kept = await page.evaluate(() => JSON.parse(localStorage.getItem("unrolled.lessons") ?? "{}"));
      assert.equal(kept[lesson.name].done, true);
      await inChinese(page, lesson);
    },
    { hash: `#lesson=${lesson.name}&lang=en`, init: unpaced },
  );
}

here.inPage(
  "the list names every experiment, and leads to it and back",
  async (page) => {
    await page.locator(".l-list").waitFor();
    assert.deepEqual(
      await page.locator(".l-list li h3 a").allTextContents(),
      LESSONS.map(({ words }) => words.en.title),
    );
    assert.deepEqual(await axe(page), []);
    await page.getByText(WORDS.en.waiting.replace("{done}", "10").replace("{all}", "1,000")).waitFor();
    assert.equal(await page.locator(".l-said li").count(), 0, "nothing is said before a bet");
    await page.locator(".l-list a").nth(2).click();
    await page.locator(".lesson[data-lesson=forgetting]").waitFor();
    await page.waitForFunction(() => /lesson=forgetting/.test(location.hash));
    await page.getByRole("link", { name: WORDS.en.list }).click();
    await page.locator(".l-list").waitFor();
  },
  { hash: "#lesson=all&lang=en" },
);

here.inPage(
  "the first experiment has begun behind the door, and goes on when there is a bet",
  async (page) => {
    await page.getByRole("button", { name: "Learn", exact: true }).click();
    await page.getByText(WORDS.en.waiting.replace("{done}", "10").replace("{all}", "1,000")).waitFor();
    assert.deepEqual(await axe(page), []);
    await page.locator(".l-bet input").first().check();
    await page.getByRole("button", { name: WORDS.en.start }).click();
    await page.locator(".l-said li", { hasText: LESSONS[0].words.en.say.noise }).waitFor();
  },
  { hash: "#lang=en" },
);

here.inPage(
  "a sweep reads the reader's own text, and says when it is too short",
  async (page) => {
    const box = page.locator(".l-own textarea");
    const start = page.getByRole("button", { name: WORDS.en.noBet });
    await box.fill("too short");
    assert.ok(await start.isDisabled());
    await page.getByText("9 characters so far; it takes at least 4,000.").waitFor();
    await box.fill("my own words, and no one else's. ".repeat(200));
    await page.getByText("6,600 characters: they will read this.").waitFor();
    await start.click();
    await page.locator(".l-status", { hasText: "Update 50" }).waitFor({ timeout: PATIENCE });
    const lowest = await page.locator(".l-sweep .l-says").textContent();
    assert.doesNotMatch(lowest ?? "", /\{|NaN/);
  },
  { hash: "#lesson=choosing&lang=en" },
);

here.inPage(
  "a made text says what memory it needs, and draws how it is guessed where that matters beside chance",
  async (page) => {
    await page
      .getByText(/To close a bracket it must know which one is still open, up to \d+ characters back/)
      .waitFor();
    const told = page.getByRole("img", { name: /^Where that matters it is right [\d.]+ ?% of the time; chance is 25/ });
    await told.waitFor();
    assert.ok(await told.evaluate((/** @type {any} */ canvas) => canvas.width > 100 && canvas.height > 100));
  },
  { hash: "#text=brackets&hidden=16&batch=8&seqLen=32&lang=en" },
);

here.inPage(
  "a name that no experiment has leads to the list, and says so",
  async (page) => {
    await page.getByText("There is no experiment named “alchemy”.").waitFor();
    assert.equal(await page.locator(".l-list li").count(), LESSONS.length);
  },
  { hash: "#lesson=alchemy&lang=en" },
);

here.inPage(
  "the network of an experiment opens in the lab as it was left",
  async (page) => {
    await page.getByRole("button", { name: WORDS.en.noBet }).click();
    await goOn(page, WORDS.en);
    await page.getByText(WORDS.en.unbet).waitFor();
    await page.getByRole("button", { name: WORDS.en.lab }).click();
    await page.locator(".lessons").waitFor({ state: "hidden" });
    await page.waitForFunction(
      () => /cell=rnn/.test(location.hash) && /initGain=1.5/.test(location.hash) && !/lesson/.test(location.hash),
    );
  },
  { hash: "#lesson=exploding&lang=en" },
);

for (const [how, path] of [
  ["element", "lesson.html"],
  ["frame", "embed.html#lesson=exploding&lang=en"],
])
  here.inPage(
    `an experiment stands alone in the ${how}, with no way to a lab that is not there`,
    async (page) => {
      await page.getByRole("button", { name: WORDS.en.noBet }).click();
      await goOn(page, WORDS.en);
      await page.getByText(WORDS.en.unbet).waitFor();
      assert.equal(await page.locator(".l-said li").count(), 3);
      assert.equal(await page.getByRole("button", { name: WORDS.en.lab }).count(), 0);
      assert.equal(await page.locator(".l-ways, .l-place a").count(), 0);
    },
    { path },
  );
