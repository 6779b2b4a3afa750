/**
 * The frame every figure shares: a heading, its controls, the picture, how to read it, what to look for, the same in
 * numbers, and a menu that saves the picture (PNG, SVG) and its data (CSV).
 */
import { sentences } from "./format.js";
import { SvgPen } from "./svg.js";

/**
 * @typedef {object} Picture what can be saved of a figure
 * @property {number} width
 * @property {number} height
 * @property {(pen: import("./svg.js").Pen) => void} paint
 */
/**
 * @typedef {{save: string, png: string, svg: string, csv: string, whole: string, how: string, scale: string,
 * fitted: string, fixed: string}} FigureStrings
 */
/** @typedef {{title: string, read: string, look: string}} Caption */
/**
 * What figures say, in the language of whoever opens them: of the shape of the English words, so that none is asked for
 * that is not there.
 * @typedef {import("../../app/strings/index.js").Strings} Words
 */
/** @typedef {{strings: Words, palette: import("./colours.js").Palette}} Options of a figure */

/**
 * @param {string} tag
 * @param {{[name: string]: any}} [properties] set on the element; `class` and names with a dash or `role` become
 * attributes
 * @param {(Node | string)[]} children
 * @returns {any}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class" || name === "role" || name === "for" || name.includes("-")) node.setAttribute(name, value);
    else Reflect.set(node, name, value);
  }
  node.append(...children);
  return node;
}

/**
 * A labelled choice.
 * @param {string} label
 * @param {[value: string, text: string][]} options
 * @param {string} value
 * @param {(value: string) => void} change
 * @returns {{label: HTMLLabelElement, select: HTMLSelectElement}}
 */
export function choice(label, options, value, change) {
  const select = element("select", {}, ...options.map(([v, text]) => element("option", { value: v }, text)));
  select.value = value;
  select.addEventListener("change", () => change(select.value));
  return { label: element("label", { class: "u-choice" }, label, " ", select), select };
}

/** What a slider says of itself. @param {HTMLElement} slider @param {number} most @param {number} now @param {string} text */
export function setSlider(slider, most, now, text) {
  slider.setAttribute("aria-valuemax", String(most));
  slider.setAttribute("aria-valuenow", String(now));
  slider.setAttribute("aria-valuetext", text);
}

const MOST = 3; // times its usual height a picture is drawn at most
const SPARE = 24; // pixels that what is said may grow by before the picture has another height

export class Figure {
  /** @type {HTMLElement} */ root;
  /** @type {HTMLElement} */ tools = element("div", { class: "u-tools" });
  /** @type {HTMLElement} */ body = element("div", { class: "u-body" });
  /** @type {HTMLElement} */ #numbers = element("p", { class: "u-numbers" });
  /** @type {() => Picture} */ #picture;
  /** @type {() => string} */ #csv;
  #name;
  #title;
  #drawn = 0; // pixels of height its pictures had last

  /**
   * @param {HTMLElement} parent
   * @param {{name: string, caption: Caption, strings: FigureStrings, picture: () => Picture, csv: () => string}}
   * options
   */
  constructor(parent, { name, caption, strings, picture, csv }) {
    this.#name = name;
    this.#title = caption.title;
    this.#picture = picture;
    this.#csv = csv;
    const button = (/** @type {string} */ text, /** @type {() => void} */ run) => {
      const node = element("button", { type: "button" }, text);
      node.addEventListener("click", () => {
        menu.open = false;
        run();
      });
      return node;
    };
    const menu = element(
      "details",
      { class: "u-save" },
      element("summary", {}, strings.save),
      element(
        "div",
        {},
        button(strings.png, () => this.savePng()),
        button(strings.svg, () => this.saveSvg()),
        button(strings.csv, () => this.saveCsv()),
      ),
    );
    const whole = element(
      "button",
      { type: "button", class: "u-whole", title: strings.whole, "aria-label": strings.whole },
      element("i"),
    );
    whole.addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.root.requestFullscreen?.().catch(() => {}); // a frame may not
    });
    const titleId = `u-${name}-${Math.random().toString(36).slice(2, 10)}`;
    this.root = element(
      "figure",
      { class: `u-figure u-${name}`, "aria-labelledby": titleId },
      element(
        "div",
        { class: "u-head" },
        element("h3", { id: titleId }, caption.title),
        element("div", { class: "u-buttons" }, whole, menu),
      ),
      this.tools,
      this.body,
      element(
        "figcaption",
        {},
        this.#numbers,
        element(
          "details",
          { class: "u-how" },
          element("summary", {}, strings.how),
          element("p", { class: "u-read" }, caption.read),
          element("p", { class: "u-look" }, caption.look),
        ),
      ),
    );
    parent.append(this.root);
  }

  /** What the picture says now, in words and numbers. @param {string} text "" where there is no picture */
  setNumbers(text) {
    const sentence = sentences(text.charAt(0).toUpperCase() + text.slice(1));
    if (this.#numbers.textContent !== sentence) this.#numbers.textContent = sentence;
  }

  /** Another reading, for a network that shows something else here. @param {Caption} caption */
  setCaption({ title, read, look }) {
    this.#title = title;
    for (const [part, text] of Object.entries({ h3: title, ".u-read": read, ".u-look": look })) {
      const node = /** @type {HTMLElement} */ (this.root.querySelector(part));
      if (node.textContent !== text) node.textContent = text;
    }
  }

  /**
   * Times its usual height that a picture is to have: 1, or on the whole screen what there is room for beside the rest.
   * @param {number} usual pixels of height of all that is stretched, one under another
   */
  stretch(usual) {
    if (!this.root.matches(":fullscreen")) {
      this.#drawn = usual;
      return 1;
    }
    const { paddingTop, paddingBottom } = getComputedStyle(this.root);
    const [top, end] = [this.root.firstElementChild, this.root.querySelector(":scope > figcaption")];
    const all = (end?.getBoundingClientRect().bottom ?? 0) - (top?.getBoundingClientRect().top ?? 0);
    const room = this.root.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) - (all - this.#drawn);
    const height = Math.min(MOST * usual, Math.max(usual, room - SPARE));
    if (Math.abs(height - this.#drawn) >= SPARE) this.#drawn = height;
    return this.#drawn / usual;
  }

  savePng() {
    const { width, height, paint } = this.#picture();
    const canvas = element("canvas", { width: Math.ceil(width * 2), height: Math.ceil(height * 2) });
    const pen = canvas.getContext("2d");
    pen.scale(2, 2);
    paint(pen);
    canvas.toBlob((/** @type {Blob | null} */ blob) => blob && download(blob, `unrolled-${this.#name}.png`));
  }

  saveSvg() {
    download(new Blob([this.svg()], { type: "image/svg+xml" }), `unrolled-${this.#name}.svg`);
  }

  /** @returns {string} the picture as an SVG document */
  svg() {
    const { width, height, paint } = this.#picture();
    const pen = new SvgPen();
    paint(/** @type {any} */ (pen));
    return pen.document(width, height, this.#title);
  }

  saveCsv() {
    download(new Blob([this.#csv()], { type: "text/csv" }), `unrolled-${this.#name}.csv`);
  }
}

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const href = URL.createObjectURL(blob);
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}

/**
 * Sizes a canvas to its CSS size in device pixels; the pen then draws in CSS pixels on a clear sheet.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
 * @returns {CanvasRenderingContext2D}
 */
export function sheet(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}
