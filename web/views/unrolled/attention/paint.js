/**
 * Draws how attention reads: nothing runs from state to state. The bands that lead into the block at the cursor come from
 * the characters it looks at. Along them arrows go back to where a loss is felt: in the last block they are its ways; in
 * a lower one what arrives has also come through the blocks above, by ways that are not drawn.
 */
import { weightsOf } from "../../../core/inside/weights.js";
import { SANS } from "../../parts/columns.js";
import { cssColour } from "../../parts/colours.js";
import { magnitude, percent } from "../../parts/format.js";
import { GRADIENT_LOW, colourOf } from "../../parts/heatmap.js";
import { arrow, paintUnrolled, shareOf } from "../paint.js";
import { bandsOf, looksOf } from "./lanes.js";

/** @typedef {import("../../parts/svg.js").Pen} Pen */
/** @typedef {import("../paint.js").Scene} Scene */
/** @typedef {import("../paint.js").Look} Look */
/** @typedef {import("../paint.js").Tools} Tools */
/** @typedef {import("./lanes.js").Geometry} Geometry */

const FAINT = 0.35; // bands under a gradient

/**
 * @param {Pen} pen @param {Scene} scene @param {Look} look @param {Tools} tools
 * @param {{ picked: number | null, colours: string[] }} heads picked: the only one that is shown
 */
export function paintAttention(pen, scene, look, tools, { picked, colours }) {
  const g = /** @type {Geometry} */ (tools.geometry);
  const looksAt = (/** @type {number} */ t, /** @type {number} */ layer) => {
    const all = weightsOf(/** @type {import("../../../core/inside/trace.js").Trace} */ (scene.trace), { t, layer });
    return looksOf(picked === null ? all : [all[picked]], look.from);
  };
  const shown = picked === null ? colours : [colours[picked]];
  paintUnrolled(pen, scene, look, tools, {
    forward(pen, _scene, t, column) {
      const isRead = t === look.cursor;
      paintStream(pen, column, isRead, tools);
      if (!isRead) return;
      for (let layer = 0; layer < g.layers; layer++) {
        const looks = looksAt(t, layer);
        pen.save();
        if (look.back?.layer === layer) pen.globalAlpha = FAINT;
        bandsOf(g, looks, layer).forEach(({ stripes }) =>
          stripes.forEach((outline, i) => {
            pen.fillStyle = shown[i];
            area(pen, outline);
          }),
        );
        pen.restore();
        if (g.roomy) paintWeights(pen, looks, layer, tools);
      }
    },
    back(pen, _scene, { back, from }) {
      const { layer, sizes, losses } = /** @type {NonNullable<Look["back"]>} */ (back);
      const t = losses[losses.length - 1];
      const looks = looksAt(t, layer);
      const x = g.left(t - from) + g.cell.width - 6;
      bandsOf(g, looks, layer).forEach(({ middle }, i) => {
        const { column } = looks[i];
        const size = column < 0 ? Math.hypot(...sizes.subarray(0, from)) : sizes[from + column];
        paintFelt(pen, middle, size, tools);
        if (!g.roomy || column < 0) return;
        label(pen, magnitude(size), g.middle(column) + 9, middle[0][1] - 8, "left", tools);
      });
      feltStyle(pen, sizes[t], tools);
      arrow(pen, x, g.guessTop + g.guesses * g.line, x, g.top(g.layers - 1) + 3, 2 + pen.lineWidth);
      pen.setLineDash([]);
    },
  });
}

/** The stream through a column: beside the bands, where they come together. @param {Pen} pen @param {number} column @param {boolean} beside @param {Tools} tools */
function paintStream(pen, column, beside, { geometry: g, palette }) {
  pen.strokeStyle = pen.fillStyle = palette.muted;
  pen.lineWidth = 1.25;
  const x = beside ? g.left(column) + g.cell.width - 1 : g.middle(column);
  for (let layer = 0; layer < g.layers; layer++)
    arrow(pen, x, (layer ? g.top(layer - 1) : g.tokenTop) - 2, x, g.top(layer) + g.cell.height + 2);
  arrow(pen, g.middle(column), g.top(g.layers - 1) - 2, g.middle(column), g.guessTop + g.guesses * g.line + 4);
}

/** @param {Pen} pen @param {import("./lanes.js").Look[]} looks @param {number} layer @param {Tools} tools */
function paintWeights(pen, looks, layer, tools) {
  const { geometry: g } = tools;
  const foot = g.top(layer) + g.cell.height;
  for (const { column, shares } of looks) {
    const text = percent(shares.reduce((sum, share) => sum + share, 0));
    if (column < 0) label(pen, `← ${text}`, 2, foot + 5, "left", tools);
    else label(pen, text, g.middle(column) - 9, foot + g.gap - 8, "right", tools);
  }
}

/** @param {Pen} pen @param {import("./lanes.js").Point[]} outline */
function area(pen, outline) {
  pen.beginPath();
  outline.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
  pen.fill();
}

/** How a gradient of this size is drawn. @param {Pen} pen @param {number} size @param {Tools} tools */
function feltStyle(pen, size, { palette, scales }) {
  const gone = size < 10 ** GRADIENT_LOW;
  pen.strokeStyle = pen.fillStyle = gone ? palette.muted : cssColour(colourOf(scales.gradient, size));
  pen.lineWidth = 1 + 3 * shareOf(scales.gradient, size);
  pen.setLineDash(gone ? [2, 4] : []);
}

/** An arrow along a band, from the block back. @param {Pen} pen @param {import("./lanes.js").Point[]} way @param {number} size @param {Tools} tools */
function paintFelt(pen, way, size, tools) {
  feltStyle(pen, size, tools);
  const [end, before] = way;
  pen.beginPath();
  way
    .slice(1)
    .reverse()
    .forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
  arrow(pen, ...before, ...end, 3 + pen.lineWidth / 2);
}

/** @param {Pen} pen @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align @param {Tools} tools */
function label(pen, text, x, y, align, { palette }) {
  pen.font = `11px ${SANS}`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillStyle = palette.ink;
  pen.fillText(text, x, y);
}
