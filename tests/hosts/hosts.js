/**
 * Sites that embed the demo, each with the generator it is for: built from the packed package in a temporary folder,
 * served, and opened in Chromium. A reader goes to the page with the demo, leaves and comes back, five times.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { openPage, serve, until } from "../browser/harness.js";

/**
 * @typedef {object} Host
 * @property {string} folder    its site, beside this file
 * @property {string} name
 * @property {string} [command] of the system that builds it, where it is none of npm's
 * @property {string} [address] of the page with the links, "/" unless told otherwise
 * @property {boolean} [soft]   whether it changes pages without loading anew
 * @property {string} [files]   where the element's file is wanted, where it is not imported
 * @property {string} [output]  what is served of what was built
 * @property {(run: (command: string, ...args: string[]) => void, origin: string, folder: string) => void} build
 * @property {(folder: string, port: number) => import("node:child_process").ChildProcess} [start] a server of its own
 */

const VISITS = 5;
const HERE = fileURLToPath(new URL(".", import.meta.url));
const ELEMENT = fileURLToPath(new URL("../../dist/unrolled-element.js", import.meta.url));

/** @param {string} command */
export function isThere(command) {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * The site in a folder of its own, with what it needs.
 * @param {Host} host
 * @param {string} tarball the packed package
 * @returns {{folder: string, run: (command: string, ...args: string[]) => void, missing: string, remove: () => void}}
 *   missing: why it cannot be built here, "" where it can
 */
export function prepare(host, tarball) {
  const folder = mkdtempSync(join(tmpdir(), `unrolled-${host.folder}-`));
  cpSync(join(HERE, host.folder), folder, { recursive: true });
  if (host.files) copyFileSync(ELEMENT, join(folder, host.files));
  const run = (/** @type {string} */ command, /** @type {string[]} */ ...args) => {
    const path = `${join(folder, "node_modules/.bin")}:${process.env.PATH}`;
    try {
      execFileSync(command, args, {
        cwd: folder,
        encoding: "utf8",
        stdio: "pipe",
        maxBuffer: 1 << 28,
        env: { ...process.env, PATH: path, NODE_ENV: "production", CI: "1" },
      });
    } catch (error) {
      const { stdout, stderr } = /** @type {any} */ (error);
      throw new Error(`${[command, ...args].join(" ")}\n${stdout}${stderr}`.slice(0, 4000));
    }
  };
  let missing = "";
  if (host.command) {
    if (!isThere(host.command)) missing = `${host.command} is not installed`;
  } else {
    try {
      run(
        "npm",
        "install",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "--loglevel=error",
        "--include=dev",
        tarball,
      );
    } catch (error) {
      missing = `npm could not install ${host.name}: ${String(error).split("\n")[1]?.slice(0, 200)}`;
    }
  }
  return { folder, run, missing, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Waits until a server answers. @param {string} origin */
async function answers(origin) {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(origin).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${origin} does not answer`);
}

/**
 * Builds a host's site and visits it.
 * @param {Host} host
 * @param {{folder: string, run: (command: string, ...args: string[]) => void}} place
 * @param {import("playwright-core").Browser} browser
 */
export async function visit(host, { folder, run }, browser) {
  const icon = { body: "", headers: { "content-type": "image/x-icon" } };
  const site = await serve(join(folder, host.output ?? "."), new Map([["/favicon.ico", icon]]));
  const { origin } = site;
  let server;
  try {
    host.build(run, origin, folder);
    if (host.start) {
      const port = Number(new URL(origin).port);
      await site.close();
      server = host.start(folder, port);
      await answers(origin);
    }
    await readIt(host, `${origin}${host.address ?? "/"}`, browser);
  } finally {
    server?.kill();
    await site.close().catch(() => {});
  }
}

/** @param {Host} host @param {string} address @param {import("playwright-core").Browser} browser */
async function readIt(host, address, browser) {
  const { page, errors, requests, close } = await openPage(browser);
  try {
    await page.goto(address);
    await page.evaluate(() => Object.assign(window, { loadedOnce: true }));
    for (let n = 1; n <= VISITS; n++) {
      await page.getByRole("link", { name: "To the demo" }).first().click();
      await isLearning(page, `visit ${n}`);
      await page.getByRole("link", { name: "Back to the start" }).first().click();
      await page.getByRole("link", { name: "To the demo" }).first().waitFor();
      while (page.workers().length) await page.workers()[0].waitForEvent("close");
      if (host.soft)
        assert.equal(await page.evaluate(() => "loadedOnce" in window), true, "the host changes pages without loading");
    }
    await page.getByRole("link", { name: "To the demo" }).first().click();
    await isLearning(page, "the last visit");
    await page.reload();
    await isLearning(page, "after a reload");
    assert.deepEqual(errors, [], "errors in the console");
    const { origin } = new URL(address);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(origin) && !/^(data|blob):/.test(url)),
      [],
      "requests to other origins",
    );
  } finally {
    await close();
  }
}

/** @param {import("playwright-core").Page} page @param {string} when */
async function isLearning(page, when) {
  const demo = page.locator("unrolled-demo");
  const learning = demo.locator(".count", { hasText: /step [1-9]/ });
  const figure = demo.locator(".u-score canvas").first();
  await until(async () => {
    await demo.scrollIntoViewIfNeeded(); // a host scrolls as it lays itself out, and out of sight a demo rests
    return (await learning.isVisible()) && (await figure.isVisible());
  }, `a demo that learns, ${when}`);
  assert.equal(page.workers().length, 1, `${when}: workers`);
  const { height, settings } = await page.evaluate(() => {
    const element = /** @type {any} */ (document.querySelector("unrolled-demo"));
    const { cell, hidden, seqLen, seed } = element.trainer.settings;
    return { height: element.clientHeight, settings: { cell, hidden, seqLen, seed } };
  });
  assert.deepEqual(settings, { cell: "gru", hidden: 16, seqLen: 16, seed: 3 }, when);
  assert.ok(height > 100 && height <= 500, `${when}: ${height} px high`);
  assert.equal(await demo.locator(".notice").count(), 0, `${when}: it has something to say`);
}

/** What a host's site is of, for the record. @param {Host} host */
export function versionsOf({ folder }) {
  const { dependencies } = JSON.parse(readFileSync(join(HERE, folder, "package.json"), "utf8"));
  return dependencies;
}
