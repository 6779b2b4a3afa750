/* This checkout's core against another's, in pairs: node tests/bench/pairs.js OTHER [--variant relaxed] [--only S2,S8]
 * [--pairs 40]. Both train the same networks in one process and take turns of some 20 ms, all networks one after the
 * other, so that what else the machine does weighs on each alike. Told are how many times as fast as the other's this
 * core is, the median and the quartiles of the pairs, and whether both lead to the same bits. OTHER is a checkout that
 * is built. Node 20 runs "relaxed" with --experimental-wasm-relaxed-simd. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import * as ours from "../../web/core/index.js";
import { SAMPLE } from "./measure.js";
import { SAMPLERS, WORKLOADS, makeText, settingsOf } from "./workloads.js";

const TURN = 20; // ms
const WARM = 5; // pairs that are not counted

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    variant: { type: "string", default: "relaxed" },
    only: { type: "string" },
    pairs: { type: "string", default: "40" },
  },
});
if (positionals.length !== 1) throw new Error("usage: node tests/bench/pairs.js OTHER, a checkout that is built");
const theirs = await import(pathToFileURL(resolve(positionals[0], "web/core/index.js")).href);
const only = values.only?.split(",");
const text = makeText(300_000);

/** @param {import("./workloads.js").Workload} workload a network of both, ours first */
function makeBoth(workload) {
  return Promise.all(
    [ours, theirs].map(
      async ({ Trainer, loadCore }) =>
        new Trainer(await loadCore({ variant: values.variant }), { ...settingsOf(workload), text }),
    ),
  );
}

/** Whether an update leads both to the same weights, bit for bit. @param {any[]} both */
function agree(both) {
  const [left, right] = both.map((trainer) => {
    trainer.step(1);
    return trainer.parameters();
  });
  return Object.keys(left).every((name) => Buffer.from(left[name].buffer).equals(Buffer.from(right[name].buffer)));
}

/** @param {() => void} run @param {number} times @returns {number} milliseconds of one */
function time(run, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  return (performance.now() - start) / times;
}

const wanted = [...WORKLOADS, ...SAMPLERS].filter(({ name }) => !only || only.some((word) => name.startsWith(word)));
const rows = [];
for (const workload of wanted) {
  const both = await makeBoth(workload);
  const bits = agree(both) ? "the same bits" : "other bits";
  const acts = both.map((trainer) =>
    SAMPLERS.includes(workload)
      ? () => trainer.sample({ length: SAMPLE, probabilities: false })
      : () => trainer.step(1),
  );
  rows.push({ name: workload.name, bits, acts, times: [1, 1], ratios: /** @type {number[]} */ ([]) });
}

for (let pair = 0; pair < WARM + Number(values.pairs); pair++)
  for (const { acts, times, ratios } of rows) {
    const spent = [0, 0];
    for (const i of pair % 2 ? [1, 0] : [0, 1]) {
      spent[i] = time(acts[i], times[i]);
      times[i] = Math.max(1, Math.round(TURN / spent[i]));
    }
    if (pair >= WARM) ratios.push(spent[1] / spent[0]);
  }

for (const { name, bits, ratios } of rows) {
  ratios.sort((a, b) => a - b);
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => ratios[Math.floor(share * (ratios.length - 1))]);
  console.log(`${name}: ${median.toFixed(2)}× (${low.toFixed(2)} to ${high.toFixed(2)}), ${bits}`);
}
