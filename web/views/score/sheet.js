/**
 * The sheet of the score: its columns, a lane for each stave, and the bars that lie over all of them. When it opens, and
 * when it changes meanwhile, lanes are drawn one after another, so that the page is never held for long.
 */
import { layoutColumns } from "../parts/columns.js";
import { setSlider, sheet } from "../parts/figure.js";
import { InTurn } from "../parts/inturn.js";
import { makeLane, makeStage, placeBar, placeHandles, placeRow, rescale, revealColumn } from "./lanes.js";
import { paintStave, rowHeight, staveHeight } from "./staves.js";

/** @typedef {import("./lanes.js").Lane} Lane */
/** @typedef {import("./staves.js").Stave} Stave */
/** @typedef {import("./staves.js").Scene} Scene */

/** Width of the handles: a finger needs more. */
const RAIL = { fine: 16, coarse: 44 };

export class Sheet {
  /** From top to bottom, that of the text first. @type {Lane[]} */ lanes = [];
  /** @type {import("../parts/columns.js").Layout} */ layout = { T: 0, column: 10, label: 0, narrow: false, width: 0 };
  #stage = makeStage();
  #shape = "";
  #opening = new InTurn();
  #late = false; // drawn anew while it opened
  #available = 0;
  #holds;
  #score;
  #resizing = new ResizeObserver(() => {
    this.#available = this.scroller.clientWidth;
    if (this.lanes.length) this.#score.redraw();
    else setTimeout(() => this.#score.redraw()); // several scores that open together do so one after another
  });

  /**
   * @param {boolean} holds whether units have handles
   * @param {{scene: () => Omit<Scene, "layout">, redraw: () => void, laid: () => void}} score laid: there is another layout
   */
  constructor(holds, score) {
    this.#holds = holds;
    this.#score = score;
    this.element.classList.toggle("u-holds", holds);
    this.#resizing.observe(this.scroller);
  }

  get element() {
    return this.#stage.sheet;
  }
  get scroller() {
    return this.#stage.scroller;
  }
  get readout() {
    return this.#stage.readout;
  }
  /** Whether it has a place to be drawn in. */
  get isPlaced() {
    return this.#available > 0;
  }

  /** @returns {Scene} */
  get scene() {
    return { ...this.#score.scene(), layout: this.layout };
  }

  /** All is made anew when it is drawn next. */
  forget() {
    this.#shape = "";
  }

  dispose() {
    this.#opening.stop();
    this.#resizing.disconnect();
  }

  /** @param {Stave[]} staves @param {(key: string) => string} label */
  draw(staves, label) {
    const first = !this.lanes.length;
    const anew = this.#lay(staves, label);
    if (first || (anew && this.#opening.busy))
      this.#opening.run([
        ...this.lanes.map((lane) => () => this.#drawLane(lane)),
        () => {
          if (this.#late) this.#score.redraw();
        },
      ]);
    else if (!this.#opening.busy) for (const lane of this.lanes) this.#drawLane(lane);
    this.#late = !first && this.#opening.busy;
  }

  /** The line of text alone. */
  drawText() {
    if (this.lanes.length) this.#drawLane(this.lanes[0]);
  }

  /** What shows the character at the cursor. @param {boolean} text whether the text does so as well */
  drawCursor(text) {
    if (text) this.drawText();
    for (const lane of this.lanes) if (lane.stave.atCursor) this.#drawLane(lane);
  }

  /**
   * Canvases and labels, rebuilt where the set of staves or the columns have changed.
   * @param {Stave[]} staves @param {(key: string) => string} label
   * @returns {boolean} whether they were
   */
  #lay(staves, label) {
    const { trace, rows } = this.scene;
    const shape = [
      this.#available,
      devicePixelRatio,
      staves.map(({ key, height }) => `${key} ${height}`).join(),
      trace.tokens.join("\0"),
      rows.length,
      trace.gruReset,
    ].join();
    if (shape === this.#shape) {
      this.lanes.forEach((lane, i) => rescale(lane, staves[i]));
      return false;
    }
    this.#shape = shape;
    const rail = this.#holds ? (matchMedia("(pointer: coarse)").matches ? RAIL.coarse : RAIL.fine) : 0;
    this.layout = layoutColumns(trace.tokens, this.#available, rail);
    this.element.style.setProperty("--u-label", `${this.layout.label}px`);
    this.element.style.setProperty("--u-rail", `${rail}px`);
    this.element.style.width = `${this.layout.label + this.layout.width}px`;
    this.element.classList.toggle("u-narrow", this.layout.narrow);
    for (const { box } of this.lanes) box.remove();
    this.lanes = staves.map((stave) => makeLane(stave, label(stave.key)));
    this.#stage.brushBar.before(...this.lanes.map(({ box }) => box));
    this.reveal();
    this.#score.laid();
    return true;
  }

  /** @param {Lane} lane */
  #drawLane({ stave, canvas, tools }) {
    const { scene } = this;
    paintStave(stave, sheet(canvas, this.layout.width, staveHeight(stave, scene.rows.length)), scene, tools);
  }

  /**
   * Puts the bars where they belong; nothing is drawn anew.
   * @param {{stretch: [number, number] | null, window: number, unit: number, heldRow: (key: string) => number | "all" | null}}
   * at window: characters in a window of training; heldRow: what of a stave's units is held
   */
  place({ stretch, window, unit, heldRow }) {
    const { cursor, rows } = this.scene;
    const { column, T } = this.layout;
    this.element.classList.toggle("u-windows", window > 0 && window < T);
    this.element.style.setProperty("--u-window", `${window * column}px`);
    placeBar(this.#stage.cursorBar, this.layout, cursor, cursor);
    this.#stage.brushBar.hidden = !stretch;
    if (stretch) placeBar(this.#stage.brushBar, this.layout, ...stretch);
    const row = rows.indexOf(unit);
    for (const lane of this.lanes) {
      placeRow(lane, row, rows.length);
      if (this.#holds) placeHandles(lane, { row, count: rows.length, held: heldRow(lane.stave.key) });
    }
  }

  /** What the cursor is on. @param {...string} lines */
  say(...lines) {
    lines.forEach((line, i) => (this.readout.children[i].textContent = line));
    setSlider(this.scroller, this.layout.T - 1, this.scene.cursor, lines.filter((line) => line.trim()).join(". "));
  }

  /**
   * Character, unit and stave under a pointer, or the unit whose handle it is over.
   * @param {PointerEvent} event @returns {import("./hand.js").Place}
   */
  placeOf(event) {
    const { rows } = this.scene;
    const box = this.element.getBoundingClientRect();
    const t = Math.floor((event.clientX - box.left - this.layout.label) / this.layout.column);
    const lane = this.lanes.find(({ canvas, rail }) => canvas === event.target || rail === event.target);
    const handle = lane?.rail === event.target;
    if (!lane?.stave.values) return { t, unit: null, key: undefined, handle: false };
    const y = event.clientY - lane.canvas.getBoundingClientRect().top;
    const row = Math.floor(y / rowHeight(lane.stave.key, rows.length));
    return { t, unit: rows[row] ?? null, key: lane.stave.key, handle };
  }

  /** Scrolls until the cursor is seen. */
  reveal() {
    revealColumn(this.scroller, this.layout, this.scene.cursor);
  }
}
