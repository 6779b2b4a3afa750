/**
 * What holding something costs, character by character: the text over bars of the loss that is added at each guess, on a
 * fixed scale, and what the network writes with it and without it, by the same draws.
 */
import { MONO, SANS } from "../parts/columns.js";
import { element } from "../parts/figure.js";
import { toCsv, visible } from "../parts/format.js";
import { alike, describeHeld, paintAdded, paintAddedScale, sampleBoxes } from "../score/held.js";
import { PictureView } from "../parts/picture.js";

/** @typedef {import("../score/held.js").HeldData} HeldData */

const LEFT = 64;
const COLUMN = 8; // pixels of a character at least
const TEXT = 22; // height of the line of text
const BARS = 90;
const FOOT = 14;
const LINE = 17; // of a sample, in a picture that is kept
const SIGN = 7.8; // width of a character of one

/** @extends {PictureView<HeldData>} */
export class HeldView extends PictureView {
  #samples = element("div", { class: "u-samples" });

  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, options) {
    super(root, options, "held");
    this.figure.body.append(this.#samples);
  }

  /** @override */
  least() {
    return LEFT + COLUMN * (this.data?.tokens.length ?? 0);
  }

  /** @override */
  margin() {
    return LEFT;
  }

  /** @override */
  height() {
    return TEXT + BARS + FOOT;
  }

  /** @override @param {HeldData} data */
  draw(data) {
    super.draw(data);
    this.#samples.replaceChildren(...sampleBoxes(data.samples, this.strings));
  }

  /** @override */
  clear() {
    super.clear();
    this.#samples.replaceChildren();
  }

  /** @override @param {import("../parts/svg.js").Pen} pen @param {number} width @param {number} height */
  paint(pen, width, height) {
    const { tokens, added } = /** @type {HeldData} */ (this.data);
    const { palette, strings: s } = this;
    const column = (width - LEFT) / tokens.length;
    const bars = { left: LEFT, top: TEXT + 4, column, height: height - TEXT - FOOT, palette };
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `${Math.min(14, Math.max(7, column * 1.4))}px ${MONO}`;
    pen.fillStyle = palette.ink;
    tokens.forEach((token, t) => pen.fillText(visible(token), LEFT + (t + 0.5) * column, TEXT / 2));
    paintAdded(pen, added, bars);
    paintAddedScale(pen, { right: LEFT - 6, top: bars.top, height: bars.height }, palette.muted);
    pen.font = `11px ${SANS}`;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(s.axis, 0, bars.top + bars.height / 2 - 7);
    pen.fillText(s.unitOfAxis, 0, bars.top + bars.height / 2 + 7);
  }

  /** With the samples under it. @override @returns {import("../parts/figure.js").Picture} */
  picture() {
    const picture = super.picture();
    const { samples } = this.data ?? {};
    if (!samples) return picture;
    const { strings: s, palette } = this;
    const signs = Math.floor((picture.width - 24) / SIGN);
    const same = alike(samples.free, samples.held);
    const blocks = /** @type {const} */ ([
      [s.free, samples.free],
      [s.heldSample, samples.held],
    ]).map(([title, text]) => ({ title, lines: linesOf(text, signs) }));
    const extra = blocks.reduce((sum, { lines }) => sum + LINE * (lines.length + 2), 8);
    return {
      width: picture.width,
      height: picture.height + extra,
      paint: (pen) => {
        pen.fillStyle = palette.paper;
        pen.fillRect(0, picture.height, picture.width, extra);
        picture.paint(pen);
        let y = picture.height + 8;
        pen.textAlign = "left";
        pen.textBaseline = "top";
        for (const { title, lines } of blocks) {
          pen.font = `12px ${SANS}`;
          pen.fillStyle = palette.muted;
          pen.fillText(title, 12, y);
          y += LINE;
          pen.font = `13px ${MONO}`;
          for (const { text, from } of lines) {
            const letters = [...text];
            const pale = Math.max(0, Math.min(letters.length, same - from));
            pen.fillStyle = palette.muted;
            if (pale) pen.fillText(letters.slice(0, pale).join(""), 12, y);
            pen.fillStyle = palette.ink;
            if (pale < letters.length) pen.fillText(letters.slice(pale).join(""), 12 + pale * SIGN, y);
            y += LINE;
          }
          y += LINE;
        }
      },
    };
  }

  /** @override */
  words() {
    return describeHeld(/** @type {HeldData} */ (this.data), this.strings);
  }

  /** @override */
  csv() {
    if (!this.data) return "";
    const { tokens, added, samples } = this.data;
    return toCsv([
      ["t", "token", "added loss of the next"],
      ...tokens.map((token, t) => [t, token, added[t]]),
      ...(samples ? [[], ["sample", "as it is", samples.free], ["sample", "held", samples.held]] : []),
    ]);
  }
}

/**
 * A text in lines of so many characters, its own ends of lines kept.
 * @param {string} text @param {number} most
 * @returns {{ text: string, from: number }[]} from: its place in the text, in characters
 */
function linesOf(text, most) {
  const lines = [];
  let from = 0;
  for (const line of text.split("\n")) {
    const letters = [...line];
    for (let at = 0; at === 0 || at < letters.length; at += most)
      lines.push({ text: letters.slice(at, at + most).join(""), from: from + at });
    from += letters.length + 1;
  }
  return lines;
}
