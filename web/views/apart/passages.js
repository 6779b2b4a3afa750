/** The strongest and the weakest passages of a whole text for one unit, each character tinted by the unit's value there. */
import { cssColour, isDark } from "../parts/colours.js";
import { Figure, element } from "../parts/figure.js";
import { count, fill, signed, toCsv, visible } from "../parts/format.js";
import { fitCell } from "../parts/fit.js";
import { colourOf, makeScales } from "../parts/heatmap.js";
import { scaleChip } from "../parts/legend.js";
import { tablePicture } from "../parts/table.js";

/** @typedef {import("../../core/apart/units.js").Passage & { tokens: readonly string[], values: ArrayLike<number> }} Shown */
/**
 * @typedef {object} PassagesData
 * @property {number} unit
 * @property {"hidden" | "cell" | "gate" | "open"} scale of the values; open: without ends of its own, fitted
 * @property {Shown[]} strongest
 * @property {Shown[]} weakest
 * @property {number} tokens of the whole text
 */

export class PassagesView {
  #figure;
  #strings;
  #palette;
  #lists = element("div", { class: "u-passages" });
  /** @type {PassagesData | null} */ #data = null;

  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, { strings, palette }) {
    this.#strings = strings.passages;
    this.#palette = palette;
    this.#figure = new Figure(root, {
      name: "passages",
      caption: strings.passages,
      strings: strings.figure,
      picture: () => tablePicture(this.#rows(), [], this.#palette),
      csv: () => toCsv(this.#rows().map((row) => row.map(({ text }) => text))),
    });
    this.#figure.body.append(this.#lists);
  }

  get figure() {
    return this.#figure;
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    if (this.#data) this.draw(this.#data);
  }

  /** @param {PassagesData} data */
  draw(data) {
    this.#data = data;
    const s = this.#strings;
    const scales = makeScales(this.#palette);
    const all = [...data.strongest, ...data.weakest].flatMap(({ values }) => Array.from(values));
    const scale = data.scale === "open" ? fitCell(scales.cell, all) : scales[data.scale];
    const list = (/** @type {string} */ title, /** @type {Shown[]} */ passages) => [
      element("h4", {}, fill(title, { unit: data.unit })),
      element("ol", { role: "list" }, ...passages.map((passage) => this.#passage(passage, scale))),
    ];
    this.#lists.replaceChildren(
      element("p", { class: "u-chips" }, scaleChip(fill(s.valueOf, { unit: data.unit }), scale)),
      ...list(s.strongest, data.strongest),
      ...list(s.weakest, data.weakest),
    );
    const [first] = data.strongest;
    const around =
      first &&
      visible(
        first.tokens
          .slice(0, first.at - first.from + 1)
          .slice(-12)
          .join(""),
      );
    this.#figure.setNumbers(
      first ? fill(s.summary, { unit: data.unit, value: signed(first.value), around, n: count(data.tokens) }) : "",
    );
  }

  clear() {
    this.#data = null;
    this.#lists.replaceChildren();
    this.#figure.setNumbers("");
  }

  dispose() {}

  /** @param {Shown} passage @param {import("../parts/heatmap.js").Scale} scale */
  #passage({ at, from, value, tokens, values }, scale) {
    const letters = tokens.map((token, i) => {
      const pixel = colourOf(scale, values[i]);
      const letter = element(from + i === at ? "b" : "span", {}, token === "\n" ? "↵" : token);
      letter.style.background = cssColour(pixel);
      letter.style.color = isDark(pixel) ? "#fff" : "#111";
      return letter;
    });
    return element("li", {}, element("q", {}, ...letters), " ", element("small", {}, signed(value)));
  }

  #rows() {
    const s = this.#strings;
    const of = (/** @type {string} */ name, /** @type {Shown[]} */ passages) =>
      passages.map(({ at, value, tokens }) => [
        { text: name },
        { text: String(at) },
        { text: signed(value) },
        { text: visible(tokens.join("")) },
      ]);
    const { strongest, weakest, unit } = this.#data ?? { strongest: [], weakest: [], unit: 0 };
    return [
      [{ text: "" }, { text: "t" }, { text: fill(s.valueOf, { unit }) }, { text: s.passage }],
      ...of(s.strong, strongest),
      ...of(s.weak, weakest),
    ];
  }
}
