/**
 * One unit's arithmetic at one character, worked out term by term: what stands before each activation is taken apart
 * into what the input, the state before and the bias add. The core does not keep these sums, so they are made again from
 * its weights and its states; the activations of the sums are the gates that it computed.
 */
import { CELLS } from "../cells.js";

/**
 * @typedef {object} WorkedPart a gate, a candidate, or an RNN's state
 * @property {string} name i, f, g, o, r, z, n or h
 * @property {number} input     of W x
 * @property {number} recurrent of U h′, as it enters the sum: a GRU's candidate has it after its reset gate
 * @property {number} bias
 * @property {number} sum
 * @property {"σ" | "tanh" | ""} squash "": nothing squeezes it
 * @property {number} value as the core computed it
 */
/**
 * @typedef {object} Worked
 * @property {WorkedPart[]} parts in the order of the equations
 * @property {number} before h′ of the unit; 0 at the first character
 * @property {number} hidden
 * @property {number} [cellBefore] c′, LSTM
 * @property {number} [cell]
 */

/**
 * @param {import("./trace.js").Trace} trace from a state of zeros
 * @param {Record<string, Float32Array>} parameters of the network that made it
 * @param {{t: number, layer: number, unit: number}} place
 * @returns {Worked}
 */
export function workUnit(trace, parameters, { t, layer, unit }) {
  const { hidden, cell, gates, cellType, gruReset, sizes } = trace;
  const { T, H } = sizes;
  const at = (layer * T + t) * H + unit;
  const W = parameters[`rnn.weight_ih_l${layer}`];
  const U = parameters[`rnn.weight_hh_l${layer}`];
  const x = inputOf(trace, parameters, t, layer);
  const state = t ? hidden.subarray((layer * T + t - 1) * H, (layer * T + t) * H) : new Float32Array(H);
  const [bIn, bBack] = ["ih", "hh"].map((side) => parameters[`rnn.bias_${side}_l${layer}`]);

  const names = cellType === "rnn" ? ["h"] : CELLS[cellType].gates;
  const parts = names.map((name, block) => {
    const row = block * H + unit;
    const width = W.length / (names.length * H);
    const input = typeof x === "number" ? W[row * width + x] : dot(W, row * width, x);
    let [bias, recurrent] = U ? [bIn[row] + bBack[row], dot(U, row * H, state)] : [bIn[row], 0];
    if (cellType === "gru" && name === "n" && gruReset === "before") {
      const r = gates.r.subarray((layer * T + t) * H, (layer * T + t + 1) * H);
      recurrent = dot(
        U,
        row * H,
        state.map((value, j) => value * r[j]),
      );
    } else if (cellType === "gru" && name === "n") {
      bias = bIn[row];
      recurrent = gates.r[at] * (recurrent + bBack[row]);
    }
    const value = cellType === "rnn" ? hidden[at] : gates[name][at];
    /** @type {WorkedPart["squash"]} */
    const squash = !["g", "n", "h"].includes(name) ? "σ" : cellType === "mingru" ? "" : "tanh";
    return { name, input, recurrent, bias, sum: input + recurrent + bias, squash, value };
  });
  return {
    parts,
    before: state[unit],
    hidden: hidden[at],
    ...(cell && { cellBefore: t ? cell[at - H] : 0, cell: cell[at] }),
  };
}

/**
 * What the layer reads: the id of a one-hot token, an embedding's row, or the state of the layer below.
 * @param {import("./trace.js").Trace} trace
 * @param {Record<string, Float32Array>} parameters
 * @param {number} t
 * @param {number} layer
 */
function inputOf({ ids, hidden, sizes: { T, H, V } }, parameters, t, layer) {
  if (layer) return hidden.subarray(((layer - 1) * T + t) * H, ((layer - 1) * T + t + 1) * H);
  const embedding = parameters["embedding.weight"];
  if (!embedding) return ids[t];
  const E = embedding.length / V;
  return embedding.subarray(ids[t] * E, (ids[t] + 1) * E);
}

/** @param {Float32Array} matrix @param {number} from @param {Float32Array} vector */
function dot(matrix, from, vector) {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += matrix[from + i] * vector[i];
  return sum;
}
