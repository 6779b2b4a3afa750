/**
 * Two readings of two texts that differ in one place: under the two lines of text, how far apart the states of each unit
 * are, and how far apart the predictions.
 */
import { fill, percent, toCsv, visible } from "../parts/format.js";
import { element } from "../parts/figure.js";
import { Heatmap, colourOf } from "../parts/heatmap.js";
import { scaleChip } from "../parts/legend.js";
import { MONO, SANS, signWidth } from "../parts/columns.js";
import { PictureView } from "../parts/picture.js";

/**
 * @typedef {object} DifferenceData
 * @property {readonly string[]} one   [T] tokens
 * @property {readonly string[]} other [T]
 * @property {import("../../core/apart/edit.js").Difference} difference
 * @property {{ L: number, T: number, H: number }} sizes
 * @property {number} layer
 * @property {Int32Array} rows units from above
 */

const LINE = 20;
const UNITS = 160; // height of their field
const BARS = 46;
const LEFT = 64;
const COLUMN = 8; // pixels of a character at least

/** @extends {PictureView<DifferenceData>} */
export class DifferenceView extends PictureView {
  #heatmap = new Heatmap();
  #revealed = -1; // the place that was scrolled to
  /** What the fields are, where their names may be scrolled out of sight. */ #legend = element("p", {
    class: "u-chips",
  });

  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, options) {
    super(root, options, "difference");
    this.figure.body.prepend(this.#legend);
  }

  get #scale() {
    return { table: this.palette.sequential, low: 0, high: 1, ends: /** @type {[string, string]} */ (["0", "1"]) };
  }

  /** @override */
  redraw() {
    super.redraw();
    this.#legend.hidden = !this.data || this.least() <= this.figure.body.clientWidth;
    if (this.#legend.hidden) return;
    const { states, predictions } = this.strings;
    this.#legend.replaceChildren(
      element("span", {}, scaleChip(states, this.#scale), " √"),
      element("span", {}, `${predictions} 0 … ${percent(1)}`),
    );
  }

  /** @override */
  clear() {
    super.clear();
    this.#legend.hidden = true;
  }

  /** @override @param {DifferenceData} data */
  draw(data) {
    super.draw(data);
    const { parts } = data.difference;
    if (parts === this.#revealed) return;
    this.#revealed = parts;
    const width = Math.max(this.least(), this.figure.body.clientWidth);
    this.reveal(LEFT + (parts * (width - LEFT)) / data.sizes.T);
  }

  /** @override */
  least() {
    return LEFT + COLUMN * (this.data?.one.length ?? 0);
  }

  /** @override */
  margin() {
    return LEFT;
  }

  /** @override */
  height() {
    return 2 * LINE + 8 + UNITS + 12 + BARS + 4;
  }

  /** @override @param {import("../parts/svg.js").Pen} pen @param {number} width @param {number} height */
  paint(pen, width, height) {
    const { one, other, difference, sizes, layer, rows } = /** @type {DifferenceData} */ (this.data);
    const { palette, strings: s } = this;
    const { T, H } = sizes;
    const column = (width - LEFT) / T;
    const unitsTop = 2 * LINE + 8;
    const units = height - (this.height() - UNITS);
    const barsTop = unitsTop + units + 12;
    pen.textBaseline = "middle";
    pen.textAlign = "center";
    const most = (0.84 * column) / signWidth([...one, ...other]);
    pen.font = `${Math.min(14, Math.max(6, most))}px ${MONO}`;
    [one, other].forEach((tokens, line) =>
      tokens.forEach((token, t) => {
        pen.fillStyle = one[t] === other[t] ? palette.ink : palette.warn;
        pen.fillText(visible(token), LEFT + (t + 0.5) * column, (line + 0.5) * LINE);
      }),
    );
    const scale = this.#scale;
    this.#heatmap.fill(T, rows.length, (pixels) =>
      rows.forEach((unit, row) => {
        for (let t = 0; t < T; t++)
          pixels[row * T + t] = colourOf(scale, Math.sqrt(difference.hidden[(layer * T + t) * H + unit])); // faint ones show
      }),
    );
    this.#heatmap.draw(pen, LEFT, unitsTop, width - LEFT, units);
    pen.fillStyle = palette.accent;
    difference.probability.forEach((p, t) =>
      pen.fillRect(LEFT + t * column + 0.5, barsTop + BARS * (1 - p), Math.max(1, column - 1), BARS * p),
    );
    pen.strokeStyle = palette.rule;
    pen.lineWidth = 1;
    pen.strokeRect(LEFT + 0.5, barsTop + 0.5, width - LEFT - 1, BARS);
    pen.font = `11px ${SANS}`;
    pen.textAlign = "left";
    pen.fillStyle = palette.muted;
    pen.fillText(s.states, 0, unitsTop + 8);
    pen.fillText("0 … ¼ … 1", 0, unitsTop + 24);
    pen.fillText(s.predictions, 0, barsTop + 8);
    pen.fillText(`0 … ${percent(1)}`, 0, barsTop + 24);
  }

  /** @override */
  words() {
    const { one, other, difference, sizes } = /** @type {DifferenceData} */ (this.data);
    const s = this.strings;
    const { parts, meets, probability } = difference;
    if (parts < 0) return s.same;
    const most = probability.indexOf(Math.max(...probability));
    const said = fill(s.parts, { one: visible(one[parts]), other: visible(other[parts]), t: parts });
    const furthest = fill(s.most, { token: visible(one[most]), t: most, p: percent(probability[most]) });
    return `${said} ${furthest} ${meets < sizes.T ? fill(s.meets, { n: meets - parts }) : s.never}`;
  }

  /** @override */
  csv() {
    if (!this.data) return "";
    const { one, other, difference, sizes, layer } = this.data;
    return toCsv([
      ["t", "one", "other", "distance of states", "distance of predictions"],
      ...one.map((token, t) => [t, token, other[t], difference.length[layer * sizes.T + t], difference.probability[t]]),
    ]);
  }
}
