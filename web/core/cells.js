/**
 * The cells: how many blocks their matrices have, the gates' names and orders, whether there is a state to carry, and
 * whether it is bounded.
 */

/**
 * @typedef {object} Cell
 * @property {number} blocks of H rows in weight_ih, weight_hh and the biases; attention's are queries, keys and values
 * @property {readonly string[]} gates their names in the order of PyTorch and of the core; none where the one block is h
 * itself
 * @property {boolean} recurrent whether gates look at the state before: weight_hh and bias_hh are there
 * @property {boolean} carries whether it has a state, which windows and passes hand on
 * @property {boolean} bounded whether h lies in −1..1; else nothing squeezes it: a blend of plain sums, or a stream
 * @property {readonly number[]} onnx ONNX's order of the blocks, as positions in the order above
 */

/** @typedef {"rnn" | "lstm" | "gru" | "mingru" | "attention"} CellName */

/** In the order of the core's unroll_cell. @type {Readonly<Record<CellName, Readonly<Cell>>>} */
export const CELLS = Object.freeze({
  rnn: { blocks: 1, gates: [], recurrent: true, carries: true, bounded: true, onnx: [0] },
  // ONNX: i, o, f, c
  lstm: { blocks: 4, gates: ["i", "f", "g", "o"], recurrent: true, carries: true, bounded: true, onnx: [0, 3, 1, 2] },
  // ONNX: z, r, h
  gru: { blocks: 3, gates: ["r", "z", "n"], recurrent: true, carries: true, bounded: true, onnx: [1, 0, 2] },
  // ONNX has none: a GRU stands in for it
  mingru: { blocks: 2, gates: ["z", "n"], recurrent: false, carries: true, bounded: false, onnx: [] },
  // its graph: files/onnx-attention.js
  attention: { blocks: 3, gates: [], recurrent: false, carries: false, bounded: false, onnx: [] },
});

/**
 * Layers that have a state: the L of every state [L,B,H].
 * @param {{ cell: CellName, layers: number }} settings
 */
export const carryingLayers = ({ cell, layers }) => (CELLS[cell].carries ? layers : 0);

/** Tokens of attention's full window that the next one begins with: its later half. @param {number} window */
export const keptOf = (window) => window >> 1;

/** Whether z says what share of the old state stays, not what share of the new is taken. @param {{ cellType: CellName, gruReset: string }} trace */
export const keepsByZ = ({ cellType, gruReset }) => cellType === "gru" && gruReset === "after";
