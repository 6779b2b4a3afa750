/** The gates of each recurrent cell: how many blocks its matrices have, their names, and the orders they stand in. */

/**
 * @typedef {object} Cell
 * @property {number} blocks of H rows in weight_ih, weight_hh and the biases
 * @property {readonly string[]} gates their names in the order of PyTorch and of the core; none where the one block is h
 * itself
 * @property {readonly number[]} onnx ONNX's order of the blocks, as positions in the order above
 */

/** In the order of the core's unroll_cell. @type {Readonly<Record<"rnn" | "lstm" | "gru", Readonly<Cell>>>} */
export const CELLS = Object.freeze({
  rnn: { blocks: 1, gates: [], onnx: [0] },
  lstm: { blocks: 4, gates: ["i", "f", "g", "o"], onnx: [0, 3, 1, 2] }, // ONNX: i, o, f, c
  gru: { blocks: 3, gates: ["r", "z", "n"], onnx: [1, 0, 2] }, // ONNX: z, r, h
});
