/* A network as an ONNX model: one RNN, LSTM or GRU operator a layer, and the head.
 *
 * In:  ids int64 [time, batch];  h0 float [L, batch, H];  c0 the same, for an LSTM.
 * Out: logits, probabilities float [time, batch, V];  hn (and cn) float [L, batch, H]: h0 and c0 of what follows.
 * Attention has no states in or out: onnx-attention.js.
 * Vocabulary, tokens and settings are JSON in the model's metadata. Dropout is for training: it is left out. */
import { CELLS } from "../cells.js";
import { addAttention, transposed } from "./onnx-attention.js";
import { encodeModel } from "./onnx-proto.js";

/** @import { Graph } from "./onnx-proto.js" */
/**
 * @typedef {{
 *   settings: {cell: import("../cells.js").CellName, gruReset: "before" | "after", layers: number, hidden: number, embedding:
 *   number, heads: number, seqLen: number},
 *   vocabulary: readonly string[], parameters: Record<string, Float32Array>}} Network
 */

/** The operator set the graph is written in. */
export const ONNX_OPSET = 14;

/**
 * Gate blocks put in ONNX's order. data [G*H, I] -> [G*H, I].
 * ONNX's GRU is h = (1-z) n + z h'. Our "before" form is h = (1-z) h' + z n, the same with 1-z for z; and as
 * 1 - sigma(a) = sigma(-a), that is the z block negated.
 * @param {Float32Array} data @param {Network["settings"]} settings
 */
function reorder(data, { cell, gruReset }) {
  const { onnx: order } = CELLS[cell];
  const block = data.length / order.length;
  const out = new Float32Array(data.length);
  order.forEach((from, to) => out.set(data.subarray(from * block, (from + 1) * block), to * block));
  if (cell === "gru" && gruReset === "before") for (let i = 0; i < block; i++) out[i] = -out[i];
  return out;
}

/**
 * Layer k's matrices as ONNX's operator takes them: W [1,G*H,I], R [1,G*H,H], B [1,2*G*H].
 * @param {Network} network @param {number} k
 */
function layerTensors({ settings, parameters }, k) {
  const { cell, hidden: H } = settings;
  const part = (/** @type {string} */ name) => parameters[`rnn.${name}_l${k}`];
  if (cell === "mingru") return mingruTensors(part("weight_ih"), part("bias_ih"), H);
  const rows = CELLS[cell].blocks * H;
  const bias = new Float32Array(2 * rows);
  bias.set(reorder(part("bias_ih"), settings));
  bias.set(reorder(part("bias_hh"), settings), rows);
  return {
    op: cell.toUpperCase(),
    rows,
    W: reorder(part("weight_ih"), settings),
    R: reorder(part("weight_hh"), settings),
    B: bias,
  };
}

/**
 * ONNX has no minGRU. Its GRU, h = (1-z) n + z h', is one when R is zero, so that no gate looks at h' and r does nothing,
 * n is not squeezed (Affine, 1 n + 0), and z is the share kept: σ(-a) = 1 - σ(a), the z block negated.
 * @param {Float32Array} weights [2H,I] @param {Float32Array} biases [2H] @param {number} H
 */
function mingruTensors(weights, biases, H) {
  const blocks = (/** @type {Float32Array} */ data) => {
    const block = data.length / 2;
    const out = new Float32Array(3 * block); // z, r, h
    out.set(data.subarray(0, block).map((x) => -x));
    out.set(data.subarray(block), 2 * block);
    return out;
  };
  const bias = new Float32Array(6 * H);
  bias.set(blocks(biases));
  return { op: "GRU", rows: 3 * H, W: blocks(weights), R: new Float32Array(3 * H * H), B: bias };
}

/** @param {Network["settings"]} settings @returns {Record<string, import("./onnx-proto.js").Attribute>} */
function layerAttributes({ cell, hidden, gruReset }) {
  if (cell === "gru") return { hidden_size: hidden, linear_before_reset: gruReset === "after" ? 1 : 0 };
  if (cell !== "mingru") return { hidden_size: hidden };
  const affine = {
    activations: ["Sigmoid", "Affine"],
    activation_alpha: Float32Array.of(1),
    activation_beta: Float32Array.of(0),
  };
  return { hidden_size: hidden, linear_before_reset: 0, ...affine };
}

/** Adds layer k, which reads x_k [time, batch, I] and writes x_{k+1} [time, batch, H], to the graph.
 * @param {Graph} graph @param {Network} network @param {number} k */
function addLayer(graph, network, k) {
  const { settings } = network;
  const { op, rows, W, R, B } = layerTensors(network, k);
  graph.initializers.push(
    { name: `W_${k}`, dims: [1, rows, W.length / rows], data: W },
    { name: `R_${k}`, dims: [1, rows, settings.hidden], data: R },
    { name: `B_${k}`, dims: [1, 2 * rows], data: B },
  );
  const lstm = settings.cell === "lstm";
  graph.nodes.push(
    {
      op,
      inputs: [`x_${k}`, `W_${k}`, `R_${k}`, `B_${k}`, "", `h0_${k}`, ...(lstm ? [`c0_${k}`] : [])],
      outputs: [`y_${k}`, `hn_${k}`, ...(lstm ? [`cn_${k}`] : [])],
      attributes: layerAttributes(settings),
    },
    { op: "Squeeze", inputs: [`y_${k}`, "direction_axis"], outputs: [`x_${k + 1}`] },
  );
}

/** Adds a state's way in, name0 [L, batch, H] to one tensor a layer, and out, name_n.
 * @param {Graph} graph @param {"h" | "c"} name @param {number} L @param {number} H */
function addState(graph, name, L, H) {
  /** @param {string} end */
  const perLayer = (end) => Array.from({ length: L }, (_, k) => `${name}${end}_${k}`);
  graph.inputs.push({ name: `${name}0`, type: "float", shape: [L, "batch", H] });
  graph.outputs.push({ name: `${name}n`, type: "float", shape: [L, "batch", H] });
  graph.nodes.unshift({ op: "Split", inputs: [`${name}0`], outputs: perLayer("0"), attributes: { axis: 0 } });
  graph.nodes.push({ op: "Concat", inputs: perLayer("n"), outputs: [`${name}n`], attributes: { axis: 0 } });
}

/** Ids to x_0: rows of the embedding, or one-hot vectors.
 * @param {Graph} graph @param {Network} network @param {number} V */
function addInput(graph, { settings: { embedding: E }, parameters }, V) {
  graph.inputs.push({ name: "ids", type: "int64", shape: ["time", "batch"] });
  if (E > 0) {
    graph.initializers.push({ name: "embedding", dims: [V, E], data: parameters["embedding.weight"] });
    graph.nodes.push({ op: "Gather", inputs: ["embedding", "ids"], outputs: ["x_0"], attributes: { axis: 0 } });
    return;
  }
  graph.initializers.push(
    { name: "depth", dims: [1], data: [V] },
    { name: "off_on", dims: [2], data: new Float32Array([0, 1]) },
  );
  graph.nodes.push({ op: "OneHot", inputs: ["ids", "depth", "off_on"], outputs: ["x_0"], attributes: { axis: -1 } });
}

/** x [time, batch, H] to logits and probabilities. head.weight [V, H] is written as its transpose for MatMul.
 * @param {Graph} graph @param {Network} network @param {number} V @param {string} x its name */
function addHead(graph, { settings: { hidden: H }, parameters }, V, x) {
  graph.initializers.push(
    { name: "head_weight", dims: [H, V], data: transposed(parameters["head.weight"], V, H) },
    { name: "head_bias", dims: [V], data: parameters["head.bias"] },
  );
  graph.nodes.push(
    { op: "MatMul", inputs: [x, "head_weight"], outputs: ["product"] },
    { op: "Add", inputs: ["product", "head_bias"], outputs: ["logits"] },
    { op: "Softmax", inputs: ["logits"], outputs: ["probabilities"], attributes: { axis: -1 } },
  );
  graph.outputs.push(
    { name: "logits", type: "float", shape: ["time", "batch", V] },
    { name: "probabilities", type: "float", shape: ["time", "batch", V] },
  );
}

/** @param {Network} network @returns {Uint8Array<ArrayBuffer>} the bytes of an .onnx file, opset 14 */
export function networkToONNX(network) {
  const { settings, vocabulary } = network;
  const { cell, layers: L, hidden: H } = settings;
  /** @type {Graph} */
  const graph = { nodes: [], initializers: [], inputs: [], outputs: [] };
  if (cell === "attention") {
    addHead(graph, network, vocabulary.length, addAttention(graph, network));
  } else {
    graph.initializers.push({ name: "direction_axis", dims: [1], data: [1] });
    addInput(graph, network, vocabulary.length);
    for (let k = 0; k < L; k++) addLayer(graph, network, k);
    addHead(graph, network, vocabulary.length, `x_${L}`);
    addState(graph, "h", L, H);
    if (cell === "lstm") addState(graph, "c", L, H);
  }
  return encodeModel({
    opset: ONNX_OPSET,
    graph,
    metadata: { vocabulary: JSON.stringify(vocabulary), settings: JSON.stringify(settings) },
    doc: "Next-token model trained by Unrolled. ids [time, batch] are positions in metadata.vocabulary; a new text starts from states of zeros, where there are states.",
  });
}
