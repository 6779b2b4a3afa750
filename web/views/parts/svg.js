/**
 * A pen that writes SVG: the part of CanvasRenderingContext2D that the views draw with, so that one paint function
 * serves the screen, PNG and SVG. Only what is listed in Pen is there.
 */

/** @typedef {Pick<CanvasRenderingContext2D, "fillStyle" | "strokeStyle" | "lineWidth" | "font" | "textAlign" |
 * "textBaseline" |
 *   "globalAlpha" | "imageSmoothingEnabled" | "fillRect" | "strokeRect" | "beginPath" | "moveTo" | "lineTo" |
 *   "closePath" | "arc" |
 *   "stroke" | "fill" | "setLineDash" | "save" | "restore" | "translate">
 *   & { fillText(text: string, x: number, y: number): void,
 *       drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void }} Pen */

const ANCHOR = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
const BASELINE = { top: "text-before-edge", middle: "central", bottom: "text-after-edge", alphabetic: "alphabetic" };

/** Every character XML gives a meaning to, and none it forbids. @param {string} text */
const escapeText = (text) =>
  text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const number = (/** @type {number} */ x) => String(Math.round(x * 100) / 100);

export class SvgPen {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  font = "10px sans-serif";
  /** @type {CanvasTextAlign} */ textAlign = "left";
  /** @type {CanvasTextBaseline} */ textBaseline = "alphabetic";
  globalAlpha = 1;
  imageSmoothingEnabled = false;
  /** @type {string[]} */ #parts = [];
  /** @type {number[]} */ #dash = [];
  /** @type {object[]} */ #stack = [];
  #path = "";
  #x = 0;
  #y = 0;

  /** @param {string} body */
  #add(body) {
    this.#parts.push(body);
  }
  #opacity() {
    return this.globalAlpha < 1 ? ` opacity="${number(this.globalAlpha)}"` : "";
  }
  #strokes() {
    const dash = this.#dash.length ? ` stroke-dasharray="${this.#dash.join(" ")}"` : "";
    return `fill="none" stroke="${escapeText(this.strokeStyle)}" stroke-width="${number(this.lineWidth)}"${dash}${this.#opacity()}`;
  }
  #box(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ w, /** @type {number} */ h) {
    return `x="${number(x + this.#x)}" y="${number(y + this.#y)}" width="${number(w)}" height="${number(h)}"`;
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, font, textAlign, textBaseline, globalAlpha } = this;
    this.#stack.push({
      fillStyle,
      strokeStyle,
      lineWidth,
      font,
      textAlign,
      textBaseline,
      globalAlpha,
      at: [this.#x, this.#y, this.#dash],
    });
  }
  restore() {
    const { at, ...state } = /** @type {any} */ (this.#stack.pop());
    Object.assign(this, state);
    [this.#x, this.#y, this.#dash] = at;
  }
  /** @param {number} x @param {number} y */
  translate(x, y) {
    this.#x += x;
    this.#y += y;
  }
  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#dash = dash;
  }
  beginPath() {
    this.#path = "";
  }
  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${number(x + this.#x)} ${number(y + this.#y)}`;
  }
  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `${this.#path ? "L" : "M"}${number(x + this.#x)} ${number(y + this.#y)}`;
  }
  closePath() {
    this.#path += "Z";
  }
  /** Whole circles are all the views draw. @param {number} x @param {number} y @param {number} r */
  arc(x, y, r) {
    const [left, right, middle, radius] = [x + this.#x - r, x + this.#x + r, y + this.#y, number(r)].map((v) =>
      typeof v === "number" ? number(v) : v,
    );
    this.#path += `M${left} ${middle}A${radius} ${radius} 0 1 1 ${right} ${middle}A${radius} ${radius} 0 1 1 ${left} ${middle}`;
  }
  stroke() {
    if (this.#path) this.#add(`<path d="${this.#path}" ${this.#strokes()}/>`);
  }
  fill() {
    if (this.#path) this.#add(`<path d="${this.#path}" fill="${escapeText(this.fillStyle)}"${this.#opacity()}/>`);
  }
  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  fillRect(x, y, w, h) {
    this.#add(`<rect ${this.#box(x, y, w, h)} fill="${escapeText(this.fillStyle)}"${this.#opacity()}/>`);
  }
  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  strokeRect(x, y, w, h) {
    this.#add(`<rect ${this.#box(x, y, w, h)} ${this.#strokes()}/>`);
  }
  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    const { textAlign, textBaseline } = this;
    const baseline = BASELINE[/** @type {keyof typeof BASELINE} */ (textBaseline)];
    this.#add(
      `<text x="${number(x + this.#x)}" y="${number(y + this.#y)}" fill="${escapeText(this.fillStyle)}" style="font:${escapeText(this.font)};white-space:pre" ` +
        `text-anchor="${ANCHOR[textAlign]}" dominant-baseline="${baseline}"${this.#opacity()}>${escapeText(text)}</text>`,
    );
  }
  /** @param {HTMLCanvasElement} image @param {number} x @param {number} y @param {number} w @param {number} h */
  drawImage(image, x, y, w, h) {
    this.#add(
      `<image ${this.#box(x, y, w, h)} preserveAspectRatio="none" style="image-rendering:pixelated" href="${image.toDataURL()}"/>`,
    );
  }

  /** @param {number} width @param {number} height @param {string} title @returns {string} the document */
  document(width, height, title) {
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}">` +
      `<title>${escapeText(title)}</title>${this.#parts.join("")}</svg>`
    );
  }
}
