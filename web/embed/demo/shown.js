/** What is seen of a demo, as its author asks for it. */
import { PANELS, nameOf } from "../options.js";
import { paragraph } from "./content.js";
import { nameParts, PARTS } from "./parts.js";
import styles from "inside:styles";

/** @import { Options } from "../options.js" */

/**
 * Its styles, in a sheet of the document that it stands in: a <style> could be forbidden by the page's policy.
 * @param {HTMLElement} demo @param {ShadowRoot} root
 */
export function dress({ ownerDocument }, root) {
  const { CSSStyleSheet: Sheet } = ownerDocument.defaultView ?? globalThis;
  const sheet = new Sheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
}

/**
 * As high as it is to be: an experiment is as high as it is, what else there is no higher than usual.
 * @param {HTMLElement} frame @param {Options} options @param {"en" | "zh"} language
 */
export function fit(frame, { height, lesson }, language) {
  frame.translate = false; // its words change all the time, and a text that is learnt is data
  frame.lang = language === "zh" ? "zh-CN" : "en";
  frame.style.height = typeof height === "number" ? `${height}px` : "";
  frame.style.maxHeight = height === undefined && !lesson ? "" : "none";
}

/** The author's line below it. @param {HTMLElement} frame @param {Options} options */
export function caption(frame, { caption: told }) {
  frame.querySelector(":scope > .caption")?.remove();
  if (told) frame.append(paragraph("caption", told));
}

/**
 * The parts of a page that `views` names, without those that `hide` names.
 * @param {import("../../app/page.js").Page} page @param {HTMLElement} frame @param {Options} options
 */
export function choose({ root }, frame, { views, hide }) {
  const show = (/** @type {string} */ selector, /** @type {boolean} */ wanted) => {
    for (const part of root.querySelectorAll(selector)) /** @type {HTMLElement} */ (part).hidden = !wanted;
  };
  for (const name of PANELS) show(PARTS[name], views.includes(name));
  show(".controls", views.includes("settings") || views.includes("text"));
  for (const group of ["network", "training"]) show(`[data-group="${group}"]`, views.includes("settings"));
  const rows = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-setting]"));
  for (const row of rows) row.hidden = hide.includes(nameOf(row.dataset.setting ?? ""));
  const explained = /** @type {NodeListOf<HTMLDetailsElement>} */ (root.querySelectorAll("details.u-how"));
  for (const how of explained) how.open = views.includes("captions");
  frame.classList.toggle("u-bare", !views.includes("tools"));
  frame.classList.toggle("u-uncaptioned", !views.includes("captions"));
  frame.classList.toggle("u-one", views.filter((name) => PANELS.includes(name)).length < 2);
  nameParts(frame);
}
