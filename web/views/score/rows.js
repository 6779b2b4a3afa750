/** Which units the score shows, from top to bottom. */
import { orderUnits } from "../../core/inside/analysis.js";

/**
 * @param {import("../../core/inside/trace.js").Trace} trace
 * @param {{order: import("../../core/inside/analysis.js").UnitOrder, layer: number, most: number}} wanted most: 0 for
 * all
 * @returns {Int32Array}
 */
export function chooseRows({ hidden, sizes: { T, H } }, { order, layer, most }) {
  const units = orderUnits(hidden, T, H, order, layer);
  const wanted = Math.min(most || H, H);
  if (order !== "similarity") return units.slice(0, wanted);
  // Of a chain of alike units, evenly spread ones stand for all kinds.
  return Int32Array.from({ length: wanted }, (_, r) => units[Math.floor((r * H) / wanted)]);
}
