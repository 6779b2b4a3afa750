/** Takes the README's picture from the real page: npm run screenshot. It shows the score after `STEPS` updates. */
import { fileURLToPath } from "node:url";
import { launch, leave, openPage, serve, waitForStep } from "./harness.js";

const STEPS = 1500;
const TARGET = fileURLToPath(new URL("../../assets/screenshot.png", import.meta.url));

const { origin, close } = await serve();
const browser = await launch();
const { page } = await openPage(browser, { viewport: { width: 1280, height: 900 } });
await page.goto(`${origin}/`);
for (let step = 100; step <= STEPS; step += 100) await waitForStep(page, step);
await page
  .locator("#inside h3")
  .first()
  .evaluate((heading) => heading.scrollIntoView({ block: "start" }));
await page.mouse.move(700, 300);
await page.waitForTimeout(3000);
await page.screenshot({ path: TARGET });
await close();
await leave(browser);
console.log(`wrote ${TARGET}`);
