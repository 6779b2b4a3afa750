/**
 * Proofs that take their time: node tests/endurance/endurance.js [kill] [memory] [option …]
 *   kill     kills the page's process at random moments: --times 100 --seed 1
 *   memory   trains for a million steps in Node, then for ten minutes in the page: --steps 1000000 --minutes 10
 *   --keep   takes the figures over into tests/bench/results.md
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { at } from "../../.ci/paths.js";
import { putSection } from "../bench/section.js";
import { killAgainAndAgain } from "./kill.js";
import { memoryInNode, memoryInPage } from "./memory.js";

const STORE = at("build/endurance.json");
const say = (/** @type {string} */ line) => console.log(`endurance: ${line}`);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    steps: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "10" },
    keep: { type: "boolean", default: false },
  },
});
const MB = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const count = (/** @type {number} */ n) => n.toLocaleString("en");

/** What each found, as sentences. @type {Record<string, () => Promise<string[]>>} */
const proofs = {
  async kill() {
    const { times, steps, mostLost } = await killAgainAndAgain({
      times: Number(values.times),
      seed: Number(values.seed),
      say,
    });
    return [
      `The page's process was killed ${times} times, every second time while the run was being written down. At most ${(mostLost / 1000).toFixed(1)} s of training were lost, and at each of the ${times} reloads the saved run had the bits of one in Node that nobody disturbed, up to step ${count(steps)}.`,
    ];
  },
  async memory() {
    const node = await memoryInNode({ steps: Number(values.steps), say });
    const page = await memoryInPage({ minutes: Number(values.minutes), say });
    return [
      `Node, ${count(node.steps)} steps, from the first tenth to the end: heap and buffers ${MB(node.heap)} more, WebAssembly's memory ${MB(node.wasm)} more.`,
      `The page with its figures drawing, ${values.minutes} minutes, ${count(page.steps)} steps, from the first tenth to the end: heap ${MB(page.heap)} more, its workers' heaps ${MB(page.workers)} more, elements ${count(page.nodes)} more, listeners ${count(page.listeners)} more. Buffers ${MB(page.buffers)} more: moments to look back at, which end at 64 MiB.`,
    ];
  },
};

const chosen = positionals.length ? positionals : Object.keys(proofs);
for (const name of chosen) {
  if (proofs[name]) continue;
  console.error(`endurance: there is no proof "${name}"; there are ${Object.keys(proofs).join(", ")}`);
  process.exit(2);
}
/** @type {Record<string, string[]>} */
const kept = existsSync(STORE) ? JSON.parse(readFileSync(STORE, "utf8")) : {};
for (const name of chosen) {
  const found = await proofs[name]();
  for (const sentence of found) say(sentence);
  const command = `npm run endurance -- ${name} --keep`;
  kept[name] = found.map((sentence) => `- ${sentence} (\`${command}\`, ${new Date().toISOString().slice(0, 10)})`);
}
if (values.keep) {
  mkdirSync(at("build"), { recursive: true });
  writeFileSync(STORE, `${JSON.stringify(kept, null, 1)}\n`);
  const names = Object.keys(proofs).filter((name) => kept[name]);
  putSection("Endurance", names.flatMap((name) => kept[name]).join("\n"));
}
