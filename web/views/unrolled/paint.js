/**
 * Draws the unrolled network: the text below, a cell for each character with its state as a strip of colour, what it
 * expects above, forward arrows between, and over them, where they are asked for, the gradient's way back.
 */
import { MONO, SANS } from "../parts/columns.js";
import { cssColour, isDark } from "../parts/colours.js";
import { magnitude, visible } from "../parts/format.js";
import { GRADIENT_LOW, colourOf } from "../parts/heatmap.js";

/** @typedef {import("../parts/svg.js").Pen} Pen */
/** @typedef {import("./geometry.js").Geometry} Geometry */
/**
 * @typedef {object} Scene T characters; L layers of H units
 * @property {string[]} tokens [T]
 * @property {(string | null)[]} next [T] the right ones; null where it is not known
 * @property {number} T
 * @property {number} H
 * @property {Float32Array} hidden [L,T,H]
 * @property {Float32Array} [cell] [L,T,H]
 * @property {import("../../core/inside/trace.js").Trace} [trace] that it shows
 * @property {(t: number) => { token: string, probability: number }[]} guesses the most probable first
 * @property {Int32Array[]} rows by layer: the units that are shown, from above
 * @property {boolean} [apart] whether nothing goes from column to column
 */
/**
 * @typedef {object} Look what is shown of a scene
 * @property {number} from    the first character shown
 * @property {number} cursor  the character looked at
 * @property {number} read    characters from here on have not been read yet
 * @property {{ layer: number, sizes: Float32Array, losses: number[] } | null} back the gradient's size by character,
 * NaN where there is none; losses: the characters whose loss it comes from
 * @property {{ t: number, layer: number } | null} open the cell that is opened
 */
/**
 * @typedef {object} Tools
 * @property {Geometry} geometry
 * @property {import("../parts/colours.js").Palette} palette
 * @property {Record<string, import("../parts/heatmap.js").Scale>} scales
 * @property {import("../parts/heatmap.js").Heatmap} strip
 */

/**
 * @typedef {object} Paths how a text runs through the network, and a loss back
 * @property {(pen: Pen, scene: Scene, t: number, column: number, tools: Tools) => void} forward what leads into a column's
 * cells
 * @property {(pen: Pen, scene: Scene, look: Look, tools: Tools) => void} back where a loss is followed
 */

const UNREAD = 0.22;
const NAME = 15; // height of a state's name under its strip, where a cell has two

/** From state to state. @type {Paths} */
const CARRIED = { forward: paintForward, back: paintBack };

/** @param {Pen} pen @param {Scene} scene @param {Look} look @param {Tools} tools @param {Paths} [paths] */
export function paintUnrolled(pen, scene, look, tools, paths = CARRIED) {
  const { geometry: g, palette } = tools;
  for (let column = 0; column < g.columns; column++) {
    const t = look.from + column;
    if (t >= scene.T) break;
    pen.save();
    if (t >= look.read) pen.globalAlpha = UNREAD;
    else if (t === look.cursor) paintCursor(pen, column, tools);
    paintToken(pen, scene, t, column, tools);
    paths.forward(pen, scene, t, column, tools);
    for (let layer = 0; layer < g.layers; layer++) paintCell(pen, scene, { t, column, layer }, look, tools);
    paintGuesses(pen, scene, t, column, tools);
    pen.restore();
  }
  if (look.back) paths.back(pen, scene, look, tools);
  pen.fillStyle = palette.ink;
}

/** @param {Pen} pen @param {number} column @param {Tools} tools */
function paintCursor(pen, column, { geometry: g, palette }) {
  pen.save();
  pen.fillStyle = palette.accent;
  pen.globalAlpha = 0.09;
  pen.fillRect(g.middle(column) - g.pitch / 2, 0, g.pitch, g.height);
  pen.restore();
}

/** @param {Pen} pen @param {Scene} scene @param {number} t @param {number} column @param {Tools} tools */
function paintToken(pen, { tokens }, t, column, { geometry: g, palette }) {
  pen.font = `600 ${g.roomy ? 19 : 16}px ${MONO}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = palette.ink;
  pen.fillText(short(visible(tokens[t]), g), g.middle(column), g.tokenTop + 14);
}

/**
 * The arrows that lead into a column's cells: from the character or the layer below, and from the state before.
 * @param {Pen} pen @param {Scene} scene @param {number} t @param {number} column @param {Tools} tools
 */
function paintForward(pen, { cell, apart }, t, column, { geometry: g, palette }) {
  pen.strokeStyle = pen.fillStyle = palette.muted;
  pen.lineWidth = 1.25;
  const x = g.middle(column);
  for (let layer = 0; layer < g.layers; layer++) {
    const top = g.top(layer);
    const below = layer ? g.top(layer - 1) : g.tokenTop;
    arrow(pen, x, below - 2, x, top + g.cell.height + 2);
    const before = t === 0 ? null : column ? g.left(column - 1) + g.cell.width : g.middle(0) - g.pitch / 2;
    if (before === null || apart) continue;
    for (const y of cell ? [0.3, 0.55] : [0.42]) {
      const height = Math.round(top + y * g.cell.height) + 0.5;
      arrow(pen, before + 2, height, g.left(column) - 2, height);
    }
  }
  arrow(pen, x, g.top(g.layers - 1) - 2, x, g.guessTop + g.guesses * g.line + 4);
}

/**
 * @param {Pen} pen @param {Scene} scene @param {{ t: number, column: number, layer: number }} place @param {Look} look
 * @param {Tools} tools
 */
function paintCell(pen, scene, { t, column, layer }, look, { geometry: g, palette, scales, strip }) {
  const [x, y] = [g.left(column), g.top(layer)];
  const { width, height } = g.cell;
  const states = scene.cell ? /** @type {const} */ (["cell", "hidden"]) : /** @type {const} */ (["hidden"]);
  const rows = scene.rows[layer];
  const at = (layer * scene.T + t) * scene.H;
  const bottom = states.length > 1 ? NAME : 0;
  const each = width / states.length;
  states.forEach((name, i) => {
    const values = /** @type {Float32Array} */ (scene[name]);
    strip.fill(1, rows.length, (pixels) =>
      rows.forEach((unit, row) => (pixels[row] = colourOf(scales[name], values[at + unit]))),
    );
    strip.draw(pen, x + i * each, y, each, height - bottom);
    if (!bottom) return;
    pen.font = `12px ${SANS}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = palette.ink;
    pen.fillText(name === "cell" ? "c" : "h", x + (i + 0.5) * each, y + height - NAME / 2);
  });
  const open = look.open?.t === t && look.open.layer === layer;
  pen.strokeStyle = open ? palette.accent : palette.muted;
  pen.lineWidth = open ? 3 : 1;
  pen.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

/** In the width that a cell leaves. @param {number} probability */
const inWhole = (probability) => (probability > 0 && probability < 0.005 ? "<1%" : `${Math.round(100 * probability)}%`);

/**
 * What the network expects after a character: each guess on a shade of its probability, the right one framed.
 * @param {Pen} pen @param {Scene} scene @param {number} t @param {number} column @param {Tools} tools
 */
function paintGuesses(pen, { guesses, next }, t, column, { geometry: g, palette }) {
  const x = g.left(column);
  pen.textBaseline = "middle";
  guesses(t)
    .slice(0, g.guesses)
    .forEach(({ token, probability }, place) => {
      const y = g.guessTop + (g.guesses - 1 - place) * g.line; // the best stands next to the cell
      const pixel = palette.sequential[Math.round(255 * probability)];
      pen.fillStyle = cssColour(pixel);
      pen.fillRect(x, y, g.cell.width, g.line - 2);
      if (token === next[t]) {
        pen.strokeStyle = palette.accent;
        pen.lineWidth = 2;
        pen.strokeRect(x + 1, y + 1, g.cell.width - 2, g.line - 4);
      }
      const middle = y + (g.line - 2) / 2;
      pen.fillStyle = isDark(pixel) ? "#fff" : "#111";
      pen.font = `${g.roomy ? 13 : 15}px ${MONO}`;
      pen.textAlign = g.roomy ? "left" : "center";
      pen.fillText(short(visible(token), g), g.roomy ? x + 7 : g.middle(column), middle);
      if (!g.roomy) return;
      pen.font = `11px ${SANS}`;
      pen.textAlign = "right";
      pen.fillText(inWhole(probability), x + g.cell.width - 6, middle);
    });
}

/**
 * The gradient's way back: from the loss down into the cell at the cursor, and on from state to state, each arrow as
 * thick and as bright as what arrives.
 * @param {Pen} pen @param {Scene} scene @param {Look} look @param {Tools} tools
 */
function paintBack(pen, { apart }, { back, from }, { geometry: g, palette, scales }) {
  const { layer, sizes, losses } = /** @type {NonNullable<Look["back"]>} */ (back);
  const y = g.top(layer) + 0.8 * g.cell.height;
  const style = (/** @type {number} */ size) => {
    const gone = size < 10 ** GRADIENT_LOW;
    pen.strokeStyle = pen.fillStyle = gone ? palette.muted : cssColour(colourOf(scales.gradient, size));
    pen.lineWidth = 1.5 + 6 * shareOf(scales.gradient, size);
    pen.setLineDash(gone ? [2, 4] : []);
  };
  for (let column = g.columns - 1; column >= -1; column--) {
    const t = from + column;
    if (!(sizes[t] >= 0)) continue;
    style(sizes[t]);
    if (column >= 0 && losses.includes(t)) {
      const x = g.middle(column) + g.cell.width * 0.28;
      arrow(pen, x, g.guessTop + g.guesses * g.line, x, g.top(g.layers - 1) + 3, 2 + pen.lineWidth);
    }
    if (sizes[t + 1] >= 0 && column + 1 < g.columns && !apart) {
      const end = column < 0 ? g.middle(0) - g.pitch / 2 : g.left(column) + g.cell.width - 3;
      arrow(pen, g.left(column + 1) + 3, y, end, y, 3 + pen.lineWidth);
    }
    if (column >= 0) label(pen, sizes[t], g.middle(column) + 8, g.top(layer) + g.cell.height + 11, g, palette);
  }
  pen.setLineDash([]);
}

/**
 * A gradient's place on its scale, 0 to 1.
 * @param {{low: number, high: number}} scale powers of ten @param {number} size
 */
export const shareOf = ({ low, high }, size) => Math.max(0, Math.min(1, (Math.log10(size) - low) / (high - low))) || 0;

/** @param {Pen} pen @param {number} size @param {number} x @param {number} y @param {Geometry} g @param {any} palette */
function label(pen, size, x, y, g, palette) {
  if (!g.roomy) return;
  pen.font = `11px ${SANS}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillStyle = palette.ink;
  pen.fillText(magnitude(size), x, y);
}

/** A straight arrow. @param {Pen} pen @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
export function arrow(pen, x0, y0, x1, y1, head = 4) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 1) return;
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const size = Math.min(head, length);
  const [bx, by] = [x1 - dx * size * 1.6, y1 - dy * size * 1.6];
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(bx, by);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(bx - dy * size, by + dx * size);
  pen.lineTo(bx + dy * size, by - dx * size);
  pen.closePath();
  pen.fill();
}

/** A word that is too long for its column ends in a dot. @param {string} text @param {Geometry} g */
function short(text, g) {
  const most = g.roomy ? Math.floor((g.cell.width - 40) / 8) + 3 : 3;
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}
