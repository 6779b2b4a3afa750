/** The charts of a comparison: losses, how gradients fall with distance, and what is made of the context. */
import { reach } from "../../core/inside/analysis.js";
import { Chart } from "../parts/chart.js";
import { DASHES } from "../parts/colours.js";
import { decadesOf, fitEven } from "../parts/fit.js";
import { fill } from "../parts/format.js";
import { GRADIENT_HIGH, GRADIENT_LOW, onGradientScale } from "../parts/heatmap.js";
import { contextText, reachText } from "./numbers.js";
import { extentOf, usedContext } from "./outcome.js";

/** @typedef {import("../parts/svg.js").Pen} Pen */
/** @typedef {import("./compare.js").CompareData} CompareData */
/**
 * @typedef {object} Place
 * @property {number} width
 * @property {number} height
 * @property {any} strings of the figure
 * @property {import("../parts/colours.js").Palette} palette
 * @property {boolean} fixed whether axes are those for comparison
 */

export const HEIGHT = 260; // usual one of each
const MARGIN = { left: 44, top: 20, bottom: 36, right: 12 };
const AHEAD = 2; // times as far as all have come, the rest of who is ahead is not shown
const BESIDE = 0.6; // of the width: to its right stand the names of simpler guessers
const NAME = 16; // pixels from a name to the next
const TICKS = [1, 2, 5, 10, 20, 50, 100];

/** @param {Place} place */
const boxOf = ({ width, height }) => ({
  left: MARGIN.left,
  top: MARGIN.top,
  width: Math.max(40, width - MARGIN.left - MARGIN.right),
  height: height - MARGIN.top - MARGIN.bottom,
});

/** @param {import("./outcome.js").Model["cell"]} cell @param {Place["palette"]} palette */
const styleOf = (cell, palette) => ({ colour: palette.series[cell], width: 2, dash: DASHES[cell] });

/** @param {Pen} pen @param {CompareData} data @param {Place} place */
export function paintLosses(pen, { models, baselines, by }, place) {
  const { strings: s, palette, fixed } = place;
  const shared = extentOf(models, by);
  const farthest = Math.max(...models.map((model) => model[by]));
  const high = Math.min(farthest, AHEAD * (shared || farthest)) || 1;
  const curves = models.map(({ cell, course }) => ({
    cell,
    points: course.points.filter((point) => point[by] <= high),
  }));
  const y = lossAxis(
    curves.flatMap(({ points }) => points.map(({ loss }) => loss)),
    baselines,
    fixed,
  );
  const chart = new Chart(pen, boxOf(place), {
    x: { low: 0, high, label: s.axis[by] },
    y: { ...y, label: s.lossAxis },
    palette,
  });
  chart.axes();
  for (const { cell, points } of curves)
    chart.line(
      points.map((point) => point[by]),
      points.map(({ loss }) => loss),
      styleOf(cell, palette),
    );
  for (const name of /** @type {const} */ (["uniform", "unigram", "bigram"])) {
    if (baselines) chart.ruleY(baselines[name], s[name], { colour: palette.muted });
  }
  if (shared < high) chart.ruleX(shared, palette.muted);
  const line = ((y.high - y.low) * NAME) / boxOf(place).height;
  const top = Math.min(y.high, baselines?.uniform ?? y.high); // who guesses blindly leaves room below
  models.forEach(({ cell }, i) =>
    chart.name(BESIDE * high, top - line * (0.8 + i), s.cell[cell], {
      colour: palette.series[cell],
      align: "right",
      over: true,
    }),
  );
}

/**
 * What is shown, simpler guessers with it; fixed: from nothing to blind guessing.
 * @param {number[]} losses @param {CompareData["baselines"]} baselines @param {boolean} fixed
 */
function lossAxis(losses, baselines, fixed) {
  const top = Math.ceil((baselines?.uniform ?? 5) + 0.5);
  if (fixed) return { low: 0, high: top };
  return fitEven([...losses.map((loss) => Math.min(loss, top)), ...Object.values(baselines ?? {})]);
}

/** @param {Pen} pen @param {CompareData} data @param {Place} place */
export function paintProfiles(pen, { models, seqLen }, place) {
  const { strings: s, palette, fixed } = place;
  const drawn = models.flatMap(({ cell, profile }) => (profile ? [{ cell, profile }] : []));
  const lags = Math.max(8, ...drawn.map(({ profile }) => profile.length));
  const [low, high] = fixed
    ? [GRADIENT_LOW, GRADIENT_HIGH]
    : decadesOf(drawn.flatMap(({ profile }) => [...profile.filter((size) => size > 0)]));
  const box = boxOf(place);
  const chart = new Chart(pen, box, {
    x: { low: 0, high: lags, label: s.lagAxis },
    y: { low, high, log: true, label: s.normAxis },
    palette,
  });
  const line = (NAME * (high - low)) / box.height; // of text, in powers of ten
  chart.axes();
  if (seqLen < lags) {
    chart.line([seqLen, seqLen], [10 ** low, 10 ** high], { colour: palette.muted, width: 1, dash: [6, 4] });
    chart.name(seqLen, 10 ** (high - 0.5 * line), `${s.boundary} `, { colour: palette.muted, align: "right" });
  }
  drawn.forEach(({ cell, profile }, i) => {
    const colour = palette.series[cell];
    chart.line(Float32Array.from(profile.keys()), onGradientScale(profile, low), styleOf(cell, palette));
    const at = reach(profile);
    const text = fill(s.reachAt, { name: s.cell[cell], lag: reachText(profile, s) });
    chart.name(lags, 10 ** (high - (1.5 + i) * line), text, { colour, align: "right", over: true });
    if (at > 0 && Number.isFinite(at)) chart.dots([at], [profile[at]], { colour, radius: 4 });
  });
}

/** @param {Pen} pen @param {CompareData} data @param {Place} place */
export function paintContext(pen, { models, baselines }, place) {
  const { strings: s, palette, fixed } = place;
  const drawn = models.flatMap(({ cell, use }) => (use ? [{ cell, use }] : []));
  const box = boxOf(place);
  const most = Math.max(8, ...drawn.map(({ use }) => use.kept[use.kept.length - 1]));
  const losses = drawn.flatMap(({ use }) => [...use.dropped].filter(Number.isFinite));
  const y = fixed ? lossAxis([], baselines, true) : fitEven(losses);
  const chart = new Chart(pen, box, {
    x: { low: 0, high: Math.log10(most), log: true, label: s.contextAxis },
    y: { ...y, label: s.contextLoss },
    palette,
  });
  chart.axes({ x: TICKS.filter((tick) => tick <= most), named: String });
  if (!drawn.length) {
    chart.name(most ** 0.5, (y.low + y.high) / 2, s.later, { colour: palette.muted, align: "right" });
    return;
  }
  const line = ((y.high - y.low) * NAME) / box.height;
  drawn.forEach(({ cell, use }, i) => {
    const colour = palette.series[cell];
    const at = use.kept.indexOf(usedContext(use).length);
    chart.line(use.kept, use.dropped, styleOf(cell, palette));
    if (at >= 0) chart.dots([use.kept[at]], [use.dropped[at]], { colour, radius: 4 });
    chart.name(most, y.high - line * (0.5 + i), fill(s.usesAt, { name: s.cell[cell], n: contextText(use, s) }), {
      colour,
      align: "right",
      over: true,
    });
  });
}
