/** One unit's update in slow motion, in numbers. */
import { keepsByZ } from "../../core/cells.js";
import { signed } from "../parts/format.js";

/**
 * The unit's new value at the last character, worked out; attention's sums are longer than a line, and "".
 * @param {import("./slow.js").SlowData} data @param {number} j unit
 */
export function workedOut({ cellType, gruReset, hidden, cell, gates, H, input: { length: T } }, j) {
  const at = (T - 1) * H + j;
  const before = at - H;
  const v = (/** @type {Float32Array} */ a, /** @type {number} */ i) => signed(a[i]);
  if (cellType === "attention") return "";
  if (cellType === "lstm" && cell) {
    return `c = f·c′ + i·g = ${gates.f[at].toFixed(3)}·(${v(cell, before)}) + ${gates.i[at].toFixed(3)}·(${v(gates.g, at)}) = ${v(cell, at)},  h = o·tanh(c) = ${gates.o[at].toFixed(3)}·(${signed(Math.tanh(cell[at]))}) = ${v(hidden, at)}`;
  }
  if (gates.z) {
    const z = gates.z[at];
    const [take, keep] = keepsByZ({ cellType, gruReset }) ? [1 - z, z] : [z, 1 - z];
    return `h = ${keep.toFixed(3)}·(${v(hidden, before)}) + ${take.toFixed(3)}·(${v(gates.n, at)}) = ${v(hidden, at)}`;
  }
  return `h = tanh(Wx + Uh′ + b) = tanh(${signed(Math.atanh(Math.max(-0.9999999, Math.min(0.9999999, hidden[at]))))}) = ${v(hidden, at)}`;
}
