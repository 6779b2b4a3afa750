/**
 * One training of a fixed length, and what it measured: what sweeps and comparisons are made of. It belongs into a
 * worker, and is called off with it.
 */
import { CELLS } from "../cells.js";
import { operationsPerToken } from "../shapes.js";
import { fit } from "../fit.js";
import { lagProfile, reach } from "../inside/analysis.js";
import { Trainer } from "../trainer.js";

export { operationsPerToken };

/** @typedef {import("../config.js").PartialSettings} PartialSettings */

/**
 * @typedef {object} Trial
 * @property {string} text
 * @property {PartialSettings} settings
 * @property {number} steps updates
 * @property {number | null} [alike] updates after which it is measured as well: those of all runs it is compared with
 */

/** @typedef {{ steps: number, tokens: number, loss: number, seconds: number }} Alike after as many updates as others */

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
 * @property {Alike | null} alike
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
 * @returns {Promise<Outcome>}
 */
export async function runTrial(core, { text, settings, steps, alike = null }, tell = () => {}) {
  const trainer = new Trainer(core, { ...settings, text });
  const all = Math.max(steps, alike ?? 0);
  try {
    const tail = Math.max(1, Math.floor(steps / 10));
    let told = performance.now(),
      seconds = 0,
      trainingLoss = 0;
    const onReport = (/** @type {import("../wasm/engine.js").Report} */ { step, loss }) => {
      if (step > steps - tail && step <= steps) trainingLoss += loss / tail;
      if (performance.now() - told < INTERVAL) return;
      told = performance.now();
      tell({ step, steps: all, loss });
    };
    const trainTo = async (/** @type {number} */ step) => {
      const start = performance.now();
      await fit(trainer, { steps: step - trainer.progress.step, evaluateEvery: 0, onReport });
      seconds += (performance.now() - start) / 1000;
    };
    /** @returns {Promise<Alike>} */
    const measureAlike = async () => {
      await trainTo(/** @type {number} */ (alike));
      const { loss } = await trainer.evaluateAsync();
      return { steps: /** @type {number} */ (alike), tokens: trainer.progress.tokens, loss, seconds };
    };
    const before = alike !== null && alike <= steps ? await measureAlike() : null;
    await trainTo(steps);
    const { tokens } = trainer.progress;
    const { loss, bitsPerToken, accuracy } = await trainer.evaluateAsync();
    const outcome = {
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
    return { ...outcome, alike: before ?? (alike === null ? null : await measureAlike()) };
  } finally {
    trainer.dispose();
  }
}

/** @param {Trainer} trainer */
function measureReach(trainer) {
  const { trainingTokens: from } = trainer;
  const { cell, seqLen } = trainer.settings,
    probed = CELLS[cell].carries ? PROBED : Math.min(PROBED, seqLen);
  const ids = trainer.engine.text().slice(from, from + probed);
  const {
    flow,
    sizes: { L, T },
  } = trainer.probe(trainer.decode(ids), { unknown: "drop" });
  return { reach: reach(lagProfile(/** @type {Float32Array} */ (flow), T, L - 1)), probed: T };
}
