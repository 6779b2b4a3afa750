/**
 * What the loss chart shows of when to stop: the gap between the curves, where the best weights were, where a run ends.
 */
import { fill } from "../shell/dom.js";

/** @typedef {import("./chart.js").ChartData} ChartData */

/** Of the steps between two evaluations: what training is at the later one. The first of them were still worse. */
const LATE = 0.25;

/**
 * Where validation is worse than training: both at each evaluation, training as the mean of the last steps before it,
 * and no better than validation where it was not.
 * @param {Pick<import("./history.js").LossHistory, "steps" | "losses" | "evaluations">} history
 */
export function gapsOf({ steps, losses, evaluations }) {
  let at = 0;
  let before = 0;
  const gaps = [];
  for (const { step, loss } of evaluations) {
    const from = step - LATE * (step - before);
    while (at < steps.length && steps[at] <= step) at++;
    let sum = 0,
      count = 0;
    for (let i = at - 1; i >= 0 && (count === 0 || steps[i] > from); i--, count++) sum += losses[i];
    if (count) gaps.push({ step, training: Math.min(loss, sum / count), validation: loss });
    before = step;
  }
  return gaps;
}

/**
 * Shades what validation is worse than training.
 * @param {any} plot of uPlot @param {ChartData} data @param {string} colour
 */
export function shadeGap(plot, { history }, colour) {
  const points = gapsOf(history);
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
