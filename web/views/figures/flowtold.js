/** The flow of gradients in words and numbers, and as a file. */
import { reach } from "../../core/inside/analysis.js";
import { SANS, paintText } from "../parts/columns.js";
import { count, fill, magnitude, toCsv, visible } from "../parts/format.js";
import { TextGlyphs } from "../parts/glyphs.js";
import { paintLegend } from "../parts/legend.js";
import { SIDE } from "./lagcharts.js";

/** @typedef {import("../parts/svg.js").Pen} Pen */
/** @typedef {import("./flow.js").FlowData} FlowData */

const LINE = 24; // of text in a saved picture

/** @param {FlowData} data @param {Float32Array} profile @param {any} strings */
export function describeFlow(
  { trace, norms, keep, keepTen, history, seqLen },
  profile,
  { flow: s, figure: { list: comma } },
) {
  const at = reach(profile);
  const first = history.profiles.length ? reach(history.profiles[0]) : at;
  const lag = (/** @type {number} */ x) =>
    Number.isFinite(x) ? String(x) : fill(s.beyond, { lag: profile.length - 1 });
  const parts = [
    fill(s.summary, {
      reach: lag(at),
      first: lag(first),
      step: count(history.steps[0] ?? 0),
      near: magnitude(profile[0] ?? 0),
      ten: profile.length > 10 ? fill(s.ten, { value: magnitude(profile[10]) }) : "",
      seqLen,
    }),
  ];
  if (norms) {
    const entries = Object.entries(norms);
    const largest = Math.max(...entries.map(([, x]) => x));
    parts.push(
      fill(s.spectral, {
        norms: entries.map(([gate, x]) => (entries.length > 1 ? `${gate} ${x.toFixed(2)}` : x.toFixed(2))).join(comma),
        word: trace.cellType !== "rnn" ? s.gated : largest < 1 ? s.below : s.above,
      }),
    );
  }
  if (keep !== null)
    parts.push(
      fill(s.keep, {
        keep: keep.toFixed(3),
        ten: keepTen === null ? "" : fill(s.keepTen, { value: magnitude(keepTen) }),
        gate: trace.cellType === "lstm" ? "f" : "z",
      }),
    );
  return parts.join(" ");
}

/**
 * @param {FlowData | null} data
 * @param {object} parts what it is made of
 * @param {import("../parts/colours.js").Palette} parts.palette
 * @param {import("../parts/heatmap.js").Scale} parts.scale
 * @param {string} parts.title
 * @param {number} parts.triangle height
 * @param {(pen: Pen) => void} parts.paintTriangle
 * @param {(pen: Pen, width: number) => void} parts.paintProfile
 * @param {(pen: Pen, width: number, data: FlowData) => void} parts.paintHistory
 * @returns {import("../parts/figure.js").Picture}
 */
export function flowPicture(data, { palette, scale, title, triangle, paintTriangle, paintProfile, paintHistory }) {
  const width = data?.layout.width ?? 400;
  const height = 2 * LINE + triangle + SIDE + 24;
  return {
    width: width + 12,
    height,
    paint: (pen) => {
      pen.fillStyle = palette.paper;
      pen.fillRect(0, 0, width + 12, height);
      if (!data) return;
      pen.save();
      pen.translate(6, 6);
      pen.font = `12px ${SANS}`;
      pen.textAlign = "left";
      pen.textBaseline = "top";
      pen.fillStyle = palette.ink;
      pen.fillText(title, 0, 0);
      paintLegend(pen, scale, 130, 0, palette.ink);
      pen.translate(0, LINE);
      paintText(pen, data.trace.tokens, data.layout, { height: LINE, palette, glyphs: new TextGlyphs() });
      pen.translate(0, LINE);
      paintTriangle(pen);
      pen.translate(0, triangle + 12);
      const left = Math.min(300, width * 0.35);
      paintProfile(pen, left);
      pen.translate(left, 0);
      paintHistory(pen, width - left, data);
      pen.restore();
    },
  };
}

/** The itemised gradients, one row for each pair of characters. @param {FlowData} data */
export function flowCsv({ trace, layer, step }) {
  const { T } = trace.sizes;
  const { flow } = trace;
  /** @type {(string | number)[][]} */
  const rows = [["step", "layer", "position", "token", "lag", "earlier_token", "gradient_norm"]];
  for (let t = 0; t < T - 1; t++)
    for (let s = 0; s <= t; s++)
      rows.push([
        step,
        layer,
        t,
        visible(trace.tokens[t]),
        t - s,
        visible(trace.tokens[s]),
        flow[(layer * T + t) * T + s],
      ]);
  return toCsv(rows);
}
