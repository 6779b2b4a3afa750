/**
 * Are the gradients right? Some of them beside what central differences give. Tells that a check is wanted ("check").
 */
import { Figure, element } from "../parts/figure.js";
import { count, fill, magnitude, toCsv } from "../parts/format.js";
import { fillTable, tablePicture } from "../parts/table.js";

/** @typedef {{name: string, row: number, column: number, weight: number, analytic: number, numeric: number}} Checked */
/** @typedef {{step: number, epsilon: number, characters: number, rows: Checked[]}} CheckData */

export class CheckView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #button;
  #table;
  #scroller;
  /** @type {CheckData | null} */ #data = null;

  /** @param {HTMLElement} root @param {import("../parts/figure.js").Options} options */
  constructor(root, { strings, palette }) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    const s = strings.check;
    this.#figure = new Figure(root, {
      name: "check",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#button = element("button", { type: "button" }, s.start);
    this.#button.addEventListener("click", () => this.dispatchEvent(new Event("check")));
    this.#figure.tools.append(this.#button);
    this.#table = element("table", { class: "u-numbers-table u-checked" });
    this.#scroller = element(
      "div",
      { class: "u-scroll", tabIndex: 0, role: "region", "aria-label": s.title, hidden: true },
      this.#table,
    );
    this.#figure.body.append(this.#scroller);
  }

  get figure() {
    return this.#figure;
  }
  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
  }
  /** Whether a check was made. */
  get shown() {
    return this.#data !== null;
  }
  /** @param {boolean} busy */
  setBusy(busy) {
    this.#button.disabled = busy;
  }

  /** @param {CheckData} data */
  draw(data) {
    this.#data = data;
    this.#scroller.hidden = false;
    fillTable(this.#table, this.#cells());
    this.#figure.setNumbers(
      fill(this.#strings.check.summary, {
        n: data.rows.length,
        step: count(data.step),
        worst: magnitude(Math.max(...data.rows.map(difference))),
        epsilon: data.epsilon,
        characters: data.characters,
      }),
    );
  }

  clear() {
    this.#data = null;
    this.#scroller.hidden = true;
    this.#figure.setNumbers("");
  }

  #cells() {
    const s = this.#strings.check;
    const { rows } = /** @type {CheckData} */ (this.#data);
    const digits = (/** @type {number} */ x) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(7);
    return [
      ["", s.analytic, s.numeric, s.difference].map((text) => ({ text })),
      ...rows.map((row) =>
        [
          `${row.name}[${row.row}, ${row.column}]`,
          digits(row.analytic),
          digits(row.numeric),
          magnitude(difference(row)),
        ].map((text) => ({ text })),
      ),
    ];
  }

  /** @returns {import("../parts/figure.js").Picture} */
  picture() {
    return tablePicture(this.#data ? this.#cells() : [], [this.#strings.check.title], this.#palette);
  }

  csv() {
    return toCsv([
      ["parameter", "row", "column", "weight", "analytic", "numeric"],
      ...(this.#data?.rows ?? []).map((x) => [x.name, x.row, x.column, x.weight, x.analytic, x.numeric]),
    ]);
  }
}

/** Relative to the larger one. @param {Checked} row */
function difference({ analytic, numeric }) {
  return Math.abs(analytic - numeric) / Math.max(Math.abs(analytic), Math.abs(numeric), 1e-12);
}
