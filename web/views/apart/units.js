/** Units ranked by how well each tells a property, beside what switching them off costs where that was measured. */
import { Figure, element } from "../parts/figure.js";
import { fill, percent, toCsv } from "../parts/format.js";
import { fillTable, tablePicture } from "../parts/table.js";

/**
 * @typedef {object} UnitsData
 * @property {string} property in words
 * @property {string} [note] said of where it was looked for
 * @property {import("../../core/apart/study.js").UnitsFound} found
 * @property {Float32Array | null} costs [H] of switching units off; null: not measured
 */

const SHOWN = 8;
const TOLD = 0.7; // accuracy from which a unit tells anything

export class UnitsView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #table = element("table", { class: "u-numbers-table" });
  #scroller;
  /** @type {UnitsData | null} */ #data = null;

  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, { strings, palette }) {
    super();
    this.#strings = strings.units;
    this.#palette = palette;
    this.#figure = new Figure(root, {
      name: "units",
      caption: strings.units,
      strings: strings.figure,
      picture: () => tablePicture(this.#rows(), [], this.#palette),
      csv: () => toCsv(this.#rows().map((row) => row.map(({ text }) => text))),
    });
    this.#scroller = element(
      "div",
      { class: "u-scroll", tabIndex: 0, role: "region", "aria-label": strings.units.title, hidden: true },
      this.#table,
    );
    this.#figure.body.append(this.#scroller);
  }

  get figure() {
    return this.#figure;
  }

  /** For a picture that is kept; on the page it is a table. @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
  }

  /** @param {UnitsData} data */
  draw(data) {
    this.#data = data;
    const rows = this.#rows();
    this.#scroller.hidden = rows.length < 2;
    fillTable(this.#table, rows);
    this.#figure.setNumbers(this.#words());
  }

  clear() {
    this.#data = null;
    this.#scroller.hidden = true;
    this.#table.replaceChildren();
    this.#figure.setNumbers("");
  }

  #words() {
    return [this.#said(), this.#data?.note].filter(Boolean).join(" ");
  }

  #said() {
    const { property, found, costs } = /** @type {UnitsData} */ (this.#data);
    const s = this.#strings;
    if (!found.told && !found.followed) return fill(s.lacks, { property });
    if (found.followed) {
      const [best] = found.followed;
      const follows = fill(s.follows, { unit: best.unit, r: best.correlation.toFixed(2), property });
      return costs ? `${follows} ${this.#use(best.unit, costs)}` : follows;
    }
    const [best] = /** @type {import("../../core/apart/units.js").Told[]} */ (found.told);
    const said = fill(best.accuracy > 0.9 ? s.tells : best.accuracy > TOLD ? s.partly : s.none, {
      unit: best.unit,
      accuracy: percent(best.accuracy),
      property,
    });
    return costs && best.accuracy > TOLD ? `${said} ${this.#use(best.unit, costs)}` : said;
  }

  /** Whether the unit that can be read is one that is used. @param {number} unit @param {Float32Array} costs */
  #use(unit, costs) {
    const s = this.#strings;
    const ranked = Array.from(costs.keys()).sort((a, b) => costs[b] - costs[a] || a - b);
    const rank = 1 + ranked.indexOf(unit);
    const use = {
      cost: costs[unit].toFixed(3),
      rank,
      n: costs.length,
      first: ranked[0],
      most: costs[ranked[0]].toFixed(3),
    };
    return fill(
      rank <= Math.max(1, costs.length / 10) ? s.used : rank <= costs.length / 2 ? s.lessUsed : s.unused,
      use,
    );
  }

  /** @returns {import("../parts/table.js").Cell[][]} */
  #rows() {
    const s = this.#strings;
    const { found, costs } = this.#data ?? { found: null, costs: null };
    const head = [s.unit, found?.followed ? s.correlation : s.accuracy, s.threshold, ...(costs ? [s.cost] : [])];
    const cost = (/** @type {number} */ unit) => (costs ? [costs[unit].toFixed(4)] : []);
    const rows =
      found?.followed
        ?.slice(0, SHOWN)
        .map(({ unit, correlation }) => [unit, correlation.toFixed(3), "–", ...cost(unit)]) ??
      found?.told
        ?.slice(0, SHOWN)
        .map(({ unit, accuracy, threshold, above }) => [
          unit,
          percent(accuracy),
          `${above ? ">" : "<"} ${threshold.toFixed(3)}`,
          ...cost(unit),
        ]) ??
      [];
    return [head, ...rows].map((row) => row.map((text) => ({ text: String(text) })));
  }
}
