/**
 * Clipping as an event: the gradient's norm before and after, step by step, under a threshold that can be dragged;
 * which parameters dominate it; and the loss of a twin that trains without clipping. Tells of a moved threshold
 * ("threshold"), and of its buttons: the twin wanted or not ("beside"), and gradients that explode, or the network
 * before them ("explode").
 */
import { Chart } from "../parts/chart.js";
import { SANS } from "../parts/columns.js";
import { Figure, element, sheet } from "../parts/figure.js";
import { fitEven, fitPowers, scaleChoice } from "../parts/fit.js";
import { count, fill, magnitude, percent, toCsv } from "../parts/format.js";
import { Handle } from "../parts/handle.js";
import { describeClip } from "./cliptold.js";

/** @typedef {import("../parts/svg.js").Pen} Pen */
/** @typedef {import("../parts/history.js").StepReport} StepReport */
/**
 * @typedef {object} ClipData
 * @property {import("../parts/history.js").ClipHistory} history
 * @property {{mode: "norm" | "value" | "none", threshold: number}} clip
 * @property {number} step  that the run stands at
 * @property {number | null} at  an earlier step that is looked back at
 * @property {{name: string, norm: number, share: number}[]} blocks of the last update, largest first
 * @property {boolean} exploded whether this network is the exploding one, and there is one to go back to
 * @property {{history: import("../parts/history.js").ClipHistory, diverged: number | null} | null} beside the twin
 * without clipping; null: there is none
 */

/** The fixed axes, by which runs are compared. Nats: a network that breaks passes what blind guessing loses by far. */
const LOSS = { low: -1, high: 3, log: true };
const NORM = { low: -2, high: 7, log: true };
const WIDE = 10; // times the smallest: losses as far apart are shown in powers of ten
const SIDE = 244;
const LOSS_SIDE = 164;
const MARGIN = { left: 44, top: 34, bottom: 36, right: 12 };
/** The threshold's slider is logarithmic: hundredths of a power of ten. */
const toSlider = (/** @type {number} */ x) => Math.round(100 * Math.log10(x));
const fromSlider = (/** @type {number} */ x) => Number((10 ** (x / 100)).toPrecision(2));

export class ClipView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #norms;
  #losses;
  #blocks;
  #slider;
  #value;
  #beside;
  #explode;
  #handle;
  /** @type {ClipData | null} */ #data = null;
  /** @type {number | null} */ #dragged = null;
  #fixed = false; // whether the axes are those for comparison
  #norm = NORM;
  #width = 0;
  #field = 0; // pixels of the norms' axis
  #resizing = new ResizeObserver(() => {
    this.#width = this.#losses.parentElement?.clientWidth ?? 0;
    this.redraw();
  });

  /** @param {HTMLElement} root @param {import("../parts/figure.js").Options} options */
  constructor(root, { strings, palette }) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    const s = strings.clip;
    this.#figure = new Figure(root, {
      name: "clip",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#slider = element("input", {
      type: "range",
      min: String(100 * NORM.low),
      max: String(100 * NORM.high),
      step: "5",
    });
    this.#value = element("output");
    this.#slider.addEventListener("input", () => {
      this.#dragged = fromSlider(Number(this.#slider.value));
      this.redraw();
    });
    this.#slider.addEventListener("change", () => this.#settle());
    this.#beside = element("button", { type: "button", "aria-pressed": "false" }, s.beside);
    this.#beside.addEventListener("click", () => this.#tell("beside", { wanted: !this.#data?.beside }));
    this.#explode = element("button", { type: "button" }, s.explode);
    this.#explode.addEventListener("click", () => this.#tell("explode", {}));
    this.#figure.tools.append(
      element("label", { class: "u-choice" }, s.threshold, " ", this.#slider, " ", this.#value),
      this.#beside,
      this.#explode,
      scaleChoice(strings.figure, (fixed) => {
        this.#fixed = fixed;
        this.redraw();
      }),
    );
    this.#norms = element("canvas");
    const normsBox = element("div", { class: "u-lane" }, this.#norms);
    this.#losses = element("canvas");
    this.#blocks = element("table", { class: "u-blocks" });
    this.#figure.body.append(
      element(
        "div",
        { class: "u-clip-pair" },
        element("div", {}, normsBox, this.#losses),
        element("div", {}, this.#blocks),
      ),
    );
    this.#handle = new Handle(
      normsBox,
      (y) => {
        const power = this.#norm.high - ((y - MARGIN.top) / this.#field) * (this.#norm.high - this.#norm.low);
        const slider = Math.round(100 * Math.min(NORM.high, Math.max(NORM.low, power)));
        this.#slider.value = String(slider);
        this.#dragged = fromSlider(slider);
        this.redraw();
      },
      () => this.#settle(),
    );
    this.#resizing.observe(/** @type {Element} */ (this.#losses.parentElement));
  }

  get figure() {
    return this.#figure;
  }

  /** @param {string} type @param {object} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.redraw();
  }

  /** @param {ClipData} data */
  draw(data) {
    this.#data = data;
    if (this.#dragged === null) this.#slider.value = String(toSlider(data.clip.threshold));
    this.#slider.disabled = data.clip.mode === "none";
    this.#beside.setAttribute("aria-pressed", String(Boolean(data.beside)));
    this.#explode.textContent = data.exploded ? this.#strings.clip.explodeBack : this.#strings.clip.explode;
    this.redraw();
  }

  dispose() {
    this.#resizing.disconnect();
  }

  #threshold() {
    return this.#dragged ?? this.#data?.clip.threshold ?? 1;
  }

  redraw() {
    if (!this.#data || !this.#width) return;
    this.#value.textContent = magnitude(this.#threshold());
    if (this.#dragged === null) this.#norm = this.#fixed ? NORM : fitPowers(this.#shownNorms());
    const stretch = this.#figure.stretch(SIDE + LOSS_SIDE);
    this.#field = SIDE * stretch - MARGIN.top - MARGIN.bottom;
    this.#paintNorms(sheet(this.#norms, this.#width, SIDE * stretch), this.#width, stretch);
    this.#paintLosses(sheet(this.#losses, this.#width, LOSS_SIDE * stretch), this.#width, stretch);
    const share = (this.#norm.high - Math.log10(this.#threshold())) / (this.#norm.high - this.#norm.low);
    this.#handle.place(
      this.#data.clip.mode === "none" ? null : MARGIN.top + this.#field * Math.min(1, Math.max(0, share)),
    );
    this.#listBlocks();
    this.#figure.setNumbers(describeClip(this.#data, this.#strings.clip));
  }

  /** @param {number} width @param {number} height */
  #box(width, height) {
    return {
      left: MARGIN.left,
      top: MARGIN.top,
      width: Math.max(40, width - MARGIN.left - MARGIN.right),
      height: height - MARGIN.top - MARGIN.bottom,
    };
  }

  /** Every norm in the picture, and the threshold. */
  #shownNorms() {
    const { history, beside, clip } = /** @type {ClipData} */ (this.#data);
    const norms = [...history.bins, ...(beside?.history.bins ?? [])].flatMap((x) => [x.gradNorm, x.clippedNorm]);
    return clip.mode === "none" ? norms : [...norms, clip.threshold];
  }

  #lossAxis() {
    if (this.#fixed) return LOSS;
    const { history, beside } = /** @type {ClipData} */ (this.#data);
    const losses = [...history.bins, ...(beside?.history.bins ?? [])].map((x) => x.loss).filter(Number.isFinite);
    const wide = Math.max(...losses) > WIDE * Math.min(...losses) || Boolean(beside?.diverged);
    return wide ? fitPowers(losses) : fitEven(losses);
  }

  /** Both charts show the whole run. */
  #steps() {
    const { history, step } = /** @type {ClipData} */ (this.#data);
    return { low: 0, high: Math.max(20, history.last?.step ?? step), label: this.#strings.clip.stepAxis };
  }

  /** @param {Pen} pen @param {number} width @param {number} [stretch] */
  #paintNorms(pen, width, stretch = 1) {
    const { history, clip, beside, at } = /** @type {ClipData} */ (this.#data);
    const { bins } = history;
    const s = this.#strings.clip;
    const palette = this.#palette;
    const chart = new Chart(pen, this.#box(width, SIDE * stretch), {
      x: { ...this.#steps(), label: "" },
      y: { ...this.#norm, label: s.normAxis },
      palette,
    });
    chart.axes();
    if (beside)
      chart.line(
        beside.history.bins.map((x) => x.step),
        beside.history.bins.map((x) => x.gradNorm),
        { colour: palette.warn, width: 1, dash: [2, 2] },
      );
    const clipped = bins.filter((x) => x.clippedFraction > 0);
    const pick = (/** @type {StepReport[]} */ list, /** @type {"step" | "gradNorm" | "clippedNorm"} */ name) =>
      list.map((x) => x[name]);
    chart.line(pick(bins, "step"), pick(bins, "gradNorm"), { colour: palette.muted, width: 1 });
    chart.stems(pick(clipped, "step"), pick(clipped, "gradNorm"), pick(clipped, "clippedNorm"), {
      colour: palette.warn,
      width: 1,
    });
    chart.dots(pick(clipped, "step"), pick(clipped, "gradNorm"), { colour: palette.warn, radius: 2 });
    chart.line(pick(bins, "step"), pick(bins, "clippedNorm"), { colour: palette.accent, width: 1.5 });
    chart.key([
      { text: s.before, colour: palette.muted },
      { text: s.after, colour: palette.accent },
      ...(beside ? [{ text: s.unclipped, colour: palette.warn, dash: [2, 2] }] : []),
    ]);
    if (at !== null) chart.ruleX(at, palette.ink);
    if (clip.mode === "none") return;
    const name = fill(clip.mode === "norm" ? s.rule : s.ruleValue, { threshold: magnitude(this.#threshold()) });
    chart.ruleY(this.#threshold(), name, { colour: palette.ink, dash: [6, 4] });
  }

  /** @param {Pen} pen @param {number} width @param {number} [stretch] */
  #paintLosses(pen, width, stretch = 1) {
    const { history, clip, beside, at } = /** @type {ClipData} */ (this.#data);
    const { bins } = history;
    const s = this.#strings.clip;
    const palette = this.#palette;
    const steps = this.#steps();
    const chart = new Chart(pen, this.#box(width, LOSS_SIDE * stretch), {
      x: steps,
      y: { ...this.#lossAxis(), label: s.lossAxis },
      palette,
    });
    chart.axes();
    const mine = clip.mode === "none" ? palette.warn : palette.accent;
    if (beside) {
      const twin = beside.history.bins;
      chart.line(
        twin.map((x) => x.step),
        twin.map((x) => x.loss),
        { colour: palette.warn, width: 1.5 },
      );
      const end = twin.at(-1);
      if (beside.diverged !== null && end)
        chart.name(end.step, Number.MAX_VALUE, ` ${fill(s.diverged, { step: count(beside.diverged) })}`, {
          colour: palette.warn,
          baseline: "top",
          align: end.step > (steps.low + steps.high) / 2 ? "right" : "left",
        });
    }
    chart.line(
      bins.map((x) => x.step),
      bins.map((x) => x.loss),
      { colour: mine, width: 1.5 },
    );
    if (beside)
      chart.key([
        { text: s.own, colour: mine },
        { text: s.unclipped, colour: palette.warn },
      ]);
    if (at !== null) chart.ruleX(at, palette.ink);
  }

  #listBlocks() {
    const { blocks, at } = /** @type {ClipData} */ (this.#data);
    const s = this.#strings.clip;
    const rows = blocks.slice(0, 8).map(({ name, norm, share }) => {
      const bar = element("i");
      bar.style.width = `${100 * share}%`;
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, name),
        element("td", { class: "u-bar" }, bar),
        element("td", {}, percent(share)),
        element("td", {}, magnitude(norm)),
      );
    });
    this.#blocks.replaceChildren(
      element("caption", {}, at === null ? s.blocks : fill(s.blocksAt, { step: count(at) })),
      element(
        "thead",
        {},
        element("tr", {}, ...[s.block, s.part, s.share, s.norm].map((text) => element("th", { scope: "col" }, text))),
      ),
      element("tbody", {}, ...rows),
    );
  }

  #settle() {
    const threshold = this.#dragged;
    this.#dragged = null;
    if (threshold !== null && threshold !== this.#data?.clip.threshold) {
      if (this.#data) this.#data = { ...this.#data, clip: { ...this.#data.clip, threshold } };
      this.#tell("threshold", { threshold });
    }
    this.redraw();
  }

  /** @returns {import("../parts/figure.js").Picture} */
  picture() {
    const width = Math.max(320, this.#width);
    const blocks = this.#data?.blocks.slice(0, 8) ?? [];
    const height = SIDE + LOSS_SIDE + 20 * blocks.length + 12;
    return {
      width,
      height,
      paint: (pen) => {
        pen.fillStyle = this.#palette.paper;
        pen.fillRect(0, 0, width, height);
        if (!this.#data) return;
        this.#paintNorms(pen, width);
        pen.save();
        pen.translate(0, SIDE);
        this.#paintLosses(pen, width);
        pen.translate(MARGIN.left, LOSS_SIDE);
        pen.font = `12px ${SANS}`;
        pen.textAlign = "left";
        pen.textBaseline = "top";
        const bars = Math.max(170, ...blocks.map(({ name }) => 6.4 * name.length)); // pixels, about
        blocks.forEach(({ name, share, norm }, i) => {
          pen.fillStyle = this.#palette.accent;
          pen.fillRect(bars, 20 * i + 4, 160 * share, 8);
          pen.fillStyle = this.#palette.ink;
          pen.fillText(name, 0, 20 * i);
          pen.fillText(`${percent(share)}  ${magnitude(norm)}`, bars + 170, 20 * i);
        });
        pen.restore();
      },
    };
  }

  /** The bins of the whole run that are shown. */
  csv() {
    return toCsv([
      ["step", "loss", "norm_before", "norm_after", "clipped_fraction"],
      ...(this.#data?.history.bins ?? []).map((x) => [x.step, x.loss, x.gradNorm, x.clippedNorm, x.clippedFraction]),
    ]);
  }
}
