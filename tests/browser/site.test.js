import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { SMALL, launch, leave, openPage, serve, shownNumber, until, waitForStep } from "./harness.js";

const SITE = fileURLToPath(new URL("../../dist/site/", import.meta.url));
const HASH = `${SMALL}&seed=5`;
/** Of a run that no visit has saved: one that was is offered, and nothing is learnt meanwhile. */
const OTHER = HASH.replace("seed=5", "seed=6");

/** @type {import("playwright-core").Browser} */ let browser;
before(async () => {
  browser = await launch();
});
after(() => leave(browser));

/** The site in a folder of a host that has other things as well. @param {Parameters<typeof serve>[2]} [served] */
async function inFolder(check, served) {
  const root = await mkdtemp(join(tmpdir(), "unrolled-site-"));
  const folder = join(root, "some", "where");
  await cp(SITE, folder, { recursive: true });
  const host = await serve(root, new Map(), served);
  const opened = await openPage(browser, { serviceWorkers: "allow" });
  try {
    await check({ ...opened, host, folder, address: `${host.origin}/some/where/` });
    assert.deepEqual(opened.errors, []);
    const elsewhere = opened.requests.filter(
      (url) => !url.startsWith(`${host.origin}/some/where/`) && !/^(data|blob):/.test(url),
    );
    assert.deepEqual(elsewhere, [], "requests outside its own folder");
  } finally {
    await opened.close();
    await host.close();
    await rm(root, { recursive: true });
  }
}

test("the site works from a folder, and asks for nothing outside of it", () =>
  inFolder(async ({ page, address }) => {
    await page.goto(address + HASH);
    await waitForStep(page, 20);
    await page.locator("#u-text").selectOption("tang");
    await page.waitForFunction(() => location.hash.includes("text=tang"));
    await waitForStep(page, 5);
    await page.goto(`${address}embed.html${HASH}&autoplay=1`);
    await page.locator("unrolled-demo .count", { hasText: /step [\d,]{2}/ }).waitFor();
  }));

/** Waits until all that stands is kept. */
const settled = (page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== "activated")
      await new Promise((done) => active.addEventListener("statechange", done, { once: true }));
  });
const kept = (page, file) =>
  until(
    () => page.evaluate(async (name) => Boolean(await caches.match(new URL(name, location.href))), file),
    `${file} to be kept`,
  );

test("after one visit the site learns without a network", () =>
  inFolder(async ({ page, address, host, errors }) => {
    await page.goto(address + HASH);
    await waitForStep(page, 5);
    await settled(page);
    assert.equal(
      await page.evaluate(async () => Boolean(await caches.match(new URL("assets/tang.txt", location.href)))),
      false,
      "what a first visit does not need is not loaded by it",
    );
    await host.close();
    await page.goto("about:blank");
    await page.goto(address + OTHER);
    await waitForStep(page, 20);
    assert.ok((await shownNumber(page, "loss")) > 0);
    errors.splice(0); // the browser itself looks for a new service worker, and finds no network
  }));

test("after two visits all of the site works without a network", () =>
  inFolder(async ({ page, address, host, errors }) => {
    await page.goto(address + HASH);
    await settled(page);
    await page.goto("about:blank");
    await page.goto(address + OTHER);
    await waitForStep(page, 5);
    await kept(page, "assets/tang.txt");
    await kept(page, "wasm/unrolled-simd.wasm");
    await host.close();
    await page.goto(`${address}${HASH}&core=simd&text=tang&lang=zh`);
    await page.getByRole("button", { name: "暂停" }).waitFor();
    await waitForStep(page, 5);
    errors.splice(0);
  }));

test("a new version is kept as the server has it, though the browser holds the old one for a year", () =>
  inFolder(
    async ({ page, address, folder }) => {
      await page.goto(address + HASH);
      await settled(page);
      const [main, worker] = [join(folder, "app", "main.js"), join(folder, "sw.js")];
      await writeFile(main, `${await readFile(main, "utf8")}// the next version`);
      await writeFile(worker, (await readFile(worker, "utf8")).replace(/[0-9a-f]{16}/, "fedcba9876543210"));
      const kept = await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        const next = registration.installing ?? registration.waiting;
        while (next.state === "installing")
          await new Promise((done) => next.addEventListener("statechange", done, { once: true }));
        const name = (await caches.keys()).find((each) => each.includes("fedcba9876543210"));
        const main = await (await caches.open(name)).match(new URL("app/main.js", location.href));
        return (await main.text()).slice(-40);
      });
      assert.match(kept, /\/\/ the next version$/);
    },
    { compressed: true },
  ));

test("the site can be installed: its manifest names icons that are there", () =>
  inFolder(async ({ page, address }) => {
    await page.goto(address + HASH);
    const { icons, ...manifest } = await page.evaluate(async () =>
      (await fetch(document.querySelector("link[rel=manifest]").href)).json(),
    );
    assert.deepEqual([manifest.display, manifest.start_url, manifest.short_name], ["standalone", "./", "Unrolled"]);
    for (const { src, sizes } of icons.filter((icon) => icon.type === "image/png")) {
      const size = await page.evaluate(async (path) => {
        const image = new Image();
        image.src = path;
        await image.decode();
        return `${image.naturalWidth}x${image.naturalHeight}`;
      }, src);
      assert.equal(size, sizes);
    }
  }));
