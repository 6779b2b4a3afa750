/**
 * One update in slow motion: the real numbers of a few units and characters, from reading to the changed weights, in
 * numbered steps.
 * Tells that an update is wanted ("start"). Space or the button goes on; where a page leads through it (`led`), there is
 * the step it names alone, without frame and buttons.
 */
import { CELLS } from "../../core/cells.js";
import { cssColour, isDark } from "../parts/colours.js";
import { Figure, element, sheet } from "../parts/figure.js";
import { count, fill, magnitude, signed, toCsv, visible } from "../parts/format.js";
import { fitScales, openScales, scaleChoice } from "../parts/fit.js";
import { Heatmap, colourOf, makeScales } from "../parts/heatmap.js";
import { scaleChip } from "../parts/legend.js";
import { fillTable, tablePicture } from "../parts/table.js";
import { layOut } from "../unrolled/geometry.js";
import { workedOut } from "./slowtold.js";
import { paintUnrolled } from "../unrolled/paint.js";
import { gradientLengths, sceneOfUpdate } from "../unrolled/scene.js";

/** @typedef {import("../parts/table.js").Cell} Cell */
/**
 * @typedef {object} SlowData one update, of one stream
 * @property {number} step                training steps made before it
 * @property {import("../../core/cells.js").CellName} cellType
 * @property {"before" | "after"} gruReset
 * @property {string[]} input             [T] tokens
 * @property {string[]} target            [T]
 * @property {number} H
 * @property {number} layer               the one whose numbers are shown
 * @property {Float32Array} hidden        [T,H] of that layer
 * @property {Float32Array} hiddenGrad    [T,H]
 * @property {Float32Array} [cell]        [T,H]
 * @property {Record<string, Float32Array>} gates [T,H] each
 * @property {Float32Array} probabilities [T] of the target
 * @property {{loss: number, gradNorm: number, clippedNorm: number, clipScale: number, learningRate: number}} report
 * @property {{mode: string, threshold: number}} clip
 * @property {string} optimizer
 * @property {{name: string, row: number, column: number, before: number, gradient: number, after: number}[]} weights
 * @property {number} lossAfter
 */

const STEPS = /** @type {const} */ (["read", "forward", "loss", "backward", "clip", "update"]);
const UNITS = 4;

export class SlowView extends EventTarget {
  /** @type {Figure | null} */ #figure = null;
  #strings;
  #palette;
  #start;
  #next;
  #place;
  #title;
  #text;
  #table;
  #canvas = element("canvas", { "aria-hidden": "true" });
  #legend = element("p", { class: "u-chips" });
  #strip = new Heatmap();
  #fixed = false;
  /** @type {ReturnType<typeof makeScales>} */ #scales;
  #panel;
  /** @type {SlowData | null} */ #data = null;
  #index = 0;
  /** @type {number[]} */ #units = [];
  /**
   * Columns that are uncovered: of the forward step from the left, of the backward step from the right; at once where
   * nothing is handed from column to column.
   */
  #uncovered = 0;
  #timer = 0;

  /** @param {HTMLElement} root @param {import("../parts/figure.js").Options & {led?: boolean}} options */
  constructor(root, { strings, palette, led = false }) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    this.#scales = makeScales(palette);
    const s = strings.slow;
    this.#start = element("button", { type: "button" }, s.start);
    this.#start.addEventListener("click", () => this.dispatchEvent(new Event("start")));
    this.#place = element("p", { class: "u-slow-place" });
    this.#title = element("h4");
    this.#text = element("p", { class: "u-slow-text" });
    this.#table = element("table", { class: "u-numbers-table" });
    this.#next = element("button", { type: "button" }, s.next);
    this.#next.addEventListener("click", () => this.#go(this.#index + 1));
    const back = element("button", { type: "button" }, s.back);
    back.addEventListener("click", () => this.#go(this.#index - 1));
    const scroller = element(
      "div",
      { class: "u-scroll", tabIndex: 0, role: "region", "aria-label": s.table },
      this.#table,
    );
    this.#panel = element(
      "div",
      { class: "u-slow-panel", hidden: true },
      element("div", led ? {} : { "aria-live": "polite" }, this.#place, this.#title, this.#text),
      this.#canvas,
      this.#legend,
      scroller,
    );
    const scales = scaleChoice(strings.figure, (fixed) => {
      this.#fixed = fixed;
      this.#rescale();
      this.#show();
    });
    if (led) {
      this.#legend.after(scales);
      root.append(this.#panel);
      return;
    }
    this.#panel.append(element("div", { class: "u-travel-buttons" }, back, this.#next));
    this.#panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== " " || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      this.#go(this.#index + 1);
    });
    this.#figure = new Figure(root, {
      name: "slow",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#figure.tools.append(this.#start, scales);
    this.#figure.body.append(this.#panel);
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.#rescale();
    this.#show();
  }

  /** Whether there is an update to be gone through. */
  get shown() {
    return this.#data !== null;
  }

  /**
   * @param {SlowData} data
   * @param {{focus?: boolean, part?: string}} [options] focus: from its first step, on its button; part: at the step of
   * that name; else at the step that is shown
   */
  draw(data, { focus = false, part } = {}) {
    this.#data = data;
    this.#rescale();
    const {
      H,
      input: { length: T },
      hidden,
    } = data;
    const span = Array.from({ length: H }, (_, j) => {
      const column = Array.from({ length: T }, (_, t) => hidden[t * H + j]);
      return { j, span: Math.max(...column) - Math.min(...column) };
    });
    this.#units = span
      .sort((a, b) => b.span - a.span)
      .slice(0, UNITS)
      .map(({ j }) => j)
      .sort((a, b) => a - b);
    this.#panel.hidden = false;
    this.#start.textContent = this.#strings.slow.again;
    const named = /** @type {readonly string[]} */ (STEPS).indexOf(part ?? "");
    const index = focus ? 0 : Math.max(0, named < 0 ? this.#index : named);
    this.#index = -1;
    this.#go(index);
    if (focus) this.#next.focus({ preventScroll: true });
  }

  clear() {
    clearTimeout(this.#timer);
    this.#data = null;
    this.#index = 0;
    this.#panel.hidden = true;
    this.#start.textContent = this.#strings.slow.start;
    this.#figure?.setNumbers("");
  }

  dispose() {
    clearTimeout(this.#timer);
  }

  /** @param {number} index */
  #go(index) {
    if (!this.#data) return;
    const next = Math.max(0, Math.min(STEPS.length - 1, index));
    if (next === this.#index) return;
    this.#index = next;
    const {
      input: { length: T },
      cellType,
    } = this.#data;
    clearTimeout(this.#timer);
    const still = !CELLS[cellType].carries || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#uncovered = ["forward", "backward"].includes(STEPS[next]) && !still ? 1 : T;
    const uncover = () => {
      if (this.#uncovered >= T) return;
      this.#uncovered++;
      this.#show();
      this.#timer = window.setTimeout(uncover, 350);
    };
    this.#timer = window.setTimeout(uncover, 350);
    this.#show();
  }

  #show() {
    if (!this.#data) return;
    const s = this.#strings.slow;
    const name = STEPS[this.#index];
    set(this.#place, fill(s.place, { n: this.#index + 1, all: STEPS.length, step: count(this.#data.step) }));
    set(this.#title, s.steps[name].title);
    set(this.#text, this.#words());
    this.#paint();
    fillTable(this.#table, this.#rows());
    this.#next.setAttribute("aria-disabled", String(this.#index === STEPS.length - 1)); // it keeps the focus
    const { report, lossAfter } = this.#data;
    this.#figure?.setNumbers(
      fill(s.summary, {
        step: count(this.#data.step),
        before: report.loss.toFixed(4),
        after: lossAfter.toFixed(4),
        norm: magnitude(report.gradNorm),
      }),
    );
  }

  /** Scales that fit this update, or the fixed ones, and what their colours mean. */
  #rescale() {
    const data = this.#data;
    if (!data) return;
    this.#scales = this.#fixed
      ? openScales(this.#palette, data)
      : fitScales(this.#palette, { ...data, hiddenGrad: gradientLengths(data) });
    const { cell, hidden, gradient } = this.#scales;
    const s = this.#strings.slow.colours;
    this.#legend.replaceChildren(scaleChip(s.hidden, hidden), scaleChip(s.gradient, gradient));
    if (data.cell) this.#legend.prepend(scaleChip(s.state, cell));
  }

  /** The network at this step: what has been read, and how far back the gradient has come. */
  #paint() {
    const data = /** @type {SlowData} */ (this.#data);
    const name = STEPS[this.#index];
    const { length: T } = data.input;
    const covered = T - this.#uncovered;
    const isBack = STEPS.indexOf("backward") <= this.#index;
    const geometry = layOut(Math.max(280, this.#legend.clientWidth), 1);
    const sizes = gradientLengths(data).map((size, t) => (name === "backward" && t < covered ? NaN : size));
    paintUnrolled(
      sheet(this.#canvas, geometry.width, geometry.height),
      sceneOfUpdate(data),
      {
        from: 0,
        cursor: -1,
        read: name === "read" ? 0 : name === "forward" ? this.#uncovered : T,
        back: isBack ? { layer: 0, sizes, losses: data.input.map((_, t) => t) } : null,
        open: null,
      },
      { geometry, palette: this.#palette, scales: this.#scales, strip: this.#strip },
    );
  }

  /** The two sentences of a step, with their numbers. */
  #words() {
    const data = /** @type {SlowData} */ (this.#data);
    const s = this.#strings.slow;
    const name = STEPS[this.#index];
    const { report, clip, input, optimizer, lossAfter } = data;
    const sentence =
      name === "clip"
        ? s.steps.clip[clip.mode === "none" ? "off" : report.clippedNorm < report.gradNorm ? "cut" : "passed"]
        : s.steps[name].text;
    return fill(sentence, {
      T: input.length,
      units: this.#units.join(this.#strings.figure.list),
      loss: report.loss.toFixed(4),
      norm: magnitude(report.gradNorm),
      clipped: magnitude(report.clippedNorm),
      threshold: magnitude(clip.threshold),
      scale: magnitude(report.clippedNorm / report.gradNorm),
      rate: magnitude(report.learningRate),
      optimizer,
      after: lossAfter.toFixed(4),
      sum: workedOut(data, this.#units[0]),
    });
  }

  /** @returns {Cell[][]} */
  #rows() {
    const data = /** @type {SlowData} */ (this.#data);
    const s = this.#strings.slow;
    const { input, target, hidden, hiddenGrad, H, probabilities, report, weights } = data;
    const scales = this.#scales;
    const x = data.cellType === "attention" ? "x" : "h";
    const tinted = (
      /** @type {import("../parts/heatmap.js").Scale} */ scale,
      /** @type {number} */ value,
      /** @type {string} */ text,
    ) => {
      const pixel = colourOf(scale, value);
      return { text, colour: cssColour(pixel), ink: isDark(pixel) ? "#fff" : "#111" };
    };
    const head = [{ text: "" }, ...input.map((token) => ({ text: visible(token) }))];
    switch (STEPS[this.#index]) {
      case "read":
        return [head, [{ text: s.nextRow }, ...target.map((token) => ({ text: visible(token) }))]];
      case "forward":
        return [
          head,
          ...this.#units.map((j) => [
            { text: `${x} ${j}` },
            ...input.map((_, t) =>
              t < this.#uncovered ? tinted(scales.hidden, hidden[t * H + j], signed(hidden[t * H + j])) : { text: "" },
            ),
          ]),
        ];
      case "loss":
        return [
          head,
          [{ text: s.nextRow }, ...target.map((token) => ({ text: visible(token) }))],
          [{ text: "p" }, ...Array.from(probabilities, (p) => tinted(scales.gate, p, p.toFixed(3)))],
          [{ text: "−ln p" }, ...Array.from(probabilities, (p) => ({ text: (-Math.log(p)).toFixed(3) }))],
        ];
      case "backward":
        return [
          head,
          ...this.#units.map((j) => [
            { text: `∂loss/∂${x} ${j}` },
            ...input.map((_, t) => {
              const x = hiddenGrad[t * H + j];
              return t >= input.length - this.#uncovered
                ? tinted(scales.gradient, x, (x < 0 ? "" : "+") + magnitude(x))
                : { text: "" };
            }),
          ]),
        ];
      case "clip":
        return [
          [{ text: "" }, { text: s.before }, { text: s.after }],
          [{ text: s.norm }, { text: magnitude(report.gradNorm) }, { text: magnitude(report.clippedNorm) }],
        ];
      default:
        return [
          [{ text: "" }, ...[s.before, s.gradient, s.after, s.change].map((text) => ({ text }))],
          ...weights.map(({ name, row, column, before, gradient, after }) => [
            { text: `${name}[${row}, ${column}]` },
            ...[before, gradient, after, after - before].map((x) => ({
              text: (x < 0 ? "−" : "+") + (Math.abs(x) >= 0.001 ? Math.abs(x).toFixed(5) : magnitude(Math.abs(x))),
            })),
          ]),
        ];
    }
  }

  /** @returns {import("../parts/figure.js").Picture} */
  picture() {
    if (!this.#data) return tablePicture([], [this.#strings.slow.title], this.#palette);
    const s = this.#strings.slow;
    return tablePicture(this.#rows(), [s.steps[STEPS[this.#index]].title, this.#words()], this.#palette);
  }

  /** Every step's table, one after another. */
  csv() {
    if (!this.#data) return "";
    const shown = [this.#index, this.#uncovered];
    this.#uncovered = this.#data.input.length;
    const all = STEPS.flatMap((name, i) => {
      this.#index = i;
      return [[this.#strings.slow.steps[name].title], ...this.#rows().map((row) => row.map(({ text }) => text))];
    });
    [this.#index, this.#uncovered] = shown;
    return toCsv(all);
  }
}

/** Only what is new, so that it is not read out again. @param {HTMLElement} node @param {string} text */
function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
