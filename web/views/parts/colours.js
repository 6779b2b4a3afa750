/**
 * Colours of the pictures: three scales as lookup tables of 256 pixels, and the page's own colours as strings a canvas
 * takes. The scales run evenly in lightness (OKLab), one hue or blue against orange, so they hold for every kind of
 * colour vision and in grey; their quiet end is the paper, in the light theme and in the dark one.
 */

/**
 * @typedef {object} Palette
 * @property {string} paper
 * @property {string} ink
 * @property {string} muted
 * @property {string} rule
 * @property {string} accent
 * @property {string} warn
 * @property {boolean} dark
 * @property {Record<string, string>} series  colour of a cell type or a curve
 * @property {Uint32Array} diverging   -1..1
 * @property {Uint32Array} sequential  0..1
 * @property {Uint32Array} gradient    the log axis of gradients
 */

const STOPS = {
  light: {
    diverging: ["#0b3a75", "#3f7fb8", "#a9cbe0", "#f8f6f1", "#f2c08a", "#cf6f21", "#7a2f05"],
    sequential: ["#f8f6f1", "#b9d8cf", "#5fa8a3", "#23697a", "#0c2f47"],
    gradient: ["#f8f6f1", "#f5d79a", "#ea9150", "#c2415a", "#701d6b", "#1e0b38"],
  },
  dark: {
    diverging: ["#bfe3ff", "#5ba4dc", "#27517a", "#17191d", "#7a4620", "#df8a3e", "#ffe0b8"],
    sequential: ["#17191d", "#1d4650", "#2f8584", "#86c9ac", "#f3f7d0"],
    gradient: ["#17191d", "#3a1d57", "#8f2c6d", "#dd5a55", "#f8a95a", "#fdf6bf"],
  },
};

/**
 * Told apart by lightness as well as by hue: orange and green of one lightness are one colour to red-blind eyes. The two
 * successors are dashed where lines of all five stand together (DASHES).
 */
const SERIES = {
  light: {
    rnn: "#b4530e",
    lstm: "#2a78c4",
    gru: "#5b1e6b",
    mingru: "#0d8f7a",
    attention: "#c2185b",
    before: "#8a8f98",
    after: "#1d62a6",
  },
  dark: {
    rnn: "#f28c38",
    lstm: "#74b9f2",
    gru: "#e9f5b0",
    mingru: "#4fd1b5",
    attention: "#ff7aa8",
    before: "#868c96",
    after: "#74b9f2",
  },
};

/** @type {Record<string, number[]>} */
export const DASHES = { mingru: [7, 3], attention: [2, 2] };

const PAGE = {
  light: { paper: "#fdfcfa", ink: "#1c1e22", muted: "#5e646e", rule: "#dcd9d2", accent: "#1d62a6", warn: "#b3261e" },
  dark: { paper: "#111316", ink: "#eceae4", muted: "#a2a8b2", rule: "#33373d", accent: "#74b9f2", warn: "#ff8a80" },
};

/** @param {string} hex "#rrggbb" @returns {[number, number, number]} OKLab */
function toOklab(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {number[]} lab OKLab @returns {number} a pixel as ImageData's bytes read as a little-endian word */
function toPixel([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const byte = (/** @type {number} */ x) => {
    const c = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, c)));
  };
  const red = byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = byte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * A lookup table of 256 pixels through evenly spaced colours.
 * @param {string[]} stops "#rrggbb"
 */
export function ramp(stops) {
  const labs = stops.map(toOklab);
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const place = (i / 255) * (labs.length - 1);
    const from = Math.min(labs.length - 2, Math.floor(place));
    return toPixel(labs[from].map((x, c) => x + (labs[from + 1][c] - x) * (place - from)));
  });
}

/** @param {number} pixel @returns {string} as CSS writes it */
export const cssColour = (pixel) => `rgb(${pixel & 255},${(pixel >> 8) & 255},${(pixel >> 16) & 255})`;

/** Black or white text on a pixel? @param {number} pixel */
export const isDark = (pixel) => 0.3 * (pixel & 255) + 0.59 * ((pixel >> 8) & 255) + 0.11 * ((pixel >> 16) & 255) < 140;

/**
 * Whether light text stands on a colour; null where nothing is seen of it.
 * @param {string} colour as a style is computed: rgb(…), oklch(…), color(srgb …)
 */
export function isDarkPaper(colour) {
  const [, space, said] = /^([a-z]+)\((?:(?!none)[a-z][\w-]*\s)?(.*)\)$/.exec(colour) ?? [];
  const parts = said?.match(/none|-?[\d.]+(?:e-?\d+)?/g) ?? [];
  const [first, second, third, alpha = 1] = parts.map((part) => (part === "none" ? 0 : Number(part)));
  if (third === undefined || alpha === 0) return null;
  if (/^ok/.test(space)) return first < 0.6;
  if (/^l/.test(space)) return first < 54; // the same grey
  return 0.3 * first + 0.59 * second + 0.11 * third < (space === "color" ? 0.5 : 128);
}

/**
 * @param {boolean} dark
 * @param {Partial<Record<"paper" | "ink" | "muted" | "rule" | "accent" | "warn", string>>} [page] the page's colours,
 * where it has them
 * @returns {Palette}
 */
export function makePalette(dark, page = {}) {
  const theme = dark ? "dark" : "light";
  return { ...PAGE[theme], ...page, dark, series: SERIES[theme], ...rampsOf(theme) };
}

/** @type {Partial<Record<keyof typeof STOPS, Pick<Palette, "diverging" | "sequential" | "gradient">>>} */
const RAMPS = {};

/** Made once: each figure has a palette. @param {keyof typeof STOPS} theme */
function rampsOf(theme) {
  const { diverging, sequential, gradient } = STOPS[theme];
  return (RAMPS[theme] ??= { diverging: ramp(diverging), sequential: ramp(sequential), gradient: ramp(gradient) });
}

/** Where on an element that is not seen each of the page's colours is read. */
const PLACES = /** @type {const} */ ([
  ["paper", "backgroundColor"],
  ["ink", "color"],
  ["muted", "outlineColor"],
  ["rule", "borderTopColor"],
  ["accent", "borderRightColor"],
  ["warn", "borderBottomColor"],
]);

/**
 * The palette in force at an element: its `--u-…` properties, and dark where their paper is.
 * @param {HTMLElement} element
 */
export function readPalette(element) {
  const probe = element.ownerDocument.createElement("span");
  probe.hidden = true;
  for (const [name, place] of PLACES) probe.style[place] = `var(--u-${name}, transparent)`;
  element.append(probe);
  const computed = getComputedStyle(probe); // of all at once: each look after a change would style the page anew
  const page = Object.fromEntries(
    PLACES.map(([name, place]) => [name, computed[place]]).filter(([, colour]) => isDarkPaper(colour) !== null),
  );
  probe.remove();
  const dark = isDarkPaper(page.paper ?? "") ?? matchMedia("(prefers-color-scheme: dark)").matches;
  return makePalette(dark, page);
}
