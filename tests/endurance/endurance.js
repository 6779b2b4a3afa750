/**
 * Proofs that take their time: node tests/endurance/endurance.js kill [--times 100] [--seed 1]
 *                                                               memory [--steps 1000000] [--minutes 10]
 *   kill     kills the page's process at random moments; see kill.js
 *   memory   trains for a million steps in Node, then for ten minutes in the page; see memory.js
 */
import { parseArgs } from "node:util";
import { killAgainAndAgain } from "./kill.js";
import { memoryInNode, memoryInPage } from "./memory.js";

const say = (/** @type {string} */ line) => console.log(`endurance: ${line}`);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    steps: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "10" },
  },
});
const MB = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

/** @type {Record<string, () => Promise<void>>} */
const proofs = {
  async kill() {
    const { times, steps, mostLost } = await killAgainAndAgain({
      times: Number(values.times),
      seed: Number(values.seed),
      say,
    });
    say(
      `${times} kills, ${steps} steps, at most ${(mostLost / 1000).toFixed(1)} s of training lost, the same bits each time`,
    );
  },
  async memory() {
    const node = await memoryInNode({ steps: Number(values.steps), say });
    say(`Node: ${node.steps} steps, heap ${MB(node.heap)} more, WebAssembly ${MB(node.wasm)} more`);
    const page = await memoryInPage({ minutes: Number(values.minutes), say });
    say(
      `page: ${values.minutes} minutes, ${page.steps} steps, heap ${MB(page.heap)} more, its workers' ${MB(page.workers)} more`,
    );
    say(`page: buffers ${MB(page.buffers)} more, elements ${page.nodes} more, listeners ${page.listeners} more`);
  },
};

const chosen = positionals.length ? positionals : Object.keys(proofs);
for (const name of chosen) {
  if (!proofs[name]) {
    console.error(`endurance: there is no proof "${name}"; there are ${Object.keys(proofs).join(", ")}`);
    process.exit(2);
  }
}
for (const name of chosen) await proofs[name]();
