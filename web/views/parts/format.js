/** Numbers and characters as people read them. */

const SHOWN = { " ": "␣", "\n": "↵", "\r": "␍", "\t": "⇥", "\0": "␀", "\u00a0": "⍽" };

/** A token with its blanks and controls made visible. @param {string} token */
export const visible = (token) =>
  token.replace(/[\s\p{Cc}\p{Bidi_Control}]/gu, (c) => SHOWN[/** @type {keyof typeof SHOWN} */ (c)] ?? "□");

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Text that may run from right to left, so that what stands around it keeps its order (Unicode's isolates). @param {string} text */
export const isolated = (text) => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);

/**
 * Puts values into the {places} of a template.
 * @param {string} template
 * @param {Record<string, string | number>} values
 */
export const fill = (template, values) =>
  template.replace(/\{(\w+)\}/g, (place, name) => isolated(String(values[name] ?? place)));

/** One after another: a sign of Chinese has its own space. @param {string[]} all */
export const sentences = (...all) =>
  all
    .filter(Boolean)
    .join(" ")
    .replace(/([。；：，！？）]) /g, "$1");

/** A signed value of a state, three digits. @param {number} x */
export const signed = (x) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(3);

/** @param {number} power */
export const superscript = (power) => [...String(power)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)] ?? "⁻").join("");

/** A gradient or a norm: three digits, a power of ten where it is needed. @param {number} x */
export function magnitude(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : "∞";
  const size = Math.abs(x);
  if (size === 0) return "0";
  const sign = x < 0 ? "−" : "";
  if (size >= 0.01 && size < 10000) return sign + Number(size.toPrecision(3));
  const [digits, power] = size.toExponential(1).split("e");
  return `${sign}${digits}·10${superscript(Number(power))}`;
}

const LEAST_SHARE = 0.0005; // what rounds to 0.1%

/** @param {number} share 0..1; a little is not called nothing */
export const percent = (share) =>
  share > 0 && share < LEAST_SHARE ? "<0.1%" : `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)}%`;

/** Digits in groups of three. @param {string} whole without a point */
export const inThrees = (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",");

/** A step count, in groups of three. @param {number} n */
export const count = (n) => inThrees(String(Math.round(n)));

/** Rows of values as CSV (RFC 4180). @param {(string | number)[][]} rows */
export const toCsv = (rows) =>
  rows
    .map((row) =>
      row
        .map((cell) => {
          const text = String(cell);
          return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        })
        .join(","),
    )
    .join("\r\n") + "\r\n";
