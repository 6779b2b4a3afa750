/**
 * Networks of two to five kinds side by side: their losses on one chart, by what they read or by how long they learnt,
 * with what simpler guessers reach; how gradients fall with distance and what is made of the context; and their scores
 * under one cursor. Tells of its button ("run" {wanted}), of the tabs of the chart ("by" {by}) and of the kinds that are
 * picked ("cells" {cells}).
 */
import { Figure, element, sheet } from "../parts/figure.js";
import { scaleChoice } from "../parts/fit.js";
import { fillTable } from "../parts/table.js";
import { ScoreView } from "../score/score.js";
import { HEIGHT, paintContext, paintLosses, paintProfiles } from "./charts.js";
import { csvOf, rowsOf, tellOutcome } from "./numbers.js";

/** @typedef {import("./outcome.js").Model} Model */
/** @typedef {import("./outcome.js").By} By */
/** @typedef {Model["cell"]} CellName */
/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../parts/figure.js").Words["score"]} ScoreWords */
/** @typedef {import("../../app/strings/index.js").FigureWords["compare"]} Words of this figure */
/**
 * @typedef {object} CompareData
 * @property {Model[]} models
 * @property {{uniform: number, unigram: number, bigram: number} | null} baselines nats
 * @property {By} by what nobody is ahead by
 * @property {boolean} running
 * @property {number} seqLen
 */

const FEWEST = 2; // that can be compared
const AT = 0.6; // of the shortest text, where the cursor begins
/** Of the scores, what is read here under the text. @param {CellName} cell */
const shownOf = (cell) => (cell === "attention" ? ["attention", "gradient"] : ["hidden", "gradient"]);

export class CompareView extends EventTarget {
  #figure;
  #strings;
  #scoreOf;
  #palette;
  #units;
  #button;
  /** @type {Record<"losses" | "profiles" | "context", HTMLCanvasElement>} */
  #charts = { losses: element("canvas"), profiles: element("canvas"), context: element("canvas") };
  #table = element("table", { class: "u-blocks" });
  #scores = element("div", { class: "u-scores" });
  /** @type {Map<CellName, ScoreView>} */ #views = new Map();
  /** @type {CompareData | null} */ #data = null;
  /** What the scores show. @type {(Trace | null)[]} */ #scored = [];
  #fixed = false; // whether the axes are those for comparison
  #resizing = new ResizeObserver(() => this.redraw());

  /**
   * @param {HTMLElement} root
   * @param {import("../parts/figure.js").Options & {strings: {compare: Words}, scoreOf: (cell: CellName) => ScoreWords,
   * units: number, cells: readonly CellName[], picked: readonly CellName[]}} options scoreOf: the words of a kind's score; units: its
   * rows; cells: the kinds there are; picked: at first
   */
  constructor(root, { strings, scoreOf, palette, units, cells, picked }) {
    super();
    this.#strings = strings;
    this.#scoreOf = scoreOf;
    this.#palette = palette;
    this.#units = units;
    const s = strings.compare;
    this.#figure = new Figure(root, {
      name: "compare",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => csvOf(this.#data?.models ?? []),
    });
    this.#button = element("button", { type: "button" }, s.start);
    this.#button.addEventListener("click", () => this.#tell("run", { wanted: !this.#data?.running }));
    this.#figure.tools.append(
      this.#button,
      scaleChoice(strings.figure, (fixed) => {
        this.#fixed = fixed;
        if (!this.#data) return;
        this.#drawScores(this.#data.models);
        this.redraw();
      }),
    );
    const half = (/** @type {HTMLElement} */ chart) => element("div", {}, chart);
    this.#figure.body.append(
      this.#pick(cells, picked),
      this.#tabs(),
      half(this.#charts.losses),
      element("div", { class: "u-halves" }, half(this.#charts.profiles), half(this.#charts.context)),
      element("div", { class: "u-scroll" }, this.#table),
    );
    this.#figure.root.append(this.#scores); // under what is said of all of them
    this.#resizing.observe(this.#figure.body);
    this.redraw();
  }

  get figure() {
    return this.#figure;
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** A box for each kind, of which so many stay ticked as can be compared. @param {readonly CellName[]} cells @param {readonly CellName[]} picked */
  #pick(cells, picked) {
    const s = this.#strings.compare;
    const boxes = cells.map((cell) =>
      element("input", { type: "checkbox", value: cell, checked: picked.includes(cell) }),
    );
    const bound = () => {
      const ticked = boxes.filter(({ checked }) => checked);
      for (const box of boxes) box.disabled = box.checked && ticked.length <= FEWEST;
      return ticked.map(({ value }) => value);
    };
    bound();
    for (const box of boxes) box.addEventListener("change", () => this.#tell("cells", { cells: bound() }));
    return element(
      "div",
      { class: "u-chips", role: "group", "aria-label": s.pick },
      ...boxes.map((box, i) => element("label", {}, box, s.cell[cells[i]])),
    );
  }

  /** The two tabs of the chart of losses. */
  #tabs() {
    const s = this.#strings.compare;
    const name = `${this.#figure.root.getAttribute("aria-labelledby")}-by`;
    const tab = (/** @type {By} */ by) => {
      const radio = element("input", { type: "radio", name, value: by, checked: by === "tokens" });
      radio.addEventListener("change", () => this.#tell("by", { by }));
      return element("label", {}, radio, s.by[by]);
    };
    return element(
      "div",
      { class: "u-by", role: "radiogroup", "aria-label": s.byLabel },
      tab("tokens"),
      tab("seconds"),
    );
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    for (const view of this.#views.values()) view.setPalette(palette);
    this.redraw();
  }

  /** @param {CompareData} data */
  draw(data) {
    this.#data = data;
    const traces = data.models.map(({ trace }) => trace);
    const isOld = traces.length === this.#scored.length && traces.every((trace, i) => trace === this.#scored[i]);
    if (!isOld) this.#drawScores(data.models);
    this.#scored = traces;
    this.redraw();
  }

  /** They change when the networks are looked at, the curves at every round. @param {Model[]} models */
  #drawScores(models) {
    const scales = this.#fixed ? { fixed: true } : { fit: together(models.flatMap(({ trace }) => trace ?? [])) };
    for (const [cell, view] of this.#views) {
      if (models.some((model) => model.cell === cell)) continue;
      view.dispose();
      view.figure.root.remove();
      this.#views.delete(cell);
    }
    const shortest = Math.min(...models.map(({ trace }) => trace?.sizes.T ?? Infinity));
    for (const { cell, trace } of models) {
      if (!trace) continue;
      if (!this.#views.has(cell)) this.#open(cell, Math.floor(AT * shortest));
      /** @type {ScoreView} */ (this.#views.get(cell)).draw(trace, { step: trace.step, scales });
    }
  }

  clear() {
    this.#data = null;
    this.#scored = [];
    for (const view of this.#views.values()) view.dispose();
    this.#views.clear();
    this.#scores.replaceChildren();
    this.#table.replaceChildren();
    for (const canvas of Object.values(this.#charts)) sheet(canvas, 1, 1);
    this.#figure.setNumbers("");
    this.redraw();
  }

  dispose() {
    this.#resizing.disconnect();
    for (const view of this.#views.values()) view.dispose();
  }

  /**
   * One more score, whose cursor and scrolling the others share.
   * @param {CellName} cell @param {number} t where the cursor begins, if it is the first
   */
  #open(cell, t) {
    const name = this.#strings.compare.cell[cell];
    const score = this.#scoreOf(cell);
    const strings = { ...this.#strings, score: { ...score, title: name, cursor: `${name}. ${score.cursor}` } };
    const view = new ScoreView(this.#scores, {
      strings,
      palette: this.#palette,
      units: this.#units,
      shown: shownOf(cell),
      compact: true,
    });
    const [first] = this.#views.values();
    view.setCursor(first?.cursor ?? t, false);
    this.#views.set(cell, view);
    const others = () => [...this.#views.values()].filter((x) => x !== view);
    view.addEventListener("cursor", (event) => {
      for (const other of others()) other.setCursor(/** @type {CustomEvent} */ (event).detail.t, false);
    });
    view.addEventListener("scroll", (event) => {
      const { left } = /** @type {CustomEvent} */ (event).detail;
      for (const other of others()) if (other.scroller.scrollLeft !== left) other.scroller.scrollLeft = left;
    });
  }

  redraw() {
    const s = this.#strings.compare;
    const data = this.#data;
    this.#button.textContent = data?.running ? s.pause : data ? s.goOn : s.start;
    const shown = Boolean(data?.models.length);
    for (const { parentElement } of Object.values(this.#charts)) parentElement?.toggleAttribute("hidden", !shown);
    if (!data || !shown) return;
    const height = HEIGHT * this.#figure.stretch(2 * HEIGHT);
    this.#paint("losses", paintLosses, data, height);
    this.#paint("profiles", paintProfiles, data, height);
    this.#paint("context", paintContext, data, height);
    fillTable(this.#table, rowsOf(data.models, s));
    this.#figure.setNumbers(tellOutcome(data.models, data.by, s));
  }

  /**
   * @param {"losses" | "profiles" | "context"} name @param {typeof paintLosses} paint @param {CompareData} data
   * @param {number} height
   */
  #paint(name, paint, data, height) {
    const canvas = this.#charts[name];
    const width = canvas.parentElement?.clientWidth ?? 0;
    if (width) paint(sheet(canvas, width, height), data, this.#place(width, height));
  }

  /** @param {number} width @param {number} [height] @returns {import("./charts.js").Place} */
  #place(width, height = HEIGHT) {
    return { width, height, strings: this.#strings.compare, palette: this.#palette, fixed: this.#fixed };
  }

  /** @returns {import("../parts/figure.js").Picture} */
  picture() {
    const width = 520;
    const scores = [...this.#views].map(([cell, view]) => ({ cell, ...view.picture() }));
    const height = 2 * HEIGHT + scores.reduce((sum, score) => sum + score.height + 22, 12);
    const total = Math.max(2 * width, ...scores.map((score) => score.width));
    return {
      width: total,
      height,
      paint: (pen) => {
        pen.fillStyle = this.#palette.paper;
        pen.fillRect(0, 0, total, height);
        const data = this.#data;
        if (!data?.models.length) return;
        paintLosses(pen, data, this.#place(2 * width));
        pen.save();
        pen.translate(0, HEIGHT);
        paintProfiles(pen, data, this.#place(width));
        pen.translate(width, 0);
        paintContext(pen, data, this.#place(width));
        pen.translate(-width, HEIGHT + 6);
        for (const { cell, paint, height: h } of scores) {
          pen.fillStyle = this.#palette.ink;
          pen.font = "600 13px system-ui, sans-serif";
          pen.textAlign = "left";
          pen.textBaseline = "top";
          pen.fillText(this.#strings.compare.cell[cell], 6, 2);
          pen.translate(0, 20);
          paint(pen);
          pen.translate(0, h + 2);
        }
        pen.restore();
      },
    };
  }
}

/** What scales fit that are the same for all. @param {Trace[]} traces @returns {import("../score/staves.js").Fitted} */
function together(traces) {
  const all = (/** @type {"cell" | "hiddenGrad" | "flow"} */ name) => {
    const parts = traces.map((trace) => trace[name] ?? new Float32Array(0));
    const values = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return values;
  };
  return { cell: all("cell"), hiddenGrad: all("hiddenGrad"), flow: all("flow") };
}
