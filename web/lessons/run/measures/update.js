/** One update in slow motion: a window of the text, its gradient, one weight before and after, and the loss of the same window again. */
import { chancesOf, largestGradients, placeOfWeight, takeUpdateApart } from "../../../core/inside/oneupdate.js";
import { parameterShapes } from "../../../core/shapes.js";

/** @typedef {import("./index.js").Measure} Measure */

const WATCHED = "rnn.weight_hh_l0";
const SHOWN = 5;

/** The parts of an update, in the order of the slow motion; a number is told from its part on. */
const PARTS = ["read", "forward", "loss", "backward", "clip", "update"];

/**
 * The weight is the one from state to state whose gradient is most above zero. As the network's steps go through the parts of
 * the update, more is known: `fromUnit`, `to`, `before`, `rate`; then `lossBefore`; then `gradient`; `norm`; at last `after`,
 * `moved`, `lossAfter`, `saved`. Plain gradient descent, so that the rule can be read off; the network stays as it was.
 * @type {Measure}
 */
export async function update(network, { rate = 0.1, length = 8, from = 0 }) {
  const kept = network.data.update;
  const made = kept?.rate === rate ? kept : await make(network, { rate, length, from });
  const known = Object.entries(made.numbers).filter(([, { part }]) => PARTS.indexOf(part) <= network.step);
  return {
    numbers: Object.fromEntries(known.map(([name, { value }]) => [name, value])),
    data: { ...made, part: PARTS[Math.min(network.step, PARTS.length - 1)] },
  };
}

/** @param {import("../experiment.js").Network} network @param {{ rate: number, length: number, from: number }} options */
async function make({ learner, text }, { rate, length, from }) {
  const { settings, vocabulary } = learner;
  const V = vocabulary.length;
  const ids = [...text].slice(from, from + length + 1).map((token) => vocabulary.indexOf(token));
  const batch = { input: [ids.slice(0, -1)], target: [ids.slice(1)] };
  const before = await learner.parameters();
  const pass = await learner.gradients(batch);
  const { mode, threshold } = settings.clip;
  const scale = mode === "norm" ? Math.min(1, threshold / pass.norm) : 1;
  const after = Object.fromEntries(
    Object.entries(before).map(([name, values]) => [
      name,
      /** @type {Float32Array} */ (values).map((w, i) => w - rate * scale * pass.params[name][i]),
    ]),
  );
  await learner.setParameters(after);
  const again = await learner.gradients(batch);
  await learner.setParameters(before);

  const gradients = pass.params[WATCHED];
  const index = gradients.indexOf(
    gradients.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, b)),
  );
  const { row, column } = placeOfWeight(parameterShapes(settings, V), WATCHED, index);
  const others = largestGradients(pass.params, 1)
    .filter(({ name }) => name !== WATCHED)
    .sort((a, b) => Math.abs(b.gradient) - Math.abs(a.gradient));
  const report = {
    loss: pass.loss,
    gradNorm: pass.norm,
    clippedNorm: pass.norm * scale,
    clipScale: scale,
    learningRate: rate,
  };
  const watched = { name: WATCHED, index, gradient: gradients[index] };
  return {
    rate,
    index,
    numbers: told({
      read: { rate, fromUnit: column, to: row, before: before[WATCHED][index] },
      loss: { lossBefore: pass.loss },
      backward: { gradient: gradients[index] },
      clip: { norm: pass.norm },
      update: {
        after: after[WATCHED][index],
        moved: after[WATCHED][index] - before[WATCHED][index],
        lossAfter: again.loss,
        saved: pass.loss - again.loss,
      },
    }),
    slow: takeUpdateApart({
      network: learner,
      batch,
      pass,
      before,
      after,
      report,
      lossAfter: again.loss,
      weights: [watched, ...others].slice(0, SHOWN),
    }),
    chancesAfter: chancesOf(again.logits, batch.target[0], V),
  };
}

/** Each number with the part in which it is told. @param {Record<string, Record<string, number>>} parts */
const told = (parts) =>
  /** @type {Record<string, { part: string, value: number }>} */ (
    Object.fromEntries(
      Object.entries(parts).flatMap(([part, numbers]) =>
        Object.entries(numbers).map(([name, value]) => [name, { part, value }]),
      ),
    )
  );
