/**
 * The unrolled network: eight cells from left to right with the text running through them. It runs on by itself while
 * the network learns; the pointer or the arrow keys hold a character, and show how its loss is felt further back. A click
 * opens a cell. Tells "cursor" {t} and "unit" {unit} when the reader chose it, and "open" {t, layer} (null: closed).
 */
import { isOrderOld } from "../../core/inside/analysis.js";
import { Figure, element, sheet } from "../parts/figure.js";
import { fitScales, openScales, scaleChoice } from "../parts/fit.js";
import { count, fill, toCsv } from "../parts/format.js";
import { Heatmap } from "../parts/heatmap.js";
import { carried } from "./carried.js";
import { COLUMNS, placeAt, within } from "./geometry.js";
import { countRight, feltBack, sceneOf } from "./scene.js";
import { describe } from "./told.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {{ t: number, layer: number }} Place */

const BEAT = 900; // milliseconds for a character
const PICTURE_WIDTH = 960;

export class UnrolledView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #manner;
  #scales;
  #fixed = false;
  #canvas = element("canvas", { "aria-hidden": "true" });
  #stage;
  /** @type {import("./cell.js").CellPanel | null} fetched when a cell is opened */ #panel = null;
  /** That it is there. @type {Promise<void> | null} */ #fetched = null;
  #legend = element("p", { class: "u-chips" });
  /** What the legend says. @type {unknown[]} */ #meant = [];
  #strip = new Heatmap();
  #sized = new ResizeObserver(() => this.redraw());
  /** @type {Trace | null} */ #trace = null;
  /** @type {import("./paint.js").Scene | null} */ #scene = null;
  /** @type {Record<string, Float32Array> | null} */ #parameters = null;
  #step = 0;
  /** The step that the rows were put in order at. */ #ordered = -1;
  /** Places where the most probable character is the right one. */ #right = 0;
  /** The first character shown. */ #from = 0;
  #cursor = COLUMNS - 1;
  #layer = 0;
  /** @type {Place | null} under the pointer */ #hover = null;
  /** @type {Place | null} */ #open = null;
  #unit = 0;
  #reading = false;
  #timer = 0;

  /**
   * @param {HTMLElement} root
   * @param {import("../parts/figure.js").Options & { manner?: import("./carried.js").Manner }} options
   */
  constructor(root, { strings, palette, manner = carried }) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    this.#manner = manner;
    this.#scales = openScales(palette, {});
    const s = strings.unrolled;
    this.#figure = new Figure(root, {
      name: "unrolled",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#stage = element(
      "div",
      { class: "u-stage", role: "slider", tabIndex: 0, "aria-label": s.cursor, "aria-valuemin": "0" },
      this.#canvas,
    );
    this.#figure.tools.append(
      ...(manner.controls?.(() => this.redraw()) ?? []),
      scaleChoice(strings.figure, (fixed) => {
        this.#fixed = fixed;
        this.#rescale();
        this.redraw();
      }),
    );
    this.#figure.body.append(this.#stage, this.#legend);
    this.#nameColours();
    this.#followPointer();
    this.#followKeys();
    this.#sized.observe(this.#stage);
  }

  get figure() {
    return this.#figure;
  }

  get cursor() {
    return this.#cursor;
  }

  /** The cell that is opened: take() wants the weights then. */
  get open() {
    return this.#open;
  }

  /** What of it is on its way. */
  get fetched() {
    return this.#fetched;
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.#rescale();
    this.redraw();
  }

  /** Fits the scales to a trace, ahead of take(), which does so where nobody did. @param {Trace} trace */
  fit(trace) {
    this.#trace = trace;
    this.#rescale();
  }

  /**
   * Takes a moment over; show() draws it.
   * @param {Trace} trace
   * @param {{step: number, parameters?: Record<string, Float32Array> | null}} moment parameters: of the same moment,
   * for the cell that is opened
   */
  take(trace, { step, parameters = null }) {
    const { T, L, H } = trace.sizes;
    const { rows, H: before } = this.#scene ?? {};
    const old = rows?.length !== L || before !== H || isOrderOld(this.#ordered, step);
    if (old) this.#ordered = step;
    if (trace !== this.#trace) this.fit(trace);
    this.#scene = sceneOf(trace, old ? undefined : rows);
    this.#right = countRight(trace);
    this.#step = step;
    this.#parameters = parameters;
    this.#cursor = Math.min(this.#cursor, T - 1);
    this.#from = Math.max(0, Math.min(this.#from, T - COLUMNS));
    this.#layer = Math.min(this.#layer, L - 1);
    [this.#hover, this.#open] = [this.#hover, this.#open].map((place) => place && within(place, trace.sizes));
  }

  show() {
    this.redraw();
    if (!this.#timer) this.#goOn(); // a beat that is under way is not put off
  }

  /** Whether the text runs on by itself. @param {boolean} reading */
  setReading(reading) {
    if (reading === this.#reading) return;
    if (reading) this.#cursor = Math.min(this.#cursor, this.#from + COLUMNS - 1);
    this.#reading = reading;
    this.redraw();
    this.#goOn();
  }

  /** @param {number} unit whose sums an opened cell works out @param {boolean} [tell] */
  setUnit(unit, tell = true) {
    if (unit === this.#unit) return;
    this.#unit = unit;
    this.#drawCell();
    if (tell) this.dispatchEvent(new CustomEvent("unit", { detail: { unit } }));
  }

  /** @param {number} t @param {boolean} [tell] */
  setCursor(t, tell = true) {
    const next = Math.max(0, Math.min((this.#scene?.T ?? t + 1) - 1, t));
    if (next === this.#cursor) return;
    this.#cursor = next;
    this.#from = Math.max(0, next - COLUMNS + 1, Math.min(this.#from, next));
    if (this.#open) this.#show({ t: next, layer: this.#layer });
    this.redraw();
    if (tell) this.dispatchEvent(new CustomEvent("cursor", { detail: { t: next } }));
  }

  dispose() {
    clearTimeout(this.#timer);
    this.#sized.disconnect();
  }

  // ---- The reader

  #followPointer() {
    const placeOf = (/** @type {MouseEvent} */ event) => {
      const box = this.#canvas.getBoundingClientRect();
      const { column, layer } = placeAt(this.#geometry(), event.clientX - box.left, event.clientY - box.top);
      return { t: Math.min(this.#from + column, (this.#scene?.T ?? 1) - 1), layer };
    };
    const hover = (/** @type {Place | null} */ place) => {
      if (place?.t === this.#hover?.t && place?.layer === this.#hover?.layer) return;
      this.#hover = place;
      this.redraw();
      this.#goOn();
    };
    this.#stage.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (event.pointerType !== "touch") hover(placeOf(event));
    });
    this.#stage.addEventListener("pointerleave", () => hover(null));
    this.#stage.addEventListener("click", (/** @type {MouseEvent} */ event) => {
      const place = placeOf(event);
      const again = this.#open?.t === place.t && this.#open.layer === place.layer;
      this.#layer = place.layer;
      this.#open = null; // moving the cursor would open another in between
      this.setCursor(place.t);
      this.#show(again ? null : place);
    });
  }

  #followKeys() {
    for (const name of ["focus", "blur"]) {
      this.#stage.addEventListener(name, () => {
        this.redraw();
        this.#goOn();
      });
    }
    const last = () => (this.#scene?.T ?? 1) - 1;
    const toLayer = (/** @type {number} */ by) => {
      this.#layer = Math.max(0, Math.min((this.#trace?.sizes.L ?? 1) - 1, this.#layer + by));
      if (this.#open) this.#show({ t: this.#cursor, layer: this.#layer });
      this.redraw();
    };
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowLeft: () => this.setCursor(this.#cursor - 1),
      ArrowRight: () => this.setCursor(this.#cursor + 1),
      Home: () => this.setCursor(0),
      End: () => this.setCursor(last()),
      ArrowUp: () => toLayer(1),
      ArrowDown: () => toLayer(-1),
      Enter: () => this.#show(this.#open ? null : { t: this.#cursor, layer: this.#layer }),
      Escape: () => this.#show(null),
    };
    this.#stage.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (!Object.hasOwn(moves, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      moves[event.key]();
    });
  }

  /** @param {Place | null} place of the cell to be opened */
  #show(place) {
    if (!place && !this.#open) return;
    this.#open = place;
    if (place) this.#fetched ??= this.#fetch();
    else this.#panel?.close();
    this.dispatchEvent(new CustomEvent("open", { detail: place }));
    this.redraw();
    this.#goOn();
  }

  async #fetch() {
    try {
      const panel = await this.#manner.panel({ strings: this.#strings, scales: this.#scales });
      panel.addEventListener("close", () => {
        this.#show(null);
        this.#stage.focus({ preventScroll: true });
      });
      panel.addEventListener("unit", () => this.setUnit(panel.unit));
      panel.setScales(this.#scales);
      this.#figure.body.append(panel.root);
      this.#panel = panel;
      this.redraw();
    } catch (error) {
      this.#fetched = null;
      throw error;
    }
  }

  /** Whether the text is running: nobody holds a character, and nobody asked for less motion. */
  get #running() {
    const held = this.#hover !== null || this.#open !== null || this.#stage.matches(":focus");
    return this.#reading && !held && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  #goOn() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#scene || !this.#running) return;
    this.#timer = window.setTimeout(() => {
      const { T } = /** @type {import("./paint.js").Scene} */ (this.#scene);
      this.setCursor(this.#cursor + 1 < T ? this.#cursor + 1 : 0, false);
      this.#goOn();
    }, BEAT);
  }

  // ---- Drawing

  #geometry(width = this.#stage.clientWidth) {
    return this.#manner.layOut(Math.max(280, width), this.#trace?.sizes.L ?? 1);
  }

  /** The character and layer whose loss is followed back. @returns {Place | null} */
  get #asked() {
    if (this.#hover) return this.#hover;
    return this.#open || this.#stage.matches(":focus") ? { t: this.#cursor, layer: this.#layer } : null;
  }

  /** @returns {import("./paint.js").Look} */
  get #look() {
    const asked = this.#asked;
    const sizes = asked && feltBack(/** @type {Trace} */ (this.#trace), asked.t, asked.layer);
    return {
      from: this.#from,
      cursor: asked?.t ?? this.#cursor,
      read: this.#running ? this.#cursor + 1 : Infinity,
      back: asked && sizes && { layer: asked.layer, sizes, losses: [asked.t] },
      open: this.#open,
    };
  }

  redraw() {
    if (!this.#trace || !this.#scene || this.#scene.trace !== this.#trace) return; // it is not taken over yet
    const geometry = this.#geometry();
    const pen = sheet(this.#canvas, geometry.width, geometry.height);
    this.#manner.paint(pen, this.#scene, this.#look, this.#tools(geometry));
    this.#tell();
    this.#drawCell();
  }

  /** The one that is opened, where its weights are there. */
  #drawCell() {
    if (!this.#open || !this.#parameters || !this.#trace || this.#scene?.trace !== this.#trace) return;
    const unit = Math.min(this.#unit, this.#trace.sizes.H - 1);
    this.#panel?.draw(this.#trace, this.#parameters, { ...this.#open, unit });
  }

  /** @param {import("./geometry.js").Geometry} geometry */
  #tools(geometry) {
    return { geometry, palette: this.#palette, scales: this.#scales, strip: this.#strip };
  }

  /** Scales that fit the whole text, so that they stand while the pointer moves; or the fixed ones. */
  #rescale() {
    const trace = { ...this.#trace, hiddenGrad: this.#trace?.flow };
    this.#scales = this.#fixed ? openScales(this.#palette, trace) : fitScales(this.#palette, trace);
    this.#panel?.setScales(this.#scales);
    if (this.#trace) this.#manner.prepare?.(this.#trace, this.#palette);
    this.#nameColours();
  }

  /** What the colours mean, where that is another than before. */
  #nameColours() {
    const { cell, attention, sizes } = this.#trace ?? {};
    const ends = Object.values(this.#scales).flatMap((scale) => scale.ends);
    const meant = [this.#palette, Boolean(cell), attention?.length, sizes?.L, sizes?.T, ...ends];
    if (meant.every((each, i) => each === this.#meant[i])) return;
    this.#meant = meant;
    this.#legend.replaceChildren(...this.#manner.chips(this.#strings.unrolled, this.#scales, this.#trace));
  }

  /** The same in words. */
  #tell() {
    const trace = /** @type {Trace} */ (this.#trace);
    const { T, H } = trace.sizes;
    const s = this.#strings.unrolled;
    const t = this.#asked?.t ?? this.#cursor;
    const layer = this.#asked?.layer ?? this.#layer;
    this.#stage.setAttribute("aria-valuemax", String(T - 1));
    this.#stage.setAttribute("aria-valuenow", String(t));
    this.#stage.setAttribute("aria-valuetext", describe(trace, t, layer, s, this.#manner.tell?.(trace, t, layer)));
    const shown = this.#scene?.rows[0].length ?? 0;
    this.#figure.setNumbers(fill(s.summary, { step: count(this.#step), right: this.#right, all: T - 1, shown, H }));
  }

  /** @returns {import("../parts/figure.js").Picture} */
  picture() {
    const geometry = this.#geometry(PICTURE_WIDTH);
    return {
      width: geometry.width,
      height: geometry.height,
      paint: (pen) => {
        pen.fillStyle = this.#palette.paper;
        pen.fillRect(0, 0, geometry.width, geometry.height);
        if (this.#scene) this.#manner.paint(pen, this.#scene, { ...this.#look, read: Infinity }, this.#tools(geometry));
      },
    };
  }

  /** The characters shown: what was expected, and how the loss looked at is felt. */
  csv() {
    if (!this.#trace || !this.#scene) return "";
    const { tokens, next, guesses } = this.#scene;
    const { back, from, cursor } = this.#look;
    const layer = this.#asked?.layer ?? this.#layer;
    const { names, of } = this.#manner.columns?.(this.#trace, cursor, layer) ?? { names: [], of: () => [] };
    const rows = tokens.slice(from, from + COLUMNS).map((token, i) => {
      const t = from + i;
      const [{ token: guess, probability }] = guesses(t);
      const size = back?.sizes[t] ?? NaN;
      return [t, token, next[t] ?? "", guess, probability, Number.isNaN(size) ? "" : size, ...of(t)];
    });
    return toCsv([["t", "token", "next", "guess", "probability", "gradient", ...names], ...rows]);
  }
}
