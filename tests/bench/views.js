/* What the live views cost: steps that the page makes while its figures are on the screen, and while they are not shown. */
import { launch, openPage, serve, waitForStep } from "../browser/harness.js";

/**
 * @param {{ turns: number }} options
 * @returns {Promise<{ hidden: number, shown: number, loss: number }>} characters a second, and the share lost: medians of pairs of
 *   neighbouring seconds
 */
export async function measureViews({ turns }) {
  const site = await serve(), browser = await launch();
  try {
    const { page } = await openPage(browser);
    await page.goto(`${site.origin}/index.html`);
    await waitForStep(page, 20);
    await page.waitForTimeout(4000);
    const stepsASecond = (/** @type {boolean} */ shown) => page.evaluate(async (show) => {
      const inside = /** @type {HTMLElement} */ (document.querySelector("#inside"));
      const step = () => Number((document.querySelector("[data-number=step]")?.textContent ?? "").replaceAll(",", ""));
      /** Until the number changes, so that a count starts and ends with a report. */
      const change = async () => {
        const before = step();
        while (step() === before) await new Promise((resolve) => setTimeout(resolve, 5));
        return { step: step(), time: performance.now() };
      };
      inside.style.display = show ? "" : "none";
      if (show) inside.scrollIntoView();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const from = await change();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const to = await change();
      return (1000 * (to.step - from.step)) / (to.time - from.time);
    }, shown);
    const pairs = [];
    for (let turn = 0; turn < turns; turn++) {
      const hidden = await stepsASecond(false);
      const shown = await stepsASecond(true);
      pairs.push({ hidden, shown, loss: 1 - shown / hidden });
    }
    const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1];
    const characters = 32 * 64; // of the page's own settings
    return {
      hidden: characters * median(pairs.map(({ hidden }) => hidden)), shown: characters * median(pairs.map(({ shown }) => shown)),
      loss: median(pairs.map(({ loss }) => loss)),
    };
  } finally {
    await browser.close();
    await site.close();
  }
}
