/** Every experiment by keyboard in Chinese, on a phone in the dark. */
import assert from "node:assert/strict";
import { LESSONS } from "../../web/lessons/catalog.js";
import { axe, stage } from "./harness.js";
import { goThrough, unpaced } from "./lessons-support.js";

const here = stage();

for (const lesson of LESSONS) {
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
