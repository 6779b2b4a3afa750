/**
 * A small line chart: linear or logarithmic axes, lines, dots, rules. Draws with a Pen, so it is saved as it is seen.
 */
import { SANS } from "./columns.js";
import { count, superscript } from "./format.js";

/** @typedef {import("./svg.js").Pen} Pen */
/** @typedef {{low: number, high: number, log?: boolean, label?: string}} Axis log: low and high are powers of ten */

const FONT = `11px ${SANS}`;
const LETTER = 6; // pixels of it, about
const SIGN = 11; // of a Chinese one
const LINE = 14;
const EDGE = 8; // pixels that a label may stand out of the field at the right
const STROKE = 14; // of a line in the key

export class Chart {
  #pen;
  #palette;
  #box;
  #x;
  #y;

  /**
   * @param {Pen} pen
   * @param {{left: number, top: number, width: number, height: number}} box of the field, without its labels
   * @param {{x: Axis, y: Axis, palette: import("./colours.js").Palette}} options
   */
  constructor(pen, box, { x, y, palette }) {
    this.#pen = pen;
    this.#box = box;
    this.#x = x;
    this.#y = y;
    this.#palette = palette;
  }

  /** @param {number} value */
  x(value) {
    return this.#box.left + this.#box.width * place(this.#x, value);
  }
  /** @param {number} value */
  y(value) {
    return this.#box.top + this.#box.height * (1 - place(this.#y, value));
  }

  /**
   * Ticks with thin rules across the field, and the axes' names.
   * @param {{x?: number[], y?: number[], named?: (x: number) => string}} [ticks] named: what is written at a tick of x
   */
  axes({ x = ticksOf(this.#x), y = ticksOf(this.#y), named = (value) => tickText(this.#x, value) } = {}) {
    const pen = this.#pen;
    const { left, top, width, height } = this.#box;
    pen.font = FONT;
    pen.lineWidth = 1;
    pen.strokeStyle = this.#palette.rule;
    pen.fillStyle = this.#palette.muted;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    pen.beginPath();
    for (const value of y) {
      pen.moveTo(left, this.y(value));
      pen.lineTo(left + width, this.y(value));
      pen.fillText(tickText(this.#y, value), left - 5, this.y(value));
    }
    pen.stroke();
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const value of x) {
      const text = named(value);
      pen.fillText(text, Math.min(this.x(value), left + width + EDGE - lengthOf(text) / 2), top + height + 4);
    }
    if (this.#x.label) pen.fillText(this.#x.label, left + width / 2, top + height + 18);
    if (this.#y.label) {
      pen.textAlign = "left";
      pen.textBaseline = "bottom";
      pen.fillText(this.#y.label, left, top - 4);
    }
  }

  /** Which line is which, on a line of its own above the y axis's name.
   * @param {{ text: string, colour: string, dash?: number[] }[]} lines */
  key(lines) {
    const pen = this.#pen;
    const bottom = this.#box.top - 4 - LINE;
    let x = this.#box.left;
    for (const { text, colour, dash = [] } of lines) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1.5;
      pen.setLineDash(dash);
      pen.beginPath();
      pen.moveTo(x, bottom - 6);
      pen.lineTo(x + STROKE, bottom - 6);
      pen.stroke();
      this.#name(text, x + STROKE + 4, bottom, "left", "bottom", this.#palette.muted);
      x += STROKE + 4 + lengthOf(text) + 10;
    }
    pen.setLineDash([]);
  }

  /**
   * @param {ArrayLike<number>} xs
   * @param {ArrayLike<number>} ys gaps where one of the two is not finite
   * @param {{colour: string, width?: number, dash?: number[]}} style
   */
  line(xs, ys, { colour, width = 1.5, dash = [] }) {
    const pen = this.#pen;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    for (let i = 0, open = false; i < xs.length; i++) {
      if (!Number.isFinite(xs[i] + ys[i])) {
        open = false;
        continue;
      }
      if (open) pen.lineTo(this.x(xs[i]), this.y(ys[i]));
      else pen.moveTo(this.x(xs[i]), this.y(ys[i]));
      open = true;
    }
    pen.stroke();
    pen.setLineDash([]);
  }

  /**
   * @param {ArrayLike<number>} xs
   * @param {ArrayLike<number>} ys
   * @param {{colour: string, radius?: number, alpha?: number}} style
   */
  dots(xs, ys, { colour, radius = 2, alpha = 1 }) {
    const pen = this.#pen;
    pen.save();
    pen.globalAlpha = alpha;
    pen.fillStyle = colour;
    pen.beginPath();
    for (let i = 0; i < xs.length; i++) {
      const [x, y] = [this.x(xs[i]), this.y(ys[i])];
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    }
    pen.fill();
    pen.restore();
  }

  /**
   * Vertical strokes from y0 to y1.
   * @param {ArrayLike<number>} xs
   * @param {ArrayLike<number>} y0
   * @param {ArrayLike<number>} y1
   * @param {{colour: string, width?: number}} style
   */
  stems(xs, y0, y1, { colour, width = 1 }) {
    const pen = this.#pen;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (let i = 0; i < xs.length; i++) {
      pen.moveTo(this.x(xs[i]), this.y(y0[i]));
      pen.lineTo(this.x(xs[i]), this.y(y1[i]));
    }
    pen.stroke();
  }

  /**
   * A rule across the field at y, named.
   * @param {number} value
   * @param {string} text
   * @param {{colour: string, dash?: number[]}} style
   */
  ruleY(value, text, { colour, dash = [4, 3] }) {
    const { left, width } = this.#box;
    this.line(
      [this.#x.low, this.#x.high].map((v) => (this.#x.log ? 10 ** v : v)),
      [value, value],
      { colour, dash, width: 1 },
    );
    this.#onPaper(text, left + width - 4, this.y(value) - 2, "right", "bottom", colour);
  }

  /** A thin line down the whole field at x. @param {number} value @param {string} colour */
  ruleX(value, colour) {
    const pen = this.#pen;
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(this.x(value), this.#box.top);
    pen.lineTo(this.x(value), this.#box.top + this.#box.height);
    pen.stroke();
  }

  /**
   * A name beside a place in the field.
   * @param {number} x
   * @param {number} y
   * @param {string} text
   * @param {{colour: string, align?: "left" | "right", baseline?: "top" | "middle" | "bottom", over?: boolean}} style
   *   over: it may stand over a curve
   */
  name(x, y, text, { colour, align = "left", baseline = "middle", over = false }) {
    if (over) this.#onPaper(text, this.x(x), this.y(y), align, baseline, colour);
    else this.#name(text, this.x(x), this.y(y), align, baseline, colour);
  }

  /**
   * On a piece of paper, so that it can be read over a curve.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {"left" | "right"} align
   * @param {"top" | "middle" | "bottom"} baseline
   * @param {string} colour
   */
  #onPaper(text, x, y, align, baseline, colour) {
    const pen = this.#pen;
    const long = lengthOf(text);
    pen.save();
    pen.globalAlpha = 0.85;
    pen.fillStyle = this.#palette.paper;
    const top = y - { top: 1, middle: LINE / 2, bottom: LINE - 1 }[baseline];
    pen.fillRect(align === "right" ? x - long - 2 : x - 2, top, long + 4, LINE);
    pen.restore();
    this.#name(text, x, y, align, baseline, colour);
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {CanvasTextAlign} align
   * @param {CanvasTextBaseline} baseline
   * @param {string} colour
   */
  #name(text, x, y, align, baseline, colour) {
    const pen = this.#pen;
    pen.font = FONT;
    pen.textAlign = align;
    pen.textBaseline = baseline;
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
  }
}

/** 0..1 along an axis, kept inside it. @param {Axis} axis @param {number} value */
function place({ low, high, log }, value) {
  const x = log ? Math.log10(value) : value;
  return Math.min(1, Math.max(0, (x - low) / (high - low || 1)));
}

/** About five round values, or powers of ten. @param {Axis} axis */
export function ticksOf({ low, high, log }) {
  if (log) {
    const every = Math.max(1, Math.ceil((high - low) / 6));
    return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => 10 ** (low + i * every));
  }
  const raw = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= raw) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

/** Its width in pixels, about: not every pen can measure. @param {string} text */
const lengthOf = (text) => [...text].reduce((sum, sign) => sum + (sign >= "\u2e80" ? SIGN : LETTER), 0);

/** The ticks of an axis say numbers one way: in thousands all, where the last one does. @param {Axis} axis @param {number} value */
export function tickText({ log, high }, value) {
  if (log) return Math.abs(Math.log10(value)) < 1e-9 ? "1" : `10${superscript(Math.round(Math.log10(value)))}`;
  if (value >= 1000 && Math.max(value, high) >= 1e5) return `${count(value / 1000)}k`;
  if (value >= 1000) return count(value);
  return String(Number(value.toPrecision(6))).replace("-", "−");
}
