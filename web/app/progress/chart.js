/** The loss curve: training and validation over steps, and the losses of simpler guessers as dotted lines. */
import "../shell/locale.js";
import uPlot from "uplot";
import { readPalette } from "../../views/parts/colours.js";
import { drawMarks, shadeGap } from "./chartmarks.js";
import { fill, h } from "../shell/dom.js";

const HEIGHT = 260; // CSS pixels, as styles/progress.css reserves
const GUESSERS = /** @type {const} */ (["uniform", "unigram", "bigram"]);

/** @typedef {{history: import("./history.js").LossHistory, baselines: import("../../core/index.js").Baselines | null,
 * step: number, V: number,
 *   limits: import("../run/run.js").Run["limits"], until: number, ending: import("../run/run.js").Run["ending"], at: number
 *   | null}} ChartData at: a step that is looked back at */

export class LossChart {
  #strings;
  #format;
  #canvas;
  /** @type {any} */
  #plot = null;
  /** @type {ChartData | null} */
  #data = null;
  /** @type {any} */
  #palette;
  #asked = 0;

  /** @param {any} strings @param {import("../shell/format.js").Format} format */
  constructor(strings, format) {
    this.#strings = strings;
    this.#format = format;
    this.#canvas = h("div", {
      class: "plot",
      role: "slider",
      tabindex: "0",
      "aria-label": strings.cursor,
      "aria-valuemin": "0",
      "aria-valuemax": "0",
      "aria-valuenow": "0",
      "aria-valuetext": strings.summaryEmpty,
    });
    this.#canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#onKey(event));
    this.reading = h("p", { class: "reading num", "aria-hidden": "true" });
    this.summary = h("p", { class: "sr" }, strings.summaryEmpty);
    this.element = h(
      "figure",
      { class: "chart" },
      h(
        "div",
        { class: "chart-head" },
        h(
          "ul",
          { class: "legend", role: "list" },
          h("li", { class: "key-training" }, strings.training),
          h("li", { class: "key-validation" }, strings.validation),
        ),
        this.reading,
      ),
      this.#canvas,
      h("figcaption", { class: "small" }, fill(strings.read, { token: strings.token })),
      this.summary,
    );
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
  }

  /** Draws in the next frame; asked again before, it draws once. @param {ChartData} data */
  draw(data) {
    this.#data = data;
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#paint();
    });
  }

  /** After a change of theme. */
  recolour() {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#data) this.draw(this.#data);
  }

  dispose() {
    cancelAnimationFrame(this.#asked);
    this.#plot?.destroy();
    this.#plot = null;
  }

  #paint() {
    if (!this.#data || !this.#canvas.clientWidth) return;
    const { steps, losses, evaluations } = this.#data.history;
    const data = uPlot.join([
      [steps, losses],
      [evaluations.map((each) => each.step), evaluations.map((each) => each.loss)],
    ]);
    if (this.#plot) this.#plot.setData(data);
    else this.#plot = this.#make(data);
    this.#describe();
  }

  /** @param {any} data */
  #make(data) {
    this.#palette = readPalette(this.#canvas);
    const { muted, rule } = this.#palette;
    const font = "12px system-ui, sans-serif";
    const axis = { stroke: muted, font, labelFont: font, grid: { stroke: rule, width: 1 }, ticks: { show: false } };
    const line = { points: { show: false }, spanGaps: true };
    return new uPlot(
      {
        width: this.#canvas.clientWidth,
        height: HEIGHT,
        padding: [8, 20, 0, 0], // half of a last step's number
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: {
          x: { time: false, range: (_, __, max) => [0, Math.max(50, max ?? 0)] },
          y: { range: (_, min, max) => this.#range(min, max) },
        },
        axes: [
          {
            ...axis,
            size: 28,
            label: this.#strings.stepAxis,
            labelSize: 18,
            grid: { show: false },
            values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? this.#format.integer(tick) : "")),
          },
          { ...axis, size: 40, values: (_, ticks) => ticks.map((tick) => this.#format.fixed(tick, 1)) },
        ],
        series: [
          {},
          { ...line, stroke: this.#css("training"), width: 1.5 },
          { ...line, stroke: this.#css("validation"), width: 2.5 },
        ],
        hooks: {
          drawAxes: [(plot) => this.#drawBelow(plot)],
          draw: [(plot) => this.#drawAbove(plot)],
          setCursor: [(plot) => this.#read(plot)],
        },
      },
      data,
      this.#canvas,
    );
  }

  /** @param {string} name of a --u- property that is a plain colour */
  #css(name) {
    const probe = h("span", { style: `color: var(--u-${name})` });
    this.#canvas.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }

  /** @param {number | null} min @param {number | null} max @returns {[number, number]} */
  #range(min, max) {
    const { baselines, V } = /** @type {ChartData} */ (this.#data);
    const top = Math.max(Math.log(V), baselines?.uniform ?? 0, Math.min(max ?? 0, 2 * Math.log(V)));
    const bottom = Math.min(min ?? top, baselines?.bigram ?? top);
    return [Math.max(0, bottom - 0.08 * (top - bottom) - 0.1), top + 0.06 * top];
  }

  /** @param {any} plot */
  #drawBelow(plot) {
    shadeGap(plot, /** @type {ChartData} */ (this.#data), plot.series[2].stroke());
    this.#drawGuessers(plot, false);
  }

  /** @param {any} plot */
  #drawAbove(plot) {
    drawMarks(plot, /** @type {ChartData} */ (this.#data), this.#strings, this.#format, this.#palette);
    this.#drawGuessers(plot, true);
  }

  /** The dotted lines below the curves, or their names above them. @param {any} plot @param {boolean} names */
  #drawGuessers(plot, names) {
    const { baselines, V } = /** @type {ChartData} */ (this.#data);
    const values = /** @type {Record<string, number | null>} */ (baselines ?? { uniform: Math.log(V) });
    const { muted, paper } = this.#palette;
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const right = bbox.left + bbox.width;
    ctx.save();
    ctx.font = `${12 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = "right";
    ctx.textBaseline = "bottom";
    ctx.setLineDash(names ? [] : [2 * ratio, 4 * ratio]);
    ctx.lineWidth = (names ? 4 : 1) * ratio;
    ctx.lineJoin = "round";
    for (const name of GUESSERS) {
      const value = values[name];
      if (value === undefined || value === null) continue;
      const y = Math.round(plot.valToPos(value, "y", true));
      if (names) {
        const label = `${fill(this.#strings[name], { V })}  ${this.#format.fixed(value, 2)}`;
        ctx.strokeStyle = paper; // a rim of paper keeps a name readable over a curve
        ctx.strokeText(label, right - 4 * ratio, y - 2 * ratio);
        ctx.fillStyle = muted;
        ctx.fillText(label, right - 4 * ratio, y - 2 * ratio);
      } else {
        ctx.strokeStyle = muted;
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(right, y);
        ctx.stroke();
      }
    }
    ctx.restore();
  }

  /** The values under the cursor, in words. @param {any} plot */
  #read(plot) {
    const { idx } = plot.cursor;
    const [steps, training, validation] = plot.data;
    if (idx === null || idx === undefined || !steps.length) {
      this.reading.textContent = "";
      return;
    }
    const near = (/** @type {(number | null | undefined)[]} */ values) => {
      for (let i = idx; i >= 0; i--)
        if (values[i] != null) return this.#format.fixed(/** @type {number} */ (values[i]), 3);
      return this.#strings.none;
    };
    // A bin of training steps is written at its last one: a step's own mean stands at it or after it.
    const bin = training.find(
      (/** @type {number | null | undefined} */ value, /** @type {number} */ i) => i >= idx && value != null,
    );
    const text = fill(this.#strings.cursorText, {
      step: this.#format.integer(steps[idx]),
      training: bin == null ? near(training) : this.#format.fixed(bin, 3),
      validation: near(validation),
    });
    this.reading.textContent = text;
    this.#canvas.setAttribute("aria-valuenow", String(steps[idx]));
    this.#canvas.setAttribute("aria-valuetext", text);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const steps = this.#plot?.data[0];
    if (!steps?.length) return;
    const at = this.#plot.cursor.idx ?? steps.length - 1;
    const page = Math.max(1, Math.round(steps.length / 10));
    const to = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageDown: at - page,
      PageUp: at + page,
      Home: 0,
      End: steps.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const i = Math.min(steps.length - 1, Math.max(0, to));
    this.#plot.setCursor({ left: this.#plot.valToPos(steps[i], "x"), top: HEIGHT / 2 });
  }

  /** The same in words, for those who do not see the picture. */
  #describe() {
    const { history, baselines, step, V } = /** @type {ChartData} */ (this.#data);
    this.#canvas.setAttribute("aria-valuemax", String(step));
    if (!history.losses.length) {
      this.summary.textContent = this.#strings.summaryEmpty;
      return;
    }
    const show = (/** @type {number | null | undefined} */ value) =>
      value == null ? this.#strings.none : this.#format.fixed(value, 2);
    const measured = history.evaluations.at(-1);
    const integer = (/** @type {number} */ value) => this.#format.integer(value);
    this.summary.textContent = fill(this.#strings.summary, {
      step: integer(step),
      training: show(history.losses.at(-1)),
      validation: show(measured?.loss),
      measured:
        measured && measured.step !== step ? fill(this.#strings.measured, { step: integer(measured.step) }) : "",
      uniform: show(baselines?.uniform ?? Math.log(V)),
      unigram: show(baselines?.unigram),
      bigram: show(baselines?.bigram),
    });
  }

  #resize() {
    const { clientWidth } = this.#canvas;
    if (!clientWidth) return;
    if (this.#plot) this.#plot.setSize({ width: clientWidth, height: HEIGHT });
    else if (this.#data) this.draw(this.#data);
  }
}
