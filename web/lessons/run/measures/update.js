/** One update taken apart: a window of the text, its gradient, the weights before and after, and the loss of the same window again. */
import { parameterShapes } from "../../../core/config.js";

/** @typedef {import("./index.js").Measure} Measure */

/**
 * The weight is the one of the recurrent matrix whose gradient is largest: `gradient`, `before`, `after`, `moved`; `lossBefore` and
 * `lossAfter` of the window; `rate`, `norm`. The network is put back where it was.
 * @type {Measure}
 */
export async function update(network, { rate = 0.1, length = 12, from = 0 }) {
  const { learner } = network;
  const { settings, vocabulary } = learner;
  const ids = [...network.text].slice(from, from + length + 1).map((token) => vocabulary.indexOf(token));
  const batch = { input: [ids.slice(0, -1)], target: [ids.slice(1)] };
  const before = await learner.parameters();
  const pass = await learner.gradients(batch);
  const name = "rnn.weight_hh_l0";
  const gradients = pass.params[name];
  const index = gradients.reduce(
    (/** @type {number} */ best, /** @type {number} */ g, /** @type {number} */ i) =>
      Math.abs(g) > Math.abs(gradients[best]) ? i : best,
    0,
  );
  // Plain gradient descent, by hand: the rule that every optimizer begins with.
  const after = Object.fromEntries(
    Object.entries(before).map(([key, values]) => [
      key,
      /** @type {Float32Array} */ (values).map((w, i) => w - rate * pass.params[key][i]),
    ]),
  );
  await learner.setParameters(after);
  const again = await learner.gradients(batch);
  await learner.setParameters(before);
  const H = settings.hidden;
  const width = parameterShapes(settings, vocabulary.length).get(name)?.[1] ?? H;
  const V = vocabulary.length;
  const softmax = (/** @type {Float32Array} */ logits) =>
    batch.target[0].map((id, t) => {
      const row = logits.subarray(t * V, (t + 1) * V);
      const most = row.reduce((a, b) => Math.max(a, b));
      return Math.exp(row[id] - most) / row.reduce((sum, x) => sum + Math.exp(x - most), 0);
    });
  return {
    numbers: {
      gradient: gradients[index],
      before: before[name][index],
      after: after[name][index],
      moved: after[name][index] - before[name][index],
      to: Math.floor(index / width),
      fromUnit: index % width,
      lossBefore: pass.loss,
      lossAfter: again.loss,
      saved: pass.loss - again.loss,
      rate,
      norm: pass.norm,
    },
    data: {
      tokens: batch.input[0].map((id) => vocabulary[id]),
      targets: batch.target[0].map((id) => vocabulary[id]),
      before: softmax(pass.logits),
      after: softmax(again.logits),
      hidden: pass.hidden,
      hiddenGrad: pass.hiddenGrad,
      H,
      index,
    },
  };
}
