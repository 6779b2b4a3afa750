import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { SMALL, stage, waitForStep } from "./harness.js";

const FILE = new URL("../../dist/unrolled.html", import.meta.url);
const HASH = `${SMALL}&seed=5`;

const site = stage({
  folder: fileURLToPath(new URL(".", FILE)),
  pages: new Map([
    [
      "/host.html",
      {
        body: `<!doctype html><title>Host</title><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" width="800" height="600" src="unrolled.html${HASH}"></iframe>`,
      },
    ],
  ]),
});

test("the one file has 600 kB at most", async () => {
  const { size } = await stat(FILE);
  assert.ok(size <= 600_000, `${size} bytes`);
});

test("the one file learns from file:// in Chromium, on every sample text, and asks nobody for anything", async () => {
  const { page, errors, requests, close } = await site.open();
  try {
    await page.goto(FILE.href + HASH);
    await waitForStep(page, 30);
    for (const name of ["tang", "brackets"]) {
      await page.locator("#u-text").selectOption(name);
      await page.waitForFunction((wanted) => location.hash.includes(`text=${wanted}`), name);
      await waitForStep(page, 5);
    }
    await page.locator(".u-score").scrollIntoViewIfNeeded();
    await page.locator(".u-score canvas").first().waitFor();
    assert.deepEqual(
      requests.filter((url) => !/^(file|data|blob):/.test(url)),
      [],
    );
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
});

site.inPage(
  "the one file works from a server as well, and from a frame that is sandboxed",
  (page) =>
    page
      .frameLocator("iframe")
      .locator("[data-number=step]", { hasText: /^\d[\d,]+$/ })
      .waitFor(),
  { path: "host.html" },
);
