/**
 * The lag profile with its reach, and that profile over the whole training, on one axis of lags that runs downwards,
 * with the boundary of truncated backpropagation across both.
 */
import { reach } from "../../core/inside/analysis.js";
import { Chart } from "../parts/chart.js";
import { fill } from "../parts/format.js";
import { Heatmap, colourOf, onGradientScale } from "../parts/heatmap.js";

/** @typedef {import("../parts/svg.js").Pen} Pen */
/**
 * @typedef {object} Lags what both are drawn from
 * @property {Float32Array} profile [T-1]
 * @property {number} boundary      characters back
 * @property {import("../parts/colours.js").Palette} palette
 * @property {import("../parts/heatmap.js").Scale} scale of gradients
 * @property {any} strings          of the flow
 * @property {number} side          height of each
 */

export const SIDE = 220; // usual height of each
const MARGIN = { left: 44, top: 20, bottom: 36, right: 10 };

/** @param {number} width @param {number} side */
const boxOf = (width, side) => ({
  left: MARGIN.left,
  top: MARGIN.top,
  width: Math.max(40, width - MARGIN.left - MARGIN.right),
  height: side - MARGIN.top - MARGIN.bottom,
});

/** The largest lag that is shown. @param {Float32Array} profile */
const mostOf = (profile) => Math.max(8, profile.length);

/**
 * Where a lag stands, in pixels from the top; null below the field.
 * @param {number} lag
 * @param {Pick<Lags, "profile" | "side">} lags
 */
export const placeOfLag = (lag, { profile, side }) =>
  lag > mostOf(profile) ? null : MARGIN.top + (lag / mostOf(profile)) * boxOf(0, side).height;
/** @param {number} y @param {Pick<Lags, "profile" | "side">} lags */
export const lagAtPlace = (y, { profile, side }) => ((y - MARGIN.top) / boxOf(0, side).height) * mostOf(profile);

/**
 * The boundary's dashed line.
 * @param {Pen} pen
 * @param {number} left
 * @param {number} right
 * @param {number} y
 * @param {import("../parts/colours.js").Palette} palette
 */
export function paintBoundary(pen, left, right, y, palette) {
  pen.strokeStyle = palette.accent;
  pen.lineWidth = 1.5;
  pen.setLineDash([6, 4]);
  pen.beginPath();
  pen.moveTo(left, y);
  pen.lineTo(right, y);
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * A chart with its axes.
 * @param {Pen} pen
 * @param {number} width
 * @param {Lags} lags
 * @param {import("../parts/chart.js").Axis} x
 */
function open(pen, width, { profile, palette, strings, side }, x) {
  const chart = new Chart(pen, boxOf(width, side), {
    x,
    y: { low: mostOf(profile), high: 0, label: strings.lagAxis },
    palette,
  });
  const step = [5, 10, 20, 25, 50, 100].find((each) => profile.length / each <= 6) ?? 200;
  chart.axes({ y: Array.from({ length: Math.floor(profile.length / step) + 1 }, (_, i) => i * step) });
  return chart;
}

/** @param {Pen} pen @param {number} width @param {Lags} lags */
function close(pen, width, { profile, boundary, palette, side }) {
  const y = placeOfLag(boundary, { profile, side });
  const box = boxOf(width, side);
  if (y !== null) paintBoundary(pen, box.left, box.left + box.width, y, palette);
}

/** @param {Pen} pen @param {number} width @param {Lags} lags */
export function paintProfile(pen, width, lags) {
  const { profile, palette, scale, strings: s } = lags;
  const chart = open(pen, width, lags, { low: scale.low, high: scale.high, log: true, label: s.normAxis });
  const hundredth = profile[0] / 100;
  if (hundredth > 10 ** scale.low) {
    chart.line([hundredth, hundredth], [0, profile.length], { colour: palette.muted, width: 1, dash: [1, 3] });
    chart.name(hundredth, profile.length, ` ${s.hundredth}`, { colour: palette.muted, baseline: "bottom" });
  }
  chart.line(onGradientScale(profile, scale.low), Float32Array.from(profile.keys()), { colour: palette.ink, width: 2 });
  const at = reach(profile);
  if (at > 0 && Number.isFinite(at)) {
    chart.dots([profile[at]], [at], { colour: palette.warn, radius: 4 });
    const low = Math.log10(profile[at]) < (scale.low + scale.high) / 2;
    chart.name(profile[at], at, `  ${fill(s.reach, { lag: at })}  `, {
      colour: palette.warn,
      align: low ? "left" : "right",
      baseline: "bottom",
    });
  }
  close(pen, width, lags);
}

/** Training step × lag: a profile stands from the step it was taken at to the next one's. */
export class ProfileMap {
  #heatmap = new Heatmap();
  /** @type {WeakMap<Float32Array, Uint32Array>} of each profile, made once */ #colours = new WeakMap();
  #scaled = ""; // what they are of

  /**
   * @param {Pen} pen
   * @param {number} width
   * @param {Lags} lags
   * @param {{history: import("../parts/history.js").LagHistory, at: number | null}} options at: a step that is looked
   * back at
   */
  paint(pen, width, lags, { history: { steps, profiles }, at }) {
    const { profile, palette, scale, strings } = lags;
    const n = steps.length;
    const last = Math.max(20, steps[n - 1] ?? 0);
    const chart = open(pen, width, lags, { low: 0, high: last, label: strings.stepAxis });
    if (!n) return;
    const box = boxOf(width, lags.side);
    const columns = Math.max(1, Math.round(box.width));
    let i = -1;
    const coloured = Array.from({ length: columns }, (_, x) => {
      while (i + 1 < n && steps[i + 1] <= ((x + 1) / columns) * last) i++;
      return i < 0 ? new Uint32Array(profile.length) : this.#colour(profiles[i], scale);
    });
    this.#heatmap.fill(columns, profile.length, (pixels) => {
      for (let k = 0, out = 0; k < profile.length; k++)
        for (let x = 0; x < columns; x++) pixels[out++] = coloured[x][k];
    });
    this.#heatmap.draw(pen, box.left, chart.y(0), box.width, chart.y(profile.length) - chart.y(0));
    const [xs, reaches] = inSteps(steps, profiles, last, profile.length);
    chart.line(xs, reaches, { colour: palette.paper, width: 4 });
    chart.line(xs, reaches, { colour: palette.ink, width: 2 });
    if (at !== null) chart.ruleX(at, palette.ink);
    close(pen, width, lags);
  }

  /** @param {Float32Array} profile @param {import("../parts/heatmap.js").Scale} scale */
  #colour(profile, scale) {
    const now = `${scale.low} ${scale.high} ${scale.table[255]}`;
    if (now !== this.#scaled) [this.#scaled, this.#colours] = [now, new WeakMap()];
    const known = this.#colours.get(profile);
    if (known) return known;
    const colours = Uint32Array.from(profile, (norm) => colourOf(scale, norm));
    this.#colours.set(profile, colours);
    return colours;
  }
}

/**
 * The reach, which stands from one look to the next as the colours do: nothing is known of what lies between.
 * @param {number[]} steps @param {Float32Array[]} profiles @param {number} last step @param {number} most lags
 * @returns {[number[], number[]]}
 */
export function inSteps(steps, profiles, last, most) {
  const xs = steps.flatMap((step, i) => [step, steps[i + 1] ?? last]);
  const ys = profiles.flatMap((each) => {
    const at = Math.min(reach(each), most);
    return [at, at];
  });
  return [xs, ys];
}
