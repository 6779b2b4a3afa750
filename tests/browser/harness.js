/**
 * What every test in a browser needs: dist/site behind a small server, a headless Chromium, and pages that remember
 * their errors and their requests.
 */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SITE = fileURLToPath(new URL("../../dist/site/", import.meta.url));
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

/**
 * Serves a folder at a free port of this machine.
 * @param {string} [folder] dist/site unless told otherwise
 * @param {Map<string, {body: string, headers?: Record<string, string>}>} [pages] by path, in front of the folder's
 * files
 * @returns {Promise<{origin: string, close: () => Promise<void>}>}
 */
export async function serve(folder = SITE, pages = new Map()) {
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
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
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

/** @returns {Promise<import("playwright-core").Browser>} */
export function launch() {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...FLAGS, ...sandbox] });
}

/**
 * A new page that is given frames to draw: a headless browser that opens and closes many windows now and then leaves
 * one without, and what waits to be seen there waits for ever.
 * @param {import("playwright-core").BrowserContext} context
 */
async function paintedPage(context) {
  for (let tries = 1; ; tries++) {
    const page = await context.newPage();
    await page.bringToFront();
    const painted = await page.evaluate(
      () =>
        new Promise((done) => {
          requestAnimationFrame(() => done(true));
          setTimeout(() => done(false), 5000);
        }),
    );
    if (painted || tries === 5) return page;
    console.log(`a window without frames was closed again, at try ${tries}`);
    await page.close();
  }
}

/**
 * A page in a context of its own.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  context.setDefaultTimeout(60_000); // a busy machine is slow, not wrong
  const page = options.javaScriptEnabled === false ? await context.newPage() : await paintedPage(context);
  /** Messages of the console and exceptions that should not be. @type {string[]} */
  const errors = [];
  /** @type {string[]} */
  const requests = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  return { page, errors, requests, close: () => context.close() };
}

/**
 * The tasks of the page's main thread while something is done, in milliseconds of processor time: a busy machine that
 * lets the thread wait makes none of them longer.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<void>} work
 * @returns {Promise<number[]>} longest first
 */
export async function mainThreadTasks(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const thread = (/** @type {any} */ { pid, tid }) => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents
      .filter((/** @type {any} */ event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
      .map(thread),
  );
  return traceEvents
    .filter((/** @type {any} */ event) => event.name.endsWith("RunTask") && mains.has(thread(event)))
    .map((/** @type {any} */ event) => (event.tdur ?? 0) / 1000)
    .sort((/** @type {number} */ a, /** @type {number} */ b) => b - a);
}

/**
 * A number the page shows, read as a number.
 * @param {import("playwright-core").Page} page @param {string} name of its cell, e.g. "loss"
 */
export async function shownNumber(page, name) {
  const text = await page.locator(`[data-number=${name}]`).textContent();
  return Number((text ?? "").replaceAll(",", ""));
}

/** Waits until a step is shown. @param {import("playwright-core").Page} page @param {number} step */
export async function waitForStep(page, step) {
  await page.waitForFunction(
    (wanted) => {
      const shown = document.querySelector("[data-number=step]")?.textContent ?? "";
      return Number(shown.replaceAll(",", "")) >= wanted;
    },
    step,
    { timeout: 60_000 },
  );
}
