/**
 * Units in order of one number each, as bars, such as what switching each off costs. A click or the arrow keys choose a
 * unit. Tells "unit" {unit}.
 */
import { Chart, ticksOf } from "../parts/chart.js";
import { element } from "../parts/figure.js";
import { fill, magnitude, toCsv } from "../parts/format.js";
import { PictureView } from "../parts/picture.js";
import { fillTable } from "../parts/table.js";

/**
 * @typedef {object} BarsData
 * @property {Float32Array} values [H] by unit; NaN where it is not measured yet
 * @property {number | null} unit that is chosen
 * @property {string} note said of the chosen one, or of all
 * @property {((unit: number) => string) | null} notes the same of each, for the table and the file
 */

const NAMED = 5; // units whose notes are listed
const MARGIN = { left: 52, top: 24, right: 8, bottom: 36 };

/** @extends {PictureView<BarsData>} */
export class BarsView extends PictureView {
  #list = element("table", { class: "u-numbers-table", hidden: true });

  /**
   * @param {HTMLElement} root
   * @param {import("../parts/picture.js").Options} options
   * @param {string} name of the figure and its words
   */
  constructor(root, options, name) {
    super(root, options, name);
    this.figure.body.append(element("div", { class: "u-scroll" }, this.#list));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "slider");
    this.canvas.addEventListener("click", (event) => {
      const { order } = this;
      const box = this.canvas.getBoundingClientRect();
      const share = (event.clientX - box.left - MARGIN.left) / this.room(box.width);
      this.#choose(order[Math.floor(share * order.length)]);
    });
    this.canvas.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const { order } = this;
      const at = order.indexOf(this.data?.unit ?? -1);
      this.#choose(order[Math.max(0, Math.min(order.length - 1, at + by))]);
    });
  }

  /** Units that are measured, the largest first. */
  get order() {
    const { values } = this.data ?? { values: new Float32Array(0) };
    const units = Array.from(values, (_, unit) => unit).filter((unit) => !Number.isNaN(values[unit]));
    return units.sort((a, b) => values[b] - values[a] || a - b);
  }

  /** @param {number | undefined} unit */
  #choose(unit) {
    if (unit === undefined || unit === this.data?.unit) return;
    this.dispatchEvent(new CustomEvent("unit", { detail: { unit } }));
  }

  /** @override */
  height() {
    return 220;
  }

  /** What bars have of a width. @param {number} width */
  room(width) {
    return width - MARGIN.left - MARGIN.right;
  }

  /** @override @param {BarsData} data */
  draw(data) {
    super.draw(data);
    const { notes, values } = data;
    this.#list.hidden = !notes;
    if (!notes) return;
    const s = this.strings;
    const rows = [
      [s.unit, s.axis, s.noteHead],
      ...this.order.slice(0, NAMED).map((j) => [j, values[j].toFixed(3), notes(j)]),
    ];
    fillTable(
      this.#list,
      rows.map((row) => row.map((text) => ({ text: String(text) }))),
    );
  }

  /** @override */
  clear() {
    super.clear();
    this.#list.hidden = true;
  }

  /** @override @param {import("../parts/svg.js").Pen} pen @param {number} width @param {number} height */
  paint(pen, width, height) {
    const { values, unit } = /** @type {BarsData} */ (this.data);
    const { palette, strings: s, order } = this;
    const box = {
      left: MARGIN.left,
      top: MARGIN.top,
      width: this.room(width),
      height: height - MARGIN.top - MARGIN.bottom,
    };
    const y = { ...this.axis(order.map((j) => values[j]).filter(Number.isFinite)), label: s.axis };
    const chart = new Chart(pen, box, { x: { low: 0, high: order.length, label: s.units }, y, palette });
    chart.axes({ x: [], y: ticksOf(y) });
    this.paintBeside(pen, box, y, width);
    const each = box.width / Math.max(1, order.length);
    const base = chart.y(y.log ? 10 ** y.low : 0);
    order.forEach((j, place) => {
      const top = chart.y(Number.isFinite(values[j]) ? values[j] : Infinity);
      pen.fillStyle = j === unit ? palette.warn : palette.accent;
      pen.fillRect(
        box.left + place * each + 0.5,
        Math.min(top, base),
        Math.max(1, each - 1),
        Math.max(1, Math.abs(base - top)),
      );
    });
    this.#tellSlider();
  }

  /** That of the numbers. @param {number[]} values those that are finite @returns {import("../parts/chart.js").Axis} */
  axis(values) {
    return { low: Math.min(0, ...values), high: 1.05 * Math.max(1e-9, ...values) };
  }

  /**
   * What shares the axis of the numbers, where there is room beside the bars.
   * @param {import("../parts/svg.js").Pen} _pen @param {{ left: number, top: number, width: number, height: number }} _box
   * @param {import("../parts/chart.js").Axis} _y @param {number} _width of the whole picture
   */
  paintBeside(_pen, _box, _y, _width) {}

  #tellSlider() {
    const { values, unit } = /** @type {BarsData} */ (this.data);
    const { order, strings: s } = this;
    this.canvas.setAttribute("aria-valuemin", "0");
    this.canvas.setAttribute("aria-valuemax", String(Math.max(0, order.length - 1)));
    this.canvas.setAttribute("aria-valuenow", String(Math.max(0, order.indexOf(unit ?? -1))));
    this.canvas.setAttribute(
      "aria-valuetext",
      unit === null ? s.none : fill(s.one, { unit, value: magnitude(values[unit]) }),
    );
  }

  /** @override */
  words() {
    const { values, unit, note } = /** @type {BarsData} */ (this.data);
    const s = this.strings;
    const { order } = this;
    if (!order.length) return note;
    const middle = order[Math.floor(order.length / 2)];
    const all = fill(s.summary, {
      first: order[0],
      most: magnitude(values[order[0]]),
      middle: magnitude(values[middle]),
      n: order.length,
    });
    const one = unit === null ? "" : fill(s.one, { unit, value: magnitude(values[unit]) });
    return [all, one, note].filter(Boolean).join(" ");
  }

  /** @override */
  csv() {
    if (!this.data) return "";
    const { values, notes } = this.data;
    const head = ["unit", "value", ...(notes ? ["characters it costs most at"] : [])];
    return toCsv([head, ...this.order.map((unit) => [unit, values[unit], ...(notes ? [notes(unit)] : [])])]);
  }
}
