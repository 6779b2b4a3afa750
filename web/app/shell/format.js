/** Numbers as a reader of the page's language expects them, in a width that does not jump. */

/** @param {string} language */
export function makeFormat(language) {
  const integer = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  /** @type {Record<number, Intl.NumberFormat>} */
  const fixed = {};
  const percent = new Intl.NumberFormat(language, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return {
    integer: (/** @type {number} */ value) => integer.format(value),
    /** @param {number} value @param {number} digits after the point */
    fixed(value, digits) {
      fixed[digits] ??= new Intl.NumberFormat(language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      return fixed[digits].format(value);
    },
    percent: (/** @type {number} */ value) => percent.format(value),
  };
}

/** @typedef {ReturnType<typeof makeFormat>} Format */
