/** Colours of attention's heads: told apart by lightness as well as by hue. */
import { cssColour, ramp } from "../../parts/colours.js";

const STOPS = {
  light: ["#123f77", "#1fa18e", "#e08a2c", "#a8246b"],
  dark: ["#a9d4ff", "#2fae95", "#f0a04a", "#e8609a"],
};

/** @param {{ dark: boolean }} palette @param {number} heads @returns {string[]} one for each */
export function headColours({ dark }, heads) {
  const table = ramp(STOPS[dark ? "dark" : "light"]);
  return Array.from({ length: heads }, (_, h) => cssColour(table[Math.round((255 * h) / Math.max(1, heads - 1))]));
}
