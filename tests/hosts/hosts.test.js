/* npm run hosts: every host, heavy ones as well. Those that cannot be installed here are skipped, with a word. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, leave, openPage, serve } from "../browser/harness.js";
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
  await leave(browser);
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

test("cells of a notebook that show one widget show one network, and the kernel hears of it now and then", async (t) => {
  const place = prepare({ folder: "widget", name: "anywidget", build() {} }, packed.tarball);
  try {
    if (place.missing) return t.skip(place.missing);
    place.run(process.execPath, "build.js");
    const site = await serve(join(place.folder, "dist"));
    try {
      await useWidget(`${site.origin}/index.html`);
    } finally {
      await site.close();
    }
  } finally {
    place.remove();
  }
});

/** @param {string} address of a page that is a notebook's */
async function useWidget(address) {
  const { page, errors, close } = await openPage(browser);
  const learns = (n, { cell, units }) =>
    page.waitForFunction(
      ([i, wanted]) => {
        const demo = document.querySelectorAll("unrolled-demo")[i];
        demo?.scrollIntoView();
        const { cell, hidden } = demo?.trainer?.settings ?? {};
        return cell === wanted.cell && hidden === wanted.units && demo.state.step >= 3;
      },
      [n, { cell, units }],
    );
  const isOne = () =>
    page.evaluate(() => {
      const [one, two] = document.querySelectorAll("unrolled-demo");
      return one.trainer === two.trainer && one.trainer !== null;
    });
  try {
    await page.goto(address);
    await page.evaluate(() =>
      window.create({
        cell: "rnn",
        units: 16,
        batch: 8,
        seq_len: 16,
        seed: 3,
        sample: "brackets",
        views: ["loss"],
        autoplay: true,
      }),
    );
    await page.evaluate(() => window.show("one"));
    await learns(0, { cell: "rnn", units: 16 });
    await page.evaluate(() => window.show("two"));
    await learns(1, { cell: "rnn", units: 16 });
    assert.equal(await isOne(), true, "two cells, one network");
    assert.equal(page.workers().length, 1);
    await page.evaluate(() => window.tell({ cell: "gru" }));
    await learns(1, { cell: "gru", units: 16 });
    assert.equal(await isOne(), true, "after a change of traits");
    await page.evaluate(() => window.clear("one"));
    await page.evaluate(() => window.tell({ units: 12 }));
    await learns(0, { cell: "gru", units: 12 });
    assert.equal(page.workers().length, 1, "the cell that is left keeps the worker");
    await page.waitForFunction(() => window.messages.length > 4);
    const { times, last } = await page.evaluate(() => ({
      times: window.messages.map(({ time }) => time),
      last: window.messages.at(-1).state,
    }));
    const pauses = times.slice(1).map((time, i) => time - times[i]);
    assert.ok(Math.min(...pauses) > 300, `messages ${pauses.map(Math.round)} ms apart`);
    assert.ok(last.step > 0 && last.loss > 0, JSON.stringify(last));
    await page.evaluate(() => window.clear("two"));
    while (page.workers().length) await page.workers()[0].waitForEvent("close");
    await page.evaluate(() => window.show("one"));
    await learns(0, { cell: "gru", units: 12 });
    await page.evaluate(() => window.close());
    while (page.workers().length) await page.workers()[0].waitForEvent("close");
    assert.deepEqual(errors, []);
  } finally {
    await close();
  }
}
