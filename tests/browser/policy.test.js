import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { SMALL, stage, waitForStep } from "./harness.js";

const HASH = `${SMALL}&seed=5`;
const PAGES = ["dist/site/index.html", "dist/site/embed.html", "dist/unrolled.html"];

const pages = new Map();
const site = stage({ pages });

/** @param {string} file */
const source = (file) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");
/** @param {string} html @returns {Map<string, string[]>} a policy's words by its directives */
function policyOf(html) {
  const [, text] = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/) ?? assert.fail("no policy");
  return new Map(
    text
      .split(";")
      .map((part) => part.trim().split(/\s+/))
      .map(([name, ...rest]) => [name, rest]),
  );
}

before(async () => {
  pages.set("/unrolled.html", { body: await source("dist/unrolled.html") });
});

for (const file of PAGES) {
  test(`the policy of ${file} allows no inline styles or scripts but those it names`, async () => {
    const html = await source(file);
    const policy = policyOf(html);
    assert.deepEqual(
      [...policy.values()].flat().filter((word) => /unsafe-(inline|eval|hashes)'/.test(word) && !/wasm/.test(word)),
      [],
    );
    assert.doesNotMatch(html.replace(/<script[\s\S]*?<\/script>/g, ""), /\sstyle="|\son\w+="/);
    for (const [, css] of html.matchAll(/<style>([\s\S]*?)<\/style>/g)) {
      const hash = `'sha256-${createHash("sha256").update(css).digest("base64")}'`;
      assert.ok(policy.get("style-src")?.includes(hash), `style-src of ${file} must name ${hash}`);
    }
  });
}

/** Opens, presses and scrolls through everything there is, and what appears by it. @param {import("playwright-core").Page} page */
async function visit(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 10)));
    const root = () => document.querySelector("unrolled-demo")?.shadowRoot ?? document;
    const pressed = new Set();
    const name = (button) => `${button.getAttribute("aria-label") ?? ""} ${button.textContent}`.trim();
    for (let round = 0; round < 3; round++) {
      for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
        scrollTo(0, y);
        await frame();
      }
      for (const details of root().querySelectorAll("details")) details.open = true;
      for (const button of root().querySelectorAll("button")) {
        if (pressed.has(name(button)) || button.disabled) continue;
        pressed.add(name(button));
        button.click();
        await frame();
      }
    }
  });
}

for (const address of [
  "index.html",
  "unrolled.html",
  "embed.html?views=sample loss travel score flow clip gates compare slow check equations learn&autoplay=1",
]) {
  site.inPage(
    `a visit through all of ${address.replace(/\?.*/, "")} violates its policy nowhere`,
    async (page, { errors }) => {
      if (address.startsWith("embed")) await page.locator("unrolled-demo .count", { hasText: /step \d/ }).waitFor();
      else await waitForStep(page, 5);
      await visit(page);
      assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
      const forbidden = page.waitForFunction(() =>
        globalThis.violations.some((told) => told.startsWith("style-src-attr")),
      );
      await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<i style="color: red"></i>'));
      await forbidden; // it would have been told
      errors.splice(0); // everything was pressed, also what answers by an error
    },
    {
      path: address,
      hash: HASH,
      acceptDownloads: true,
      init: () => {
        globalThis.violations = [];
        document.addEventListener(
          "securitypolicyviolation",
          ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
            globalThis.violations.push(`${violatedDirective} ${blockedURI} at ${sourceFile}:${lineNumber}`),
        );
      },
    },
  );
}
