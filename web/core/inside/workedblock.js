/**
 * A block of attention at one position, worked out: what the softmax is taken of, and what attention adds to the stream.
 * The core keeps neither for a trace, so they are made again from its weights, its streams, and its attention.
 */

import { headsOf, weightsOf } from "./weights.js";

const EPSILON = 1e-5; // of a norm

/**
 * @typedef {object} WorkedBlock
 * @property {Float32Array} entering [H] the stream x that enters the block at the position
 * @property {Float32Array} token    [H] in the first block: of it, the token's embedding; else empty
 * @property {Float32Array} query    [H] the heads' side by side, as are the two below
 * @property {Float32Array} key      [H]
 * @property {Float32Array} value    [H]
 * @property {Float32Array[]} scores by head, [t+1]: q_t·k_s / √(H/heads)
 * @property {Float32Array} middle   [H] x′, the stream between attention and what follows it
 */

/**
 * @param {import("./trace.js").Trace} trace of attention
 * @param {Record<string, Float32Array>} parameters of the network that made it
 * @param {{t: number, layer: number}} place
 * @returns {WorkedBlock}
 */
export function workBlock(trace, parameters, { t, layer }) {
  const { H } = trace.sizes;
  const width = H / headsOf(trace);
  const [W, b, out, bias, gain, shift] = ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]
    .map((name) => `self_attn.${name}`)
    .concat("norm1.weight", "norm1.bias")
    .map((name) => parameters[`blocks.${layer}.${name}`]);
  const token = layer ? new Float32Array() : rowOf(parameters["embedding.weight"], trace.ids[t], H);
  const streams = Array.from({ length: t + 1 }, (_, s) => enteringAt(trace, parameters, s, layer));
  const normed = streams.map((x) => normalised(x, gain, shift));
  /** Rows of in_proj, of queries (0), keys (1) or values (2), times x. @param {number} part @param {number} from @param {number} to @param {ArrayLike<number>} x */
  const project = (part, from, to, x) =>
    Float32Array.from({ length: to - from }, (_, j) => dot(W, (part * H + from + j) * H, x) + b[part * H + from + j]);

  const [query, key, value] = [0, 1, 2].map((part) => project(part, 0, H, normed[t]));
  const mixed = new Float32Array(H);
  const scores = weightsOf(trace, { t, layer }).map((weights, head) => {
    const from = head * width;
    // q·(W x + b) = (q W)·x + q·b, and Σ a (W x + b) = W Σ a x + b: the weights add up to 1
    const asked = new Float32Array(H),
      looked = new Float32Array(H);
    let constant = 0;
    for (let i = from; i < from + width; i++) {
      constant += query[i] * b[H + i];
      for (let j = 0; j < H; j++) asked[j] += query[i] * W[(H + i) * H + j];
    }
    normed.forEach((x, s) => x.forEach((each, j) => (looked[j] += weights[s] * each)));
    mixed.set(project(2, from, from + width, looked), from);
    return Float32Array.from(normed, (x) => (dot(asked, 0, x) + constant) / Math.sqrt(width));
  });
  const entering = streams[t];
  const middle = entering.map((x, j) => x + dot(out, j * H, mixed) + bias[j]);
  return { entering, token, query, key, value, scores, middle };
}

/** @param {Float32Array} matrix @param {number} row @param {number} H */
const rowOf = (matrix, row, H) => matrix.subarray(row * H, (row + 1) * H);

/**
 * The stream that enters a block: the sum of token and position, or what leaves the block below.
 * @param {import("./trace.js").Trace} trace @param {Record<string, Float32Array>} parameters
 * @param {number} s @param {number} layer
 */
function enteringAt({ ids, hidden, sizes: { T, H } }, parameters, s, layer) {
  if (layer) return rowOf(hidden, (layer - 1) * T + s, H);
  const position = rowOf(parameters["position.weight"], s, H);
  return rowOf(parameters["embedding.weight"], ids[s], H).map((x, j) => x + position[j]);
}

/** @param {Float32Array} x @param {Float32Array} gain @param {Float32Array} shift */
function normalised(x, gain, shift) {
  let mean = 0,
    variance = 0;
  for (const each of x) mean += each / x.length;
  for (const each of x) variance += (each - mean) ** 2 / x.length;
  return x.map((each, j) => ((each - mean) / Math.sqrt(variance + EPSILON)) * gain[j] + shift[j]);
}

/** @param {Float32Array} matrix @param {number} from @param {ArrayLike<number>} vector */
function dot(matrix, from, vector) {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += matrix[from + i] * vector[i];
  return sum;
}
