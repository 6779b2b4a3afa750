/* What Lighthouse says of the site, as a host serves it, compressed: node tests/bench/lighthouse.js [runs]
 * npx fetches Lighthouse; the median of each category, for a desktop and for its phone on a slow line. Performance is
 * taken from the time on the clock: on a machine at work it says as much of that as of the page. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const SITE = fileURLToPath(new URL("../../dist/site/", import.meta.url));
const TYPES = /** @type {Record<string, string>} */ ({
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
});
const runs = Number(process.argv[2]) || 3;
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
  try {
    const file = join(SITE, path.endsWith("/") ? `${path}index.html` : path);
    const head = { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-encoding": "gzip" };
    response.writeHead(200, { ...head, "cache-control": "max-age=31536000" }).end(gzipSync(readFileSync(file)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const folder = mkdtempSync(join(tmpdir(), "lighthouse-"));
const flags = "--chrome-flags=--headless=new --disable-gpu --no-sandbox";

for (const form of ["desktop", "phone"]) {
  /** @type {Record<string, number[]>} */ const scores = {};
  for (let i = 0; i < runs; i++) {
    const out = join(folder, `${form}.json`);
    const about = ["--quiet", "--output=json", `--output-path=${out}`, flags];
    const how = form === "desktop" ? ["--preset=desktop"] : [];
    const child = spawn("npx", ["--yes", "lighthouse@12.8.2", `http://127.0.0.1:${port}/`, ...about, ...how], {
      env: { CHROME_PATH: "/usr/bin/chromium", ...process.env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    await new Promise((done) => child.on("exit", done));
    for (const { id, score } of /** @type {any[]} */ (Object.values(JSON.parse(readFileSync(out, "utf8")).categories)))
      (scores[id] ??= []).push(Math.round(100 * score));
  }
  const told = Object.entries(scores).map(([name, all]) => {
    const sorted = all.sort((a, b) => a - b);
    return `${name} ${sorted[sorted.length >> 1]} (${sorted.join(", ")})`;
  });
  console.log(`${form}: ${told.join("; ")}`);
}
server.close();
rmSync(folder, { recursive: true });
