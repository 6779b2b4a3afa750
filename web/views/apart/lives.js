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

export class LivesView extends BarsView {
  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, options) {
    super(root, options, { name: "halflife", log: true });
  }

  /** @override @param {LivesData} data */
  draw(data) {
    super.draw(data);
  }

  get #profile() {
    return /** @type {LivesData | null} */ (this.data)?.profile ?? null;
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
    const lags = Array.from(profile.keys())
      .slice(1)
      .filter((lag) => profile[lag] >= LEAST * profile[0]);
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
