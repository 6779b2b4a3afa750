/* Attention as an ONNX graph: the blocks of src/attention.h written out in plain operators, for there is none that is one.
 *
 * In:  ids int64 [time, batch], time up to seqLen.      Out: logits, probabilities float [time, batch, V]. */

/** @import { Graph } from "./onnx-proto.js" */
/** @import { Network } from "./onnx.js" */

/** Writes operators, each of whose results has its own name. */
class Writer {
  #graph;
  #count = 0;

  /** @param {Graph} graph */
  constructor(graph) {
    this.#graph = graph;
  }

  /**
   * @param {string} op @param {readonly string[]} inputs
   * @param {Record<string, import("./onnx-proto.js").Attribute>} [attributes] @param {number} [outputs]
   * @returns {string[]} names of the results
   */
  all(op, inputs, attributes, outputs = 1) {
    const names = Array.from({ length: outputs }, () => `v${this.#count++}`);
    this.#graph.nodes.push({ op, inputs: [...inputs], outputs: names, attributes });
    return names;
  }

  /** An operator of one result. @param {string} op @param {readonly string[]} inputs
   * @param {Record<string, import("./onnx-proto.js").Attribute>} [attributes] */
  one(op, inputs, attributes) {
    return this.all(op, inputs, attributes)[0];
  }

  /** @param {string} name @param {number[]} dims @param {Float32Array | number[]} data */
  constant(name, dims, data) {
    if (!this.#graph.initializers.some((known) => known.name === name))
      this.#graph.initializers.push({ name, dims, data });
    return name;
  }

  /** @param {number} value */
  number(value) {
    return this.constant(`number_${value}`, [], Float32Array.of(value));
  }

  /** @param {readonly number[]} values */
  integers(...values) {
    return this.constant(`integers_${values.join("_")}`, [values.length], [...values]);
  }
}

/** W (N,K) as MatMul takes it, (K,N). @param {Float32Array} weight @param {number} N @param {number} K */
export function transposed(weight, N, K) {
  const out = new Float32Array(weight.length);
  for (let n = 0; n < N; n++) for (let k = 0; k < K; k++) out[k * N + n] = weight[n * K + k];
  return out;
}

/**
 * @param {Graph} graph @param {Network} network
 * @returns {string} the name of what the head reads, [time, batch, H]
 */
export function addAttention(graph, { settings, parameters }) {
  const { layers, hidden: H, heads, seqLen } = settings,
    size = H / heads,
    w = new Writer(graph);
  const linear = (
    /** @type {string} */ x,
    /** @type {string} */ name,
    /** @type {number} */ N,
    /** @type {number} */ K,
  ) => {
    const weight = w.constant(`${name}weight`, [K, N], transposed(parameters[`${name}weight`], N, K));
    return w.one("Add", [w.one("MatMul", [x, weight]), w.constant(`${name}bias`, [N], parameters[`${name}bias`])]);
  };
  const norm = (/** @type {string} */ x, /** @type {string} */ name) => {
    const off = w.one("Sub", [x, w.one("ReduceMean", [x], { axes: [-1] })]);
    const variance = w.one("ReduceMean", [w.one("Mul", [off, off])], { axes: [-1] });
    const normal = w.one("Div", [off, w.one("Sqrt", [w.one("Add", [variance, w.number(1e-5)])])]);
    const [weight, bias] = ["weight", "bias"].map((part) =>
      w.constant(`${name}.${part}`, [H], parameters[`${name}.${part}`]),
    );
    return w.one("Add", [w.one("Mul", [normal, weight]), bias]);
  };
  const gelu = (/** @type {string} */ x) => {
    const cube = w.one("Mul", [w.one("Mul", [x, w.one("Mul", [x, x])]), w.number(0.044715)]);
    const inner = w.one("Tanh", [w.one("Mul", [w.one("Add", [x, cube]), w.number(Math.sqrt(2 / Math.PI))])]);
    return w.one("Mul", [w.one("Mul", [x, w.number(0.5)]), w.one("Add", [inner, w.number(1)])]);
  };

  graph.inputs.push({ name: "ids", type: "int64", shape: ["time", "batch"] });
  const time = w.one("Gather", [w.one("Shape", ["ids"]), w.constant("first", [], [0])], { axis: 0 });
  const places = w.one("Range", [w.constant("zero", [], [0]), time, w.constant("step", [], [1])]);
  const later = w.one("Greater", [
    w.one("Unsqueeze", [places, w.integers(0)]),
    w.one("Unsqueeze", [places, w.integers(1)]),
  ]);
  const mask = w.one("Where", [later, w.number(-Infinity), w.number(0)]);
  const table = (/** @type {string} */ name, /** @type {number} */ rows) =>
    w.constant(name, [rows, H], parameters[name]);
  const position = w.one("Gather", [table("position.weight", seqLen), places], { axis: 0 });
  const token = w.one("Gather", [table("embedding.weight", parameters["embedding.weight"].length / H), "ids"], {
    axis: 0,
  });
  let x = w.one("Add", [token, w.one("Unsqueeze", [position, w.integers(1)])]);
  for (let l = 0; l < layers; l++) {
    const block = `blocks.${l}`;
    const gates = linear(norm(x, `${block}.norm1`), `${block}.self_attn.in_proj_`, 3 * H, H);
    const split = w.all("Split", [gates, w.integers(H, H, H)], { axis: -1 }, 3);
    const apart = split.map((part) => w.one("Reshape", [part, w.integers(0, 0, heads, size)])); // [time,batch,heads,size]
    const [q, v] = [0, 2].map((i) => w.one("Transpose", [apart[i]], { perm: [1, 2, 0, 3] }));
    const k = w.one("Transpose", [apart[1]], { perm: [1, 2, 3, 0] });
    const scores = w.one("Mul", [w.one("MatMul", [q, k]), w.number(1 / Math.sqrt(size))]);
    const weights = w.one("Softmax", [w.one("Add", [scores, mask])], { axis: -1 });
    const mixed = w.one("Transpose", [w.one("MatMul", [weights, v])], { perm: [2, 0, 1, 3] });
    const joined = w.one("Reshape", [mixed, w.integers(0, 0, H)]);
    x = w.one("Add", [x, linear(joined, `${block}.self_attn.out_proj.`, H, H)]);
    const wide = linear(norm(x, `${block}.norm2`), `${block}.linear1.`, 4 * H, H);
    x = w.one("Add", [x, linear(gelu(wide), `${block}.linear2.`, H, 4 * H)]);
  }
  return norm(x, "norm");
}
