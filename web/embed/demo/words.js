/** The demo's own words beside the page's, and what it says of options it cannot take. */
import en from "../../app/strings/en/demo.js";
import zh from "../../app/strings/zh/demo.js";
import { fill } from "../../app/shell/dom.js";
import { attributeOf } from "../options.js";
import { NEEDED } from "./policy.js";

/** @typedef {typeof en} Words */

/** @param {"en" | "zh"} language @returns {Words} */
export const wordsOf = (language) => (language === "zh" ? zh : en);

/**
 * The language of an element or of what it stands in, through shadow trees as well; the reader's, where nobody says.
 * @param {Element} element
 * @returns {"en" | "zh"}
 */
export function languageAt(element) {
  let language = "";
  /** @type {Element | undefined} */
  let at = element;
  while (at && !language) {
    language = at.closest("[lang]")?.getAttribute("lang") ?? "";
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : undefined;
  }
  return (language || navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** @param {Words} words @param {import("../options.js").Problem} problem @returns {string} */
export function refusal(words, { kind, name, value, min = 0, max = 0, allowed = [] }) {
  const sentence = words.refused[/** @type {keyof Words["refused"]} */ (kind)];
  const list = `${allowed.slice(0, -1).join(words.list)}${words.or}${allowed.at(-1)}`;
  return fill(sentence, { name: attributeOf(name), value: value.slice(0, 40), min, max, allowed: list });
}

/** @param {Words} words @param {import("./policy.js").Forbidden} forbidden @returns {string} */
export function policySentence(words, forbidden) {
  const kinds = /** @type {const} */ (["worker", "wasm", "trusted"]).filter((kind) => forbidden[kind]);
  return fill(words.policy, {
    blocked: kinds.map((kind) => words.blocked[kind]).join(words.and),
    needed: kinds.map((kind) => NEEDED[kind]).join("; "),
  });
}
