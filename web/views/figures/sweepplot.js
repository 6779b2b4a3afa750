/**
 * A sweep as a picture: validation loss, time of a step and memory, over one setting as lines, over two as grids of
 * colour; a dashed line is the loss after as many updates each. A run that failed leaves a gap.
 */
import { Chart, ticksOf } from "../parts/chart.js";
import { cssColour, isDark } from "../parts/colours.js";
import { SANS } from "../parts/columns.js";

/** @typedef {import("../parts/svg.js").Pen} Pen */
/** @typedef {{ name: string, values: (number | string | boolean)[] }} Axis name: as it is shown */
/** @typedef {{ loss: number, msPerStep: number, bytes: number, alike?: { loss: number } | null }} Outcome */
/**
 * @typedef {{ loss: string, time: string, memory: string, alike: string }} SweepPlotStrings titles with their units:
 * nats, ms, MB; alike: what the dashed line is
 */
/**
 * @typedef {{ axes: Axis[], outcomes: (Outcome | null)[], best: number }} SweepData outcomes: in the order of the
 * values, the last axis fastest; best: index, or -1
 */

const FONT = `12px ${SANS}`;
const SMALL = `11px ${SANS}`;
const GAP = 28;
const NARROW = 640;
const LINE_HEIGHT = 190;
const CELL = 34;
const TITLE = 30;
const FOOT = 44;

/** @type {["loss" | "time" | "memory", (outcome: Outcome) => number, number][]} title, value, digits after the point */
const MEASURES = [
  ["loss", (outcome) => outcome.loss, 3],
  ["time", (outcome) => outcome.msPerStep, 1],
  ["memory", (outcome) => outcome.bytes / 1e6, 1],
];

/** @param {SweepData} data @param {number} width @returns {{ columns: number, field: number, height: number }} */
function layout({ axes }, width) {
  const columns = width < NARROW ? 1 : 3;
  const field = axes.length === 1 ? LINE_HEIGHT : CELL * axes[0].values.length;
  return { columns, field, height: (3 / columns) * (TITLE + field + FOOT) };
}

/** @param {SweepData} data @param {number} width CSS pixels @returns {number} */
export const sweepHeight = (data, width) => layout(data, width).height;

/**
 * @param {Pen} pen
 * @param {SweepData} data
 * @param {{ width: number, palette: import("../parts/colours.js").Palette, strings: SweepPlotStrings }} options
 */
export function paintSweep(pen, data, { width, palette, strings }) {
  const { columns, field } = layout(data, width);
  const room = (width - GAP * (columns - 1)) / columns;
  MEASURES.forEach(([title, measureOf, digits], i) => {
    const left = columns === 1 ? 0 : i * (room + GAP),
      top = columns === 1 ? i * (TITLE + field + FOOT) : 0;
    pen.font = `600 ${FONT}`;
    pen.textAlign = "left";
    pen.textBaseline = "top";
    pen.fillStyle = palette.ink;
    pen.fillText(strings[title], left, top);
    const values = data.outcomes.map((outcome) => (outcome ? measureOf(outcome) : NaN));
    const box = { left, top: top + TITLE, width: room, height: field };
    const alike = title === "loss" ? data.outcomes.map((outcome) => outcome?.alike?.loss ?? NaN) : [];
    if (data.axes.length === 1 && alike.some(Number.isFinite)) {
      pen.font = SMALL;
      pen.fillStyle = palette.muted;
      pen.fillText(strings.alike, left, top + 15);
    }
    if (data.axes.length === 1) paintLine(pen, data, values, alike, box, palette);
    else paintGrid(pen, data, values, box, palette, digits);
  });
}

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/**
 * @param {Pen} pen
 * @param {SweepData} data
 * @param {number[]} values
 * @param {number[]} alike empty, or as many
 * @param {Box} box
 * @param {import("../parts/colours.js").Palette} palette
 */
function paintLine(pen, { axes: [axis], best }, values, alike, box, palette) {
  const known = [...values, ...alike].filter(Number.isFinite);
  const low = Math.min(...known),
    high = Math.max(...known),
    margin = (high - low || Math.abs(high) || 1) * 0.12;
  const y = { low: low >= 0 ? Math.max(0, low - margin) : low - margin, high: high + margin };
  const count = axis.values.length,
    labels = 46;
  const chart = new Chart(
    pen,
    { left: box.left + labels, top: box.top, width: box.width - labels, height: box.height },
    { x: { low: -0.5, high: count - 0.5 }, y, palette },
  );
  if (known.length) chart.axes({ x: [], y: ticksOf(y) });
  axisLabels(pen, axis, (i) => chart.x(i), (box.width - labels) / count, box, palette, labels);
  const xs = values.map((_, i) => i),
    finite = xs.filter((i) => Number.isFinite(values[i]));
  if (typeof axis.values[0] === "number") chart.line(xs, values, { colour: palette.accent, width: 2 });
  const both = xs.filter((i) => Number.isFinite(alike[i]));
  if (typeof axis.values[0] === "number")
    chart.line(
      both,
      both.map((i) => alike[i]),
      { colour: palette.muted, width: 1.5, dash: [4, 3] },
    );
  chart.dots(
    both,
    both.map((i) => alike[i]),
    { colour: palette.muted, radius: 2.5 },
  );
  chart.dots(
    finite,
    finite.map((i) => values[i]),
    { colour: palette.accent, radius: 3.5 },
  );
  if (best < 0) return;
  pen.strokeStyle = palette.ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(chart.x(best) + 7, chart.y(values[best]));
  pen.arc(chart.x(best), chart.y(values[best]), 7, 0, 2 * Math.PI);
  pen.stroke();
}

/**
 * Values under the field, as many as there is room for, and the setting's name.
 * @param {Pen} pen
 * @param {Axis} axis
 * @param {(i: number) => number} x
 * @param {number} room of one
 * @param {Box} box
 * @param {import("../parts/colours.js").Palette} palette
 * @param {number} left
 */
function axisLabels(pen, { name, values }, x, room, box, palette, left) {
  pen.font = SMALL;
  pen.fillStyle = palette.muted;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  const widest = 8 + 6.5 * Math.max(...values.map((value) => String(value).length));
  const every = Math.max(1, Math.ceil(widest / room));
  values.forEach((value, i) => {
    if (i % every === 0) pen.fillText(String(value), x(i), box.top + box.height + 5);
  });
  pen.fillText(name, box.left + left + (box.width - left) / 2, box.top + box.height + 21);
}

/**
 * Dark (in the light theme) is much: of loss, time, memory.
 * @param {Pen} pen
 * @param {SweepData} data
 * @param {number[]} values
 * @param {Box} box
 * @param {import("../parts/colours.js").Palette} palette
 * @param {number} digits
 */
function paintGrid(pen, { axes: [rows, columns], best }, values, box, palette, digits) {
  const known = values.filter(Number.isFinite);
  const low = Math.min(...known),
    high = Math.max(...known);
  const label = 14 + 6.5 * Math.max(...rows.values.map((value) => String(value).length), 2);
  const wide = (box.width - label) / columns.values.length;
  pen.font = SMALL;
  pen.textBaseline = "middle";
  rows.values.forEach((row, r) => {
    const top = box.top + r * CELL;
    pen.fillStyle = palette.muted;
    pen.textAlign = "right";
    pen.fillText(String(row), box.left + label - 6, top + CELL / 2);
    columns.values.forEach((_, c) => {
      const i = r * columns.values.length + c,
        left = box.left + label + c * wide;
      const pixel =
        palette.sequential[
          Number.isFinite(values[i]) ? Math.round(230 * (high > low ? (values[i] - low) / (high - low) : 0)) : 0
        ];
      pen.fillStyle = cssColour(pixel);
      pen.fillRect(left + 1, top + 1, wide - 2, CELL - 2);
      pen.fillStyle = isDark(pixel) ? "#ffffff" : "#1c1e22";
      pen.textAlign = "center";
      pen.fillText(
        Number.isFinite(values[i]) ? values[i].toFixed(wide < 44 ? Math.min(digits, 2) : digits) : "–",
        left + wide / 2,
        top + CELL / 2,
      );
      if (i !== best) return;
      pen.strokeStyle = palette.ink;
      pen.lineWidth = 2;
      pen.strokeRect(left + 1, top + 1, wide - 2, CELL - 2);
    });
  });
  axisLabels(
    pen,
    { name: "", values: columns.values },
    (c) => box.left + label + (c + 0.5) * wide,
    wide,
    box,
    palette,
    label,
  );
  pen.textAlign = "left";
  pen.fillText(`${rows.name} ↓   ${columns.name} →`, box.left, box.top + box.height + 21);
}
