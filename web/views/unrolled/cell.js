/**
 * A cell, opened: its gates and equations, each with its values over all units as a strip and, for one unit, the sum
 * worked out term by term. A part is unfolded by its heading.
 */
import { CELLS } from "../../core/cells.js";
import { workUnit } from "../../core/inside/worked.js";
import { element } from "../parts/figure.js";
import { fill, magnitude, percent, signed, visible } from "../parts/format.js";
import { Heatmap, colourOf } from "../parts/heatmap.js";
import { equationsOf, kindOf, mathOf } from "./equations.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {{ t: number, layer: number, unit: number }} Place */

const STRIP = 12; // height in CSS pixels

export class CellPanel extends EventTarget {
  #strings;
  #scales;
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
   */
  constructor({ strings, scales }) {
    super();
    this.#strings = strings;
    this.#scales = scales;
    const s = strings.unrolled;
    const close = element("button", { type: "button" }, s.close);
    close.addEventListener("click", () => this.dispatchEvent(new Event("close")));
    this.#unit.addEventListener("input", () => {
      if (!this.#unit.checkValidity() || this.#unit.value === "") return;
      this.#place = { ...this.#place, unit: Number(this.#unit.value) };
      this.#show();
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

  /** The unit whose sums are shown. */
  get unit() {
    return this.#place.unit;
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
    const kind = kindOf(trace.cellType, trace.gruReset);
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
    const parts = [
      ...equationsOf(kind).map((part) => [kind, ...part]),
      ...equationsOf("head").map((part) => ["head", ...part]),
    ];
    this.#parts.replaceChildren(
      ...parts.map(([group, key, equation], i) => {
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
    const { t, layer, unit } = this.#place;
    const { T, H, V } = trace.sizes;
    const s = this.#strings.unrolled;
    this.#title.textContent = fill(trace.sizes.L > 1 ? s.cellOf : s.cellAt, {
      token: visible(trace.tokens[t]),
      layer: layer + 1,
    });
    const worked = workUnit(trace, parameters, this.#place);
    const slice = (/** @type {Float32Array} */ values) => values.subarray((layer * T + t) * H, (layer * T + t + 1) * H);
    const part = (/** @type {string} */ key) => /** @type {any} */ (this.#shown.get(`${this.#kind} ${key}`));
    for (const { name, input, recurrent, bias, sum, squash, value } of worked.parts) {
      const { strip, short, terms } = part(name);
      this.#paint(strip, slice(name === "h" ? trace.hidden : trace.gates[name]), squash === "σ" ? "gate" : "hidden");
      short.textContent = fill(s.value, { name, unit, value: squash === "σ" ? value.toFixed(3) : signed(value) });
      const names =
        name !== "n" || trace.cellType === "mingru" ? "U h′" : trace.gruReset === "before" ? "U(r⊙h′)" : "r⊙(Uh′+b)";
      const past = CELLS[trace.cellType].recurrent ? ["+", [signed(recurrent), names]] : [];
      const shown = squash === "σ" ? value.toFixed(3) : signed(value);
      writeTerms(
        terms,
        [squash, "(", [signed(input), "W x"], ...past, "+", [signed(bias), "b"], ")"],
        squash ? [`${squash}(${signed(sum)})`, shown] : [shown],
      );
    }
    if (worked.cell !== undefined) this.#showSum("c", slice(/** @type {Float32Array} */ (trace.cell)), "cell", worked);
    if (trace.cellType !== "rnn") this.#showSum("h", slice(trace.hidden), "hidden", worked);
    this.#showHead(trace, t, V);
  }

  /**
   * A sum of parts: an LSTM's cell, or the state.
   * @param {"c" | "h"} name
   * @param {Float32Array} values
   * @param {"cell" | "hidden"} scale
   * @param {import("../../core/inside/worked.js").Worked} worked
   */
  #showSum(name, values, scale, worked) {
    const { strip, short, terms } = /** @type {any} */ (this.#shown.get(`${this.#kind} ${name}`));
    const v = Object.fromEntries(worked.parts.map(({ name, value }) => [name, value]));
    const { before, hidden, cellBefore = 0, cell = 0 } = worked;
    const value = name === "c" ? cell : hidden;
    this.#paint(strip, values, scale);
    short.textContent = fill(this.#strings.unrolled.value, { name, unit: this.#place.unit, value: signed(value) });
    const gate = (/** @type {number} */ x, /** @type {string} */ text) => [x.toFixed(3), text];
    if (name === "c") {
      writeTerms(
        terms,
        [gate(v.f, "f"), "·", [signed(cellBefore), "c′"], "+", gate(v.i, "i"), "·", [signed(v.g), "g"]],
        [signed(cell)],
      );
    } else if (this.#kind === "lstm") {
      writeTerms(terms, [gate(v.o, "o"), "·", "tanh", "(", [signed(cell), "c"], ")"], [signed(hidden)]);
    } else {
      const old = /** @type {const} */ ([signed(before), "h′"]);
      const candidate = /** @type {const} */ ([signed(v.n), "n"]);
      const [first, second] = this.#kind === "gruAfter" ? [candidate, old] : [old, candidate];
      writeTerms(terms, [gate(1 - v.z, "1−z"), "·", first, "+", gate(v.z, "z"), "·", second], [signed(hidden)]);
    }
  }

  /** @param {Trace} trace @param {number} t @param {number} V */
  #showHead(trace, t, V) {
    const s = this.#strings.unrolled;
    const p = /** @type {any} */ (this.#shown.get("head p"));
    const loss = /** @type {any} */ (this.#shown.get("head L"));
    this.#paint(p.strip, trace.probabilities.subarray(t * V, (t + 1) * V), "gate");
    const last = t === trace.sizes.T - 1;
    const right = last ? NaN : trace.probabilities[t * V + trace.ids[t + 1]];
    p.short.textContent = last ? "" : fill(s.expected, { next: visible(trace.tokens[t + 1]), p: percent(right) });
    p.terms.textContent = "";
    loss.strip.hidden = true;
    loss.short.textContent = last ? "" : fill(s.loss, { loss: trace.loss[t].toFixed(3) });
    if (last) loss.terms.textContent = s.atLast;
    else writeTerms(loss.terms, ["−", "ln", [magnitude(right), "p"]], [trace.loss[t].toFixed(3)]);
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

/**
 * A sum in numbers, what each is under it: signs are strings, numbers are pairs.
 * @param {HTMLElement} place
 * @param {(string | readonly string[])[]} terms
 * @param {string[]} results each after an equals sign
 */
function writeTerms(place, terms, results) {
  place.replaceChildren(
    ...terms.map((term) =>
      typeof term === "string"
        ? element("span", {}, term)
        : element("span", { class: "u-term" }, element("b", {}, term[0]), element("small", {}, term[1])),
    ),
    ...results.flatMap((result) => [element("span", {}, "="), element("b", {}, result)]),
  );
}
