/**
 * What every test in a browser stands on: dist/site behind a small server, a headless Chromium, and pages that remember
 * their errors and their requests. stage() gives a file one site, each test a page of its own that is held to what
 * is always true; files of one process share a browser.
 *
 * A page trains at full speed while it is tested, beside other files' pages. So a test waits for what the page shows or
 * tells (until, waitForStep, a locator's waitFor), never for time, and reads numbers by shownNumber: they are written
 * with separators and go on changing. What needs no browser stands in tests/node.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import en from "../../web/app/strings/en/index.js";

const require = createRequire(import.meta.url);
/* Not imported: Node would read its three megabytes once more for the names that they export. */
const { chromium } = /** @type {typeof import("playwright-core")} */ (require("playwright-core"));

/** @typedef {import("playwright-core").Page} Page */

const SITE = fileURLToPath(new URL("../../dist/site/", import.meta.url));
/** Milliseconds: a busy machine, or one four times slower, is slow, not wrong. */
const PATIENCE = 180_000;
const TYPES = /** @type {Record<string, string>} */ ({
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".map": "application/json",
});
const FLAGS = [
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** The address of a small network that goes on learning, however long a test takes: it would soon come to improve no more. */
export const SMALL = "#v=1&hidden=16&batch=8&seqLen=16&patience=0";

/**
 * Serves a folder at a free port of this machine.
 * @param {string} [folder] dist/site unless told otherwise
 * @param {Map<string, {body: string, headers?: Record<string, string>}>} [pages] by path, in front of the folder's
 * files
 * @param {{compressed?: boolean}} [options] compressed: as a host serves it, to be kept by the browser
 * @returns {Promise<{origin: string, close: () => Promise<void>}>}
 */
export async function serve(folder = SITE, pages = new Map(), { compressed = false } = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    const page = pages.get(path);
    if (page)
      return void response
        .writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers })
        .end(page.body);
    try {
      const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
      const body = await readFile(file);
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      if (!compressed) return void response.end(body);
      response.setHeader("content-encoding", "gzip");
      response.setHeader("cache-control", "max-age=31536000");
      response.end(gzipSync(body));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/* The shell draws the same pages without a window's frame around them, at half the cost. */
const CHROMIUMS = ["chromium-headless-shell", "chromium", "google-chrome"].map((name) => `/usr/bin/${name}`);

/** @returns {Promise<import("playwright-core").Browser>} */
function start() {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const executablePath = process.env.CHROMIUM ?? CHROMIUMS.find((file) => existsSync(file));
  if (!executablePath) throw new Error(`no Chromium at ${CHROMIUMS.join(" or ")}, nor in CHROMIUM`);
  return chromium.launch({ executablePath, args: [...FLAGS, ...sandbox] });
}

/** The Chromium of this process, and how many want it. */
let wanted = 0;
/** @type {ReturnType<typeof start> | null} */ let running = null;

/** Starts Chromium where it does not run. Who has it closes what was opened in it, and leaves it in the end. */
export function launch() {
  wanted++;
  return (running ??= start());
}

/** Ends Chromium when nobody wants it any more: where files come one after the other (.ci/together.js), after the last.
 * @param {import("playwright-core").Browser | undefined} browser if it came */
export async function leave(browser) {
  if (!browser || --wanted || process.connected) return;
  running = null;
  await browser.close();
}
process.once("disconnect", () => wanted || running?.then((browser) => browser.close()));

const BLOCKED = "Service Worker registration blocked by Playwright";

/**
 * A page in a context of its own. It keeps nothing for when there is no network unless `serviceWorkers` is "allow".
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    serviceWorkers: "block",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  /** Messages of the console and exceptions that should not be. @type {string[]} */
  const errors = [];
  /** @type {string[]} */
  const requests = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && message.text() !== BLOCKED) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  return { page, errors, requests, close: () => context.close() };
}

/**
 * @typedef {object} PageOptions beside those of a browser's context
 * @property {string} [path] of the site, "index.html" unless told otherwise
 * @property {string} [hash] with its #
 * @property {() => void} [init] runs in the page before anything of its own
 * @property {(page: Page) => Promise<void>} [prepare] before it is opened
 * @property {RegExp[]} [allow] errors of the console that belong to the test
 * @property {() => string[]} [origins] beside the site's that may be asked
 */

/** All that a page says at the moment, in sight or not: what has no word or no number shows in it as such. */
function told() {
  const spoken = ["aria-label", "title", "alt", "aria-valuetext", "placeholder"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name)),
  );
  return [document.body.innerText, ...spoken].join("\n");
}

/**
 * The browser and the site of a test file: call it at the top. Both are there in its tests and end after them.
 * @param {{folder?: string, pages?: Parameters<typeof serve>[1]}} [options] as serve() takes them
 */
export function stage({ folder, pages } = {}) {
  /** @type {import("playwright-core").Browser} */ let browser;
  /** @type {Awaited<ReturnType<typeof serve>>} */ let site;
  before(async () => {
    [site, browser] = await Promise.all([serve(folder, pages), launch()]);
  });
  after(async () => {
    await leave(browser);
    await site?.close();
  });
  /** @typedef {Awaited<ReturnType<typeof openPage>>} Opened */
  /** @typedef {PageOptions & import("playwright-core").BrowserContextOptions} Options */
  /** @typedef {(page: Page, opened: Opened) => Promise<void>} Body */
  /** A page of the site's: `hold` does something in it and holds it to what is always true. @param {Options} options */
  async function visit({ path = "index.html", hash = "", init, prepare, allow = [], origins = () => [], ...options }) {
    const opened = await openPage(browser, options);
    const { page, errors, requests, close } = opened;
    try {
      if (init) await page.addInitScript(init);
      await prepare?.(page);
      await page.goto(`${site.origin}/${path}${hash}`);
    } catch (error) {
      await close();
      throw error;
    }
    /** @param {Body} body */
    async function hold(body) {
      await body(page, opened);
      assert.doesNotMatch(
        await page.evaluate(told),
        /\bundefined\b|(^|[\s(])NaN($|[\s%)])|\[object /m,
        "what the page says",
      );
      const unknown = errors.splice(0).filter((error) => !allow.some((known) => known.test(error)));
      assert.deepEqual(unknown, [], "errors in the console");
      const here = [site.origin, ...origins(), "data:", "blob:"];
      const elsewhere = requests.splice(0).filter((url) => !here.some((start) => url.startsWith(start)));
      assert.deepEqual(elsewhere, [], "requests to other origins");
    }
    return { hold, close };
  }
  return {
    get browser() {
      return browser;
    },
    get origin() {
      return site.origin;
    },
    /** A page beside a test's own. @param {import("playwright-core").BrowserContextOptions} [options] */
    open: (options) => openPage(browser, options),
    /**
     * A test in a page of its own, held to what is always true: nothing in the console, no request to elsewhere.
     * @param {string} name a sentence
     * @param {Body} body
     * @param {Options} [options]
     */
    inPage(name, body, options = {}) {
      test(name, async () => {
        const { hold, close } = await visit(options);
        await hold(body).finally(close);
      });
    },
    /**
     * Tests that follow one another in one page, each from where the one before left it, for loading a page is most of
     * a short test's work. After one that fails the next begins in a page of its own.
     * @param {string} name what they share
     * @param {Options} options
     * @param {(then: (name: string, body: Body) => void) => void} tests
     */
    inOnePage(name, options, tests) {
      describe(name, () => {
        /** @type {Awaited<ReturnType<typeof visit>> | null} */ let visited = null;
        after(() => visited?.close());
        tests((sentence, body) => {
          test(sentence, async () => {
            const { hold, close } = (visited ??= await visit(options));
            try {
              await hold(body);
            } catch (error) {
              visited = null;
              await close();
              throw error;
            }
          });
        });
      });
    },
  };
}

/**
 * Waits until something holds that the page cannot be asked for in one go: what a promise tells, or what lies outside.
 * @template T @param {() => Promise<T>} look @param {string} what is waited for @returns {Promise<T>} its first truthy answer
 */
export async function until(look, what) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`waited ${PATIENCE / 1000} s for ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/**
 * Another theme or another size of the page. Waits for two frames: what scripts draw has followed then.
 * @param {Page} page @param {{ colorScheme?: "light" | "dark", viewport?: { width: number, height: number } }} look
 */
export async function turnTo(page, { colorScheme, viewport }) {
  if (colorScheme) await page.emulateMedia({ colorScheme });
  if (viewport) await page.setViewportSize(viewport);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** What axe finds wrong in a part of the page. @param {Page} page @param {string} [part] @returns {Promise<string[]>} */
export async function axe(page, part) {
  if (!(await page.evaluate(() => "axe" in window)))
    await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async (selector) => {
    /* A selector is made for each element of the others, too; no rule that is on asks for style sheets fetched anew. */
    const options = { resultTypes: ["violations"], preload: { assets: ["media"] } };
    const { violations } = await /** @type {any} */ (window).axe.run(selector ?? document, options);
    return violations.map(
      (/** @type {any} */ { id, nodes }) =>
        `${id}: ${nodes.map((/** @type {any} */ { target, html }) => `${target.join(" ")} ${html}`).join(", ")}`,
    );
  }, part);
}

/**
 * A number the page shows, read as a number.
 * @param {import("playwright-core").Page} page @param {string} name of its cell, e.g. "loss"
 */
export async function shownNumber(page, name) {
  const text = await page.locator(`[data-number=${name}]`).textContent();
  return parseFloat((text ?? "").replaceAll(",", "").replace(/^[^\d]*/, ""));
}

/**
 * Pauses the run and waits until it rests. The button answers at once; the step under way still counts, and the last look
 * is to come.
 * @param {import("playwright-core").Page} page @param {{pause: string, start: string}} [words] of the page's language
 * @returns {Promise<number>} the step that everything shows
 */
export async function pauseAt(page, { pause, start } = en.bar) {
  await page.getByRole("button", { name: pause, exact: true }).click();
  await page.getByRole("button", { name: start, exact: true }).waitFor();
  await page.locator(".bar[aria-busy=false]").waitFor();
  return shownNumber(page, "step");
}

/**
 * Brings the figures into sight: out of it they rest. Playwright's own way waits until nothing moves any more.
 * @param {import("playwright-core").Page} page
 */
export async function comeNear(page) {
  const figures = page.locator("#inside");
  await figures.waitFor();
  await figures.evaluate((element) => /** @type {any} */ (element).scrollIntoViewIfNeeded());
}

/** Waits until a step is shown. @param {import("playwright-core").Page} page @param {number} step */
export async function waitForStep(page, step) {
  await page.waitForFunction((wanted) => {
    const shown = document.querySelector("[data-number=step]")?.textContent ?? "";
    return Number(shown.replaceAll(",", "")) >= wanted;
  }, step);
}
