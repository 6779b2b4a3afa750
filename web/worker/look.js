/** All that a page shows of one moment of a run, read in one go, so that none of it is of another. */
import { Trainer } from "../core/index.js";
import { plainError } from "./errors.js";

/** @typedef {{step: number, bytes: Uint8Array}} Saved a moment: its step, and the checkpoint */
/**
 * @typedef {object} Wanted what is looked at
 * @property {number | null} [step] a kept moment; null: now
 * @property {string} [text]        that is read
 * @property {boolean} [flow]       with its itemised gradients
 * @property {string} [longText]    that is read for what units answer to
 * @property {boolean} [weights]
 * @property {boolean} [norms]      of the gradient's blocks: of the last update, at a kept moment of the next one
 * @property {import("../core/index.js").SampleOptions | null} [sample]
 */

/**
 * @param {Trainer<any>} trainer as it is at the moment
 * @param {Wanted} wanted
 * @param {() => Record<string, number>} norms
 */
export function lookAt(trainer, { text, flow = false, longText, weights = false, norms: wanted, sample }, norms) {
  const unknown = "drop";
  return {
    step: trainer.progress.step,
    trace: text ? trainer.probe(text, { flow, unknown }) : null,
    response: longText ? trainer.probe(longText, { flow: false, unknown }) : null,
    parameters: weights ? trainer.parameters() : null,
    norms: wanted ? norms() : null,
    sample: sample ? write(trainer, sample) : null,
  };
}

/**
 * What a network writes, or why it cannot.
 * @param {Trainer<any>} trainer @param {import("../core/index.js").SampleOptions} sample
 */
export function write(trainer, sample) {
  try {
    return { prompt: sample.prompt ?? "", text: trainer.sample({ ...sample, probabilities: false }).text };
  } catch (error) {
    return { error: plainError(error) };
  }
}

/**
 * Norms of the gradient's blocks in the update that was made after a kept moment.
 * @param {import("../core/index.js").Core} core @param {Uint8Array} bytes @param {object} source what is learnt
 * @returns {Record<string, number>}
 */
export function nextNorms(core, bytes, source) {
  const copy = /** @type {Trainer} */ (Trainer.load(core, bytes, source));
  try {
    copy.step(1);
    return copy.gradientNorms();
  } finally {
    copy.dispose();
  }
}
