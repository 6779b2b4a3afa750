/**
 * One column per character, the same in every picture that shares the score's cursor; and the line of text itself.
 */
import { cssColour, isDark } from "./colours.js";
import { visible } from "./format.js";

/** @typedef {import("./svg.js").Pen} Pen */
/** @typedef {import("./colours.js").Palette} Palette */
/**
 * @typedef {object} Layout
 * @property {number} T      columns
 * @property {number} column width of a column, CSS pixels, whole device pixels
 * @property {number} label  width of the labels on the left; 0 where they stand above
 * @property {number} width  T columns
 */

export const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
export const SANS = "system-ui, -apple-system, 'Segoe UI', sans-serif";
export const TEXT_FONT = `14px ${MONO}`;
const LABEL = 112;
const NARROW = 640;

/**
 * @param {string[]} tokens
 * @param {number} available CSS pixels
 * @returns {Layout}
 */
export function layoutColumns(tokens, available) {
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  pen.font = TEXT_FONT;
  const widest = Math.max(...[...new Set(tokens)].map((token) => pen.measureText(visible(token)).width), 7);
  const label = available < NARROW ? 0 : LABEL;
  const ratio = devicePixelRatio || 1;
  const wanted = Math.min(Math.max((available - label) / tokens.length, widest + 2), Math.max(16, widest + 4), 80);
  const column = Math.floor(wanted * ratio) / ratio;
  return { T: tokens.length, column, label, width: column * tokens.length };
}

/**
 * The text, one token a column, each on its tint.
 * @param {Pen} pen
 * @param {string[]} tokens
 * @param {Layout} layout
 * @param {{height: number, palette: Palette, tint?: Uint32Array | null, marks?: Float32Array | null}} options
 *   tint [T] pixels; marks [T] 0..1, drawn as a bar under the character
 */
export function paintText(pen, tokens, { column, T }, { height, palette, tint, marks }) {
  pen.font = TEXT_FONT;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let t = 0; t < T; t++) {
    if (tint) {
      pen.fillStyle = cssColour(tint[t]);
      pen.fillRect(t * column, 0, column, height);
    }
    pen.fillStyle = tint ? (isDark(tint[t]) ? "#fff" : "#111") : palette.ink;
    if (tokens[t] !== " ") pen.fillText(visible(tokens[t]), (t + 0.5) * column, height / 2);
    if (marks && marks[t] > 0) {
      pen.fillStyle = palette.accent;
      pen.fillRect(t * column + 1, height - 1 - 4 * marks[t], column - 2, 4 * marks[t]);
    }
  }
}
