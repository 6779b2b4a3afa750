import { describeBits } from "./bits.js";
import { launch, leave, openPage } from "./harness.js";

/** @type {import("playwright-core").Browser} */ let browser;
/** @type {Awaited<ReturnType<typeof openPage>>} */ let opened;

describeBits(
  "Chromium",
  () => ({
    open: async (address) => {
      await opened.page.goto(address);
    },
    run: (work, ...args) => opened.page.evaluate(`(${work})(...${JSON.stringify(args)})`),
  }),
  {
    skip: false,
    before: async () => {
      browser = await launch();
      opened = await openPage(browser);
    },
    after: async () => {
      await opened?.close();
      await leave(browser);
    },
  },
);
