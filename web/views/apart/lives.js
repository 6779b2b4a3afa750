/**
 * Half-lives as a sorted strip, and beside it, on the same axis of characters, how much of the gradient is left so many
 * characters back: what a unit keeps, and what training can reach.
 */
import { Chart } from "../parts/chart.js";
import { fill, toCsv } from "../parts/format.js";
import { BarsView } from "./bars.js";

/** @typedef {import("./bars.js").BarsData & { profile: Float32Array | null }} LivesData profile: [lags] of the gradient */

const GAP = 26;
const PROFILE = 0.3; // of the width
const LEAST = 1e-4; // share of the gradient that is followed

/** @param {Float32Array} profile */
const lagsOf = (profile) =>
  Array.from(profile.keys())
    .slice(1)
    .filter((lag) => profile[lag] >= LEAST * profile[0]);

/**
 * The axis of characters that holds all half-lives and all lags, from a tenth of one on; in thirds of a decade, so that it
 * does not change at every look.
 * @param {number[]} values half-lives @param {number[]} lags
 */
export const axisOf = (values, lags) => ({
  low: -1,
  high: Math.ceil(3 * Math.log10(Math.max(1, ...values, ...lags))) / 3,
  log: true,
});

export class LivesView extends BarsView {
  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, options) {
    super(root, options, "halflife");
  }

  /** @override @param {LivesData} data */
  draw(data) {
    super.draw(data);
  }

  /** Lags at which enough of the gradient is left to be followed. */
  get #lags() {
    return lagsOf(this.#profile ?? new Float32Array(0));
  }

  get #profile() {
    return /** @type {LivesData | null} */ (this.data)?.profile ?? null;
  }

  /** @override @param {number[]} values */
  axis(values) {
    return axisOf(values, this.#lags);
  }

  /** @override */
  height() {
    return 280;
  }

  /** @override @param {number} width */
  room(width) {
    const whole = super.room(width);
    return this.#profile ? whole * (1 - PROFILE) - GAP : whole;
  }

  /**
   * @override @param {import("../parts/svg.js").Pen} pen @param {{ left: number, top: number, width: number, height: number }} box
   * @param {import("../parts/chart.js").Axis} y @param {number} width
   */
  paintBeside(pen, box, y, width) {
    const profile = this.#profile;
    if (!profile) return;
    const left = box.left + box.width + GAP;
    const beside = { ...box, left, width: super.room(width) + box.left - left };
    const { palette, strings: s } = this;
    const x = { low: Math.log10(LEAST), high: 0, log: true, label: s.left };
    const chart = new Chart(pen, beside, { x, y: { ...y, label: s.felt }, palette });
    chart.axes({ x: [LEAST, 0.01, 1], y: [] });
    pen.strokeStyle = palette.rule;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let power = y.low; power <= y.high; power++) {
      const at = Math.round(chart.y(10 ** power)) + 0.5;
      pen.moveTo(beside.left, at);
      pen.lineTo(beside.left + beside.width, at);
    }
    pen.stroke();
    const lags = this.#lags;
    chart.line(
      lags.map((lag) => profile[lag] / profile[0]),
      lags,
      { colour: palette.series.rnn, width: 2 },
    );
  }

  /** @override */
  words() {
    const profile = this.#profile;
    const felt = profile ? profile.findIndex((size) => size < profile[0] / 100) : -1;
    const said = profile?.length
      ? felt > 0
        ? fill(this.strings.reach, { felt })
        : fill(this.strings.reachAll, { felt: profile.length })
      : "";
    return [super.words(), said].filter(Boolean).join(" ");
  }

  /** @override */
  csv() {
    const profile = this.#profile;
    if (!profile) return super.csv();
    return `${super.csv()}\r\n${toCsv([["lag", "gradient"], ...Array.from(profile, (size, lag) => [lag, size])])}`;
  }
}
