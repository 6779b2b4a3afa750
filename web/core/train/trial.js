/**
 * One training of a fixed length, and what it measured: what sweeps and comparisons are made of. It runs to its end
 * without a pause, so it belongs into a worker, and is called off with it.
 */
import { CELLS } from "../cells.js";
import { lagProfile, reach } from "../inside/analysis.js";
import { Trainer } from "../trainer.js";

/** @typedef {import("../config.js").PartialSettings} PartialSettings */

/**
 * @typedef {object} Trial
 * @property {string} text
 * @property {PartialSettings} settings
 * @property {number} steps updates
 */

/**
 * @typedef {object} Outcome
 * @property {number} steps
 * @property {number} tokens trained on
 * @property {number} loss on the validation part at the end, mean nats
 * @property {number} bitsPerToken the same in bits
 * @property {number} accuracy on the validation part
 * @property {number} trainingLoss mean nats over the last tenth of the steps
 * @property {number} seconds of training alone
 * @property {number} msPerStep
 * @property {number} bytes of WebAssembly memory: weights, moments, activations, text
 * @property {number} parameters
 * @property {number} operations multiply-adds to read one token
 * @property {number} reach lag at which the gradient is down to a hundredth, Infinity beyond the probed stretch, at the
 * top layer
 * @property {number} probed tokens the reach was measured on
 */

/** @typedef {{ step: number, steps: number, loss: number }} Standing */

/** Tokens of the validation part that the reach is measured on. */
const PROBED = 160;
/** Milliseconds between two words about progress. */
const INTERVAL = 100;

/**
 * @param {import("../wasm/module.js").Core} core
 * @param {Trial} trial
 * @param {(standing: Standing) => void} [tell]
 * @returns {Outcome}
 */
export function runTrial(core, { text, settings, steps }, tell = () => {}) {
  const trainer = new Trainer(core, { ...settings, text });
  try {
    const tail = Math.max(1, Math.floor(steps / 10));
    const start = performance.now();
    let told = start,
      trainingLoss = 0,
      tokens = 0;
    for (let step = 1; step <= steps; step++) {
      const report = trainer.step();
      tokens = report.tokens;
      if (step > steps - tail) trainingLoss += report.loss / tail;
      if (performance.now() - told < INTERVAL) continue;
      told = performance.now();
      tell({ step, steps, loss: report.loss });
    }
    const seconds = (performance.now() - start) / 1000;
    const { loss, bitsPerToken, accuracy } = trainer.evaluate();
    return {
      steps,
      tokens,
      loss,
      bitsPerToken,
      accuracy,
      trainingLoss,
      seconds,
      msPerStep: (1000 * seconds) / steps,
      bytes: trainer.memoryBytes,
      parameters: trainer.parameterCount,
      operations: operationsPerToken(trainer.settings, trainer.vocabulary.length),
      ...measureReach(trainer),
    };
  } finally {
    trainer.dispose();
  }
}

/** @param {Trainer} trainer */
function measureReach(trainer) {
  const { trainingTokens: from } = trainer;
  const ids = trainer.engine.text().slice(from, from + PROBED);
  const {
    flow,
    sizes: { L, T },
  } = trainer.probe(trainer.decode(ids), { unknown: "drop" });
  return { reach: reach(lagProfile(/** @type {Float32Array} */ (flow), T, L - 1)), probed: T };
}

/**
 * Multiply-adds to read one token: G·H·(input + H) in each layer and V·H in the head. A one-hot input costs none, its
 * row of W is looked up. Training does about three times as many.
 * @param {Readonly<import("../config.js").Settings>} settings @param {number} V
 */
export function operationsPerToken({ cell, layers, hidden, embedding }, V) {
  const rows = hidden * CELLS[cell].blocks;
  return rows * (embedding + hidden) + (layers - 1) * rows * 2 * hidden + V * hidden;
}
