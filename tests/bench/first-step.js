/* How long a first visit waits for the first training step: node tests/bench/first-step.js [visits]
 * Time from the start of navigation to the first step that the page shows, in a fresh Chromium context each; the
 * median. */
import { launch, leave, openPage, serve } from "../browser/harness.js";

const visits = Number(process.argv[2]) || 7;
const site = await serve();
const browser = await launch();
const times = [];
for (let i = 0; i < visits; i++) {
  const { page, close } = await openPage(browser);
  await page.goto(`${site.origin}/index.html`);
  times.push(
    await page.evaluate(
      () =>
        new Promise((done) => {
          const look = () =>
            Number(document.querySelector("[data-number=step]")?.textContent) >= 1
              ? done(performance.now())
              : requestAnimationFrame(look);
          look();
        }),
    ),
  );
  await close();
}
await leave(browser);
await site.close();
times.sort((a, b) => a - b);
console.log(
  `first step after ${Math.round(times[times.length >> 1])} ms (median of ${visits} visits; ${times.map(Math.round).join(", ")})`,
);
