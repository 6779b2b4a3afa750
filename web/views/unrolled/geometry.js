/**
 * Where everything of the unrolled network stands, in CSS pixels: columns are characters, rows from below are the
 * character read, the layers' cells, and what the network expects next.
 */

/**
 * @typedef {object} Geometry
 * @property {number} width
 * @property {number} height
 * @property {number} columns
 * @property {number} layers
 * @property {number} pitch    from one column's left edge to the next's
 * @property {boolean} roomy   whether words and numbers have room beside the pictures
 * @property {number} guesses  how many are shown above each cell
 * @property {number} guessTop
 * @property {number} line     height of a guess
 * @property {{ width: number, height: number }} cell
 * @property {(column: number) => number} middle
 * @property {(column: number) => number} left of the cell's box
 * @property {(layer: number) => number} top  of the cell's box; layer 0 is the lowest
 * @property {number} gap      below a cell
 * @property {number} tokenTop
 */

export const COLUMNS = 8;
const GAP = 30; // between layers, and between them and the text
const TOKEN = 30;

/**
 * @param {number} width of the whole picture @param {number} layers
 * @param {number} [gap] below a cell, where more than arrows stands there
 * @returns {Geometry}
 */
export function layOut(width, layers, gap = GAP) {
  const pitch = width / COLUMNS;
  const roomy = pitch >= 84;
  const guesses = roomy ? 3 : 1;
  const line = roomy ? 20 : 24;
  const cell = { width: Math.round(pitch * 0.62), height: layers === 1 ? 104 : layers === 2 ? 80 : 60 };
  const guessTop = 4;
  const cellsTop = guessTop + guesses * line + GAP;
  const tokenTop = cellsTop + layers * (cell.height + gap);
  const middle = (/** @type {number} */ column) => (column + 0.5) * pitch;
  return {
    width,
    height: tokenTop + TOKEN,
    columns: COLUMNS,
    layers,
    pitch,
    roomy,
    guesses,
    guessTop,
    line,
    cell,
    middle,
    left: (column) => Math.round(middle(column) - cell.width / 2),
    top: (layer) => cellsTop + (layers - 1 - layer) * (cell.height + gap),
    gap,
    tokenTop,
  };
}

/**
 * The cell, or the place above and below one, that a point falls on.
 * @param {Geometry} geometry
 * @param {number} x
 * @param {number} y
 * @returns {{ column: number, layer: number }}
 */
export function placeAt({ pitch, columns, layers, top, cell, gap }, x, y) {
  const column = Math.max(0, Math.min(columns - 1, Math.floor(x / pitch)));
  let layer = layers - 1;
  while (layer > 0 && y > top(layer) + cell.height + gap - GAP / 2) layer--;
  return { column, layer };
}

/** The place, or the nearest that there is. @param {{ t: number, layer: number }} place @param {{ T: number, L: number }} sizes */
export const within = ({ t, layer }, { T, L }) => ({ t: Math.min(t, T - 1), layer: Math.min(layer, L - 1) });
