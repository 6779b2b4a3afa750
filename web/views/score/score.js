/**
 * The score: one probe text along x, a column for each character, and under it the staves, which share one cursor.
 * Draws what it is given. Tells of the cursor ("cursor"), the layer ("layer"), the unit ("unit"), a stretch ("brush"), a
 * new layout ("layout") and scrolling ("scroll"); and asks that something be held ("hold"), or that a unit be found for
 * the stretch ("find").
 */
import { keepsByZ } from "../../core/cells.js";
import { Brushed } from "./brushed.js";
import { Figure, element } from "../parts/figure.js";
import { scaleChoice } from "../parts/fit.js";
import { fill, visible } from "../parts/format.js";
import { describeCharacter, describeHeads, describeText, describeUnit } from "./readout.js";
import { scoreCsv, scorePicture } from "./file.js";
import { HoldBar } from "./holding.js";
import { layerChoice, scoreTools, staveBoxes } from "./tools.js";
import { listen } from "./hand.js";
import { gateOf, isHeld } from "./lanes.js";
import { Rows, ordersOf } from "./rows.js";
import { Sheet } from "./sheet.js";
import { ADDED, firstStaves, stavesOf } from "./staves.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */

export class ScoreView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #brushed;
  #sheet;
  /** @type {Trace | null} */ #trace = null;
  #at = { step: 0, window: 0 };
  #layer = 0;
  #cursor = -1; // none was set
  /** @type {import("./staves.js").Tint | null} */ #tint = null;
  /** @type {[number, number] | null} */ #stretch = null;
  /** @type {Float32Array | null} */ #marks = null;
  /** @type {import("./holding.js").Holding | null} */ #holding = null;
  #rows;
  #inside = false;
  /** Those for comparison, or what they fit. @type {{fixed?: boolean, fit?: import("./staves.js").Fitted}} */ #scales;
  #marking = false; // a finger marks a stretch instead of scrolling
  #first;
  /** Staves under the text. @type {Set<string>} */ #shown = new Set();
  #chosen = false; // by the reader
  /** @type {HoldBar | null} */ #holdBar = null;
  /** Orders there are. @type {(orders: readonly string[], order: string) => void} */ #offer = () => {};
  /** @type {{layer: HTMLElement, staves: HTMLElement}} */ #slots;
  /**
   * @param {HTMLElement} root
   * @param {import("../parts/figure.js").Options & {name?: string, units?: number, shown?: string[], compact?: boolean,
   * holds?: boolean, finds?: boolean}} options
   *   name: of the figure; units: how many are shown at first, 0 for all; shown: staves that are at first; compact:
   *   no controls but the picture; holds: whether units can be held; finds: whether one can be found for a stretch
   */
  constructor(
    root,
    { strings, palette, name = "score", units = 32, shown, compact = false, holds = false, finds = false },
  ) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    this.#rows = new Rows(units);
    this.#scales = { fixed: compact }; // those beside each other are compared
    this.#first = shown;
    const s = strings.score;
    this.#figure = new Figure(root, {
      name,
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#brushed = new Brushed(
      s,
      (unit) => {
        this.setUnit(unit);
        this.toggleTint(unit);
      },
      finds ? () => this.#tell("find") : null,
    );
    this.#sheet = new Sheet(holds, {
      scene: () => this.#scene(),
      redraw: () => this.redraw(),
      laid: () => this.#tell("layout", this.layout),
    });
    const { readout, scroller } = this.#sheet;
    scroller.setAttribute("aria-label", s.cursor);
    this.#figure.body.append(readout, scroller, this.#brushed.element);
    if (holds) {
      this.#holdBar = new HoldBar(strings.held, (hold) => this.#tell("hold", { hold }));
      this.#figure.body.append(this.#holdBar.element);
    }
    this.#slots = {
      layer: element("span"),
      staves: element("span", { class: "u-chips", role: "group", "aria-label": s.staves }),
    };
    if (compact) this.#figure.root.classList.add("u-compact");
    else this.#layTools(units);
    listen(this.#sheet.element, scroller, {
      place: (event) => this.#sheet.placeOf(event),
      at: () => ({ t: this.#cursor, last: this.layout.T - 1, stretch: this.#stretch }),
      ready: () => this.#trace !== null,
      marking: () => this.#marking,
      over: (inside) => (this.#inside = inside),
      cursor: (t) => this.setCursor(t),
      unit: (unit) => this.setUnit(unit),
      nextUnit: (by) => this.setUnit(this.#rows.next(this.unit, by)),
      brush: (stretch) => this.setBrush(stretch),
      tint: (unit, key) => this.toggleTint(unit, key),
      nextTint: () => this.#nextTint(),
      hold: (unit, key) => this.#hold(unit, key),
      holdNext: () => holds && this.#hold(this.unit, this.#pointedStave),
      reveal: () => this.#sheet.reveal(),
      scrolled: (left) => this.#tell("scroll", { left }),
    });
  }

  /** @param {number} units that are shown at first */
  #layTools(units) {
    const sorted = (/** @type {Partial<Pick<Rows, "order" | "most">>} */ how) => {
      Object.assign(this.#rows, how);
      this.#sort();
      this.redraw();
    };
    const { tools, chips, offer } = scoreTools(
      this.#strings.score,
      { units, order: this.#rows.order },
      {
        order: (order) => sorted({ order }),
        units: (most) => sorted({ most }),
        mark: (on) => {
          this.#marking = on;
          this.#sheet.element.classList.toggle("u-marking", on);
          if (!on) this.setBrush(null);
        },
      },
      this.#slots.staves,
    );
    this.#offer = offer;
    const scales = scaleChoice(this.#strings.figure, (fixed) => {
      this.#scales = { fixed };
      this.redraw();
    });
    this.#figure.tools.append(this.#slots.layer, ...tools, scales);
    this.#figure.body.prepend(chips);
  }

  get layer() {
    return this.#layer;
  }
  get cursor() {
    return this.#cursor;
  }
  /** The unit that is pointed at. */
  get unit() {
    return this.#rows.pointed;
  }
  /** Units from top to bottom. */
  get rows() {
    return this.#rows.units;
  }
  get layout() {
    return this.#sheet.layout;
  }
  get scroller() {
    return this.#sheet.scroller;
  }
  get figure() {
    return this.#figure;
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.#sheet.forget();
    this.redraw();
  }

  /**
   * @param {Trace} trace
   * @param {{step?: number, window?: number, holding?: import("./holding.js").Holding | null,
   * scales?: {fixed?: boolean, fit?: import("./staves.js").Fitted}}} [at] training step it was taken at; characters in
   * a window of training, to be marked; what is held; scales of all that stand beside each other
   */
  draw(trace, { step = 0, window = 0, holding = null, scales = this.#scales } = {}) {
    this.#scales = scales;
    const fresh =
      this.#trace?.tokens.join("\0") !== trace.tokens.join("\0") ||
      this.#trace.sizes.H !== trace.sizes.H ||
      this.#trace.cellType !== trace.cellType ||
      this.#trace.sizes.L !== trace.sizes.L;
    this.#trace = trace;
    this.#at = { step, window };
    this.#holding = holding;
    this.#holdBar?.draw(holding);
    if (fresh) {
      this.#layer = Math.min(this.#layer, trace.sizes.L - 1);
      this.#cursor = Math.min(this.#cursor < 0 ? Math.floor(trace.sizes.T * 0.6) : this.#cursor, trace.sizes.T - 1);
      this.#tint = null;
      if (this.#stretch) this.#tellBrush(null);
      this.#marks = this.#brushed.find(trace, null, this.#layer);
      if (!this.#chosen) this.#shown = new Set(this.#first ?? firstStaves(trace));
      this.#buildTools();
    }
    if (fresh || (this.#rows.isStale(step) && !this.#inside)) this.#sort(); // never under the reader's hand
    this.redraw();
  }

  dispose() {
    this.#sheet.dispose();
  }

  #sort() {
    if (!this.#trace) return;
    const moved = this.#rows.sort(this.#trace, this.#layer, this.#at.step);
    if (moved) this.#tell("unit", { unit: this.unit });
  }

  #buildTools() {
    const trace = /** @type {Trace} */ (this.#trace),
      orders = ordersOf(trace);
    if (!orders.includes(this.#rows.order)) this.#rows.order = "similarity";
    this.#offer(orders, this.#rows.order);
    this.#slots.layer.replaceChildren(
      ...layerChoice(this.#strings.score, trace.sizes.L, this.#layer, (layer) => this.setLayer(layer)),
    );
    const keys = stavesOf(trace, this.#palette).map(({ key }) => key);
    this.#slots.staves.replaceChildren(
      ...staveBoxes(
        keys.slice(1),
        (key) => this.#label(key),
        this.#shown,
        () => {
          this.#chosen = true;
          this.redraw();
        },
      ),
    );
  }

  /** @param {string} key */
  #symbol(key) {
    return this.#sheet.lanes.find(({ stave }) => stave.key === key)?.stave.symbol ?? key;
  }

  /** @param {string} key */
  #label(key) {
    /** @type {Record<string, string>} */ const names = this.#strings.score.stave;
    return names[key !== "z" ? key : this.#trace && keepsByZ(this.#trace) ? "zAfter" : "zBefore"];
  }

  /** @param {number} layer */
  setLayer(layer) {
    this.#layer = Math.max(0, Math.min(layer, (this.#trace?.sizes.L ?? layer + 1) - 1));
    this.#sort();
    this.redraw();
    this.#tell("layer", { layer: this.#layer });
  }

  /** @returns {Omit<import("./staves.js").Scene, "layout">} */
  #scene() {
    return {
      trace: /** @type {Trace} */ (this.#trace),
      palette: this.#palette,
      layer: this.#layer,
      rows: this.#rows.units,
      cursor: this.#cursor,
      tint: this.#tint,
      marks: this.#marks,
      added: this.#holding?.data?.added ?? null,
    };
  }

  redraw() {
    if (!this.#trace || !this.#sheet.isPlaced) return;
    const [text, ...others] = stavesOf(this.#trace, this.#palette, { ...this.#scales, tint: this.#tint });
    const added = this.#holding?.data ? [ADDED] : [];
    const staves = [text, ...added, ...others.filter(({ key }) => this.#shown.has(key))];
    if (this.#stretch) this.#marks = this.#brushed.find(this.#trace, this.#stretch, this.#layer);
    this.#sheet.draw(staves, (key) => this.#label(key));
    this.#place();
  }

  /** Puts the cursor, the unit's row, the brush and the words where they belong; nothing else is drawn anew. */
  #place() {
    const trace = /** @type {Trace} */ (this.#trace);
    const { units, order } = this.#rows,
      [cursor, unit, stretch] = [this.#cursor, this.unit, this.#stretch];
    this.#sheet.place({ stretch, window: this.#at.window, unit, heldRow: (key) => this.#heldRow(key) });
    this.#holdBar?.point(this.#holdOf(unit, this.#pointedStave), this.#symbol(this.#pointedStave));
    const s = this.#strings.score;
    this.#sheet.say(
      describeCharacter(trace, cursor, this.#holding?.data?.added ?? null, s),
      describeUnit(trace, cursor, unit, { layer: this.#layer, lives: order === "memory" }, s),
      describeHeads(trace, this.#layer, cursor, s),
    );
    const tint = this.#tint
      ? fill(s.tintUnit, { unit: this.#tint.unit, symbol: this.#symbol(this.#tint.key) })
      : fill(s.tintInfluence, { token: visible(trace.tokens[cursor]) });
    this.#figure.setNumbers(describeText(trace, { step: this.#at.step, shown: units.length, tint }, s));
  }

  /** What is held of a stave's units. @param {string} key @returns {number | "all" | null} a row, or all of them */
  #heldRow(key) {
    const { hold } = this.#holding ?? {};
    if (!hold || (hold.layer ?? 0) !== this.#layer || hold.gate !== gateOf(key)) return null;
    return hold.unit === undefined ? "all" : this.#rows.units.indexOf(hold.unit);
  }

  /** The stave that is pointed at: the one that the text is tinted by, or else that of the state. */
  get #pointedStave() {
    const stave = this.#sheet.lanes.find(({ stave }) => stave.key === this.#tint?.key)?.stave;
    return stave && isHeld(stave) ? stave.key : "hidden";
  }

  /** @param {number} unit @param {string} key of a stave */
  #holdOf(unit, key) {
    return { layer: this.#layer, gate: gateOf(key), unit };
  }

  /** Switches a unit off, or lets it go where it is held. @param {number} unit @param {string} [key] of the stave */
  #hold(unit, key = "hidden") {
    const held = this.#heldRow(key);
    const isHeldNow = held !== null && (held === "all" || this.#rows.units[held] === unit);
    this.#tell("hold", { hold: isHeldNow ? null : { ...this.#holdOf(unit, key), value: 0 } });
  }

  /** @param {number} t @param {boolean} [tell] */
  setCursor(t, tell = true) {
    if (!this.#trace) return void (this.#cursor = t); // of a link, before there is a text
    const next = Math.max(0, Math.min(this.#trace.sizes.T - 1, t));
    if (next === this.#cursor) return;
    this.#cursor = next;
    this.#sheet.drawCursor(!this.#tint);
    this.#place();
    if (tell) this.#tell("cursor", { t: next });
  }

  /** @param {number} unit @param {boolean} [tell] */
  setUnit(unit, tell = true) {
    if (unit === this.unit) return;
    this.#rows.point(unit);
    if (this.#trace) this.#place();
    if (tell) this.#tell("unit", { unit });
  }

  /** @param {string} event */
  #tell(event, detail = {}) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }

  /**
   * Tints the text by a unit's value on a stave; by influence again where it already is.
   * @param {number} unit @param {string} [key]
   */
  toggleTint(unit, key = "hidden") {
    this.#setTint(this.#tint?.unit === unit && this.#tint.key === key ? null : { unit, key });
  }

  /** From stave to stave of the unit, and then by influence again. */
  #nextTint() {
    const keys = this.#sheet.lanes.flatMap(({ stave }) => (stave.values ? [stave.key] : []));
    const next = keys[this.#tint?.unit === this.unit ? keys.indexOf(this.#tint.key) + 1 : 0];
    this.#setTint(next ? { unit: this.unit, key: next } : null);
  }

  /** @param {import("./staves.js").Tint | null} tint */
  #setTint(tint) {
    this.#tint = tint;
    if (this.#trace) this.redraw(); // the tint's scale is the stave's
  }

  /** @param {[number, number] | null} stretch first and last character */
  setBrush(stretch) {
    if (!this.#trace) return;
    this.#tellBrush(stretch);
    this.#marks = this.#brushed.find(this.#trace, stretch, this.#layer);
    this.#sheet.drawText();
    this.#place();
  }

  /** @param {[number, number] | null} stretch */
  #tellBrush(stretch) {
    this.#stretch = stretch;
    this.#tell("brush", { stretch });
  }

  picture() {
    const staves = this.#sheet.lanes.map(({ stave, tools }) => ({
      stave,
      heatmap: tools.heatmap,
      label: this.#label(stave.key),
    }));
    return scorePicture(staves, this.#trace ? this.#sheet.scene : null, this.#palette);
  }

  csv() {
    return this.#trace ? scoreCsv(this.#trace, this.#sheet.scene) : "";
  }
}
