/** Errors in the page's language: by their code where there is a sentence for it, else in the error's own words. */
import { SETTINGS } from "../../core/config.js";
import { nameToken } from "../../core/text/signs.js";
import { fill } from "../shell/dom.js";

/** @param {any} strings @param {any} error @param {import("../shell/format.js").Format} format */
export function explain(strings, error, format) {
  const { code, details = {}, message } = error;
  const sentence = strings.errors[details.able ? "heads" : code];
  if (!sentence) return String(message);
  const values = Object.fromEntries(
    Object.entries({ ...details, message }).map(([name, value]) => [name, show(value, format, strings.figure.list)]),
  );
  const filled = fill(sentence, values);
  return /\{\w+\}/.test(filled) ? String(message) : filled;
}

/** @param {any} value @param {import("../shell/format.js").Format} format @param {string} comma of a list */
function show(value, format, comma) {
  if (Array.isArray(value))
    return value.map((item) => (typeof item === "string" ? nameToken(item) : JSON.stringify(item))).join(comma);
  return typeof value === "number" ? format.integer(value) : String(value);
}

/**
 * What a setting takes, said about a value it does not take.
 * @param {any} strings @param {string} name flat @param {string} value as typed @param {any} [error] the core's
 */
export function explainSetting(strings, name, value, error) {
  const { label } = strings.controls[name];
  const { able } = error?.details ?? {};
  if (able) return fill(strings.errors.heads, { ...error.details, able: able.join(strings.figure.list) });
  if (value.trim() === "") return fill(strings.errors.notNumber, { label });
  const { type, min, max, open } = SETTINGS[name];
  const kind = type === "integer" ? "integer" : open === "min" ? "above" : open === "max" ? "below" : "number";
  return fill(strings.errors[kind], { label, min: min ?? "", max: max ?? "", value: value.slice(0, 40) });
}
