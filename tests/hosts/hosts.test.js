/* npm run hosts: every host, heavy ones as well. Those that cannot be installed here are skipped, with a word. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openPage, serve } from "../browser/harness.js";
import { pack } from "../pack.js";
import { HOSTS } from "./list.js";
import { prepare, visit } from "./hosts.js";

/** @type {ReturnType<typeof pack>} */ let packed;
/** @type {import("playwright-core").Browser} */ let browser;

before(async () => {
  packed = pack();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  packed?.remove();
});

for (const host of HOSTS)
  test(`${host.name}: the demo learns at every visit, and no worker is left`, async (t) => {
    const place = prepare(host, packed.tarball);
    try {
      if (place.missing) return t.skip(place.missing);
      await visit(host, place, browser);
    } finally {
      place.remove();
    }
  });

test("frameworks set the demo's options as they set those of any element, change them, and take it away", async (t) => {
  const place = prepare({ folder: "frameworks", name: "the frameworks", build() {} }, packed.tarball);
  try {
    if (place.missing) return t.skip(place.missing);
    place.run(process.execPath, "build.js");
    const site = await serve(join(place.folder, "dist"));
    try {
      for (const name of ["react18", "react19", "vue", "svelte", "angular", "preact", "lit", "solid"])
        await t.test(name, () => useIn(`${site.origin}/${name}.html`));
    } finally {
      await site.close();
    }
  } finally {
    place.remove();
  }
});

/** @param {string} address of a page with mount(), setUnits() and unmount() */
async function useIn(address) {
  const { page, errors, close } = await openPage(browser);
  try {
    await page.goto(address);
    for (let n = 1; n <= 5; n++) {
      await page.evaluate(() => window.mount());
      await page.waitForFunction(() => document.querySelector("unrolled-demo")?.state.step >= 3);
      const got = await page.evaluate(() => {
        const { hidden, batch, seqLen, learningRate, stateful, cell } =
          document.querySelector("unrolled-demo").trainer.settings;
        return { hidden, batch, seqLen, learningRate, stateful, cell };
      });
      const want = { hidden: 24, batch: 8, seqLen: 16, learningRate: 0.01, stateful: false, cell: "gru" };
      assert.deepEqual(got, want, `visit ${n}`);
      await page.evaluate((later) => window.setUnits(later), 12);
      await page.waitForFunction(() => document.querySelector("unrolled-demo").trainer?.settings.hidden === 12);
      await page.waitForFunction(() => document.querySelector("unrolled-demo").state.step >= 3);
      assert.equal(page.workers().length, 1);
      await page.evaluate(() => window.unmount());
      while (page.workers().length) await page.workers()[0].waitForEvent("close");
    }
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
}
