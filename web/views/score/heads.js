/**
 * The stave of attention: row by row the heads, and under each character how much of what a head gathers at the cursor
 * comes from there. Nothing stands right of the cursor, for nothing is looked at there.
 */
import { headsOf, strongest, weightsOf } from "../../core/inside/weights.js";
import { colourOf } from "../parts/heatmap.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../parts/heatmap.js").Scale} Scale */

const ROW = 16;
const MOST = 96;

/** Weights from a hundredth on, by their logarithm: many small ones are seen beside a large one.
 * @param {import("../parts/colours.js").Palette} palette @returns {Scale} */
export const weightScale = ({ sequential }) => ({
  table: sequential,
  low: -2,
  high: 0,
  curve: "log",
  ends: ["0.01", "1"],
});

/** In whole device pixels a row. @param {Trace} trace */
export function headsHeight(trace) {
  const heads = headsOf(trace),
    ratio = globalThis.devicePixelRatio || 1;
  return (Math.max(1, Math.floor(Math.min(ROW, MOST / heads) * ratio)) / ratio) * heads;
}

/**
 * A row for each head, its weights at one character; what it does not look at stays clear.
 * @param {Uint32Array} pixels [heads,T] out
 * @param {Trace} trace @param {Scale} scale @param {{layer: number, t: number}} at
 */
export function paintWeights(pixels, trace, scale, at) {
  const { T } = trace.sizes;
  pixels.fill(0);
  weightsOf(trace, at).forEach((weights, head) =>
    weights.forEach((weight, s) => {
      pixels[head * T + s] = colourOf(scale, weight);
    }),
  );
}

/**
 * @param {import("../parts/svg.js").Pen} pen @param {import("./staves.js").Scene} scene
 * @param {import("./staves.js").Tools} tools @param {import("./staves.js").Stave} stave
 */
export function paintHeads(pen, { trace, layer, cursor: t, layout: { T, width } }, { heatmap }, stave) {
  heatmap.fill(T, headsOf(trace), (pixels) =>
    paintWeights(pixels, trace, /** @type {Scale} */ (stave.scale), { layer, t }),
  );
  heatmap.draw(pen, 0, 0, width, /** @type {number} */ (stave.height));
}

/**
 * The earlier character that each head looks at most.
 * @param {Trace} trace @param {number} layer @param {number} t after the first
 * @returns {{place: number, weight: number}[]} by head
 */
export const strongestBefore = (trace, layer, t) =>
  (t > 0 ? weightsOf(trace, { layer, t }) : []).map((weights) => {
    const [place] = strongest(weights.subarray(0, t), 1);
    return { place, weight: weights[place] };
  });
