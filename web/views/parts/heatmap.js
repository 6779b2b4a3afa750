/**
 * Units × characters as pixels: one cell is one pixel of an ImageData, enlarged to whole device pixels without
 * smoothing.
 * The fixed scales of every picture stand here.
 */
import { superscript } from "./format.js";

/**
 * @typedef {object} Scale
 * @property {Uint32Array} table 256 pixels
 * @property {number} low   of the value, on its curve, at the table's first pixel
 * @property {number} high  at its last
 * @property {"log" | "asinh"} [curve] log: low and high are powers of ten, the sign is dropped; asinh: even up to about
 * 1, then logarithmic
 * @property {[string, string]} ends what the two ends are called
 */
/** @typedef {import("./colours.js").Palette} Palette */

/** Powers of ten at the two ends of every gradient axis. */
export const GRADIENT_LOW = -8;
export const GRADIENT_HIGH = 2;

/** An LSTM's cell state adds up over the text, so it has no bound; at 100 its tanh is long flat. */
const CELL_MOST = 100;

/**
 * The scales: hidden states and candidates for them -1..1, cell states -100..100 (asinh), gates 0..1, gradients
 * 1e-8..1e2 (log).
 * @param {Palette} palette
 * @returns {Record<"hidden" | "candidate" | "cell" | "gate" | "gradient", Scale>}
 */
export function makeScales(palette) {
  /** @type {Scale} */ const hidden = { table: palette.diverging, low: -1, high: 1, ends: ["−1", "1"] };
  return {
    hidden,
    candidate: hidden,
    cell: {
      table: palette.diverging,
      low: -Math.asinh(CELL_MOST),
      high: Math.asinh(CELL_MOST),
      curve: "asinh",
      ends: [`−${CELL_MOST}`, String(CELL_MOST)],
    },
    gate: { table: palette.sequential, low: 0, high: 1, ends: ["0", "1"] },
    gradient: {
      table: palette.gradient,
      low: GRADIENT_LOW,
      high: GRADIENT_HIGH,
      curve: "log",
      ends: [`10${superscript(GRADIENT_LOW)}`, `10${superscript(GRADIENT_HIGH)}`],
    },
  };
}

/** Math.asinh is exact for the smallest values as well, and four times as slow. @param {number} x */
const asinh = (x) => (x < 0 ? -Math.log(Math.sqrt(x * x + 1) - x) : Math.log(Math.sqrt(x * x + 1) + x));

/**
 * Pixel of a value. Values past either end take that end's colour; NaN takes the low end's.
 * @param {Scale} scale
 * @param {number} value
 */
export function colourOf({ table, low, high, curve }, value) {
  const x = !curve ? value : curve === "log" ? Math.log10(Math.abs(value)) : asinh(value);
  const index = ((x - low) / (high - low)) * 255 + 0.5;
  return table[index >= 256 ? 255 : index > 0 ? index | 0 : 0];
}

/**
 * A gradient's size as a curve shows it: a gap where it has left the scale, for a line along the scale's end would be
 * read as a size.
 * @param {ArrayLike<number>} sizes
 * @param {number} [low] power of ten at the scale's end
 */
export const onGradientScale = (sizes, low = GRADIENT_LOW) =>
  Float32Array.from(sizes, (x) => (x < 10 ** low ? NaN : x));

/**
 * Cells of one layer: row r shows unit rows[r], column t character t.
 * @param {Uint32Array} pixels [rows.length, T] out
 * @param {Float32Array} values [L,T,H]
 * @param {Scale} scale
 * @param {{T: number, H: number, rows: Int32Array, layer?: number}} shape
 */
export function paintUnits(pixels, values, scale, { T, H, rows, layer = 0 }) {
  for (let r = 0, out = 0; r < rows.length; r++) {
    for (let t = 0, at = layer * T * H + rows[r]; t < T; t++, at += H) pixels[out++] = colourOf(scale, values[at]);
  }
}

/**
 * The flow as a triangle: row k is the lag, column t the character whose loss is asked about. What does not exist stays
 * clear.
 * @param {Uint32Array} pixels [lags, T] out
 * @param {Float32Array} flow [L,T,T]
 * @param {Scale} scale
 * @param {{T: number, lags: number, layer?: number}} shape
 */
export function paintFlow(pixels, flow, scale, { T, lags, layer = 0 }) {
  pixels.fill(0);
  for (let t = 0; t < T - 1; t++) {
    const row = (layer * T + t) * T + t;
    for (let k = 0; k <= t && k < lags; k++) pixels[k * T + t] = colourOf(scale, flow[row - k]);
  }
}

/** One picture of cells, its memory kept from frame to frame. */
export class Heatmap {
  #canvas = document.createElement("canvas");
  #context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
  /** @type {ImageData | null} */ #image = null;
  #pixels = new Uint32Array(0);

  /** @param {number} columns @param {number} rows @param {(pixels: Uint32Array) => void} fill */
  fill(columns, rows, fill) {
    if (!columns || !rows) return;
    if (this.#image?.width !== columns || this.#image.height !== rows) {
      this.#canvas.width = columns;
      this.#canvas.height = rows;
      this.#image = new ImageData(columns, rows);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    fill(this.#pixels);
    this.#context.putImageData(this.#image, 0, 0);
  }

  /**
   * @param {import("./svg.js").Pen} pen
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  draw(pen, x, y, width, height) {
    if (!this.#image) return;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.#canvas, x, y, width, height);
  }
}
