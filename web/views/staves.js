/**
 * The staves of the score: which there are for a cell, and how each paints itself. A stave draws at (0, 0), one column per character.
 */
import { topPredictions, influence, unitOverText } from "../core/analysis.js";
import { MONO, paintText } from "./columns.js";
import { cssColour, isDark } from "./colours.js";
import { visible } from "./format.js";
import { Heatmap, colourOf, makeScales, paintUnits } from "./heatmap.js";

/** @typedef {import("../core/trace.js").Trace} Trace */
/** @typedef {import("./columns.js").Layout} Layout */
/** @typedef {import("./svg.js").Pen} Pen */
/** @typedef {import("./colours.js").Palette} Palette */

/** @typedef {{key: string, unit: number}} Tint a unit, and the stave whose value of it is meant */

/**
 * @typedef {object} Scene what the staves are drawn from
 * @property {Trace} trace
 * @property {Layout} layout
 * @property {Palette} palette
 * @property {number} layer
 * @property {Int32Array} rows         units from top to bottom
 * @property {number} cursor
 * @property {Tint | null} tint        what the text is tinted by; null: by influence on the prediction at the cursor
 * @property {Float32Array | null} marks
 */

/**
 * @typedef {object} Stave
 * @property {string} key       "text", "top", "loss", "hidden", "cell", "gradient" or a gate's name
 * @property {string} symbol
 * @property {import("./heatmap.js").Scale | null} scale
 * @property {(trace: Trace) => Float32Array} [values] [L,T,H]; a stave without has no units
 */

const CANDIDATES = new Set(["g", "n"]);
const TOP = 5;
/** Nats at the top of the loss stave. */
const LOSS_TOP = 8;
const HEIGHTS = { text: 28, top: 15 * TOP, loss: 48 };
const UNIT_HEIGHTS = /** @type {Record<string, number>} */ ({ hidden: 128, cell: 96, gradient: 96 });

/**
 * @param {Trace} trace
 * @param {Palette} palette
 * @returns {Stave[]} from top to bottom
 */
export function stavesOf(trace, palette) {
  const scales = makeScales(palette);
  /** @type {Stave[]} */
  const staves = [
    { key: "text", symbol: "", scale: null },
    { key: "top", symbol: "p", scale: scales.gate },
    { key: "loss", symbol: "−log p", scale: null },
    { key: "hidden", symbol: "h", scale: scales.hidden, values: (x) => x.hidden },
  ];
  if (trace.cell?.length) staves.push({ key: "cell", symbol: "c", scale: scales.cell, values: (x) => /** @type {Float32Array} */ (x.cell) });
  for (const gate of Object.keys(trace.gates)) {
    staves.push({ key: gate, symbol: gate, scale: CANDIDATES.has(gate) ? scales.hidden : scales.gate, values: (x) => x.gates[gate] });
  }
  staves.push({ key: "gradient", symbol: "∂loss/∂h", scale: scales.gradient, values: (x) => x.hiddenGrad });
  return staves;
}

/**
 * Height of a unit's row, in whole device pixels.
 * @param {string} key
 * @param {number} count units shown
 */
export function rowHeight(key, count) {
  const ratio = devicePixelRatio || 1;
  return Math.max(1, Math.floor(((UNIT_HEIGHTS[key] ?? 64) * ratio) / count)) / ratio;
}

/** @param {Stave} stave @param {number} count units shown */
export const staveHeight = (stave, count) =>
  stave.values ? rowHeight(stave.key, count) * count : HEIGHTS[/** @type {keyof typeof HEIGHTS} */ (stave.key)];

/**
 * @param {Stave} stave
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Heatmap} heatmap kept by the caller, one for each stave
 */
export function paintStave(stave, pen, scene, heatmap) {
  const { trace, layout, rows, layer } = scene;
  if (!stave.values) return PAINTERS[/** @type {keyof typeof PAINTERS} */ (stave.key)](pen, scene, heatmap);
  const { T, H } = trace.sizes;
  const values = stave.values(trace);
  heatmap.fill(T, rows.length, (pixels) =>
    paintUnits(pixels, values, /** @type {import("./heatmap.js").Scale} */ (stave.scale), { T, H, rows, layer }));
  heatmap.draw(pen, 0, 0, layout.width, staveHeight(stave, rows.length));
}

/** Pixel behind each character: the chosen unit's value, or the influence on the prediction at the cursor. @param {Scene} scene */
function tintOf({ trace, palette, layer, cursor, tint }) {
  const { T, H } = trace.sizes;
  const stave = tint && stavesOf(trace, palette).find(({ key }) => key === tint.key);
  if (tint && stave?.values) return Uint32Array.from(unitOverText(stave.values(trace), T, H, tint.unit, layer), (x) => colourOf(/** @type {import("./heatmap.js").Scale} */ (stave.scale), x));
  if (!trace.flow?.length || cursor >= T - 1) return null;
  const { gradient } = makeScales(palette);
  return Uint32Array.from(influence(trace.flow, T, cursor, layer), (x) => colourOf(gradient, x));
}

const PAINTERS = {
  /** @param {Pen} pen @param {Scene} scene */
  text(pen, scene) {
    const { trace, layout, palette, marks } = scene;
    paintText(pen, trace.tokens, layout, { height: HEIGHTS.text, palette, marks, tint: tintOf(scene) });
  },

  /** Three passes, each in one style: shades as a heatmap, dark glyphs and light ones, frames. @param {Pen} pen @param {Scene} scene @param {Heatmap} heatmap */
  top(pen, { trace, layout: { column, T, width }, palette }, heatmap) {
    const { V } = trace.sizes;
    const line = HEIGHTS.top / TOP;
    const top = Array.from({ length: T }, (_, t) => topPredictions(trace.probabilities, V, t, TOP));
    heatmap.fill(T, TOP, (pixels) => {
      pixels.fill(0);
      top.forEach((guesses, t) => guesses.forEach(({ probability }, place) => (pixels[place * T + t] = palette.sequential[Math.round(255 * probability)])));
    });
    heatmap.draw(pen, 0, 0, width, HEIGHTS.top);
    pen.font = `12px ${MONO}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const glyphs = trace.vocabulary.map(visible);
    for (const [style, low, high] of /** @type {[string, number, number][]} */ ([[palette.muted, 0, 0.05], [palette.ink, 0.05, 0.4], [palette.paper, 0.4, 2]])) {
      pen.fillStyle = style;
      top.forEach((guesses, t) => guesses.forEach(({ id, probability }, place) => {
        if (probability >= low && probability < high) pen.fillText(glyphs[id], (t + 0.5) * column, (place + 0.5) * line);
      }));
    }
    pen.strokeStyle = palette.accent;
    pen.lineWidth = 1.5;
    top.forEach((guesses, t) => guesses.forEach(({ id }, place) => {
      if (id === trace.ids[t + 1]) pen.strokeRect(t * column + 0.75, place * line + 0.75, column - 1.5, line - 1.5);
    }));
  },

  /** @param {Pen} pen @param {Scene} scene */
  loss(pen, { trace, layout: { column, T, width }, palette }) {
    const height = HEIGHTS.loss;
    for (let t = 0; t < T - 1; t++) {
      const share = trace.loss[t] / LOSS_TOP;
      pen.fillStyle = share > 1 ? palette.warn : palette.muted;
      pen.fillRect(t * column + 1, height * (1 - Math.min(1, share)), column - 2, height * Math.min(1, share));
    }
    const blind = height * (1 - Math.log(trace.sizes.V) / LOSS_TOP);
    pen.strokeStyle = palette.muted;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(0, blind);
    pen.lineTo(width, blind);
    pen.stroke();
    pen.setLineDash([]);
  },
};
