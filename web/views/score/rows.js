/** Which units the score shows, from top to bottom, which one is pointed at, and when they are sorted anew. */
import { halfLivesOf, keptShare } from "../../core/apart/halflife.js";
import { isOrderOld, orderUnits } from "../../core/inside/analysis.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../../core/inside/analysis.js").UnitOrder | "memory"} Order memory: the longest half-life first */

/** The orders there are: without a gate that keeps there is no half-life. @param {Trace} trace @returns {Order[]} */
export const ordersOf = (trace) => [
  "similarity",
  "reaction",
  .../** @type {Order[]} */ (keptShare(trace) ? ["memory"] : []),
  "index",
];

/**
 * @param {Trace} trace
 * @param {{order: Order, layer: number, most: number}} wanted most: 0 for all
 * @returns {Int32Array}
 */
function chooseRows(trace, { order, layer, most }) {
  const { T, H } = trace.sizes;
  const wanted = Math.min(most || H, H);
  const lives = order === "memory" ? halfLivesOf(trace, layer) : null;
  if (lives)
    return Int32Array.from(lives.keys())
      .sort((a, b) => lives[b] - lives[a] || a - b)
      .slice(0, wanted);
  const known = order === "memory" ? "similarity" : order;
  const units = orderUnits(trace.hidden, T, H, known, layer);
  if (known !== "similarity") return units.slice(0, wanted);
  // Of a chain of alike units, evenly spread ones stand for all kinds.
  return Int32Array.from({ length: wanted }, (_, r) => units[Math.floor((r * H) / wanted)]);
}

export class Rows {
  /** @type {Order} */ order = "similarity";
  /** How many are wanted; 0 for all. */ most;
  /** From top to bottom. @type {Int32Array} */ units = new Int32Array(0);
  /** One of them, or what the reader chose elsewhere. */ pointed = 0;
  #isChosen = false;
  #at = -1; // the step they were sorted at

  /** @param {number} most */
  constructor(most) {
    this.most = most;
  }

  /** @param {number} step */
  isStale(step) {
    return isOrderOld(this.#at, step);
  }

  /** @param {Trace} trace @param {number} layer @param {number} step @returns {boolean} whether another is pointed at */
  sort(trace, layer, step) {
    this.units = chooseRows(trace, { order: this.order, layer, most: this.most });
    this.#at = step;
    const isKept = this.units.includes(this.pointed) || (this.#isChosen && this.pointed < trace.sizes.H);
    if (!isKept) this.pointed = this.units[0];
    return !isKept;
  }

  /** What the reader points at stays, whatever is shown. @param {number} unit */
  point(unit) {
    this.pointed = unit;
    this.#isChosen = true;
  }

  /** The unit so many rows further down, or the last there is. @param {number} unit @param {number} by */
  next(unit, by) {
    const row = this.units.indexOf(unit) + by;
    return this.units[Math.max(0, Math.min(this.units.length - 1, row))];
  }
}
