/**
 * A cell, opened: its equations, each with its values over all units as a strip and, for one unit, the sum worked out
 * term by term. A part is unfolded by its heading.
 */
import { element } from "../parts/figure.js";
import { fill, magnitude, percent, visible } from "../parts/format.js";
import { Heatmap, colourOf } from "../parts/heatmap.js";
import { mathOf } from "./equations.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {{ t: number, layer: number, unit: number }} Place */
/**
 * @typedef {object} Contents what is in a cell, by how its network reads
 * @property {(trace: Trace) => string} kindOf as the words name it
 * @property {(kind: string) => [key: string, equation: string][]} equationsOf a kind, or "head"
 * @property {(panel: CellPanel, trace: Trace, parameters: Record<string, Float32Array>, place: Place) => void} show all
 * but the head
 */
/**
 * A sum in numbers, what each is under it: signs are strings, numbers are pairs.
 * @typedef {(string | readonly string[] | HTMLElement)[]} Terms
 */

const STRIP = 12; // height in CSS pixels

export class CellPanel extends EventTarget {
  #strings;
  #scales;
  #contents;
  #title = element("h4");
  #unit = element("input", { type: "number", min: "0", step: "1", inputMode: "numeric" });
  #parts = element("ol", { class: "u-parts", role: "list" });
  /** @type {Map<string, { strip: HTMLCanvasElement, short: HTMLElement, terms: HTMLElement }>} */ #shown = new Map();
  #kind = "";
  /** @type {Place} */ #place = { t: 0, layer: 0, unit: 0 };
  /** @type {{ trace: Trace, parameters: Record<string, Float32Array> } | null} */ #data = null;

  /**
   * @param {object} options
   * @param {import("../parts/figure.js").Words} options.strings
   * @param {Record<string, import("../parts/heatmap.js").Scale>} options.scales
   * @param {Contents} options.contents
   */
  constructor({ strings, scales, contents }) {
    super();
    this.#strings = strings;
    this.#scales = scales;
    this.#contents = contents;
    const s = strings.unrolled;
    const close = element("button", { type: "button" }, s.close);
    close.addEventListener("click", () => this.dispatchEvent(new Event("close")));
    this.#unit.addEventListener("input", () => {
      if (!this.#unit.checkValidity() || this.#unit.value === "") return;
      this.dispatchEvent(new Event("unit"));
    });
    /** @type {HTMLElement} */
    this.root = element(
      "section",
      { class: "u-cell", hidden: true },
      element(
        "div",
        { class: "u-cell-head" },
        this.#title,
        element("label", { class: "u-choice" }, s.unit, " ", this.#unit),
        close,
      ),
      element("p", { class: "u-cell-lead" }, s.where),
      this.#parts,
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.dispatchEvent(new Event("close"));
    });
  }

  /** The unit whose sums are asked for. */
  get unit() {
    return Number(this.#unit.value);
  }

  /** @param {Record<string, import("../parts/heatmap.js").Scale>} scales */
  setScales(scales) {
    this.#scales = scales;
    this.#show();
  }

  /**
   * @param {Trace} trace
   * @param {Record<string, Float32Array>} parameters of the same moment
   * @param {Place} place
   */
  draw(trace, parameters, place) {
    this.#data = { trace, parameters };
    this.#place = place;
    this.root.hidden = false;
    this.#unit.max = String(trace.sizes.H - 1);
    if (!this.#unit.matches(":focus")) this.#unit.value = String(place.unit);
    const kind = this.#contents.kindOf(trace);
    if (kind !== this.#kind) this.#build(kind);
    this.#show();
  }

  close() {
    this.root.hidden = true;
    this.#data = null;
  }

  /** One heading for each equation. @param {string} kind */
  #build(kind) {
    this.#kind = kind;
    this.#shown.clear();
    const parts = [kind, "head"].flatMap((group) =>
      this.#contents.equationsOf(group).map(([key, equation]) => ({ group, key, equation })),
    );
    this.#parts.replaceChildren(
      ...parts.map(({ group, key, equation }, i) => {
        const math = mathOf(equation);
        math.setAttribute("display", "inline");
        const strip = element("canvas", { "aria-hidden": "true" });
        const short = element("output");
        const terms = element("p", { class: "u-terms" });
        this.#shown.set(`${group} ${key}`, { strip, short, terms });
        const part = element(
          "details",
          { open: i === 0 },
          element("summary", {}, math, strip, short),
          element("p", {}, /** @type {Record<string, any>} */ (this.#strings.equations)[group][key]),
          terms,
        );
        return element("li", {}, part);
      }),
    );
  }

  #show() {
    if (!this.#data) return;
    const { trace, parameters } = this.#data;
    const { t, layer } = this.#place;
    const s = this.#strings.unrolled;
    this.#title.textContent = fill(trace.sizes.L > 1 ? s.cellOf : s.cellAt, {
      token: visible(trace.tokens[t]),
      layer: layer + 1,
    });
    this.#contents.show(this, trace, parameters, this.#place);
    this.#showHead(trace, t);
  }

  /** @param {Trace} trace @param {number} t */
  #showHead({ probabilities, ids, tokens, loss, sizes: { T, V } }, t) {
    const s = this.#strings.unrolled;
    const last = t === T - 1;
    const right = last ? NaN : probabilities[t * V + ids[t + 1]];
    this.write("head p", {
      values: probabilities.subarray(t * V, (t + 1) * V),
      scale: "gate",
      short: last ? "" : fill(s.expected, { next: visible(tokens[t + 1]), p: percent(right) }),
    });
    this.write("head L", {
      short: last ? "" : fill(s.loss, { loss: loss[t].toFixed(3) }),
      terms: last ? [s.atLast] : ["−", "ln", [magnitude(right), "p"]],
      results: last ? [] : [loss[t].toFixed(3)],
    });
  }

  /** What is said of a unit. @param {string} name of the number @param {string} value */
  say(name, value) {
    return fill(this.#strings.unrolled.value, { name, unit: this.#place.unit, value });
  }

  /**
   * Fills a part.
   * @param {string} name its group and its key
   * @param {object} told
   * @param {Float32Array} [told.values] of the strip, which is not there without
   * @param {string} [told.scale] of its colours
   * @param {string} told.short beside the strip
   * @param {Terms} [told.terms] the sum
   * @param {string[]} [told.results] each after an equals sign
   */
  write(name, { values, scale = "", short, terms = [], results = [] }) {
    const part = /** @type {any} */ (this.#shown.get(name));
    part.strip.hidden = !values;
    if (values) this.#paint(part.strip, values, scale);
    part.short.textContent = short;
    part.terms.replaceChildren(
      ...terms.map(termOf),
      ...results.flatMap((result) => [element("span", {}, "="), element("b", {}, result)]),
    );
  }

  /** All units from left to right. @param {HTMLCanvasElement} canvas @param {Float32Array} values @param {string} scale */
  #paint(canvas, values, scale) {
    const strip = new Heatmap();
    strip.fill(values.length, 1, (pixels) => values.forEach((x, j) => (pixels[j] = colourOf(this.#scales[scale], x))));
    canvas.width = Math.max(1, Math.round((canvas.clientWidth || 160) * (devicePixelRatio || 1)));
    canvas.height = Math.round(STRIP * (devicePixelRatio || 1));
    strip.draw(/** @type {any} */ (canvas.getContext("2d")), 0, 0, canvas.width, canvas.height);
  }
}

/** @param {Terms[number]} term @returns {HTMLElement} */
export function termOf(term) {
  if (term instanceof HTMLElement) return term;
  if (typeof term === "string") return element("span", {}, term);
  return element("span", { class: "u-term" }, element("b", {}, term[0]), element("small", {}, term[1]));
}
