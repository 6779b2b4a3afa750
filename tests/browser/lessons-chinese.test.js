/**
 * Experiments by keyboard in Chinese, on a phone in the dark: one with each kind of bet and of run. What all of them say
 * in Chinese stands in lessons.test.js, where they are led through once.
 */
import assert from "node:assert/strict";
import { WORDS } from "../../web/app/lessons/words.js";
import { LESSONS } from "../../web/lessons/catalog.js";
import { axe, stage } from "./harness.js";
import { goThrough, unpaced } from "./lessons-support.js";

const here = stage();
const EACH_KIND = ["updating", "exploding", "forgetting", "clipping"]; // led; one step at a time; chosen; drawn

for (const lesson of LESSONS.filter(({ name }) => EACH_KIND.includes(name))) {
  here.inPage(
    `"${lesson.name}" is gone through by keyboard in Chinese, on a phone in the dark`,
    async (page) => {
      await goThrough(page, lesson, "zh");
      assert.deepEqual(await axe(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${wide} pixels wide`);
    },
    {
      hash: `#lesson=${lesson.name}&lang=zh`,
      init: unpaced,
      viewport: { width: 390, height: 844 },
      colorScheme: "dark",
      reducedMotion: "reduce",
    },
  );
}

here.inPage(
  "another language leaves the bet, the run and its pause where they are",
  async (page) => {
    const slider = page.locator(".l-sliders input").first();
    const status = page.locator(".l-status");
    const speak = async (/** @type {"en" | "zh"} */ language) => {
      await page.locator("#u-lang").selectOption(language);
      const { title } = LESSONS.find(({ name }) => name === "clipping")?.words[language] ?? {};
      await page.locator(".lesson h2", { hasText: title }).waitFor();
    };
    await slider.fill("2");
    const bet = await slider.inputValue();
    await speak("zh");
    assert.equal(await slider.inputValue(), bet);
    await page.getByRole("button", { name: WORDS.zh.start }).click();
    await status.filter({ hasText: /第 [1-9]/ }).waitFor();
    await page.getByRole("button", { name: WORDS.zh.pause }).click();
    await speak("en");
    await page.getByRole("button", { name: WORDS.en.go }).waitFor();
    const [done] = /[1-9][0-9,]*/.exec((await status.textContent()) ?? "") ?? ["0"];
    assert.ok(await slider.isDisabled(), "the bet stands");
    await page.getByRole("button", { name: WORDS.en.go }).click();
    await page.waitForFunction(
      (before) => Number(/[1-9][0-9,]*/.exec(document.querySelector(".l-status")?.textContent ?? "")?.[0]) > before,
      Number(done.replaceAll(",", "")),
    );
    assert.equal(await page.locator(".lesson").count(), 1);
  },
  { hash: "#lesson=clipping&lang=en" },
);
