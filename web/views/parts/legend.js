/** What a scale's colours mean, beside a picture: its two ends named, and its run of colours between them. */
import { SANS } from "./columns.js";
import { cssColour } from "./colours.js";
import { element } from "./figure.js";

/** @typedef {import("./heatmap.js").Scale} Scale */

const PARTS = 16;
const BAR = { left: 34, width: 64, height: 5 };

/** @param {Scale} scale @param {number} n @returns {string[]} evenly spaced colours of it */
const coloursOf = ({ table }, n) =>
  Array.from({ length: n }, (_, i) => cssColour(table[Math.round((i / (n - 1)) * 255)]));

/** How it runs between its ends, where that is not evenly. @param {Scale} scale */
const curveOf = ({ curve }) => (curve ? ` ${curve}` : "");

/** @param {Scale} scale @returns {HTMLElement} */
export function scaleLegend(scale) {
  const bar = element("i", { class: "u-scale" });
  bar.style.background = `linear-gradient(to right, ${coloursOf(scale, PARTS).join(",")})`;
  return element("small", {}, scale.ends[0], bar, scale.ends[1], curveOf(scale));
}

/** The same after its name, one of several in a row. @param {string} name @param {Scale} scale */
export const scaleChip = (name, scale) => element("span", {}, `${name} `, scaleLegend(scale));

/**
 * The same in a picture that is saved, one line high.
 * @param {import("./svg.js").Pen} pen
 * @param {Scale} scale
 * @param {number} x
 * @param {number} y its top
 * @param {string} ink
 */
export function paintLegend(pen, scale, x, y, ink) {
  pen.font = `11px ${SANS}`;
  pen.textBaseline = "top";
  pen.fillStyle = ink;
  pen.textAlign = "right";
  pen.fillText(scale.ends[0], x + BAR.left - 4, y);
  pen.textAlign = "left";
  pen.fillText(scale.ends[1] + curveOf(scale), x + BAR.left + BAR.width + 4, y);
  coloursOf(scale, PARTS).forEach((colour, i) => {
    pen.fillStyle = colour;
    pen.fillRect(x + BAR.left + (i * BAR.width) / PARTS, y + 4, BAR.width / PARTS + 0.2, BAR.height);
  });
}
