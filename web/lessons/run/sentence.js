/**
 * Sentences with a run's numbers: "right {far.accuracy percent} of the time after {far.step} steps".
 * Formats: percent; a count of digits behind the point; power, for what spans decades; none: whole numbers as such, others to three places.
 */

const HOLE = /\{([a-z_][\w.]*)(?: (percent|power|\d))?\}/gi;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {string} sentence @param {ReadonlyMap<string, number>} values @param {string} language */
export function say(sentence, values, language) {
  return sentence.replace(HOLE, (hole, name, format) => {
    const value = values.get(name);
    return value === undefined ? hole : written(value, format, language);
  });
}

/** The names a sentence asks for. @param {string} sentence */
export const namesIn = (sentence) => [...sentence.matchAll(HOLE)].map(([, name]) => name);

/** @param {number} value @param {string | undefined} format @param {string} language */
export function written(value, format, language) {
  if (value === Infinity) return "∞";
  if (!Number.isFinite(value)) return "–";
  const locale = language === "zh" ? "zh-CN" : "en";
  if (format === "percent" && value > 0 && value < 0.005) return "<1%"; // a little is not nothing
  if (format === "percent") return value.toLocaleString(locale, { style: "percent" });
  if (format === "power") return power(value);
  const digits = format === undefined ? (Number.isInteger(value) ? 0 : 3) : Number(format);
  return value
    .toLocaleString(locale, { minimumFractionDigits: format === undefined ? 0 : digits, maximumFractionDigits: digits })
    .replace("-", "−");
}

/** 0.0031 as 3·10⁻³; what is near one as it is. @param {number} value */
function power(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.01 && size < 10_000) return String(Number(value.toPrecision(2))).replace("-", "−");
  const [digits, exponent] = value.toExponential(0).split("e");
  const raised = [...String(Number(exponent))].map((sign) => (sign === "-" ? "⁻" : RAISED[Number(sign)])).join("");
  return `${digits.replace("-", "−")}·10${raised}`;
}
