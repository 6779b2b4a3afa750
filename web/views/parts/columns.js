/**
 * One column per character, the same in every picture that shares the score's cursor; and the line of text itself.
 */
import { isDark } from "./colours.js";
import { visible } from "./format.js";

/** @typedef {import("./svg.js").Pen} Pen */
/** @typedef {import("./colours.js").Palette} Palette */
/**
 * @typedef {object} Layout
 * @property {number} T      columns
 * @property {number} column width of a column, CSS pixels, whole device pixels
 * @property {number} label  width of what stands on the left: labels, and handles where there are some
 * @property {boolean} narrow whether labels stand above instead
 * @property {number} width  T columns
 */

export const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
export const SANS = "system-ui, -apple-system, 'Segoe UI', sans-serif";
const TEXT_FONT = `14px ${MONO}`;
const LABEL = 112;
const NARROW = 640;

const ruler = () => /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/**
 * What the widest of the tokens' first signs takes of the font's size: a Latin letter some 0.6, a Chinese character 1.
 * @param {readonly string[]} tokens
 */
export function signWidth(tokens) {
  const pen = ruler();
  pen.font = `100px ${MONO}`;
  const signs = new Set(tokens.map((token) => [...visible(token)][0]));
  return Math.max(0.6, ...[...signs].map((sign) => pen.measureText(sign).width / 100));
}

/**
 * @param {string[]} tokens
 * @param {number} available CSS pixels
 * @param {number} [least] what stands on the left where labels do not
 * @returns {Layout}
 */
export function layoutColumns(tokens, available, least = 0) {
  const pen = ruler();
  pen.font = TEXT_FONT;
  const widest = Math.max(...[...new Set(tokens)].map((token) => pen.measureText(visible(token)).width), 7);
  const narrow = available < NARROW;
  const label = narrow ? least : LABEL;
  const ratio = devicePixelRatio || 1;
  const wanted = Math.min(Math.max((available - label) / tokens.length, widest + 2), Math.max(16, widest + 4), 80);
  const column = Math.floor(wanted * ratio) / ratio;
  return { T: tokens.length, column, label, narrow, width: column * tokens.length };
}

/**
 * The text, one token a column.
 * @param {Pen} pen
 * @param {string[]} tokens
 * @param {Layout} layout
 * @param {{height: number, palette: Palette, glyphs: import("./glyphs.js").Glyphs, tint?: Uint32Array | null}} options
 * tint [T]: the pixels behind
 */
export function paintText(pen, tokens, { column, T }, { height, palette, glyphs, tint }) {
  glyphs.begin(T, 1, { column, line: height, font: TEXT_FONT });
  tokens.forEach((token, t) => {
    if (token !== " ") glyphs.put(t, 0, visible(token), tint ? (isDark(tint[t]) ? "#fff" : "#111") : palette.ink);
  });
  glyphs.draw(pen);
}
