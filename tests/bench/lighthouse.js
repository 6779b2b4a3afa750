/* What Lighthouse says of the site, as a host serves it, compressed: node tests/bench/lighthouse.js [runs]
 * npx fetches Lighthouse; each run's paints, blocking time and requests, and the median of each category, for a desktop
 * and for its phone on a slow line, whose processor is four times slower. Performance is taken from the time on the clock:
 * on a machine at work it says as much of that as of the page. So the blocking time is told of the processor's time, too:
 * what each task of the page takes of that beyond 50 ms, from first to last. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../browser/harness.js";
import { tasksOf } from "./tasks.js";

/** Of the performance. */
const PARTS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"];
const FORMS = { desktop: { slower: 1, flags: ["--preset=desktop"] }, phone: { slower: 4, flags: [] } };
const LONG = 50; // milliseconds, beyond which a task blocks
const runs = Number(process.argv[2]) || 3;
const site = await serve(undefined, undefined, { compressed: true });
const folder = mkdtempSync(join(tmpdir(), "lighthouse-"));
const flags = "--chrome-flags=--headless=new --disable-gpu --no-sandbox";

for (const [form, { slower, flags: how }] of Object.entries(FORMS)) {
  /** @type {Record<string, number[]>} */ const scores = {};
  for (let i = 0; i < runs; i++) {
    const out = join(folder, `${form}.json`);
    const about = ["--quiet", "--output=json", `--output-path=${out}`, "--save-assets", flags];
    const child = spawn("npx", ["--yes", "lighthouse@12.8.2", `${site.origin}/`, ...about, ...how], {
      env: { CHROME_PATH: "/usr/bin/chromium", ...process.env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    await new Promise((done) => child.on("exit", done));
    const { categories, audits } = JSON.parse(readFileSync(out, "utf8"));
    for (const { id, score } of /** @type {any[]} */ (Object.values(categories)))
      (scores[id] ??= []).push(Math.round(100 * score));
    const shown = PARTS.map((name) => `${name} ${audits[name].displayValue}`).join(", ");
    const tasks = tasksOf(JSON.parse(readFileSync(join(folder, `${form}-0.trace.json`), "utf8")));
    const blocking = tasks.reduce((sum, task) => sum + Math.max(0, slower * task - LONG), 0);
    const requests = audits["network-requests"].details.items.length;
    console.log(`${form}: ${shown} (of processor time ${blocking.toFixed(0)} ms), ${requests} requests`);
  }
  const told = Object.entries(scores).map(([name, all]) => {
    const sorted = all.sort((a, b) => a - b);
    return `${name} ${sorted[sorted.length >> 1]} (${sorted.join(", ")})`;
  });
  console.log(`${form}: ${told.join("; ")}`);
}
await site.close();
rmSync(folder, { recursive: true });
