/** A curve that the reader draws ahead of the run: by dragging, or with a slider for each of its points. */
import { Chart } from "../../views/parts/chart.js";
import { readPalette } from "../../views/parts/colours.js";
import { sheet } from "../../views/parts/figure.js";
import { fill, h } from "../shell/dom.js";
import { written } from "../../lessons/run/sentence.js";

/** @typedef {import("../../lessons/lesson.js").DrawAxis} DrawAxis */

const HEIGHT = 230;

export class Drawn {
  /** @type {number[]} */ points;
  #axis;
  #words;
  #language;
  #changed;
  #canvas;
  /** @type {any[]} */ #sliders;
  #touched = false;

  /**
   * @param {DrawAxis} axis
   * @param {{ title: string, x: string, y: string, hint: string, point: string }} words point: of a slider
   * @param {string} language
   * @param {() => void} changed
   */
  constructor(axis, words, language, changed) {
    this.#axis = axis;
    this.#words = words;
    this.#language = language;
    this.#changed = changed;
    this.points = axis.at.map(() => axis.start);
    this.#canvas = h("canvas", { "aria-hidden": "true" });
    this.#sliders = axis.at.map((x, i) => {
      const slider = h("input", {
        type: "range",
        min: axis.low,
        max: axis.high,
        step: (axis.high - axis.low) / 50,
        "aria-label": fill(words.point, { title: words.title, x: words.x, at: written(x, undefined, language) }),
        oninput: () => this.#set(i, Number(slider.value)),
      });
      slider.value = String(axis.start);
      return slider;
    });
    for (const name of ["pointerdown", "pointermove"])
      this.#canvas.addEventListener(name, (/** @type {PointerEvent} */ event) => {
        if (event.buttons && !this.element.disabled) this.#drag(event);
      });
    this.element = h(
      "fieldset",
      { class: "l-draw" },
      h("legend", {}, words.title),
      h("p", { class: "small" }, words.hint),
      this.#canvas,
      h("div", { class: "l-sliders" }, ...this.#sliders),
    );
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** @returns {number[] | null} null: nothing was drawn */
  get value() {
    return this.#touched ? this.points : null;
  }

  set value(points) {
    points?.forEach((y, i) => this.#set(i, y));
  }

  close() {
    this.element.disabled = true;
  }

  /** @param {number} i @param {number} y */
  #set(i, y) {
    this.#touched = true;
    this.points[i] = y;
    this.#sliders[i].value = String(y);
    this.#sliders[i].setAttribute("aria-valuetext", written(y, "1", this.#language));
    this.draw();
    this.#changed();
  }

  /** The nearest point goes where the pointer is. @param {PointerEvent} event */
  #drag(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    const { at, low, high } = this.#axis;
    const { left, top, width, height } = this.#box;
    const edge = this.#canvas.getBoundingClientRect();
    const x = ((event.clientX - edge.left - left) / width) * at[at.length - 1];
    const nearest = at.reduce((best, each, i) => (Math.abs(each - x) < Math.abs(at[best] - x) ? i : best), 0);
    const y = high - ((event.clientY - edge.top - top) / height) * (high - low);
    this.#set(nearest, Math.min(high, Math.max(low, y)));
  }

  get #box() {
    return { left: 44, top: 22, width: Math.max(80, this.#canvas.parentElement.clientWidth - 68), height: HEIGHT - 64 };
  }

  draw() {
    const width = this.#canvas.parentElement.clientWidth - 8;
    if (width < 100) return;
    const palette = readPalette(this.element);
    const { at, low, high } = this.#axis;
    const { x, y } = this.#words;
    const last = at[at.length - 1];
    const pen = /** @type {any} */ (sheet(this.#canvas, width, HEIGHT));
    const chart = new Chart(pen, this.#box, {
      x: { low: 0, high: last, label: x },
      y: { low, high, label: y },
      palette,
    });
    chart.axes({ x: [0, ...at] });
    chart.line(at, this.points, { colour: palette.accent, width: 2.5, dash: this.#touched ? [] : [2, 4] });
    chart.dots(at, this.points, { colour: palette.accent, radius: 6 });
  }
}
