/** Spectral norms of the recurrent matrices of one moment. */
import { CELLS } from "../../core/cells.js";
import { spectralNorm } from "../../core/inside/analysis.js";

const WORK = 8e6; // multiplications they may take together

/**
 * @param {Record<string, Float32Array>} parameters
 * @param {{cell: string, hidden: number, layers: number}} settings
 * @returns {Record<string, number>[]} by layer, then by gate; "h" for a cell without
 */
export function recurrentNorms(parameters, { cell, hidden: H, layers }) {
  const { gates: names, recurrent } = CELLS[/** @type {import("../../core/cells.js").CellName} */ (cell)];
  if (!recurrent) return [];
  const gates = names.length ? names : ["h"];
  const iterations = Math.max(8, Math.min(100, Math.floor(WORK / (H * H * layers * gates.length))));
  return Array.from({ length: layers }, (_, layer) => {
    const W = parameters[`rnn.weight_hh_l${layer}`];
    return Object.fromEntries(
      gates.map((gate, block) => [gate, spectralNorm(W, H, H, { offset: block * H * H, iterations })]),
    );
  });
}
