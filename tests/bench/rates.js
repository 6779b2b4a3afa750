/* Which learning rate goes with each optimizer: node tests/bench/rates.js [steps] [optimizer …]
 * The page's usual network on its sample text, at several rates and over three seeds; the mean validation loss after so
 * many steps. What the page proposes (web/app/settings/advice.js) is the smallest rate that comes within 0.1 nats of the
 * best of its row. Writes its table to results.md. Losses do not depend on how busy the machine is. */
import { readFileSync } from "node:fs";
import { RATES } from "../../web/app/settings/advice.js";
import { loadCore, Trainer } from "../../web/core/index.js";
import { putSection } from "./section.js";

const GRID = /** @type {Record<string, number[]>} */ ({
  sgd: [0.3, 1, 3, 10],
  momentum: [0.1, 0.3, 1, 3],
  rmsprop: [0.004, 0.008, 0.016, 0.032],
  adam: [0.002, 0.004, 0.008, 0.016],
  adamw: [0.002, 0.004, 0.008, 0.016],
});
const SEEDS = [1, 2, 3];
const CLOSE = 0.1; // nats that a larger rate would have to bring
const [steps = "200", ...names] = process.argv.slice(2);
const text = readFileSync(new URL("../../dist/site/assets/moby-dick.txt", import.meta.url), "utf8");
const core = await loadCore();

/** @param {any} optimizer @param {number} learningRate */
function lossAt(optimizer, learningRate) {
  const losses = SEEDS.map((seed) => {
    const trainer = new Trainer(core, { text, optimizer, learningRate, seed, batch: "auto", seqLen: "auto" });
    try {
      trainer.step(Number(steps));
      return trainer.evaluate().loss;
    } catch {
      return Infinity; // it broke
    } finally {
      trainer.dispose();
    }
  });
  return losses.reduce((sum, loss) => sum + loss / SEEDS.length, 0);
}

const rows = [];
for (const [optimizer, rates] of Object.entries(GRID)) {
  if (names.length && !names.includes(optimizer)) continue;
  const found = rates.map((rate) => ({ rate, loss: lossAt(optimizer, rate) }));
  const least = Math.min(...found.map(({ loss }) => loss));
  const good = found.find(({ loss }) => loss <= least + CLOSE);
  const cells = found.map(({ rate, loss }) => {
    const words = `${rate}: ${Number.isFinite(loss) ? loss.toFixed(3) : "broke"}`;
    return rate === good?.rate ? `**${words}**` : words;
  });
  rows.push(`| ${optimizer} | ${cells.join(" | ")} | ${RATES[optimizer]} |`);
  console.log(rows.at(-1));
}
if (!names.length)
  putSection(
    "Rates by optimizer",
    [
      `LSTM 128 on Moby-Dick, batch 32, 64 steps back, clipped at norm 5: validation loss after ${steps} updates, mean of seeds ${SEEDS.join(", ")}.`,
      "",
      "| optimizer | rate: loss, nats | | | | proposed |",
      "|---|---|---|---|---|---|",
      ...rows,
    ].join("\n"),
  );
