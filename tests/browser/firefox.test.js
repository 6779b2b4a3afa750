import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "puppeteer-core";
import { describeBits } from "./bits.js";

const PATIENCE = 600_000; // ms for a page's work, on a slow machine that is busy
const FIREFOX = "/usr/bin/firefox-esr";

/** @type {string} */ let profile;
/** @type {import("puppeteer-core").Browser} */ let firefox;
/** @type {import("puppeteer-core").Page} */ let page;

describeBits(
  "Firefox",
  () => ({
    open: async (address) => void (await page.goto(address)),
    run: (work, ...args) => page.evaluate(work, ...args),
  }),
  {
    skip: existsSync(FIREFOX) ? false : `${FIREFOX} is not installed`,
    before: async () => {
      profile = await mkdtemp(join(tmpdir(), "unrolled-firefox-"));
      firefox = await launch({
        browser: "firefox",
        executablePath: FIREFOX,
        headless: true,
        userDataDir: profile,
        protocolTimeout: PATIENCE,
      });
      page = await firefox.newPage();
      page.setDefaultTimeout(PATIENCE);
    },
    after: async () => {
      await firefox?.close();
      await rm(profile, { recursive: true, force: true });
    },
  },
);
