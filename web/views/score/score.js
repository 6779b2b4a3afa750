/**
 * The score: one probe text along x, a column for each character, and under it the staves, which share one cursor.
 * Draws what it is given. Tells of the cursor ("cursor"), the layer ("layer"), the unit ("unit"), a new layout
 * ("layout") and scrolling ("scroll").
 */
import { orderUnits } from "../../core/inside/analysis.js";
import { Brushed } from "./brushed.js";
import { layoutColumns } from "../parts/columns.js";
import { Figure, choice, element, sheet } from "../parts/figure.js";
import { fill, visible } from "../parts/format.js";
import { GlyphLayer } from "../parts/glyphs.js";
import { Heatmap } from "../parts/heatmap.js";
import { InTurn } from "../parts/inturn.js";
import { scaleLegend } from "../parts/legend.js";
import { describeCharacter, describeText, describeUnit } from "./readout.js";
import { scoreCsv, scorePicture } from "./file.js";
import { scoreTools } from "./tools.js";
import { paintStave, rowHeight, staveHeight, stavesOf } from "./staves.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("./staves.js").Stave} Stave */
/** @typedef {import("../../core/inside/analysis.js").UnitOrder} UnitOrder */
/**
 * @typedef {{stave: Stave, box: HTMLElement, canvas: HTMLCanvasElement, row: HTMLElement, tools:
 * import("./staves.js").Tools}} Lane
 */

export class ScoreView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #scroller;
  #stage;
  #cursorBar;
  #brushBar;
  #readout;
  #brushed;
  /** @type {Trace | null} */ #trace = null;
  /** @type {Lane[]} */ #lanes = [];
  /** @type {import("../parts/columns.js").Layout} */ #layout = { T: 0, column: 10, label: 0, width: 0 };
  #shape = "";
  #at = { step: 0, window: 0 };
  #layer = 0;
  #cursor = -1; // none was set
  #unit = 0;
  /** @type {import("./staves.js").Tint | null} */ #tint = null;
  /** @type {[number, number] | null} */ #stretch = null;
  /** @type {Float32Array | null} */ #marks = null;
  /** @type {UnitOrder} */ #order = "similarity";
  #rows = new Int32Array(0);
  #opening = new InTurn();
  #late = false; // drawn anew while it opened
  #sortedAt = -1;
  #inside = false;
  #marking = false; // a finger marks a stretch instead of scrolling
  #unitsShown;
  /** @type {Set<string>} */ #closed = new Set();
  /** @type {{layer: HTMLElement, staves: HTMLElement}} */ #slots;
  #available = 0;
  #resizing = new ResizeObserver(() => {
    this.#available = this.#scroller.clientWidth;
    if (this.#lanes.length) this.redraw();
    else setTimeout(() => this.redraw()); // several scores that open together do so one after another
  });

  /**
   * @param {HTMLElement} root
   * @param {{strings: any, palette: import("../parts/colours.js").Palette, name?: string, units?: number, closed?:
   * string[], compact?: boolean}} options
   *   name: of the figure; units: how many are shown at first, 0 for all; closed: staves not shown at first; compact:
   *   no controls but the picture
   */
  constructor(root, { strings, palette, name = "score", units = 32, closed = [], compact = false }) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    this.#unitsShown = units;
    this.#closed = new Set(closed);
    const s = strings.score;
    this.#figure = new Figure(root, {
      name,
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#cursorBar = element("i", { class: "u-cursor" });
    this.#brushBar = element("i", { class: "u-brush", hidden: true });
    this.#stage = element("div", { class: "u-stage" }, this.#brushBar, this.#cursorBar);
    this.#scroller = element(
      "div",
      {
        class: "u-scroll",
        role: "slider",
        tabIndex: 0,
        "aria-label": s.cursor,
        "aria-valuemin": "0",
        "aria-valuemax": "0",
        "aria-valuenow": "0",
      },
      this.#stage,
    );
    this.#readout = element("div", { class: "u-readout" }, element("span"), element("span"));
    this.#brushed = new Brushed(s, (unit) => {
      this.#setUnit(unit);
      this.toggleTint(unit);
    });
    this.#figure.body.append(this.#readout, this.#scroller, this.#brushed.element);
    this.#slots = {
      layer: element("span"),
      staves: element("span", { class: "u-chips", role: "group", "aria-label": s.staves }),
    };
    if (compact) this.#figure.root.classList.add("u-compact");
    else {
      const sorted = () => {
        this.#sort();
        this.redraw();
      };
      const { tools, chips } = scoreTools(
        s,
        { units, order: this.#order },
        {
          order: (order) => {
            this.#order = order;
            sorted();
          },
          units: (wanted) => {
            this.#unitsShown = wanted;
            sorted();
          },
          mark: (on) => {
            this.#marking = on;
            this.#stage.classList.toggle("u-marking", on);
            if (!on) this.setBrush(null);
          },
        },
        this.#slots.staves,
      );
      this.#figure.tools.append(this.#slots.layer, ...tools);
      this.#figure.body.prepend(chips);
    }
    this.#listen();
    this.#resizing.observe(this.#scroller);
  }

  get layer() {
    return this.#layer;
  }
  get cursor() {
    return this.#cursor;
  }
  /** The unit that is pointed at. */
  get unit() {
    return this.#unit;
  }
  /** Units from top to bottom. */
  get rows() {
    return this.#rows;
  }
  get layout() {
    return this.#layout;
  }
  get scroller() {
    return this.#scroller;
  }
  get figure() {
    return this.#figure;
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.#shape = "";
    this.redraw();
  }

  /**
   * @param {Trace} trace
   * @param {{step?: number, window?: number}} [at] training step it was taken at; characters in a window of training,
   * to be marked
   */
  draw(trace, { step = 0, window = 0 } = {}) {
    const fresh =
      this.#trace?.tokens.join("\0") !== trace.tokens.join("\0") ||
      this.#trace.sizes.H !== trace.sizes.H ||
      this.#trace.cellType !== trace.cellType ||
      this.#trace.sizes.L !== trace.sizes.L;
    this.#trace = trace;
    this.#at = { step, window };
    if (fresh) {
      this.#layer = Math.min(this.#layer, trace.sizes.L - 1);
      this.#cursor = Math.min(this.#cursor < 0 ? Math.floor(trace.sizes.T * 0.6) : this.#cursor, trace.sizes.T - 1);
      this.#tint = null;
      this.#stretch = null;
      this.#marks = this.#brushed.find(trace, null, this.#layer);
      this.#buildTools();
    }
    // Rows move rarely: when the network has changed much since, and never under the reader's hand.
    const stale = this.#sortedAt < 0 || step < this.#sortedAt || step > 1.6 * this.#sortedAt + 20;
    if (fresh || (stale && !this.#inside && this.#order !== "index")) this.#sort();
    this.redraw();
  }

  dispose() {
    this.#opening.stop();
    this.#resizing.disconnect();
  }

  #sort() {
    if (!this.#trace) return;
    const { T, H } = this.#trace.sizes;
    const units = orderUnits(this.#trace.hidden, T, H, this.#order, this.#layer);
    const wanted = Math.min(this.#unitsShown || H, H);
    // Of a chain of alike units, evenly spread ones stand for all kinds; of the liveliest, the first.
    this.#rows =
      this.#order === "similarity"
        ? Int32Array.from({ length: wanted }, (_, r) => units[Math.floor((r * H) / wanted)])
        : units.slice(0, wanted);
    if (!this.#rows.includes(this.#unit)) this.#unit = this.#rows[0];
    this.#sortedAt = this.#at.step;
  }

  #buildTools() {
    const trace = /** @type {Trace} */ (this.#trace);
    const s = this.#strings.score;
    this.#slots.layer.replaceChildren();
    if (trace.sizes.L > 1) {
      const layers = Array.from(
        { length: trace.sizes.L },
        (_, k) => /** @type {[string, string]} */ ([String(k), String(k + 1)]),
      );
      this.#slots.layer.append(
        choice(s.layer, layers, String(this.#layer), (value) => this.setLayer(Number(value))).label,
      );
    }
    this.#slots.staves.replaceChildren(
      ...stavesOf(trace, this.#palette)
        .slice(1)
        .map(({ key }) => {
          const box = element("input", { type: "checkbox", checked: !this.#closed.has(key) });
          box.addEventListener("change", () => {
            if (box.checked) this.#closed.delete(key);
            else this.#closed.add(key);
            this.redraw();
          });
          return element("label", {}, box, ` ${this.#label(key)}`);
        }),
    );
  }

  /** @param {string} key */
  #symbol(key) {
    return this.#lanes.find(({ stave }) => stave.key === key)?.stave.symbol ?? key;
  }

  /** @param {string} key */
  #label(key) {
    const s = this.#strings.score;
    return key === "z" ? (this.#trace?.gruReset === "after" ? s.stave.zAfter : s.stave.zBefore) : s.stave[key];
  }

  /** @param {number} layer */
  setLayer(layer) {
    this.#layer = layer;
    this.#sort();
    this.redraw();
    this.dispatchEvent(new CustomEvent("layer", { detail: { layer } }));
  }

  /**
   * Canvases and labels, rebuilt where the set of staves or the columns have changed.
   * @returns {boolean} whether they were
   */
  #build() {
    const trace = /** @type {Trace} */ (this.#trace);
    const available = this.#available;
    const staves = stavesOf(trace, this.#palette).filter(({ key }) => !this.#closed.has(key));
    const shape = [
      available,
      devicePixelRatio,
      staves.map(({ key }) => key).join(),
      trace.tokens.join("\0"),
      this.#rows.length,
      trace.gruReset,
    ].join();
    if (shape === this.#shape) return false;
    this.#shape = shape;
    this.#layout = layoutColumns(trace.tokens, available);
    this.#stage.style.setProperty("--u-label", `${this.#layout.label}px`);
    this.#stage.style.width = `${this.#layout.label + this.#layout.width}px`;
    this.#stage.classList.toggle("u-narrow", !this.#layout.label);
    for (const { box } of this.#lanes) box.remove();
    this.#lanes = staves.map((stave) => {
      const canvas = element("canvas");
      const row = element("i", { class: "u-row", hidden: true });
      const label = element("div", { class: "u-stave-label" }, element("span", {}, this.#label(stave.key)));
      if (stave.scale) label.append(scaleLegend(stave.scale));
      const box = element("div", { class: "u-stave" }, label, element("div", { class: "u-lane" }, canvas, row));
      box.dataset.key = stave.key;
      this.#stage.insertBefore(box, this.#brushBar);
      return { stave, box, canvas, row, tools: { heatmap: new Heatmap(), glyphs: new GlyphLayer() } };
    });
    this.#reveal();
    this.dispatchEvent(new CustomEvent("layout", { detail: this.#layout }));
    return true;
  }

  /** @returns {import("./staves.js").Scene} */
  #scene() {
    return {
      trace: /** @type {Trace} */ (this.#trace),
      layout: this.#layout,
      palette: this.#palette,
      layer: this.#layer,
      rows: this.#rows,
      cursor: this.#cursor,
      tint: this.#tint,
      marks: this.#marks,
    };
  }

  redraw() {
    if (!this.#trace || !this.#available) return;
    const first = !this.#lanes.length;
    const anew = this.#build();
    if (this.#stretch) this.#marks = this.#brushed.find(this.#trace, this.#stretch, this.#layer);
    if (first || (anew && this.#opening.busy))
      this.#opening.run([
        ...this.#lanes.map((lane) => () => this.#drawLane(lane)),
        () => {
          if (this.#late) this.redraw();
        },
      ]);
    else if (!this.#opening.busy) for (const lane of this.#lanes) this.#drawLane(lane);
    this.#late = !first && this.#opening.busy;
    this.#place();
  }

  /** @param {Lane} lane */
  #drawLane({ stave, canvas, tools }) {
    paintStave(stave, sheet(canvas, this.#layout.width, staveHeight(stave, this.#rows.length)), this.#scene(), tools);
  }

  /** Puts the cursor, the unit's row, the brush and the words where they belong; nothing else is drawn anew. */
  #place() {
    const trace = /** @type {Trace} */ (this.#trace);
    const { column, label, T } = this.#layout;
    this.#stage.classList.toggle("u-windows", this.#at.window > 0 && this.#at.window < T);
    this.#stage.style.setProperty("--u-window", `${this.#at.window * column}px`);
    this.#cursorBar.style.width = `${column}px`;
    this.#cursorBar.style.transform = `translateX(${label + this.#cursor * column}px)`;
    const row = this.#rows.indexOf(this.#unit);
    for (const lane of this.#lanes) {
      lane.row.hidden = !lane.stave.values || row < 0;
      const height = rowHeight(lane.stave.key, this.#rows.length);
      lane.row.style.height = `${height}px`;
      lane.row.style.transform = `translateY(${row * height}px)`;
    }
    this.#brushBar.hidden = !this.#stretch;
    if (this.#stretch) {
      const [from, to] = this.#stretch;
      this.#brushBar.style.width = `${(to - from + 1) * column}px`;
      this.#brushBar.style.transform = `translateX(${label + from * column}px)`;
    }
    const s = this.#strings.score;
    const character = describeCharacter(trace, this.#cursor, s);
    const unit = describeUnit(trace, this.#cursor, this.#unit, this.#layer, s);
    this.#readout.children[0].textContent = character;
    this.#readout.children[1].textContent = unit;
    this.#scroller.setAttribute("aria-valuemax", String(T - 1));
    this.#scroller.setAttribute("aria-valuenow", String(this.#cursor));
    this.#scroller.setAttribute("aria-valuetext", `${character}. ${unit}`);
    const tint = this.#tint
      ? fill(s.tintUnit, { unit: this.#tint.unit, symbol: this.#symbol(this.#tint.key) })
      : fill(s.tintInfluence, { token: visible(trace.tokens[this.#cursor]) });
    this.#figure.setNumbers(describeText(trace, { step: this.#at.step, shown: this.#rows.length, tint }, s));
  }

  /** @param {number} t @param {boolean} [tell] */
  setCursor(t, tell = true) {
    if (!this.#trace) return void (this.#cursor = t); // of a link, before there is a text
    const next = Math.max(0, Math.min(this.#trace.sizes.T - 1, t));
    if (next === this.#cursor) return;
    this.#cursor = next;
    if (!this.#tint && this.#lanes.length) this.#drawLane(this.#lanes[0]);
    this.#place();
    if (tell) this.dispatchEvent(new CustomEvent("cursor", { detail: { t: next } }));
  }

  /** @param {number} unit */
  #setUnit(unit) {
    if (unit === this.#unit) return;
    this.#unit = unit;
    this.#place();
    this.dispatchEvent(new CustomEvent("unit", { detail: { unit } }));
  }

  /**
   * Tints the text by a unit's value on a stave; by influence again where it already is.
   * @param {number} unit
   * @param {string} [key]
   */
  toggleTint(unit, key = "hidden") {
    this.#setTint(this.#tint?.unit === unit && this.#tint.key === key ? null : { unit, key });
  }

  /** From stave to stave of the unit, and then by influence again. */
  #nextTint() {
    const keys = this.#lanes.flatMap(({ stave }) => (stave.values ? [stave.key] : []));
    const next = keys[this.#tint?.unit === this.#unit ? keys.indexOf(this.#tint.key) + 1 : 0];
    this.#setTint(next ? { unit: this.#unit, key: next } : null);
  }

  /** @param {import("./staves.js").Tint | null} tint */
  #setTint(tint) {
    this.#tint = tint;
    if (this.#trace && this.#lanes.length) {
      this.#drawLane(this.#lanes[0]);
      this.#place();
    }
  }

  /** @param {[number, number] | null} stretch first and last character */
  setBrush(stretch) {
    if (!this.#trace) return;
    this.#stretch = stretch;
    this.#marks = this.#brushed.find(this.#trace, stretch, this.#layer);
    if (this.#lanes.length) this.#drawLane(this.#lanes[0]);
    this.#place();
  }

  #listen() {
    const at = (/** @type {PointerEvent} */ event) => {
      const box = this.#stage.getBoundingClientRect();
      const t = Math.floor((event.clientX - box.left - this.#layout.label) / this.#layout.column);
      const lane = this.#lanes.find((x) => x.canvas === event.target);
      if (!lane?.stave.values) return { t, unit: null, key: undefined };
      const y = event.clientY - lane.canvas.getBoundingClientRect().top;
      return {
        t,
        unit: this.#rows[Math.floor(y / rowHeight(lane.stave.key, this.#rows.length))] ?? null,
        key: lane.stave.key,
      };
    };
    /** @type {{t: number, unit: number | null, key: string | undefined, moved: boolean} | null} */
    let pressed = null;
    this.#stage.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      const { t, unit } = at(event);
      this.#inside = true;
      if (t < 0) return;
      this.setCursor(t);
      if (unit !== null) this.#setUnit(unit);
      if (pressed && (this.#marking || event.pointerType !== "touch") && t !== pressed.t) pressed.moved = true;
      if (pressed?.moved)
        this.setBrush([Math.max(0, Math.min(pressed.t, t)), Math.min(this.#layout.T - 1, Math.max(pressed.t, t))]);
    });
    this.#stage.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      const place = at(event);
      if (event.button === 0 && place.t >= 0) pressed = { ...place, moved: false };
    });
    this.#stage.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
      if (!pressed) return;
      if (!pressed.moved) {
        this.setCursor(pressed.t);
        if (pressed.unit === null) this.setBrush(null);
        else {
          this.#setUnit(pressed.unit);
          this.toggleTint(pressed.unit, pressed.key);
        }
      }
      pressed = null;
      event.preventDefault();
    });
    this.#stage.addEventListener("pointerleave", () => {
      this.#inside = false;
      pressed = null;
    });
    this.#scroller.addEventListener("scroll", () =>
      this.dispatchEvent(new CustomEvent("scroll", { detail: { left: this.#scroller.scrollLeft } })),
    );
    this.#scroller.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#trace || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#trace.sizes.T - 1;
    const before = this.#cursor;
    const row = this.#rows.indexOf(this.#unit);
    const moves = /** @type {Record<string, () => void>} */ ({
      ArrowLeft: () => this.setCursor(before - 1),
      ArrowRight: () => this.setCursor(before + 1),
      PageDown: () => this.setCursor(before + 10),
      PageUp: () => this.setCursor(before - 10),
      Home: () => this.setCursor(0),
      End: () => this.setCursor(last),
      ArrowUp: () => this.#setUnit(this.#rows[Math.max(0, row - 1)]),
      ArrowDown: () => this.#setUnit(this.#rows[Math.min(this.#rows.length - 1, row + 1)]),
      Enter: () => this.#nextTint(),
      Escape: () => this.setBrush(null),
    });
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
    if (event.shiftKey && this.#cursor !== before) {
      const [from, to] = this.#stretch ?? [before, before];
      const fixed = before === from && from !== to ? to : from; // the end that is not under the cursor
      this.setBrush([Math.min(fixed, this.#cursor), Math.max(fixed, this.#cursor)]);
    }
    this.#reveal();
  }

  #reveal() {
    const { column, label } = this.#layout;
    const [left, right] = [this.#cursor * column, label + (this.#cursor + 1) * column];
    if (left < this.#scroller.scrollLeft) this.#scroller.scrollLeft = left - 4 * column;
    else if (right > this.#scroller.scrollLeft + this.#scroller.clientWidth)
      this.#scroller.scrollLeft = right - this.#scroller.clientWidth + 4 * column;
  }

  picture() {
    const staves = this.#lanes.map(({ stave, tools }) => ({
      stave,
      heatmap: tools.heatmap,
      label: this.#label(stave.key),
    }));
    return scorePicture(staves, this.#trace ? this.#scene() : null, this.#palette);
  }

  csv() {
    return this.#trace ? scoreCsv(this.#trace, this.#layer, this.#palette) : "";
  }
}
