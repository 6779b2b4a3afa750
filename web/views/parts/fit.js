/**
 * Scales that fit what is shown, in round numbers so that they hardly ever change, beside the fixed ones of heatmap.js
 * by which pictures are compared. What has ends of its own keeps them: a gate, a probability, a hidden state where a
 * cell bounds it.
 */
import { CELLS } from "../../core/cells.js";
import { choice } from "./figure.js";
import { superscript } from "./format.js";
import { GRADIENT_HIGH, GRADIENT_LOW, makeScales } from "./heatmap.js";

/** @typedef {import("./heatmap.js").Scale} Scale */
/** @typedef {import("./chart.js").Axis} Axis */

const ROUND = [1, 2, 5, 10, 20, 50, 100];
const LINEAR = 5; // up to which a cell state is shown evenly
const SAMPLED = 4000; // values that a fit looks at
const RARE = 0.05; // share of the values that may lie below a gradient's scale
const DECADES = 2; // that it has at least

/** A gradient's scale between the powers of ten that hold the sizes. @param {ArrayLike<number>} sizes @returns {[number, number]} */
export function decadesOf(sizes) {
  const every = Math.max(1, Math.floor(sizes.length / SAMPLED));
  const values = new Float64Array(Math.ceil(sizes.length / every));
  let count = 0;
  for (let i = 0; i < sizes.length; i += every) if (sizes[i] !== 0) values[count++] = Math.abs(sizes[i]);
  if (!count) return [GRADIENT_LOW, GRADIENT_HIGH];
  const found = values.subarray(0, count).sort(); // the engine's own, quick also the first time
  const power = (/** @type {number} */ x) => Math.max(GRADIENT_LOW, Math.min(GRADIENT_HIGH, x)) + 0; // not −0
  const high = Math.max(GRADIENT_LOW + DECADES, power(Math.ceil(Math.log10(found[found.length - 1]))));
  const low = power(Math.floor(Math.log10(found[Math.floor(RARE * found.length)])));
  return [Math.min(low, high - DECADES), high];
}

/**
 * @typedef {object} Fitted what scales are for
 * @property {Float32Array | null} [cell]
 * @property {Float32Array | null} [hiddenGrad]
 * @property {Float32Array | null} [hidden] looked at where nothing squeezes it
 * @property {Record<string, Float32Array>} [gates] of which n is looked at there too: h blends it, so it is the larger
 * @property {import("../../core/cells.js").CellName} [cellType]
 */

/** @param {Fitted} trace */
const isOpen = ({ cellType }) => cellType !== undefined && !CELLS[cellType].bounded;

/**
 * The scales for comparison; what has no ends of its own is shown by that of cell states.
 * @param {import("./colours.js").Palette} palette @param {Fitted} trace
 */
export function openScales(palette, trace) {
  const scales = makeScales(palette);
  return isOpen(trace) ? { ...scales, hidden: scales.cell, candidate: scales.cell } : scales;
}

/**
 * The scales of a trace, fitted to it.
 * @param {import("./colours.js").Palette} palette
 * @param {Fitted} trace
 * @returns {ReturnType<typeof makeScales>}
 */
export function fitScales(palette, trace) {
  const fixed = makeScales(palette);
  const { cell, hiddenGrad, gates } = trace;
  const ends = (/** @type {Float32Array | null | undefined} */ values, /** @type {Scale} */ other) =>
    values?.length && isOpen(trace) ? fitCell(fixed.cell, values) : other;
  const hidden = ends(trace.hidden, fixed.hidden);
  return {
    ...fixed,
    hidden,
    candidate: ends(gates?.n, hidden),
    ...(cell?.length && { cell: fitCell(fixed.cell, cell) }),
    ...(hiddenGrad?.length && { gradient: fitGradient(fixed.gradient, hiddenGrad) }),
  };
}

/** @param {Scale} fixed @param {ArrayLike<number>} values @returns {Scale} */
export function fitCell(fixed, values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  const end = ROUND.find((each) => each >= most) ?? ROUND[ROUND.length - 1];
  const ends = /** @type {[string, string]} */ ([`−${end}`, String(end)]);
  if (end > LINEAR) return { ...fixed, low: -Math.asinh(end), high: Math.asinh(end), ends };
  return { table: fixed.table, low: -end, high: end, ends };
}

/** @param {Scale} fixed @param {ArrayLike<number>} sizes @returns {Scale} */
export function fitGradient(fixed, sizes) {
  const [low, high] = decadesOf(sizes);
  return { ...fixed, low, high, ends: [`10${superscript(low)}`, `10${superscript(high)}`] };
}

/**
 * A logarithmic axis from and to whole powers of ten that hold all values.
 * @param {number[]} values above 0 @returns {{low: number, high: number, log: true}}
 */
export function fitPowers(values) {
  const powers = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const low = Math.floor(Math.min(...powers, 0));
  return { low, high: Math.max(low + 1, Math.ceil(Math.max(...powers, low))), log: true };
}

/** An even axis in round numbers around all values. @param {number[]} values @returns {{low: number, high: number}} */
export function fitEven(values) {
  const known = values.filter(Number.isFinite);
  if (!known.length) return { low: 0, high: 1 };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const raw = (high - low) / 4 || Math.abs(high) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10);
  return { low: Math.floor(low / step) * step, high: Math.ceil(high / step) * step };
}

/**
 * The choice between the two.
 * @param {{scale: string, fitted: string, fixed: string}} strings
 * @param {(fixed: boolean) => void} change
 */
export const scaleChoice = (strings, change) =>
  choice(
    strings.scale,
    [
      ["fitted", strings.fitted],
      ["fixed", strings.fixed],
    ],
    "fitted",
    (value) => change(value === "fixed"),
  ).label;
