/**
 * The staves of the score: which there are for a cell, and how each paints itself. A stave draws at (0, 0), one column
 * per character.
 */
import { influence, unitOverText } from "../../core/inside/analysis.js";
import { paintText } from "../parts/columns.js";
import { paintAdded } from "./held.js";
import { guessesHeight, paintGuesses } from "./guesses.js";
import { fitGradient, fitScales, openScales } from "../parts/fit.js";
import { headsHeight, paintHeads, weightScale } from "./heads.js";
import { Heatmap, colourOf, makeScales, paintUnits } from "../parts/heatmap.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../parts/columns.js").Layout} Layout */
/** @typedef {import("../parts/svg.js").Pen} Pen */
/** @typedef {import("../parts/colours.js").Palette} Palette */

/**
 * @typedef {{heatmap: Heatmap, glyphs: import("../parts/glyphs.js").Glyphs}} Tools what a stave is painted with, kept
 * for it by the caller
 */
/** @typedef {import("../parts/fit.js").Fitted & {flow?: Float32Array}} Fitted of one trace, or of several */
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
 * @property {Float32Array | null} added loss by what is held; null where nothing is
 */

/**
 * @typedef {object} Stave
 * @property {string} key       "text", "added", "top", "loss", "attention", "hidden", "cell", "gradient" or a gate's name
 * @property {string} symbol
 * @property {import("../parts/heatmap.js").Scale | null} scale
 * @property {(trace: Trace) => Float32Array} [values] [L,T,H]; a stave without has no units
 * @property {number} [height] of one without, where it hangs on the network
 * @property {boolean} [atCursor] whether it shows what is at the cursor
 */

const CANDIDATES = new Set(["g", "n"]);
/** Nats at the top of the loss stave. */
const LOSS_TOP = 8;
const HEIGHTS = { text: () => 28, added: () => 72, top: guessesHeight, loss: () => 48 };
const UNIT_HEIGHTS = /** @type {Record<string, number>} */ ({ hidden: 128, cell: 96, gradient: 96 });

/**
 * @param {Trace} trace
 * @param {Palette} palette
 * @param {{fixed?: boolean, tint?: Tint | null, fit?: Fitted}} [how] fixed: by the scales for comparison, not by those
 * that fit; tint: what the text is tinted by; fit: what the scales fit, the trace unless told otherwise
 * @returns {Stave[]} from top to bottom
 */
export function stavesOf(trace, palette, { fixed = false, tint = null, fit = trace } = {}) {
  const { cellType, hidden, gates } = trace;
  const kind = { cellType, hidden, gates, ...fit }; // of several that are compared, each has its own state
  const scales = fixed ? openScales(palette, kind) : fitScales(palette, kind);
  const x = trace.attention ? "x" : "h";
  /** @type {Stave[]} */
  const staves = [
    { key: "text", symbol: "", scale: null },
    { key: "top", symbol: "p", scale: scales.gate },
    { key: "loss", symbol: "−log p", scale: null },
  ];
  if (trace.attention)
    staves.push({
      key: "attention",
      symbol: "a",
      scale: weightScale(palette),
      atCursor: true,
      height: headsHeight(trace),
    });
  staves.push({ key: "hidden", symbol: x, scale: scales.hidden, values: (of) => of.hidden });
  if (trace.cell?.length)
    staves.push({ key: "cell", symbol: "c", scale: scales.cell, values: (x) => /** @type {Float32Array} */ (x.cell) });
  for (const gate of Object.keys(trace.gates)) {
    staves.push({
      key: gate,
      symbol: gate,
      scale: CANDIDATES.has(gate) ? scales.candidate : scales.gate,
      values: (x) => x.gates[gate],
    });
  }
  staves.push({ key: "gradient", symbol: `∂loss/∂${x}`, scale: scales.gradient, values: (x) => x.hiddenGrad });
  const tinted = tint && staves.find(({ key }) => key === tint.key);
  if (tinted) staves[0].scale = tinted.scale;
  else if (fit.flow?.length)
    staves[0].scale = fixed ? scales.gradient : fitGradient(makeScales(palette).gradient, fit.flow);
  return staves;
}

/** What holding something adds to the loss: right under the text, while something is held. @type {Stave} */
export const ADDED = { key: "added", symbol: "Δ loss", scale: null };

/** What a reader meets first: the guesses, the state, and how it is kept, or what is looked back at. @param {Trace} trace */
export const firstStaves = ({ gates, attention }) =>
  attention ? ["top", "attention", "hidden"] : ["top", "hidden", gates.f ? "f" : gates.z ? "z" : "gradient"];

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
  stave.values
    ? rowHeight(stave.key, count) * count
    : (stave.height ?? HEIGHTS[/** @type {keyof typeof HEIGHTS} */ (stave.key)]());

/**
 * @param {Stave} stave
 * @param {Pen} pen
 * @param {Scene} scene
 * @param {Tools} tools
 */
export function paintStave(stave, pen, scene, tools) {
  const { trace, layout, rows, layer } = scene;
  if (!stave.values) return PAINTERS[/** @type {keyof typeof PAINTERS} */ (stave.key)](pen, scene, tools, stave);
  const { T, H } = trace.sizes;
  const values = stave.values(trace);
  const { heatmap } = tools;
  heatmap.fill(T, rows.length, (pixels) =>
    paintUnits(pixels, values, /** @type {import("../parts/heatmap.js").Scale} */ (stave.scale), { T, H, rows, layer }),
  );
  heatmap.draw(pen, 0, 0, layout.width, staveHeight(stave, rows.length));
}

/**
 * Pixel behind each character: the chosen unit's value, or the influence on the prediction at the cursor.
 * @param {Scene} scene @param {import("../parts/heatmap.js").Scale | null} scale
 */
function tintOf({ trace, palette, layer, cursor, tint }, scale) {
  const { T, H } = trace.sizes;
  if (!scale) return null;
  const values =
    tint &&
    stavesOf(trace, palette)
      .find(({ key }) => key === tint.key)
      ?.values?.(trace);
  if (tint && values) return Uint32Array.from(unitOverText(values, T, H, tint.unit, layer), (x) => colourOf(scale, x));
  if (!trace.flow?.length || cursor >= T - 1) return null;
  return Uint32Array.from(influence(trace.flow, T, cursor, layer), (x) => colourOf(scale, x));
}

const PAINTERS = {
  /** @param {Pen} pen @param {Scene} scene @param {Tools} tools @param {Stave} stave */
  text(pen, scene, { heatmap, glyphs }, stave) {
    const { trace, layout, palette, marks } = scene;
    const height = HEIGHTS.text();
    const tint = tintOf(scene, stave.scale);
    if (tint) {
      heatmap.fill(layout.T, 1, (pixels) => pixels.set(tint));
      heatmap.draw(pen, 0, 0, layout.width, height);
    }
    paintText(pen, trace.tokens, layout, { height, palette, tint, glyphs });
    if (!marks) return;
    pen.fillStyle = palette.accent;
    marks.forEach((share, t) => {
      if (share > 0) pen.fillRect(t * layout.column + 1, height - 1 - 4 * share, layout.column - 2, 4 * share);
    });
  },

  /** @param {Pen} pen @param {Scene} scene */
  added(pen, { added, layout: { column }, palette }) {
    if (added) paintAdded(pen, added, { column, height: HEIGHTS.added(), palette });
  },

  top: paintGuesses,
  attention: paintHeads,

  /** @param {Pen} pen @param {Scene} scene */
  loss(pen, { trace, layout: { column, T, width }, palette }) {
    const height = HEIGHTS.loss();
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
