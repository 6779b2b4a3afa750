/** The gates of each recurrent cell: how many blocks its matrices have, their names, and the orders they stand in. */

/**
 * @typedef {object} Cell
 * @property {number} blocks of H rows in weight_ih, weight_hh and the biases
 * @property {readonly string[]} gates their names in the order of PyTorch and of the core; none where the one block is h
 * itself
 * @property {boolean} recurrent whether gates look at the state before: weight_hh and bias_hh are there
 * @property {readonly number[]} onnx ONNX's order of the blocks, as positions in the order above
 */

/** @typedef {"rnn" | "lstm" | "gru" | "mingru"} CellName */

/** In the order of the core's unroll_cell. @type {Readonly<Record<CellName, Readonly<Cell>>>} */
export const CELLS = Object.freeze({
  rnn: { blocks: 1, gates: [], recurrent: true, onnx: [0] },
  lstm: { blocks: 4, gates: ["i", "f", "g", "o"], recurrent: true, onnx: [0, 3, 1, 2] }, // ONNX: i, o, f, c
  gru: { blocks: 3, gates: ["r", "z", "n"], recurrent: true, onnx: [1, 0, 2] }, // ONNX: z, r, h
  mingru: { blocks: 2, gates: ["z", "n"], recurrent: false, onnx: [] }, // ONNX has none: a GRU stands in for it
});
