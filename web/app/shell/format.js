/** Numbers as a reader of the page's language expects them, in a width that does not jump. */

/** @param {string} language @param {number} digits after the point @param {"decimal" | "percent"} [style] */
const make = (language, digits, style) =>
  new Intl.NumberFormat(language, { style, minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A format is made when it is first asked for: each takes a page that begins a millisecond or more. @param {string} language */
export function makeFormat(language) {
  /** @type {Record<number, Intl.NumberFormat>} */
  const fixed = {};
  /** @type {Intl.NumberFormat | undefined} */
  let percent;
  return {
    language,
    integer: (/** @type {number} */ value) => (fixed[0] ??= make(language, 0)).format(value),
    /** @param {number} value @param {number} digits after the point */
    fixed: (value, digits) => (fixed[digits] ??= make(language, digits)).format(value),
    percent: (/** @type {number} */ value) => (percent ??= make(language, 1, "percent")).format(value),
  };
}

/** @typedef {ReturnType<typeof makeFormat>} Format */
