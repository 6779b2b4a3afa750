/**
 * Characters in a grid, one in a cell. On the screen they are laid into one ImageData, for a thousand a frame are too
 * many for fillText:
 * each character is drawn once and kept as the pixels it covers. In a picture that is kept they are text.
 */

/** @typedef {{column: number, line: number, font: string}} Cell CSS pixels */
/**
 * @typedef {object} Glyphs
 * @property {(columns: number, lines: number, cell: Cell) => void} begin an empty grid
 * @property {(column: number, line: number, text: string, ink: string) => void} put ink as CSS writes it
 * @property {(pen: import("./svg.js").Pen) => void} draw the whole grid at (0, 0)
 */
/**
 * @typedef {{at: Int32Array, alpha: Uint32Array, own: Uint32Array | null}} Glyph where in the image, how much, and the
 * colours of a glyph that has its own
 */

const WHITE = 0xffffff;

/** @param {number} width @param {number} height @returns {CanvasRenderingContext2D} of a sheet that is read as well */
function offscreen(width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
}

/** @implements {Glyphs} */
export class GlyphLayer {
  #pen = offscreen(1, 1);
  /** One cell, to draw a character in. */ #sample = offscreen(1, 1);
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);
  /** @type {Map<string, Glyph>} */ #glyphs = new Map();
  /** @type {Map<string, number>} */ #inks = new Map();
  #shape = "";
  #cell = { width: 1, height: 1, ratio: 1 };

  /** @param {number} columns @param {number} lines @param {Cell} cell */
  begin(columns, lines, { column, line, font }) {
    const ratio = devicePixelRatio || 1;
    const shape = [columns, lines, column, line, font, ratio].join();
    if (shape === this.#shape) return void this.#pixels.fill(0);
    this.#shape = shape;
    this.#cell = { width: Math.round(column * ratio), height: Math.round(line * ratio), ratio };
    const { width, height } = this.#cell;
    this.#pen = offscreen(columns * width, lines * height);
    this.#sample = offscreen(width, height);
    this.#sample.scale(ratio, ratio);
    this.#sample.font = font;
    this.#sample.textAlign = "center";
    this.#sample.textBaseline = "middle";
    this.#image = new ImageData(columns * width, lines * height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#glyphs.clear();
  }

  /** @param {number} column @param {number} line @param {string} text @param {string} ink */
  put(column, line, text, ink) {
    const { at, alpha, own } = this.#glyphs.get(text) ?? this.#draw(text);
    const colour = this.#inks.get(ink) ?? this.#mix(ink);
    const start = line * this.#cell.height * this.#image.width + column * this.#cell.width;
    for (let i = 0; i < at.length; i++) this.#pixels[start + at[i]] = alpha[i] | (own ? own[i] : colour);
  }

  /** @param {import("./svg.js").Pen} pen */
  draw(pen) {
    const { ratio } = this.#cell;
    this.#pen.putImageData(this.#image, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.#pen.canvas, 0, 0, this.#image.width / ratio, this.#image.height / ratio);
  }

  /** @param {string} text @returns {Glyph} */
  #draw(text) {
    const { width, height, ratio } = this.#cell;
    const pen = this.#sample;
    pen.clearRect(0, 0, width / ratio, height / ratio);
    pen.fillStyle = "#fff";
    pen.fillText(text, width / ratio / 2, height / ratio / 2);
    const seen = new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer);
    const covered = [...seen.keys()].filter((i) => seen[i] >>> 24);
    const glyph = {
      at: Int32Array.from(covered, (i) => Math.floor(i / width) * this.#image.width + (i % width)),
      alpha: Uint32Array.from(covered, (i) => seen[i] & ~WHITE),
      own: covered.some((i) => (seen[i] & WHITE) !== WHITE && seen[i] >>> 24 > 128)
        ? Uint32Array.from(covered, (i) => seen[i] & WHITE)
        : null,
    };
    this.#glyphs.set(text, glyph);
    return glyph;
  }

  /** @param {string} ink */
  #mix(ink) {
    const pen = this.#sample;
    pen.fillStyle = ink;
    pen.fillRect(0, 0, 2, 2);
    const colour = new Uint32Array(pen.getImageData(0, 0, 1, 1).data.buffer)[0] & WHITE;
    this.#inks.set(ink, colour);
    return colour;
  }
}

/** @implements {Glyphs} */
export class TextGlyphs {
  /** @type {{column: number, line: number, text: string, ink: string}[]} */ #texts = [];
  /** @type {Cell} */ #cell = { column: 1, line: 1, font: "" };

  /** @param {number} _columns @param {number} _lines @param {Cell} cell */
  begin(_columns, _lines, cell) {
    this.#cell = cell;
    this.#texts = [];
  }

  /** @param {number} column @param {number} line @param {string} text @param {string} ink */
  put(column, line, text, ink) {
    this.#texts.push({ column, line, text, ink });
  }

  /** @param {import("./svg.js").Pen} pen */
  draw(pen) {
    pen.font = this.#cell.font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const { column, line, text, ink } of this.#texts) {
      pen.fillStyle = ink;
      pen.fillText(text, (column + 0.5) * this.#cell.column, (line + 0.5) * this.#cell.line);
    }
  }
}
