/** How often what moves by itself may change. */

const CALM = 5;

/** Milliseconds between two changes: five times as many where the reader asks for less motion. @param {number} usual */
export const between = (usual) => (matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM * usual : usual);

/** Scrolls as softly as the reader wants. @param {HTMLElement} element @param {"start" | "nearest"} block */
export function scrollTo(element, block) {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  element.scrollIntoView({ behavior, block });
}
