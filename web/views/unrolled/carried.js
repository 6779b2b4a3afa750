/** How a network is shown that carries a state from character to character. */
import { scaleChip } from "../parts/legend.js";
import { layOut } from "./geometry.js";
import { paintUnrolled } from "./paint.js";

/** @typedef {import("./cell.js").CellPanel} CellPanel */
/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../parts/figure.js").Words["unrolled"]} Words */
/** @typedef {ReturnType<typeof import("../parts/heatmap.js").makeScales>} Scales */
/**
 * @typedef {object} Manner how networks that read in one way are shown
 * @property {(width: number, layers: number) => import("./geometry.js").Geometry} layOut
 * @property {typeof paintUnrolled} paint
 * @property {(trace: Trace, palette: import("../parts/colours.js").Palette) => void} [prepare] before a trace is
 * painted, or in other colours
 * @property {(s: Words, scales: Scales, trace: Trace | null) => HTMLElement[]} chips what the colours mean
 * @property {(options: { strings: import("../parts/figure.js").Words, scales: Scales }) => Promise<CellPanel>} panel of a cell
 * that is opened
 * @property {(redraw: () => void) => HTMLElement[]} [controls] of what is shown
 * @property {(trace: Trace, t: number, layer: number) => string} [tell] what else there is to say of a place
 * @property {(trace: Trace, t: number, layer: number) => { names: string[], of: (s: number) => number[] }} [columns] of the
 * saved data, beside those of every network
 */

/** @type {Manner} */
export const carried = {
  layOut,
  paint: paintUnrolled,
  chips: (s, { cell, hidden, gate, gradient }, trace) => [
    ...(trace?.cell
      ? [scaleChip(`${s.state} c`, cell), scaleChip(`${s.state} h`, hidden)]
      : [scaleChip(s.state, hidden)]),
    scaleChip(s.probability, gate),
    scaleChip(s.gradient, gradient),
  ],
  panel: async (options) => (await import("./opened.js")).openedCell(options),
};
