import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch } from "puppeteer-core";
import { loadCore, Trainer } from "../../web/core/index.js";
import { serve } from "./harness.js";

const FIREFOX = "/usr/bin/firefox-esr";
const TEXT = "to be, or not to be: that is the question; ".repeat(30).trimEnd();

describe("in Firefox", { skip: existsSync(FIREFOX) ? false : `${FIREFOX} is not installed` }, () => {
  /** @type {string} */ let profile;
  /** @type {import("puppeteer-core").Browser} */ let firefox;
  before(async () => {
    profile = await mkdtemp(join(tmpdir(), "unrolled-firefox-"));
    firefox = await launch({ browser: "firefox", executablePath: FIREFOX, headless: true, userDataDir: profile });
  });
  after(async () => {
    await firefox?.close();
    await rm(profile, { recursive: true, force: true });
  });

  test("the one file learns from file://", async () => {
    const page = await firefox.newPage();
    await page.goto(
      `${new URL("../../dist/unrolled.html", import.meta.url).href}#v=1&hidden=16&batch=8&seqLen=16&seed=5`,
    );
    await page.waitForFunction(
      () => Number(document.querySelector("[data-number=step]")?.textContent.replaceAll(",", "")) >= 30,
      { timeout: 60_000 },
    );
    const loss = Number(await page.evaluate(() => document.querySelector("[data-number=loss]").textContent));
    assert.ok(loss > 0 && loss < 4.4, `a loss of ${loss}`);
    await page.close();
  });

  test("the element's losses are Node's, bit for bit, for every cell", async () => {
    const pages = new Map([
      [
        "/host.html",
        {
          body: `<!doctype html><html lang="en"><title>Host</title><script type="module" src="unrolled-element.js"></script><unrolled-demo>${TEXT}</unrolled-demo>`,
        },
      ],
    ]);
    const site = await serve(undefined, pages);
    after(() => site.close());
    const core = await loadCore({ variant: "simd" });
    const page = await firefox.newPage();
    await page.goto(`${site.origin}/host.html`);
    await page.waitForFunction(() => customElements.get("unrolled-demo"), { timeout: 10_000 });
    for (const cell of ["rnn", "lstm", "gru"]) {
      const losses = await page.evaluate(async (name) => {
        const demo = document.querySelector("unrolled-demo");
        const ready = new Promise((done) =>
          demo.addEventListener("unrolled-ready", ({ detail }) => detail.settings.cell === name && done()),
        );
        for (const [attribute, value] of Object.entries({
          cell: name,
          units: 20,
          batch: 4,
          "seq-len": 24,
          seed: 11,
          layers: 2,
        }))
          demo.setAttribute(attribute, value);
        await ready;
        return [(await demo.trainer.step(1)).loss, (await demo.trainer.step(59)).loss];
      }, cell);
      const trainer = new Trainer(core, { text: TEXT, cell, hidden: 20, batch: 4, seqLen: 24, seed: 11, layers: 2 });
      assert.deepEqual(losses, [trainer.step(1).loss, trainer.step(59).loss], cell);
      trainer.dispose();
    }
    await page.close();
  });
});
