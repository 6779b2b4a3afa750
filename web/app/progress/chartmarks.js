/**
 * What the loss chart shows of when to stop: the gap between the curves, where the best weights were, where a run ends.
 */
import { fill } from "../shell/dom.js";

/** @typedef {import("./chart.js").ChartData} ChartData */

/**
 * Shades what lies between training, as its mean since the last evaluation, and validation.
 * @param {any} plot of uPlot @param {ChartData} data @param {string} colour
 */
export function shadeGap(plot, { history: { steps, losses, evaluations } }, colour) {
  let at = 0;
  const points = [];
  for (const { step, loss } of evaluations) {
    let sum = 0,
      count = 0;
    for (; at < steps.length && steps[at] <= step; at++, count++) sum += losses[at];
    if (count) points.push({ step, training: sum / count, validation: loss });
  }
  if (points.length < 2) return;
  const { ctx } = plot;
  const x = (/** @type {number} */ step) => plot.valToPos(step, "x", true),
    y = (/** @type {number} */ loss) => plot.valToPos(loss, "y", true);
  ctx.save();
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = colour;
  ctx.beginPath();
  for (const { step, validation } of points) ctx.lineTo(x(step), y(validation));
  for (const { step, training } of points.reverse()) ctx.lineTo(x(step), y(training));
  ctx.fill();
  ctx.restore();
}

/**
 * Upright lines, named where the curves have left: below the line of blind guessing.
 * @param {any} plot of uPlot
 * @param {ChartData} data
 * @param {any} strings
 * @param {import("../shell/format.js").Format} format
 * @param {{ muted: string, paper: string }} colours
 */
export function drawMarks(
  plot,
  { history: { evaluations }, baselines, V, limits, until, ending, at },
  strings,
  { fixed, integer },
  { muted, paper },
) {
  const marks = [];
  if (limits.patience && evaluations.length) {
    const best = evaluations.reduce((low, each) => (each.loss < low.loss ? each : low));
    marks.push({ step: best.step, label: fill(strings.best, { loss: fixed(best.loss, 3) }) });
  }
  if (ending) marks.push({ step: ending.step, label: strings.ended[ending.ended] });
  else if (until <= plot.scales.x.max) marks.push({ step: until, label: strings.end });
  if (at !== null) marks.push({ step: at, label: fill(strings.lookedAt, { step: integer(at) }) });
  const {
    ctx,
    bbox: { left, top, width, height },
  } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = "bottom";
  ctx.lineJoin = "round";
  const free = plot.valToPos(baselines?.uniform ?? Math.log(V), "y", true);
  marks.forEach(({ step, label }, i) => {
    const x = plot.valToPos(step, "x", true),
      y = free + 18 * (i + 1) * ratio,
      late = x > left + width / 2;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.lineWidth = ratio;
    ctx.strokeStyle = muted;
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * ratio;
    ctx.strokeStyle = paper;
    ctx.textAlign = late ? "right" : "left";
    const at = x + (late ? -5 : 5) * ratio;
    ctx.strokeText(label, at, y);
    ctx.fillStyle = muted;
    ctx.fillText(label, at, y);
  });
  ctx.restore();
}
