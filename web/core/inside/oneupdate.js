/** One update of one stream, taken apart: what the slow motion shows of it. The caller makes the update and hands in what came of it. */
import { parameterShapes } from "../shapes.js";

/**
 * The places of each block's largest gradients.
 * @param {Record<string, Float32Array>} gradients
 * @param {number} each how many of a block
 */
export function largestGradients(gradients, each) {
  return Object.entries(gradients).flatMap(([name, values]) => {
    /** @type {number[]} */
    const top = [];
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0 || (top.length === each && Math.abs(values[i]) <= Math.abs(values[top[each - 1]]))) continue;
      top.push(i);
      top.sort((x, y) => Math.abs(values[y]) - Math.abs(values[x]));
      if (top.length > each) top.pop();
    }
    return top.map((index) => ({ name, index, gradient: values[index] }));
  });
}

/**
 * Where a number stands in its matrix; a bias is one column.
 * @param {Map<string, number[]>} shapes
 * @param {string} name
 * @param {number} index
 */
export function placeOfWeight(shapes, name, index) {
  const columns = shapes.get(name)?.[1] ?? 1;
  return { row: Math.floor(index / columns), column: index % columns };
}

/**
 * Probability of each token that did come. @param {Float32Array} logits [T,V] @param {number[]} target [T] @param {number} V
 */
export function chancesOf(logits, target, V) {
  return Float32Array.from(target, (id, t) => {
    const row = logits.subarray(t * V, (t + 1) * V);
    const most = row.reduce((a, b) => Math.max(a, b));
    return Math.exp(row[id] - most) / row.reduce((sum, x) => sum + Math.exp(x - most), 0);
  });
}

/**
 * @param {object} made
 * @param {{ settings: any, vocabulary: readonly string[], progress: { step: number } }} made.network
 * @param {{ input: number[][], target: number[][] }} made.batch one stream
 * @param {any} made.pass gradients() of the batch before the update
 * @param {Record<string, Float32Array>} made.before parameters
 * @param {Record<string, Float32Array>} made.after
 * @param {{ loss: number, gradNorm: number, clippedNorm: number, clipScale: number, learningRate: number }} made.report
 * @param {number} made.lossAfter of the same batch
 * @param {{ name: string, index: number, gradient: number }[]} made.weights that are shown
 * @param {number} [made.layer] whose states are shown
 */
export function takeUpdateApart({ network, batch, pass, before, after, report, lossAfter, weights, layer = 0 }) {
  const { settings, vocabulary } = network;
  const [input, target] = [batch.input[0], batch.target[0]];
  const [T, H, V] = [input.length, settings.hidden, vocabulary.length];
  const shapes = parameterShapes(settings, V);
  const ofLayer = (/** @type {Float32Array} */ values) => values.slice(layer * T * H, (layer + 1) * T * H);
  return {
    step: network.progress.step,
    cellType: settings.cell,
    gruReset: settings.gruReset,
    input: input.map((id) => vocabulary[id]),
    target: target.map((id) => vocabulary[id]),
    H,
    layer,
    hidden: ofLayer(pass.hidden),
    hiddenGrad: ofLayer(pass.hiddenGrad),
    cell: pass.cell && ofLayer(pass.cell),
    gates: Object.fromEntries(
      Object.entries(pass.gates).map(([name, values]) => [name, ofLayer(/** @type {Float32Array} */ (values))]),
    ),
    probabilities: chancesOf(pass.logits, target, V),
    report,
    clip: settings.clip,
    optimizer: settings.optimizer,
    lossAfter,
    weights: weights.map(({ name, index, gradient }) => ({
      name,
      ...placeOfWeight(shapes, name, index),
      before: before[name][index],
      gradient,
      after: after[name][index],
    })),
  };
}
