/** What figures of one picture share: a canvas as wide as its place, drawn anew when that or the colours change. */
import { Figure, element, sheet } from "./figure.js";

/** @typedef {import("./svg.js").Pen} Pen */
/** @typedef {import("./figure.js").Options & { strings: Record<string, any> }} Options with the figure's own words */

const SAVED_WIDTH = 720;
const LEAST = 280;

/** @template D what is drawn */
export class PictureView extends EventTarget {
  /** @type {D | null} */ data = null;
  /** @type {any} its own */ strings;
  /** @type {import("./colours.js").Palette} */ palette;
  /** @type {HTMLCanvasElement} */ canvas;
  /** What stands at the left of the picture, over it where it is scrolled. */
  #margin = element("canvas", { class: "u-margin", "aria-hidden": "true", hidden: true });
  #scroller;
  #figure;
  #sized = new ResizeObserver(() => this.redraw());

  /**
   * @param {HTMLElement} root
   * @param {Options} options
   * @param {string} name of the figure, of its words and of its files
   */
  constructor(root, { strings, palette }, name) {
    super();
    this.strings = strings[name];
    this.palette = palette;
    this.canvas = element("canvas", { role: "img", hidden: true });
    this.#figure = new Figure(root, {
      name,
      caption: this.strings,
      strings: strings.figure,
      picture: () => this.picture(),
      csv: () => this.csv(),
    });
    this.#scroller = element("div", { class: "u-scroll" }, element("div", { class: "u-laid" }, this.canvas));
    this.#figure.body.append(this.#scroller);
    this.#sized.observe(this.#figure.body);
  }

  get figure() {
    return this.#figure;
  }

  /** @param {import("./colours.js").Palette} palette */
  setPalette(palette) {
    this.palette = palette;
    this.redraw();
  }

  /** @param {D} data */
  draw(data) {
    this.data = data;
    this.redraw();
  }

  clear() {
    this.data = null;
    this.#figure.setNumbers("");
    this.canvas.hidden = this.#margin.hidden = true;
  }

  redraw() {
    if (!this.data) return;
    this.canvas.hidden = false;
    const width = Math.max(this.least(), this.#figure.body.clientWidth);
    const usual = this.height(width);
    const height = Math.round(usual * this.#figure.stretch(usual));
    this.paint(/** @type {any} */ (sheet(this.canvas, width, height)), width, height);
    this.#stay(width, height);
    const words = this.words();
    const isSlider = this.canvas.getAttribute("role") === "slider";
    this.canvas.setAttribute("aria-label", isSlider ? this.strings.cursor : words);
    this.#figure.setNumbers(words);
    const isScrolled = width > this.#figure.body.clientWidth && !isSlider;
    if (isScrolled) this.#scroller.setAttribute("tabindex", "0");
    else this.#scroller.removeAttribute("tabindex");
  }

  /** What names the rows is drawn once more, and stays in view. @param {number} width @param {number} height */
  #stay(width, height) {
    const margin = this.margin();
    this.#margin.hidden = !margin || width <= this.#figure.body.clientWidth;
    if (this.#margin.hidden) return;
    if (!this.#margin.isConnected) this.canvas.before(this.#margin);
    this.paint(/** @type {any} */ (sheet(this.#margin, margin, height)), width, height);
    this.#margin.style.marginRight = `${-margin}px`;
  }

  /** Scrolls until a place of the picture is in its middle. @param {number} x */
  reveal(x) {
    this.#scroller.scrollLeft = x - this.#scroller.clientWidth / 2;
  }

  /** Pixels it cannot be read below; where there are fewer it is scrolled. @returns {number} */
  least() {
    return LEAST;
  }

  /** Pixels at the left that say what the rows are: they stay where it is scrolled. @returns {number} */
  margin() {
    return 0;
  }

  /** @returns {import("./figure.js").Picture} */
  picture() {
    const width = Math.max(SAVED_WIDTH, this.data ? this.least() : 0);
    const height = this.data ? this.height(width) : 0;
    return {
      width,
      height,
      paint: (pen) => {
        pen.fillStyle = this.palette.paper;
        pen.fillRect(0, 0, width, height);
        if (this.data) this.paint(pen, width, height);
      },
    };
  }

  dispose() {
    this.#sized.disconnect();
  }

  /** The usual one. @param {number} _width @returns {number} */
  height(_width) {
    return 300;
  }

  /** With data at hand. @param {Pen} _pen @param {number} _width @param {number} _height */
  paint(_pen, _width, _height) {}

  /** What the picture says, computed from its data. @returns {string} */
  words() {
    return "";
  }

  /** @returns {string} */
  csv() {
    return "";
  }
}
