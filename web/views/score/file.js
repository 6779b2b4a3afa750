/** The score as a file: the whole picture with its labels, and every number of a layer. */
import { weightsOf } from "../../core/inside/weights.js";
import { SANS } from "../parts/columns.js";
import { toCsv } from "../parts/format.js";
import { TextGlyphs } from "../parts/glyphs.js";
import { paintLegend } from "../parts/legend.js";
import { paintAddedScale } from "./held.js";
import { ADDED, paintStave, staveHeight, stavesOf } from "./staves.js";

const GAP = 6;
const LABEL = 150;

/**
 * @param {{stave: import("./staves.js").Stave, heatmap: import("../parts/heatmap.js").Heatmap, label: string}[]} staves
 * @param {import("./staves.js").Scene | null} scene
 * @param {import("../parts/colours.js").Palette} palette
 * @returns {import("../parts/figure.js").Picture}
 */
export function scorePicture(staves, scene, palette) {
  const heights = staves.map(({ stave }) => (scene ? staveHeight(stave, scene.rows.length) : 0));
  const height = heights.reduce((a, b) => a + b + GAP, GAP);
  const width = LABEL + (scene?.layout.width ?? 0) + GAP;
  return {
    width,
    height,
    paint: (pen) => {
      pen.fillStyle = palette.paper;
      pen.fillRect(0, 0, width, height);
      if (!scene) return;
      let y = GAP;
      staves.forEach(({ stave, heatmap, label }, i) => {
        pen.fillStyle = palette.ink;
        pen.font = `12px ${SANS}`;
        pen.textAlign = "left";
        pen.textBaseline = "top";
        pen.fillText(label.replace(/[,(，（].*$/u, ""), GAP, y);
        if (stave === ADDED) paintAddedScale(pen, { right: LABEL - 6, top: y, height: heights[i] }, palette.muted);
        if (stave.scale) paintLegend(pen, stave.scale, GAP, y + 16, palette.ink);
        pen.save();
        pen.translate(LABEL, y);
        paintStave(stave, pen, scene, { heatmap, glyphs: new TextGlyphs() });
        pen.restore();
        y += heights[i] + GAP;
      });
    },
  };
}

/**
 * One row for each character and unit of a layer; of attention with the weights of its heads at the cursor.
 * @param {import("../../core/inside/trace.js").Trace} trace
 * @param {Pick<import("./staves.js").Scene, "layer" | "palette" | "added" | "cursor">} scene
 */
export function scoreCsv(trace, { layer, palette, added, cursor }) {
  const { T, H, V } = trace.sizes;
  const heads = weightsOf(trace, { layer, t: cursor });
  const staves = stavesOf(trace, palette).flatMap(({ key, values }) =>
    values ? [{ key, numbers: values(trace) }] : [],
  );
  /** @type {(string | number)[][]} */
  const rows = [
    [
      "position",
      "token",
      "loss",
      "probability_of_next",
      ...(added ? ["added_loss"] : []),
      ...heads.map((_, head) => `attention_at_${cursor}_head_${head + 1}`),
      "layer",
      "unit",
      ...staves.map(({ key }) => key),
    ],
  ];
  for (let t = 0; t < T; t++) {
    const next = t < T - 1 ? trace.probabilities[t * V + trace.ids[t + 1]] : "";
    for (let j = 0; j < H; j++) {
      const at = (layer * T + t) * H + j;
      rows.push([
        t,
        trace.tokens[t],
        trace.loss[t],
        next,
        ...(added ? [added[t]] : []),
        ...heads.map((weights) => weights[t] ?? 0),
        layer,
        j,
        ...staves.map(({ numbers }) => numbers[at]),
      ]);
    }
  }
  return toCsv(rows);
}
