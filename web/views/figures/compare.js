/**
 * RNN, LSTM and GRU side by side: their losses on one chart with what simpler guessers reach, their lag profiles on one
 * absolute axis, and three scores under one cursor. Tells of its button ("run").
 */
import { lagProfile, reach } from "../../core/inside/analysis.js";
import { Chart } from "../parts/chart.js";
import { Figure, element, sheet } from "../parts/figure.js";
import { count, fill, percent, toCsv } from "../parts/format.js";
import { decadesOf, fitEven, scaleChoice } from "../parts/fit.js";
import { GRADIENT_HIGH, GRADIENT_LOW, onGradientScale } from "../parts/heatmap.js";
import { ScoreView } from "../score/score.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../parts/svg.js").Pen} Pen */
/**
 * @typedef {object} Model
 * @property {"rnn" | "lstm" | "gru"} cell
 * @property {import("../parts/history.js").ClipHistory} history
 * @property {(Trace & {step: number}) | null} trace with its flow
 * @property {{loss: number, accuracy: number} | null} evaluation on the part that is held back
 * @property {number} parameters how many
 * @property {boolean} broken its numbers grew beyond what can be computed
 */
/**
 * @typedef {object} CompareData
 * @property {Model[]} models all at the same step
 * @property {{uniform: number, unigram: number, bigram: number} | null} baselines nats
 * @property {boolean} running
 * @property {number} seqLen
 */

const HEIGHT = 260;
const MARGIN = { left: 44, top: 20, bottom: 36, right: 12 };
/** Of the scores, what is read here under the text. */
const SHOWN = ["hidden", "gradient"];

export class CompareView extends EventTarget {
  #figure;
  #strings;
  #palette;
  #units;
  #button;
  #losses;
  #profiles;
  #table;
  #scores;
  /** @type {Map<Model["cell"], ScoreView>} */ #views = new Map();
  /** @type {CompareData | null} */ #data = null;
  #fixed = false; // whether the axes are those for comparison
  #width = 0;
  #resizing = new ResizeObserver(() => {
    this.#width = this.#losses.parentElement?.clientWidth ?? 0;
    this.redraw();
  });

  /**
   * @param {HTMLElement} root
   * @param {import("../parts/figure.js").Options & {units: number}} options
   */
  constructor(root, { strings, palette, units }) {
    super();
    this.#strings = strings;
    this.#palette = palette;
    this.#units = units;
    const s = strings.compare;
    this.#figure = new Figure(root, {
      name: "compare",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#button = element("button", { type: "button" }, s.start);
    this.#button.addEventListener("click", () =>
      this.dispatchEvent(new CustomEvent("run", { detail: { wanted: !this.#data?.running } })),
    );
    this.#figure.tools.append(
      this.#button,
      scaleChoice(strings.figure, (fixed) => {
        this.#fixed = fixed;
        if (this.#data) this.draw(this.#data);
      }),
    );
    this.#losses = element("canvas");
    this.#profiles = element("canvas");
    this.#table = element("table", { class: "u-blocks" });
    this.#scores = element("div", { class: "u-scores" });
    this.#figure.body.append(
      element("div", { class: "u-halves" }, element("div", {}, this.#losses), element("div", {}, this.#profiles)),
      this.#table,
      this.#scores,
    );
    this.#resizing.observe(/** @type {Element} */ (this.#losses.parentElement));
  }

  get figure() {
    return this.#figure;
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
    const scales = this.#fixed ? { fixed: true } : { fit: together(data.models.flatMap(({ trace }) => trace ?? [])) };
    for (const { cell, trace } of data.models) {
      if (!trace) continue;
      if (!this.#views.has(cell)) this.#open(cell);
      /** @type {ScoreView} */ (this.#views.get(cell)).draw(trace, { step: trace.step, scales });
    }
    this.redraw();
  }

  clear() {
    this.#data = null;
    for (const view of this.#views.values()) view.dispose();
    this.#views.clear();
    this.#scores.replaceChildren();
    this.#table.replaceChildren();
    sheet(this.#losses, 1, 1);
    sheet(this.#profiles, 1, 1);
    this.#figure.setNumbers("");
    this.redraw();
  }

  dispose() {
    this.#resizing.disconnect();
    for (const view of this.#views.values()) view.dispose();
  }

  /** One more score, whose cursor and scrolling the others share. @param {Model["cell"]} cell */
  #open(cell) {
    const s = this.#strings;
    const strings = {
      ...s,
      score: { ...s.score, title: s.compare.cell[cell], cursor: `${s.compare.cell[cell]}. ${s.score.cursor}` },
    };
    const view = new ScoreView(this.#scores, {
      strings,
      palette: this.#palette,
      units: this.#units,
      shown: SHOWN,
      compact: true,
    });
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
    this.#button.textContent = this.#data?.running
      ? this.#strings.compare.pause
      : this.#data
        ? this.#strings.compare.goOn
        : this.#strings.compare.start;
    if (!this.#data || !this.#width) return;
    this.#paintLosses(sheet(this.#losses, this.#width, HEIGHT), this.#width);
    this.#paintProfiles(sheet(this.#profiles, this.#width, HEIGHT), this.#width);
    this.#list();
  }

  /** @param {number} width */
  #box(width) {
    return {
      left: MARGIN.left,
      top: MARGIN.top,
      width: Math.max(40, width - MARGIN.left - MARGIN.right),
      height: HEIGHT - MARGIN.top - MARGIN.bottom,
    };
  }

  /** @param {Pen} pen @param {number} width */
  #paintLosses(pen, width) {
    const { models, baselines } = /** @type {CompareData} */ (this.#data);
    const s = this.#strings.compare;
    const palette = this.#palette;
    const last = Math.max(20, ...models.map(({ history }) => history.last?.step ?? 0));
    const y = this.#lossAxis();
    const chart = new Chart(pen, this.#box(width), {
      x: { low: 0, high: last, label: s.stepAxis },
      y: { ...y, label: s.lossAxis },
      palette,
    });
    chart.axes();
    for (const { cell, history } of models) {
      const { bins } = history;
      chart.line(
        bins.map((x) => x.step),
        bins.map((x) => x.loss),
        { colour: palette.series[cell], width: 2 },
      );
    }
    models.forEach(({ cell }, i) =>
      chart.name(last * 0.04, y.low + (y.high - y.low) * (0.08 + 0.075 * (models.length - 1 - i)), s.cell[cell], {
        colour: palette.series[cell],
        over: true,
      }),
    );
    for (const name of /** @type {const} */ (["uniform", "unigram", "bigram"])) {
      if (baselines) chart.ruleY(baselines[name], s[name], { colour: palette.muted });
    }
  }

  /** What is shown, simpler guessers with it; fixed: from nothing to blind guessing. */
  #lossAxis() {
    const { models, baselines } = /** @type {CompareData} */ (this.#data);
    const top = Math.ceil((baselines?.uniform ?? 5) + 0.5);
    if (this.#fixed) return { low: 0, high: top };
    const losses = models.flatMap(({ history }) => history.bins.map((x) => Math.min(x.loss, top)));
    return fitEven([...losses, ...Object.values(baselines ?? {})]);
  }

  /** @param {Pen} pen @param {number} width */
  #paintProfiles(pen, width) {
    const { models, seqLen } = /** @type {CompareData} */ (this.#data);
    const s = this.#strings.compare;
    const palette = this.#palette;
    const drawn = models.flatMap(({ cell, trace }) => (trace ? [{ cell, profile: profileOf(trace) }] : []));
    const lags = Math.max(8, ...drawn.map(({ profile }) => profile.length));
    const [low, high] = this.#fixed
      ? [GRADIENT_LOW, GRADIENT_HIGH]
      : decadesOf(drawn.flatMap(({ profile }) => [...profile]));
    const chart = new Chart(pen, this.#box(width), {
      x: { low: 0, high: lags, label: s.lagAxis },
      y: { low, high, log: true, label: s.normAxis },
      palette,
    });
    const line = (high - low) / (GRADIENT_HIGH - GRADIENT_LOW); // of text, in powers of ten
    chart.axes();
    if (seqLen < lags) {
      chart.line([seqLen, seqLen], [10 ** low, 10 ** high], {
        colour: palette.muted,
        width: 1,
        dash: [6, 4],
      });
      chart.name(seqLen, 10 ** (high - 0.4 * line), `${s.boundary} `, { colour: palette.muted, align: "right" });
    }
    drawn.forEach(({ cell, profile }, i) => {
      const colour = palette.series[cell];
      chart.line(Float32Array.from(profile.keys()), onGradientScale(profile, low), { colour, width: 2 });
      const at = reach(profile);
      const text = fill(s.reachAt, {
        name: s.cell[cell],
        lag: Number.isFinite(at) ? at : fill(s.beyond, { lag: profile.length - 1 }),
      });
      chart.name(lags, 10 ** (high - (0.8 + 0.85 * i) * line), text, { colour, align: "right" });
      if (at > 0 && Number.isFinite(at)) chart.dots([at], [profile[at]], { colour, radius: 4 });
    });
  }

  /** The same in numbers, a row for each cell. */
  #list() {
    const { models } = /** @type {CompareData} */ (this.#data);
    const s = this.#strings.compare;
    const rows = models.map((model) => {
      const { history, evaluation, broken, parameters } = model;
      const loss = history.bins.at(-1)?.loss ?? history.last?.loss;
      return [
        s.cell[model.cell],
        count(parameters),
        broken ? s.broken : (loss?.toFixed(3) ?? "–"),
        evaluation ? evaluation.loss.toFixed(3) : "–",
        evaluation ? percent(evaluation.accuracy) : "–",
        reachText(model, s),
      ];
    });
    this.#table.replaceChildren(
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...[s.network, s.parameters, s.loss, s.heldOut, s.right, s.reach].map((text) =>
            element("th", { scope: "col" }, text),
          ),
        ),
      ),
      element(
        "tbody",
        {},
        ...rows.map(([name, ...cells]) =>
          element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((text) => element("td", {}, text))),
        ),
      ),
    );
    const [first] = models;
    this.#figure.setNumbers(
      fill(s.summary, {
        step: count(first?.history.last?.step ?? 0),
        cells: models
          .map((model) =>
            fill(s.one, {
              name: s.cell[model.cell],
              loss: model.history.last?.loss.toFixed(2) ?? "–",
              reach: reachText(model, s),
            }),
          )
          .join(s.between),
      }),
    );
  }

  /** @returns {import("../parts/figure.js").Picture} */
  picture() {
    const width = 520;
    const scores = [...this.#views].map(([cell, view]) => ({ cell, ...view.picture() }));
    const height = HEIGHT + scores.reduce((sum, score) => sum + score.height + 22, 12);
    const total = Math.max(2 * width, ...scores.map((score) => score.width));
    return {
      width: total,
      height,
      paint: (pen) => {
        pen.fillStyle = this.#palette.paper;
        pen.fillRect(0, 0, total, height);
        if (!this.#data) return;
        this.#paintLosses(pen, width);
        pen.save();
        pen.translate(width, 0);
        this.#paintProfiles(pen, width);
        pen.restore();
        pen.save();
        pen.translate(0, HEIGHT + 6);
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

  /** Losses by step, then lag profiles. */
  csv() {
    const models = this.#data?.models ?? [];
    /** @type {(string | number)[][]} */
    const rows = [["cell", "what", "step_or_lag", "value"]];
    for (const { cell, history, trace } of models) {
      for (const { step, loss } of history.bins) rows.push([cell, "loss", step, loss]);
      if (trace) profileOf(trace).forEach((norm, lag) => rows.push([cell, "gradient", lag, norm]));
    }
    return toCsv(rows);
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

/** Of the last layer. @param {Trace} trace */
function profileOf({ flow, sizes: { L, T } }) {
  return lagProfile(/** @type {Float32Array} */ (flow), T, L - 1);
}

/** @param {Model} model @param {any} strings */
function reachText({ trace }, strings) {
  if (!trace) return "–";
  const profile = profileOf(trace);
  const lag = reach(profile);
  return Number.isFinite(lag) ? String(lag) : fill(strings.beyond, { lag: profile.length - 1 });
}
