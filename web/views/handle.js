/**
 * Takes hold of a line in a picture, by mouse, pen or finger: a strip over the line, the one place where a finger does not scroll.
 * The slider beside the picture does the same from the keyboard.
 */
import { element } from "./figure.js";

export class Handle {
  #strip;

  /**
   * @param {HTMLElement} box the picture's, positioned; the strip is laid over it
   * @param {(y: number) => void} move  pixels from the box's top, again and again
   * @param {() => void} settle when it is let go
   */
  constructor(box, move, settle) {
    const strip = element("i", { class: "u-handle", "aria-hidden": "true", hidden: true });
    this.#strip = strip;
    strip.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      strip.setPointerCapture(event.pointerId);
      event.preventDefault();
      event.stopPropagation();
    });
    strip.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (strip.hasPointerCapture(event.pointerId)) move(event.clientY - box.getBoundingClientRect().top);
    });
    strip.addEventListener("lostpointercapture", settle);
    box.append(strip);
  }

  /** @param {number | null} y pixels from the box's top; null: there is no line */
  place(y) {
    this.#strip.hidden = y === null;
    this.#strip.style.transform = `translateY(calc(${y ?? 0}px - 50%))`;
  }
}
