/** What stands inside a demo's element, and what is put there before a live picture is. */
import { trustedMarkup } from "./trusted.js";
import still from "inside:still";

/** The text that stands inside an element, without the indentation of its lines; undefined where there is none.
 * @param {Element} element */
export function textInside(element) {
  const own = [...element.childNodes].filter(
    (node) =>
      node.nodeType === Node.TEXT_NODE || (node instanceof Element && !node.slot && node.localName !== "noscript"),
  );
  const lines = own
    .map((node) => node.textContent)
    .join("")
    .replace(/^\s*\n|\s+$/g, "")
    .split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length));
  const text = lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join("\n");
  return text === "" ? undefined : text;
}

/** @returns {Element | null} null: the page trusts no markup of ours */
function drawing() {
  try {
    return new DOMParser().parseFromString(trustedMarkup(still), "image/svg+xml").documentElement;
  } catch {
    return null;
  }
}

/** The recorded picture, or the author's own in its place. @param {string | null} told its caption */
export function stillPicture(told) {
  const picture = drawing();
  const figure = document.createElement("figure");
  figure.className = "still";
  figure.part.add("still");
  const slot = document.createElement("slot");
  slot.name = "still";
  if (picture) slot.append(document.importNode(picture, true));
  const caption = document.createElement("figcaption");
  caption.textContent = told ?? picture?.getAttribute("aria-label") ?? "";
  figure.append(slot, caption);
  return figure;
}

/** @param {string} name @param {string} text */
export function paragraph(name, text) {
  const node = document.createElement("p");
  node.className = name;
  node.part.add(name);
  node.textContent = text;
  return node;
}
