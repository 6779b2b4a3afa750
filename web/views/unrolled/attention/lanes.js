/**
 * What a position looks at, and the bands that show it: one from each earlier column that is in sight, one from all that
 * are not, one from its own; side by side at the block's foot, where their widths add up to the whole.
 */
import { COLUMNS, layOut as layOutCells } from "../geometry.js";

const LANE = 5; // between two bands
const ABOVE = 12; // between a block and the first band
const BELOW = 24; // between the last band and where bands begin
const STEM = 15; // of it, what runs straight, beside the numbers
const TURN = 6; // of a band's corner
const INSET = 3; // of the bands at a block's foot
const WHOLE = [64, 48, 32, 24]; // most of a band's width, by layers

/** @typedef {import("../geometry.js").Geometry & { whole: number }} Geometry whole: width of a weight of 1 */
/** @typedef {[x: number, y: number]} Point */
/**
 * @typedef {object} Look what is looked at
 * @property {number} column  where it stands; −1: all before the first in sight
 * @property {number[]} shares of the heads that are shown; of all looks together they add up to 1
 */
/**
 * @typedef {object} Band
 * @property {Point[][]} stripes outlines, one for each head that is shown
 * @property {Point[]} middle    from where it begins to the block's foot
 */

/** @param {number} width @param {number} layers @returns {Geometry} */
export function layOut(width, layers) {
  const { cell } = layOutCells(width, layers);
  const whole = Math.min(cell.width - 2 * INSET, WHOLE[Math.min(layers, WHOLE.length) - 1]);
  return { ...layOutCells(width, layers, ABOVE + COLUMNS * LANE + whole + BELOW), whole };
}

/**
 * @param {Float32Array[]} weights of the heads that are shown @param {number} from the first character in sight
 * @returns {Look[]} from left to right; the last is its own
 */
export function looksOf(weights, from) {
  const t = weights[0].length - 1;
  const n = weights.length;
  const before = weights.map((row) => row.subarray(0, from).reduce((sum, a) => sum + a, 0) / n);
  const seen = Array.from({ length: Math.max(0, t + 1 - from) }, (_, column) => ({
    column,
    shares: weights.map((row) => row[from + column] / n),
  }));
  return from > 0 ? [{ column: -1, shares: before }, ...seen] : seen;
}

/**
 * @param {Geometry} g @param {Look[]} looks of the position in the last of their columns @param {number} layer
 * @returns {Band[]}
 */
export function bandsOf(g, looks, layer) {
  const foot = g.top(layer) + g.cell.height;
  const start = foot + g.gap;
  const own = looks[looks.length - 1].column;
  let x = g.left(own) + INSET;
  let y = foot + ABOVE;
  return looks.map(({ column, shares }) => {
    const width = g.whole * shares.reduce((sum, share) => sum + share, 0);
    const [left, top] = [x, y];
    x += width;
    y += width + LANE;
    /** A line along the band, so far from its left side. @param {number} e @returns {Point[]} */
    const along = (e) => {
      const stem = g.middle(column) - width / 2 + e;
      const [end, lane] = [left + e, top + e];
      if (column === own)
        return [
          [stem, start],
          [stem, start - STEM],
          [end, start - BELOW],
          [end, foot],
        ];
      const begin = /** @type {Point[]} */ (
        column < 0
          ? [[0, lane]]
          : [
              [stem, start],
              [stem, lane + TURN],
              [stem + TURN, lane],
            ]
      );
      return [...begin, [end - TURN, lane], [end, lane - TURN], [end, foot]];
    };
    let e = 0;
    const stripes = shares.map((share) => {
      const side = along(e);
      e += g.whole * share;
      return [...side, ...along(e).reverse()];
    });
    return { stripes, middle: along(width / 2) };
  });
}
