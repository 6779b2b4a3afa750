/**
 * What holding something costs, character by character: the text over bars of the loss that is added where each was
 * guessed, on a fixed scale, and what the network writes with it and without it, by the same draws.
 */
import { MONO, SANS } from "../parts/columns.js";
import { element } from "../parts/figure.js";
import { fill, signed, toCsv, visible } from "../parts/format.js";
import { PictureView } from "../parts/picture.js";

/**
 * @typedef {object} HeldData
 * @property {readonly string[]} tokens [T]
 * @property {Float32Array} added [T] nats at the guess of the token that follows; 0 at the last
 * @property {string} what is held, in words
 * @property {{ free: string, held: string } | null} samples
 */

const MOST = 4; // nats at either end of the scale
const LEFT = 64;
const LINE = 22;
const BARS = 90;

/** @extends {PictureView<HeldData>} */
export class HeldView extends PictureView {
  #samples = element("div", { class: "u-samples" });

  /** @param {HTMLElement} root @param {import("../parts/picture.js").Options} options */
  constructor(root, options) {
    super(root, options, "held");
    this.figure.body.append(this.#samples);
  }

  /** @override */
  height() {
    return LINE + BARS + 16;
  }

  /** @override @param {HeldData} data */
  draw(data) {
    super.draw(data);
    const s = this.strings;
    const { samples } = data;
    const sample = (/** @type {string} */ title, /** @type {string} */ text) =>
      element("figure", {}, element("figcaption", {}, title), element("pre", {}, text));
    this.#samples.replaceChildren(
      ...(samples ? [sample(s.free, samples.free), sample(s.heldSample, samples.held)] : []),
    );
  }

  /** @override @param {import("../parts/svg.js").Pen} pen @param {number} width */
  paint(pen, width) {
    const { tokens, added } = /** @type {HeldData} */ (this.data);
    const { palette, strings: s } = this;
    const column = (width - LEFT) / tokens.length;
    const middle = LINE + 4 + BARS / 2;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `${Math.min(14, Math.max(7, column * 1.4))}px ${MONO}`;
    pen.fillStyle = palette.ink;
    tokens.forEach((token, t) => pen.fillText(visible(token), LEFT + (t + 0.5) * column, LINE / 2));
    added.forEach((x, t) => {
      const size = (Math.min(MOST, Math.abs(x)) / MOST) * (BARS / 2);
      pen.fillStyle = x > 0 ? palette.warn : palette.accent;
      pen.fillRect(LEFT + (t + 1) * column, x > 0 ? middle - size : middle, Math.max(1, column - 1), size); // at the guessed
    });
    pen.strokeStyle = palette.rule;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(LEFT, middle);
    pen.lineTo(width, middle);
    pen.stroke();
    pen.font = `11px ${SANS}`;
    pen.textAlign = "right";
    pen.fillStyle = palette.muted;
    pen.fillText(`+${MOST}`, LEFT - 6, LINE + 10);
    pen.fillText(s.axis, LEFT - 6, middle);
    pen.fillText(`−${MOST}`, LEFT - 6, LINE + BARS - 2);
  }

  /** @override */
  words() {
    const { tokens, added, what } = /** @type {HeldData} */ (this.data);
    const s = this.strings;
    const count = Math.max(1, tokens.length - 1);
    const mean = added.reduce((sum, x) => sum + x, 0) / count;
    const worst = added.indexOf(Math.max(...added));
    const passage = (/** @type {number} */ t) => visible(tokens.slice(Math.max(0, t - 7), t + 1).join(""));
    const said = fill(mean > 0.005 ? s.costs : s.free0, { what, mean: signed(mean), n: count });
    if (added[worst] < 0.05) return said;
    return `${said} ${fill(s.worst, { token: visible(tokens[worst + 1]), passage: passage(worst), added: signed(added[worst]) })}`;
  }

  /** @override */
  csv() {
    if (!this.data) return "";
    const { tokens, added } = this.data;
    return toCsv([["t", "token", "added loss of the next"], ...tokens.map((token, t) => [t, token, added[t]])]);
  }
}
