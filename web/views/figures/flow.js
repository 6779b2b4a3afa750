/**
 * How gradients flow back through time: a triangle under the score (column: the character whose loss is asked about,
 * row: the lag), the lag profile with its reach, and that profile over the whole training. The same lag axis runs
 * through all three, and so does the boundary of truncated backpropagation. Tells of the cursor ("cursor") and of a
 * boundary that was moved ("seqlen").
 */
import { SANS } from "../parts/columns.js";
import { Figure, element, setSlider, sheet } from "../parts/figure.js";
import { fill, magnitude, visible } from "../parts/format.js";
import { Handle } from "../parts/handle.js";
import { fitGradient, scaleChoice } from "../parts/fit.js";
import { Heatmap, makeScales, paintFlow } from "../parts/heatmap.js";
import { ProfileMap, SIDE, lagAtPlace, paintBoundary, paintProfile, placeOfLag } from "./lagcharts.js";
import { scaleLegend } from "../parts/legend.js";
import { describeFlow, flowCsv, flowPicture } from "./flowtold.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../parts/svg.js").Pen} Pen */
/**
 * @typedef {object} FlowData
 * @property {Trace & {flow: Float32Array}} trace
 * @property {Float32Array} profile        of the layer: median over t of |d loss_t / d h_(t-k)|, by lag k
 * @property {import("../parts/columns.js").Layout} layout of the score above
 * @property {number} layer
 * @property {number} step
 * @property {number | null} at      an earlier step that is looked back at
 * @property {number} seqLen               the window of backpropagation
 * @property {import("../parts/history.js").LagHistory} history of this layer
 * @property {Record<string, number> | null} norms spectral norm of each gate's recurrent block
 * @property {number | null} keep          mean share of the state that is kept from one character to the next (gated
 * cells)
 * @property {number | null} keepTen       over ten, where there are so many
 */

const TRIANGLE = 240;

export class FlowView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #scroller;
  #stage;
  #triangle;
  #cursorBar;
  #lagBar;
  #readout;
  #pair;
  #profileCanvas;
  #historyCanvas;
  #slider;
  #sliderValue;
  #legend;
  #handles;
  #heatmap = new Heatmap();
  #map = new ProfileMap();
  /** @type {FlowData | null} */ #data = null;
  /** @type {Float32Array} */ #profile = new Float32Array(0);
  #cursor = 0;
  #lag = 0;
  #stretch = 1;
  /** @type {number | null} where the boundary is being dragged to */ #dragged = null;
  #fixed = false; // whether the scale is the one for comparison
  /** @type {import("../parts/heatmap.js").Scale} */ #scale;
  #resizing = new ResizeObserver(() => this.redraw());

  /** @param {HTMLElement} root @param {import("../parts/figure.js").Options} options */
  constructor(root, { strings, palette }) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    this.#scale = makeScales(palette).gradient;
    const s = strings.flow;
    this.#figure = new Figure(root, {
      name: "flow",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#slider = element("input", { type: "range", min: "4", max: "256", step: "1" });
    this.#sliderValue = element("output");
    this.#slider.addEventListener("input", () => {
      this.#dragged = Number(this.#slider.value);
      this.redraw();
    });
    this.#slider.addEventListener("change", () => this.#settle());
    this.#figure.tools.append(
      element("label", { class: "u-choice" }, s.seqLen, " ", this.#slider, " ", this.#sliderValue),
      scaleChoice(strings.figure, (fixed) => {
        this.#fixed = fixed;
        this.#rescale();
        this.redraw();
      }),
    );
    this.#triangle = element("canvas");
    this.#cursorBar = element("i", { class: "u-cursor" });
    this.#legend = element("div", {}, scaleLegend(this.#scale));
    const label = element("div", { class: "u-stave-label" }, element("span", {}, s.triangle), this.#legend);
    this.#stage = element(
      "div",
      { class: "u-stage" },
      element("div", { class: "u-stave" }, label, element("div", { class: "u-lane" }, this.#triangle)),
      this.#cursorBar,
    );
    this.#lagBar = element("i", { class: "u-row" });
    this.#triangle.after(this.#lagBar);
    this.#scroller = element(
      "div",
      {
        class: "u-scroll",
        tabIndex: 0,
        role: "slider",
        "aria-label": s.cursor,
        "aria-valuemin": "0",
        "aria-valuemax": "0",
        "aria-valuenow": "0",
      },
      this.#stage,
    );
    this.#readout = element("div", { class: "u-readout" }, element("span"));
    this.#profileCanvas = element("canvas");
    this.#historyCanvas = element("canvas");
    this.#pair = element(
      "div",
      { class: "u-flow-pair" },
      element("div", {}, this.#profileCanvas),
      element("div", {}, this.#historyCanvas),
    );
    const handle = (/** @type {HTMLElement} */ box, /** @type {(y: number) => number} */ lagAt) =>
      new Handle(
        box,
        (y) => {
          this.#dragged = Math.round(Math.min(Number(this.#slider.max), Math.max(Number(this.#slider.min), lagAt(y))));
          this.#slider.value = String(this.#dragged);
          this.redraw();
        },
        () => this.#settle(),
      );
    this.#handles = {
      triangle: handle(
        /** @type {HTMLElement} */ (this.#triangle.parentElement),
        (y) => y / this.#lagHeight(this.#data?.trace.sizes.T ?? 1),
      ),
      sides: [...this.#pair.children].map((box) =>
        handle(/** @type {HTMLElement} */ (box), (y) => lagAtPlace(y, this.#lags)),
      ),
    };
    this.#figure.body.append(this.#readout, this.#scroller, this.#pair);
    this.#listen();
    this.#resizing.observe(root);
  }

  get scroller() {
    return this.#scroller;
  }
  get figure() {
    return this.#figure;
  }
  /** [T-1], of what was drawn last. */
  get profile() {
    return this.#profile;
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.#rescale();
    this.redraw();
  }

  /** One scale for the map and both charts, of what they show. */
  #rescale() {
    const { gradient } = makeScales(this.#palette);
    this.#scale = this.#fixed || !this.#data ? gradient : fitGradient(gradient, this.#data.trace.flow);
    this.#legend.replaceChildren(scaleLegend(this.#scale));
  }

  /** @param {FlowData} data */
  draw(data) {
    this.#data = data;
    this.#profile = data.profile;
    this.#rescale();
    if (this.#dragged === null) this.#slider.value = String(data.seqLen);
    this.redraw();
  }

  dispose() {
    this.#resizing.disconnect();
  }

  /** @param {number} t */
  setCursor(t) {
    this.#cursor = t;
    this.#place();
  }

  #boundary() {
    return this.#dragged ?? this.#data?.seqLen ?? 0;
  }
  #lagHeight(/** @type {number} */ T) {
    const ratio = devicePixelRatio || 1;
    return Math.max(1, Math.floor((TRIANGLE * this.#stretch * ratio) / T)) / ratio;
  }

  redraw() {
    if (!this.#data || !this.#scroller.clientWidth) return;
    const { trace, layout } = this.#data;
    const { T } = trace.sizes;
    this.#stage.style.setProperty("--u-label", `${layout.label}px`);
    this.#stage.style.width = `${layout.label + layout.width}px`;
    this.#stage.classList.toggle("u-narrow", !layout.label);
    this.#sliderValue.textContent = String(this.#boundary());
    this.#stretch = this.#figure.stretch(TRIANGLE + SIDE);
    this.#paintTriangle(sheet(this.#triangle, layout.width, this.#lagHeight(T) * T));
    const [profileBox, historyBox] = [...this.#pair.children].map((box) => box.clientWidth);
    const lags = this.#lags;
    paintProfile(sheet(this.#profileCanvas, profileBox, lags.side), profileBox, lags);
    this.#map.paint(sheet(this.#historyCanvas, historyBox, lags.side), historyBox, lags, this.#data);
    this.#handles.triangle.place(Math.min(this.#boundary(), T) * this.#lagHeight(T));
    for (const each of this.#handles.sides) each.place(placeOfLag(this.#boundary(), lags));
    this.#place();
    this.#tell();
  }

  #place() {
    if (!this.#data) return;
    const { trace, layer } = this.#data;
    const { T } = trace.sizes;
    this.#cursor = Math.max(0, Math.min(T - 1, this.#cursor)); // it may have been set for a longer text
    const { column, label } = this.#data.layout;
    this.#cursorBar.style.width = `${column}px`;
    this.#cursorBar.style.transform = `translateX(${label + this.#cursor * column}px)`;
    const lag = Math.min(this.#lag, this.#cursor);
    const height = this.#lagHeight(T);
    this.#lagBar.style.height = `${height}px`;
    this.#lagBar.style.transform = `translateY(${lag * height}px)`;
    const s = this.#strings.flow;
    const text =
      this.#cursor === T - 1
        ? s.atLast
        : fill(s.at, {
            t: this.#cursor,
            token: visible(trace.tokens[this.#cursor]),
            next: visible(trace.tokens[this.#cursor + 1]),
            lag,
            earlier: visible(trace.tokens[this.#cursor - lag]),
            value: magnitude(trace.flow[(layer * T + this.#cursor) * T + this.#cursor - lag]),
          });
    this.#readout.children[0].textContent = text;
    setSlider(this.#scroller, T - 1, this.#cursor, text);
  }

  /** @param {Pen} pen */
  #paintTriangle(pen) {
    const { trace, layout, layer } = /** @type {FlowData} */ (this.#data);
    const { T } = trace.sizes;
    const height = this.#lagHeight(T);
    this.#heatmap.fill(T, T, (pixels) => paintFlow(pixels, trace.flow, this.#scale, { T, lags: T, layer }));
    this.#heatmap.draw(pen, 0, 0, layout.width, height * T);
    const y = Math.min(this.#boundary(), T) * height;
    if (this.#boundary() < T) {
      pen.save();
      pen.globalAlpha = 0.45;
      pen.fillStyle = this.#palette.paper;
      pen.fillRect(0, y, layout.width, height * T - y);
      pen.restore();
    }
    this.#teeth(pen, T, layout.column, height);
    paintBoundary(pen, 0, layout.width, Math.min(y, height * T - 1), this.#palette);
    const above = y > height * T - 20;
    pen.font = `12px ${SANS}`;
    pen.textAlign = "left";
    pen.textBaseline = above ? "bottom" : "top";
    pen.fillStyle = this.#palette.accent;
    // Where the picture is scrolled, the line's name stands wherever one looks.
    const text = fill(this.#strings.flow.boundary, { seqLen: this.#boundary() });
    for (let x = 0; x < layout.width; x += layout.label ? Infinity : 380)
      pen.fillText(text, x + 6, y + (above ? -3 : 4));
  }

  /**
   * Where each window of training begins, seen from each character in it.
   * @param {Pen} pen
   * @param {number} T
   * @param {number} column
   * @param {number} height
   */
  #teeth(pen, T, column, height) {
    const window = this.#boundary();
    pen.strokeStyle = this.#palette.accent;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let start = 0; start < T; start += window) {
      const span = Math.min(window, T - start);
      pen.moveTo(start * column, 0);
      pen.lineTo((start + span) * column, span * height);
      if (span === window) pen.lineTo((start + span) * column, 0);
    }
    pen.stroke();
  }

  /** What the two charts are drawn from. */
  get #lags() {
    const [profile, palette, scale] = [this.#profile, this.#palette, this.#scale];
    const side = SIDE * this.#stretch;
    return { profile, boundary: this.#boundary(), palette, scale, strings: this.#strings.flow, side };
  }

  #tell() {
    this.#figure.setNumbers(describeFlow(/** @type {FlowData} */ (this.#data), this.#profile, this.#strings));
  }

  #settle() {
    const seqLen = this.#dragged;
    this.#dragged = null;
    if (seqLen !== null && seqLen !== this.#data?.seqLen)
      this.dispatchEvent(new CustomEvent("seqlen", { detail: { seqLen } }));
    this.redraw();
  }

  #listen() {
    const tell = (/** @type {number} */ t) => {
      if (!this.#data) return;
      const next = Math.max(0, Math.min(this.#data.trace.sizes.T - 1, t));
      if (next === this.#cursor) return;
      this.setCursor(next);
      this.dispatchEvent(new CustomEvent("cursor", { detail: { t: next } }));
    };
    const point = (/** @type {MouseEvent} */ event) => {
      if (!this.#data) return;
      const box = this.#triangle.getBoundingClientRect();
      this.#lag = Math.max(0, Math.floor((event.clientY - box.top) / this.#lagHeight(this.#data.trace.sizes.T)));
      tell(Math.floor((event.clientX - box.left) / this.#data.layout.column));
      this.#place();
    };
    for (const name of ["pointermove", "click"]) this.#stage.addEventListener(name, point); // a still tap moves nothing
    this.#scroller.addEventListener("scroll", () =>
      this.dispatchEvent(new CustomEvent("scroll", { detail: { left: this.#scroller.scrollLeft } })),
    );
    this.#scroller.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const move = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        PageUp: [-10, 0],
        PageDown: [10, 0],
        Home: [-1e9, 0],
        End: [1e9, 0],
        ArrowUp: [0, -1],
        ArrowDown: [0, 1],
      }[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#lag = Math.max(0, Math.min(this.#cursor, this.#lag + move[1]));
      tell(this.#cursor + move[0]);
      this.#place();
    });
  }

  picture() {
    return flowPicture(this.#data, {
      palette: this.#palette,
      scale: this.#scale,
      title: this.#strings.flow.triangle,
      triangle: this.#lagHeight(this.#data?.trace.sizes.T ?? 1) * (this.#data?.trace.sizes.T ?? 1),
      paintTriangle: (pen) => this.#paintTriangle(pen),
      paintProfile: (pen, width) => paintProfile(pen, width, { ...this.#lags, side: SIDE }),
      paintHistory: (pen, width, data) => this.#map.paint(pen, width, { ...this.#lags, side: SIDE }, data),
    });
  }

  csv() {
    return this.#data ? flowCsv(this.#data) : "";
  }
}
