/**
 * One update, and a check of gradients, on a copy of the running network, as it is or was: the run itself is not
 * disturbed.
 */
import { largestGradients, placeOfWeight, takeUpdateApart } from "../../core/inside/oneupdate.js";
import { parameterShapes } from "../../core/index.js";
import { TrainerClient } from "../../worker/client.js";

/** @typedef {import("../../views/figures/slow.js").SlowData} SlowData */
/** @typedef {import("../../views/figures/check.js").CheckData} CheckData */

const EPSILON = 0.005; // of the central differences: small enough for the curve, large enough for 32-bit numbers
const SHOWN_WEIGHTS = 6;

/**
 * @typedef {object} Original what is copied
 * @property {TrainerClient} client
 * @property {string} text   that it learns; "": none
 * @property {number | null} step a kept moment of it; null: as it is now
 */

/**
 * @template T
 * @param {Original} original
 * @param {(copy: TrainerClient) => Promise<T>} work
 */
async function onCopy({ client, text, step }, work) {
  const bytes = await (step === null ? client.save() : client.saveAt(step));
  const copy = await TrainerClient.load(bytes, { text: text || undefined }, { link: client.link, snapshotBudget: 0 });
  try {
    return await work(copy);
  } finally {
    copy.dispose();
  }
}

/** A window of the probe: each character and the one that follows. @param {ArrayLike<number>} ids @param {number} T */
function windowOf(ids, T) {
  const length = Math.min(T, ids.length - 1);
  const all = Array.from(ids);
  return { input: [all.slice(0, length)], target: [all.slice(1, length + 1)] };
}

/**
 * @param {Original} original
 * @param {ArrayLike<number>} ids of the probe
 * @param {number} layer
 * @returns {Promise<SlowData>}
 */
export function slowUpdate(original, ids, layer) {
  return onCopy(original, async (copy) => {
    const batch = windowOf(ids, 8);
    const { step } = copy.progress; // the update itself counts as well
    const before = await copy.parameters();
    const pass = await copy.gradients(batch);
    const report = await copy.trainOn(batch);
    const after = await copy.parameters();
    const { loss: lossAfter } = await copy.gradients(batch);
    const weights = largestGradients(pass.params, 1)
      .sort((a, b) => Math.abs(b.gradient) - Math.abs(a.gradient))
      .slice(0, SHOWN_WEIGHTS);
    return {
      ...takeUpdateApart({ network: copy, batch, pass, before, after, report, lossAfter, weights, layer }),
      step,
    };
  });
}

/**
 * @param {Original} original
 * @param {ArrayLike<number>} ids of the probe
 * @param {() => boolean} wanted asked between gradients
 * @returns {Promise<CheckData | null>} null: it was not wanted any more
 */
export function checkGradients(original, ids, wanted) {
  return onCopy(original, async (copy) => {
    const { settings, vocabulary } = copy;
    const batch = windowOf(ids, 16);
    const shapes = parameterShapes(settings, vocabulary.length);
    const weights = await copy.parameters();
    const { params } = await copy.gradients(batch);
    /** @type {CheckData["rows"]} */
    const rows = [];
    for (const { name, index, gradient } of largestGradients(params, 2)) {
      if (!wanted()) return null;
      const weight = weights[name][index];
      const lossAt = async (/** @type {number} */ value) => {
        const moved = weights[name].slice();
        moved[index] = value;
        await copy.setParameters({ [name]: moved });
        return { loss: (await copy.gradients(batch)).loss, at: Math.fround(value) };
      };
      const up = await lossAt(weight + EPSILON);
      const down = await lossAt(weight - EPSILON);
      await copy.setParameters({ [name]: weights[name] });
      rows.push({
        name,
        ...placeOfWeight(shapes, name, index),
        weight,
        analytic: gradient,
        numeric: (up.loss - down.loss) / (up.at - down.at),
      });
    }
    return { step: copy.progress.step, epsilon: EPSILON, characters: batch.input[0].length, rows };
  });
}
