/**
 * Are the gates switches or dials? One dot a unit: its share of characters with the gate stuck low against stuck high.
 * And what each unit answers to: its mean value after each character. An RNN has no gates; its tanh units are shown,
 * which saturate all the same.
 */
import { keepsByZ } from "../../core/cells.js";
import { responseMap, saturation } from "../../core/inside/analysis.js";
import { Chart } from "../parts/chart.js";
import { MONO, SANS, signWidth } from "../parts/columns.js";
import { Figure, element, sheet } from "../parts/figure.js";
import { fitScales } from "../parts/fit.js";
import { fill, percent, signed, toCsv, visible } from "../parts/format.js";
import { Heatmap, colourOf, makeScales } from "../parts/heatmap.js";
import { paintLegend, scaleLegend } from "../parts/legend.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("../parts/svg.js").Pen} Pen */
/**
 * @typedef {object} GatesData
 * @property {Trace} trace   of a longer stretch than the score's; needs no flow
 * @property {number} layer
 * @property {Int32Array} rows units from top to bottom
 * @property {number} unit   the one that is pointed at
 */

const MOST_SIDE = 200;
const MARGIN = { left: 40, top: 24, bottom: 38, right: 8 };
const MAP = 256;
const HEAD = 20;
const TITLE = 22; // in a saved picture
const MOST_CHARACTERS = 96;
/** Values of tanh lie in -1..1; theirs is the same tenth at each end. */
const TANH = { low: -0.8, high: 0.8 };

export class GatesView {
  #figure;
  #strings;
  #palette;
  #scatters;
  #map;
  #scroller;
  #readout;
  #row;
  #column;
  #legend;
  /** Of the map. */ #scale;
  #heatmap = new Heatmap();
  /** @type {GatesData | null} */ #data = null;
  /** @type {{name: string, low: Float32Array, high: Float32Array, lowShare: number, highShare: number}[]} */ #gates =
    [];
  /** @type {ReturnType<typeof responseMap>} */ #response = { mean: new Float32Array(0), count: new Int32Array(0) };
  /** @type {number[]} ids, most frequent first where there are too many */ #characters = [];
  #at = { character: 0, row: 0 };
  #width = 0;
  #side = 0;
  #stretch = 1;
  #resizing = new ResizeObserver(() => this.redraw());

  /** @param {HTMLElement} root @param {import("../parts/figure.js").Options} options */
  constructor(root, { strings, palette }) {
    this.#strings = strings;
    this.#palette = palette;
    const s = strings.gates;
    this.#figure = new Figure(root, {
      name: "gates",
      caption: s,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#scatters = element("div", { class: "u-scatters" });
    this.#map = element("canvas");
    this.#row = element("i", { class: "u-row" });
    this.#column = element("i", { class: "u-cursor" });
    this.#scroller = element(
      "div",
      {
        class: "u-scroll",
        role: "slider",
        tabIndex: 0,
        "aria-label": s.map,
        "aria-valuemin": "0",
        "aria-valuemax": "0",
        "aria-valuenow": "0",
      },
      element("div", { class: "u-stage" }, element("div", { class: "u-lane" }, this.#map, this.#row, this.#column)),
    );
    this.#readout = element("div", { class: "u-readout" }, element("span"));
    this.#scale = makeScales(palette).hidden;
    this.#legend = element("span", {}, scaleLegend(this.#scale));
    const head = element("div", { class: "u-map-head" }, element("span", {}, s.mapTitle), this.#legend);
    this.#figure.body.append(
      element(
        "div",
        { class: "u-gates-pair" },
        this.#scatters,
        element("div", {}, head, this.#readout, this.#scroller),
      ),
    );
    this.#listen();
    this.#resizing.observe(this.#figure.body);
  }

  get figure() {
    return this.#figure;
  }

  /** @param {import("../parts/colours.js").Palette} palette */
  setPalette(palette) {
    this.#palette = palette;
    this.#rescale();
    this.redraw();
  }

  #rescale() {
    this.#scale = scaleOfMap(this.#palette, this.#data?.trace.cellType, this.#response.mean);
    this.#legend.replaceChildren(scaleLegend(this.#scale));
  }

  /** @param {GatesData} data */
  draw(data) {
    const { trace, layer, rows, unit } = data;
    const last = this.#data;
    // The row that was chosen in the map stays until another unit is pointed at elsewhere.
    const stays = unit === last?.unit && layer === last.layer ? rows.indexOf(last.rows[this.#at.row]) : -1;
    this.#at.row = Math.max(0, stays < 0 ? rows.indexOf(unit) : stays);
    this.#data = data;
    const { T, H, V } = trace.sizes;
    const names = Object.keys(trace.gates).filter((name) => name !== "g" && name !== "n");
    this.#gates = names.length
      ? names.map((name) => ({ name, ...saturation(trace.gates[name], T, H, { layer }) }))
      : [{ name: "h", ...saturation(trace.hidden, T, H, { layer, ...TANH }) }];
    const s = this.#strings.gates;
    this.#figure.setCaption(names.length ? { title: s.title, read: s.read, look: lookOf(trace, s) } : s.none);
    this.#response = responseMap(trace.hidden, trace.ids, H, V, layer);
    this.#rescale();
    const { count } = this.#response;
    const read = [...count.keys()].filter((id) => count[id] > 0);
    this.#characters =
      read.length <= MOST_CHARACTERS
        ? read
        : read
            .sort((a, b) => count[b] - count[a])
            .slice(0, MOST_CHARACTERS)
            .sort((a, b) => a - b);
    this.#at.character = Math.min(this.#at.character, this.#characters.length - 1);
    this.redraw();
  }

  dispose() {
    this.#resizing.disconnect();
  }

  redraw() {
    const { clientWidth } = this.#figure.body;
    if (!this.#data || clientWidth < 24) return;
    const rows = Math.ceil(this.#gates.length / 2);
    this.#stretch = this.#figure.stretch(Math.max(MAP + HEAD, rows * MOST_SIDE));
    const most = this.#stretch > 1 ? Math.min(MOST_SIDE * this.#stretch, clientWidth / 4) : MOST_SIDE;
    this.#side = Math.floor(Math.min(Math.max(MOST_SIDE, most), (clientWidth - 12) / 2));
    this.#figure.body.style.setProperty("--u-scatters", `${this.#side * Math.min(2, this.#gates.length) + 8}px`);
    this.#width = this.#scroller.clientWidth;
    while (this.#scatters.children.length > this.#gates.length) this.#scatters.lastChild?.remove();
    while (this.#scatters.children.length < this.#gates.length) this.#scatters.append(element("canvas"));
    this.#gates.forEach((_, i) =>
      this.#paintScatter(
        sheet(/** @type {HTMLCanvasElement} */ (this.#scatters.children[i]), this.#side, this.#side),
        i,
      ),
    );
    const { width, height } = this.#mapSize();
    this.#paintMap(sheet(this.#map, width, height + HEAD));
    this.#place();
    const s = this.#strings.gates;
    this.#figure.setNumbers(
      fill(s.summary, {
        T: this.#data.trace.sizes.T,
        gates: this.#gates
          .map(({ name, lowShare, highShare }) =>
            fill(name === "h" ? s.shareTanh : s.share, { name, low: percent(lowShare), high: percent(highShare) }),
          )
          .join(s.between),
      }),
    );
  }

  /** @param {Pen} pen @param {number} index */
  #paintScatter(pen, index) {
    const s = this.#strings.gates;
    const palette = this.#palette;
    const { name, low, high } = this.#gates[index];
    const box = {
      left: MARGIN.left,
      top: MARGIN.top,
      width: this.#side - MARGIN.left - MARGIN.right,
      height: this.#side - MARGIN.top - MARGIN.bottom,
    };
    const tanh = name === "h";
    const chart = new Chart(pen, box, {
      x: { low: 0, high: 1, label: tanh ? s.highTanh : s.high },
      y: { low: 0, high: 1, label: "" },
      palette,
    });
    chart.axes({ x: [0, 0.5, 1], y: [0, 0.5, 1] });
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    pen.fillText(tanh ? s.lowTanh : s.low, 4, box.top - 6);
    pen.fillStyle = palette.ink;
    pen.font = `600 13px ${SANS}`;
    pen.textAlign = "right";
    pen.fillText(tanh ? s.tanh : this.#gateName(name), box.left + box.width, box.top - 5);
    chart.line([0, 1], [1, 0], { colour: palette.rule, width: 1 });
    chart.dots(high, low, { colour: palette.accent, radius: 3, alpha: 0.6 });
    const unit = this.#data?.unit ?? 0;
    chart.dots([high[unit]], [low[unit]], { colour: palette.warn, radius: 4 });
  }

  /** @param {string} name */
  #gateName(name) {
    return /** @type {Record<string, string>} */ (this.#strings.gates.name)[name];
  }

  #mapSize() {
    const ratio = devicePixelRatio || 1;
    const { rows } = /** @type {GatesData} */ (this.#data);
    const n = Math.max(1, this.#characters.length);
    const column = Math.max(10, Math.min(22, Math.floor((this.#width * ratio) / n) / ratio));
    const row = Math.max(1, Math.floor((MAP * this.#stretch * ratio) / rows.length)) / ratio;
    return { column, row, width: column * n, height: row * rows.length };
  }

  /** @param {Pen} pen */
  #paintMap(pen) {
    const {
      trace: {
        vocabulary,
        sizes: { V },
      },
      rows,
    } = /** @type {GatesData} */ (this.#data);
    const { column, width, height } = this.#mapSize();
    const scale = this.#scale;
    const { mean } = this.#response;
    this.#heatmap.fill(this.#characters.length, rows.length, (pixels) => {
      let out = 0;
      for (const unit of rows) for (const id of this.#characters) pixels[out++] = colourOf(scale, mean[unit * V + id]);
    });
    this.#heatmap.draw(pen, 0, HEAD, width, height);
    const tokens = this.#characters.map((id) => visible(vocabulary[id])),
      sign = signWidth(tokens),
      size = Math.min(12, (0.95 * column) / sign);
    pen.font = `${size}px ${MONO}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = this.#palette.ink;
    tokens.forEach((token, i) =>
      pen.fillText(shortened(token, Math.floor(column / (sign * size))), (i + 0.5) * column, HEAD / 2),
    );
  }

  #place() {
    const { trace, rows } = /** @type {GatesData} */ (this.#data);
    const { column, row } = this.#mapSize();
    const { character, row: r } = this.#at;
    this.#row.style.height = `${row}px`;
    this.#row.style.transform = `translateY(${HEAD + r * row}px)`;
    this.#column.style.width = `${column}px`;
    this.#column.style.transform = `translateX(${character * column}px)`;
    const id = this.#characters[character];
    const text = fill(this.#strings.gates.at, {
      unit: rows[r],
      token: visible(trace.vocabulary[id] ?? ""),
      value: signed(this.#response.mean[rows[r] * trace.sizes.V + id] ?? 0),
      count: this.#response.count[id] ?? 0,
    });
    this.#readout.children[0].textContent = text;
    this.#scroller.setAttribute("aria-valuemax", String(this.#characters.length - 1));
    this.#scroller.setAttribute("aria-valuenow", String(character));
    this.#scroller.setAttribute("aria-valuetext", text);
  }

  #listen() {
    const go = (/** @type {number} */ character, /** @type {number} */ row) => {
      if (!this.#data) return;
      this.#at = {
        character: Math.max(0, Math.min(this.#characters.length - 1, character)),
        row: Math.max(0, Math.min(this.#data.rows.length - 1, row)),
      };
      this.#place();
    };
    const point = (/** @type {MouseEvent} */ event) => {
      if (!this.#data) return;
      const box = this.#map.getBoundingClientRect();
      const { column, row } = this.#mapSize();
      go(Math.floor((event.clientX - box.left) / column), Math.floor((event.clientY - box.top - HEAD) / row));
    };
    for (const name of ["pointermove", "click"]) this.#map.addEventListener(name, point); // a still tap moves nothing
    this.#scroller.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const move = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowUp: [0, -1],
        ArrowDown: [0, 1],
        PageUp: [0, -10],
        PageDown: [0, 10],
        Home: [-1e9, 0],
        End: [1e9, 0],
      }[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      go(this.#at.character + move[0], this.#at.row + move[1]);
    });
  }

  /** @returns {import("../parts/figure.js").Picture} */
  picture() {
    const map = this.#data ? this.#mapSize() : { width: 0, height: 0 };
    const width = Math.max(this.#side * this.#gates.length, map.width) + 12;
    const height = this.#side + TITLE + HEAD + map.height + 18;
    return {
      width,
      height,
      paint: (pen) => {
        pen.fillStyle = this.#palette.paper;
        pen.fillRect(0, 0, width, height);
        if (!this.#data) return;
        pen.save();
        this.#gates.forEach((_, i) => {
          this.#paintScatter(pen, i);
          pen.translate(this.#side, 0);
        });
        pen.restore();
        pen.save();
        pen.translate(6, this.#side + 6);
        pen.fillStyle = this.#palette.ink;
        pen.font = `12px ${SANS}`;
        pen.textAlign = "left";
        pen.textBaseline = "top";
        pen.fillText(this.#strings.gates.mapTitle, 0, 0);
        paintLegend(pen, this.#scale, 230, 0, this.#palette.ink);
        pen.translate(0, TITLE);
        this.#paintMap(pen);
        pen.restore();
      },
    };
  }

  /** Saturation of each unit, then its mean value after each character. */
  csv() {
    if (!this.#data) return "";
    const {
      trace: {
        vocabulary,
        sizes: { H, V },
      },
    } = this.#data;
    const rows = Array.from({ length: H }, (_, j) => [
      j,
      ...this.#gates.flatMap(({ low, high }) => [low[j], high[j]]),
      ...this.#characters.map((id) => this.#response.mean[j * V + id]),
    ]);
    return toCsv([
      [
        "unit",
        ...this.#gates.flatMap(({ name }) => [`${name}_low`, `${name}_high`]),
        ...this.#characters.map((id) => `mean h after ${visible(vocabulary[id])}`),
      ],
      ...rows,
    ]);
  }
}

/** A token as its column has room for: one sign at least. @param {string} token @param {number} room signs */
function shortened(token, room) {
  const letters = [...token];
  return letters.length <= room ? token : room < 3 ? letters[0] : `${letters.slice(0, room - 1).join("")}…`;
}

/**
 * The colours of mean states: where these have no ends of their own, those that fit.
 * @param {import("../parts/colours.js").Palette} palette
 * @param {import("../../core/cells.js").CellName | undefined} cellType @param {Float32Array} mean
 */
export const scaleOfMap = (palette, cellType, mean) => fitScales(palette, { cellType, hidden: mean }).hidden;

/**
 * What to look for in a cell's gates.
 * @param {Pick<Trace, "cellType" | "gruReset">} trace
 * @param {{look: string, lookBefore: string, lookAfter: string}} strings
 */
export const lookOf = (trace, { look, lookBefore, lookAfter }) =>
  trace.cellType === "lstm" ? look : keepsByZ(trace) ? lookAfter : lookBefore;
