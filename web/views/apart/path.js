/**
 * The path of the state through a text: each state a point on the two axes along which states vary most, joined in the
 * order of reading, coloured by character, place or time; crosses are fixed points of one character. Tells "cursor" {t}.
 */
import { cssColour } from "../parts/colours.js";
import { choice } from "../parts/figure.js";
import { fill, isolated, percent, toCsv, visible } from "../parts/format.js";
import { PictureView } from "../parts/picture.js";
import { MONO, SANS } from "../parts/columns.js";

/**
 * @typedef {object} PathData
 * @property {readonly string[]} tokens [T]
 * @property {Float32Array} points [T,2]
 * @property {number[]} share of the variance, of each axis
 * @property {number} cursor
 * @property {{ t: number, distance: number }[]} near the states nearest to the one at the cursor
 * @property {{ token: string, x: number, y: number, radius: number, unstable: number }[]} fixed
 * @property {string[]} looked characters whose fixed points were looked for
 */

const COLOURS = /** @type {const} */ (["time", "kind", "place"]);
const KINDS = [/^\s+$/, /^[aeiouAEIOU]$/, /^\p{Lu}$/u, /^\p{L}/u, /^\p{N}/u];
const PAD = 28;
const NEAR = 12; // pixels to a point
const LEGEND = 22; // height of the line that says what colours mean
const MORPH = 350; // ms from one moment's path to another's

/** @extends {PictureView<PathData>} */
export class PathView extends PictureView {
  /** @type {typeof COLOURS[number]} */ #colour = "time";
  /** Between the things of a list. */ #comma;
  /** Where the points are drawn: on their way from one moment to another. @type {Float32Array | null} */ #drawn = null;
  #frame = 0;

  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, options) {
    super(root, options, "path");
    const s = this.strings;
    this.#comma = options.strings.figure.list;
    const { label } = choice(
      s.colour,
      COLOURS.map((name) => [name, s.colours[name]]),
      this.#colour,
      (value) => {
        this.#colour = /** @type {typeof COLOURS[number]} */ (value);
        this.redraw();
      },
    );
    this.figure.tools.append(label);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "slider");
    this.canvas.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#go((this.data?.cursor ?? 0) + by);
    });
    for (const name of ["pointermove", "click"]) {
      this.canvas.addEventListener(name, (event) => this.#point(/** @type {PointerEvent} */ (event)));
    }
  }

  /** @override @param {number} width */
  height(width) {
    return Math.round(Math.min(480, width * 0.75)) + LEGEND;
  }

  /** The same text at another moment is reached by a path that changes shape. @override @param {PathData} data */
  draw(data) {
    const from = this.#drawn;
    const before = this.data;
    const isSame = from?.length === data.points.length && before?.tokens.join("\0") === data.tokens.join("\0");
    const moved = isSame && data.points.some((x, i) => x !== before?.points[i]);
    if (isSame && !moved && this.#frame) return this.#take(data); // on its way there
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#take(data);
    if (!from || !moved || matchMedia("(prefers-reduced-motion: reduce)").matches) return this.#show(data.points);
    const began = performance.now();
    const step = () => {
      const part = Math.min(1, (performance.now() - began) / MORPH);
      const eased = part * part * (3 - 2 * part);
      this.#frame = part < 1 ? requestAnimationFrame(step) : 0;
      this.#show(part < 1 ? data.points.map((x, i) => from[i] + eased * (x - from[i])) : data.points);
    };
    step();
  }

  /** @param {PathData} data */
  #take(data) {
    Object.assign(this, { data });
  }

  /** @param {Float32Array} points */
  #show(points) {
    this.#drawn = points;
    this.redraw();
  }

  /** @override */
  clear() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#drawn = null;
    super.clear();
  }

  /** @override */
  dispose() {
    cancelAnimationFrame(this.#frame);
    super.dispose();
  }

  /** @param {number} t */
  #go(t) {
    if (!this.data || t === this.data.cursor || t < 0 || t >= this.data.tokens.length) return;
    this.dispatchEvent(new CustomEvent("cursor", { detail: { t } }));
  }

  /** @param {PointerEvent} event */
  #point(event) {
    if (!this.data) return;
    const box = this.canvas.getBoundingClientRect();
    const place = this.#placing(box.width, box.height);
    let [best, least] = [-1, NEAR];
    this.data.tokens.forEach((_, t) => {
      const [x, y] = place(t);
      const distance = Math.hypot(x - (event.clientX - box.left), y - (event.clientY - box.top));
      if (distance < least) [best, least] = [t, distance];
    });
    if (best >= 0) this.#go(best);
  }

  /** One scale for both axes, so that distances are distances. @param {number} width @param {number} whole height */
  #placing(width, whole) {
    const { fixed, points: reached } = /** @type {PathData} */ (this.data);
    const points = this.#drawn ?? reached;
    const height = whole - LEGEND;
    const all = [...points, ...fixed.flatMap(({ x, y }) => [x, y])];
    const of = (/** @type {number} */ axis) => all.filter((_, i) => i % 2 === axis);
    const [x0, x1, y0, y1] = [0, 1].flatMap((axis) => [Math.min(...of(axis)), Math.max(...of(axis))]);
    const scale = Math.min((width - 2 * PAD) / (x1 - x0 || 1), (height - 2 * PAD) / (y1 - y0 || 1));
    const at = (/** @type {number} */ x, /** @type {number} */ y) =>
      /** @type {[number, number]} */ ([
        width / 2 + (x - (x0 + x1) / 2) * scale,
        height / 2 - (y - (y0 + y1) / 2) * scale,
      ]);
    return Object.assign((/** @type {number} */ t) => at(points[2 * t], points[2 * t + 1]), { at });
  }

  /** @param {number} t */
  #colourAt(t) {
    const { tokens } = /** @type {PathData} */ (this.data);
    if (this.#colour === "kind") {
      const kind = KINDS.findIndex((pattern) => pattern.test(tokens[t]));
      return this.#kinds[kind] ?? this.palette.warn;
    }
    const part = this.#colour === "time" ? t / Math.max(1, tokens.length - 1) : linePart(tokens, t);
    return this.#shade(part);
  }

  /** Colours of the kinds of characters. */
  get #kinds() {
    const { series, ink } = this.palette;
    return [series.before, series.rnn, series.gru, series.lstm, ink];
  }

  /** What the colours mean. @param {Pen} pen @param {number} y */
  #paintLegend(pen, y) {
    const { palette, strings: s } = this;
    pen.font = `11px ${SANS}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    let x = 4;
    const say = (/** @type {string} */ text) => {
      pen.fillStyle = palette.muted;
      pen.fillText(text, x, y);
      x += [...text].reduce((sum, sign) => sum + (sign > "\u2e80" ? 11.5 : 6.2), 0) + 8;
    };
    if (this.#colour === "kind") {
      [...this.#kinds, palette.warn].forEach((colour, kind) => {
        dot(pen, [x + 3, y], 4, colour);
        x += 11;
        say(s.kinds[kind]);
      });
      return;
    }
    const [first, last] = s.ends[this.#colour];
    say(first);
    for (let i = 0; i <= 12; i++) dot(pen, [(x += 7) - 4, y], 3, this.#shade(i / 12));
    x += 8;
    say(last);
  }

  /** @param {number} part 0 to 1 */
  #shade(part) {
    return cssColour(this.palette.sequential[Math.round(60 + 195 * part)]);
  }

  /** @override @param {import("../parts/svg.js").Pen} pen @param {number} width @param {number} height */
  paint(pen, width, height) {
    const { tokens, cursor, near, fixed } = /** @type {PathData} */ (this.data);
    const { palette } = this;
    const place = this.#placing(width, height);
    this.#paintLegend(pen, height - LEGEND / 2);
    pen.strokeStyle = palette.rule;
    pen.lineWidth = 1;
    pen.beginPath();
    tokens.forEach((_, t) => (t ? pen.lineTo(...place(t)) : pen.moveTo(...place(0))));
    pen.stroke();
    tokens.forEach((_, t) => dot(pen, place(t), 3, this.#colourAt(t)));
    pen.font = `12px ${MONO}`;
    pen.textBaseline = "middle";
    for (const { token, x, y, radius } of fixed) {
      cross(pen, place.at(x, y), radius < 1 ? palette.accent : palette.warn);
      pen.textAlign = "left";
      pen.fillText(visible(token), place.at(x, y)[0] + 8, place.at(x, y)[1]);
    }
    pen.strokeStyle = palette.accent;
    pen.lineWidth = 2;
    for (const { t } of near) ring(pen, place(t), 5);
    ring(pen, place(cursor), 8);
    pen.fillStyle = palette.ink;
    pen.textAlign = "left";
    const [x, y] = place(cursor);
    pen.fillText(visible(tokens.slice(Math.max(0, cursor - 4), cursor + 1).join("")), x + 12, y - 10);
    this.#tellSlider();
  }

  #tellSlider() {
    const { tokens, cursor } = /** @type {PathData} */ (this.data);
    this.canvas.setAttribute("aria-valuemin", "0");
    this.canvas.setAttribute("aria-valuemax", String(tokens.length - 1));
    this.canvas.setAttribute("aria-valuenow", String(cursor));
    this.canvas.setAttribute("aria-valuetext", this.#here());
  }

  #here() {
    const { tokens, cursor, near } = /** @type {PathData} */ (this.data);
    const passage = (/** @type {number} */ t) => `“${visible(tokens.slice(Math.max(0, t - 7), t + 1).join(""))}”`;
    return fill(this.strings.at, {
      passage: passage(cursor),
      near: near.map(({ t }) => passage(t)).join(this.#comma) || "–",
    });
  }

  /** @override */
  words() {
    const { share, fixed, looked } = /** @type {PathData} */ (this.data);
    const s = this.strings;
    const points = /** @type {const} */ ([
      [s.stable, fixed.filter(({ unstable }) => !unstable)],
      [s.unstable, fixed.filter(({ unstable }) => unstable)],
    ]).flatMap(([words, some]) => {
      const list = some
        .map(({ token, radius }) => `${isolated(visible(token))} ${radius.toFixed(2)}`)
        .join(this.#comma);
      return list ? [fill(words, { list })] : [];
    });
    const none =
      looked.length && !fixed.length
        ? [fill(s.noneFound, { tokens: looked.map((token) => isolated(visible(token))).join(" ") })]
        : [];
    return [fill(s.summary, { share: percent(share[0] + share[1]) }), this.#here(), ...points, ...none].join(" ");
  }

  /** @override */
  csv() {
    if (!this.data) return "";
    const { tokens, points, fixed } = this.data;
    return toCsv([
      ["t", "token", "first axis", "second axis"],
      ...tokens.map((token, t) => [t, token, points[2 * t], points[2 * t + 1]]),
      ...fixed.map(({ token, x, y, radius }) => [`fixed point, |λ| ${radius.toFixed(4)}`, token, x, y]),
    ]);
  }
}

/** How far into its line a character stands, 0 to 1 over sixty characters. @param {readonly string[]} tokens @param {number} t */
function linePart(tokens, t) {
  let since = 0;
  while (since < 60 && since <= t && !tokens[t - since].includes("\n")) since++;
  return since / 60;
}

/** @typedef {import("../parts/svg.js").Pen} Pen */

/** @param {Pen} pen @param {[number, number]} at @param {number} radius @param {string} colour */
function dot(pen, [x, y], radius, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

/** @param {Pen} pen @param {[number, number]} at @param {number} radius */
function ring(pen, [x, y], radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.stroke();
}

/** @param {Pen} pen @param {[number, number]} at @param {string} colour */
function cross(pen, [x, y], colour) {
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 2.5;
  pen.beginPath();
  pen.moveTo(x - 5, y - 5);
  pen.lineTo(x + 5, y + 5);
  pen.moveTo(x + 5, y - 5);
  pen.lineTo(x - 5, y + 5);
  pen.stroke();
}
