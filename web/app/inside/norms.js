/** Spectral norms of the recurrent matrices, one matrix a turn: a large one takes the page some milliseconds. */
import { spectralNorm } from "../../core/inside/analysis.js";
import { CELLS } from "../../core/cells.js";

const WORK = 4e6; // multiplications a turn may take

export class Norms {
  /** @type {Record<string, number>[]} by layer, then by gate; "h" for a cell without */ layers = [];
  #turn = 0;

  clear() {
    this.layers = [];
  }

  /**
   * The next matrix's; of all, where there is none yet.
   * @param {Record<string, Float32Array>} parameters @param {{cell: string, hidden: number, layers: number}} settings
   */
  take(parameters, { cell, hidden: H, layers }) {
    const { gates: names, recurrent } = CELLS[/** @type {import("../../core/cells.js").CellName} */ (cell)];
    if (!recurrent) return;
    const gates = names.length ? names : ["h"];
    const all = gates.length * layers;
    for (let n = this.layers.length ? 1 : all; n > 0; n--, this.#turn = (this.#turn + 1) % all) {
      const [layer, gate] = [Math.floor(this.#turn / gates.length) % layers, this.#turn % gates.length];
      const W = parameters[`rnn.weight_hh_l${layer}`];
      const iterations = Math.max(8, Math.min(100, Math.floor(WORK / (H * H))));
      this.layers[layer] = {
        ...this.layers[layer],
        [gates[gate]]: spectralNorm(W, H, H, { offset: gate * H * H, iterations }),
      };
    }
  }
}
