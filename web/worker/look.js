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
 * @property {import("../core/inside/hold.js").Hold | null} [held] the text is read, and the sample written, with this held
 * @property {readonly string[]} [edited] tokens of another text that is read
 * @property {{layer: number, what: "h" | "c", before: Axes | null} | null} [axes] of the states over the text, turned as
 * those before
 */
/** @typedef {import("../core/apart/path.js").Axes} Axes */
/**
 * @typedef {object} ReadHeld
 * @property {import("../core/inside/hold.js").Hold} hold as it was asked
 * @property {Float32Array} loss [T] nats
 * @property {{free: string, held: string} | null} samples by the same draws; null where none was asked, or can be
 */

/**
 * @param {Trainer<any>} trainer as it is at the moment
 * @param {Wanted} wanted
 */
export function lookAt(trainer, wanted) {
  const { text, flow = false, longText, weights = false, sample, held, edited } = wanted;
  const unknown = "drop";
  const trace = text ? trainer.probe(text, { flow, unknown }) : null;
  const written = sample ? write(trainer, sample) : null;
  return {
    step: trainer.progress.step,
    trace,
    held: held && trace && text ? readHeld(trainer, text, trace, held, { sample, written }) : null,
    edited: edited ? trainer.probe(edited, { flow: false, unknown }) : null,
    response: longText ? trainer.probe(longText, { flow: false, unknown }) : null,
    parameters: weights ? trainer.parameters() : null,
    sample: written,
  };
}

/**
 * The same text read, and the same sample written, with something held.
 * @param {Trainer<any>} trainer @param {string} text @param {import("../core/index.js").Trace} trace with nothing held
 * @param {import("../core/inside/hold.js").Hold} hold
 * @param {{sample?: import("../core/index.js").SampleOptions | null, written: ReturnType<typeof write> | null}} free
 * @returns {ReadHeld}
 */
function readHeld(trainer, text, trace, hold, { sample, written }) {
  const holds = hold.value === "mean" ? atMeans(hold, trace) : [hold];
  const { loss } = trainer.probe(text, { flow: false, unknown: "drop", hold: holds });
  const again = sample ? write(trainer, { ...sample, hold: holds }) : null;
  const samples =
    written?.text !== undefined && again?.text !== undefined ? { free: written.text, held: again.text } : null;
  return { hold, loss, samples };
}

/**
 * Each unit's own mean over the text that is looked into, for a sample to be held at as well.
 * @param {import("../core/inside/hold.js").Hold} hold @param {import("../core/index.js").Trace} trace
 */
function atMeans({ layer = 0, unit, gate = "h" }, { hidden, cell, gates, sizes: { T, H } }) {
  const values = /** @type {Float32Array} */ (gate === "h" ? hidden : gate === "c" ? cell : gates[gate]);
  const units = unit === undefined ? Array.from({ length: H }, (_, j) => j) : [unit];
  return units.map((j) => {
    let sum = 0;
    for (let t = 0; t < T; t++) sum += values[(layer * T + t) * H + j];
    return { layer, gate, unit: j, value: sum / T };
  });
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
 * @returns {Promise<Record<string, number>>}
 */
export async function nextNorms(core, bytes, source) {
  const copy = /** @type {Trainer} */ (await Trainer.loadAsync(core, bytes, source));
  try {
    copy.step(1);
    return copy.gradientNorms();
  } finally {
    copy.dispose();
  }
}

/**
 * The principal axes of a layer's states.
 * @param {import("../core/index.js").Trace} trace
 * @param {NonNullable<Wanted["axes"]>} wanted
 * @param {typeof import("../core/apart/path.js")} tools
 */
export function axesOf({ hidden, cell, sizes: { L, T, H } }, { layer, what, before }, { principalAxes }) {
  const all = what === "c" && cell?.length ? cell : hidden;
  const at = Math.min(layer, L - 1);
  const states = all.slice(at * T * H, (at + 1) * T * H);
  return { layer: at, what: all === cell ? "c" : "h", states, axes: principalAxes(states, H, before) };
}
