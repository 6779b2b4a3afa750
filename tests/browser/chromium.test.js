import { describeBits } from "./bits.js";
import { launch, openPage } from "./harness.js";

/** @type {import("playwright-core").Browser} */ let browser;
/** @type {import("playwright-core").Page} */ let page;

describeBits(
  "Chromium",
  () => ({
    open: async (address) => {
      await page.goto(address);
    },
    run: (work, ...args) => page.evaluate(`(${work})(...${JSON.stringify(args)})`),
  }),
  {
    skip: false,
    before: async () => {
      browser = await launch();
      ({ page } = await openPage(browser));
    },
    after: async () => browser?.close(),
  },
);
