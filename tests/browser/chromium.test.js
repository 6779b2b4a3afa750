import { describeBits } from "./bits.js";
import { launch, leave, openPage } from "./harness.js";

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
      opened = await openPage(await launch());
    },
    after: async () => {
      await opened?.close();
      await leave();
    },
  },
);
