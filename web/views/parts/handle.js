/**
 * Takes hold of a line in a picture, by mouse, pen or finger: a strip over the line, the one place where a finger does
 * not scroll.
 * The slider beside the picture does the same from the keyboard.
 */
import { element } from "./figure.js";

const LEAST = 3; // pixels: less is a tap

export class Handle {
  #strip;
  #y = 0;
  /** Where the line and the pointer were when it was taken hold of. */ #held = { y: 0, at: 0, moved: false };

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
      this.#held = { y: this.#y, at: event.clientY, moved: false };
      event.preventDefault();
      event.stopPropagation();
    });
    strip.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (!strip.hasPointerCapture(event.pointerId)) return;
      const { y, at } = this.#held;
      this.#held.moved ||= Math.abs(event.clientY - at) >= LEAST;
      if (this.#held.moved) move(y + event.clientY - at);
    });
    strip.addEventListener("lostpointercapture", settle);
    box.append(strip);
  }

  /** @param {number | null} y pixels from the box's top; null: there is no line */
  place(y) {
    this.#y = y ?? 0;
    this.#strip.hidden = y === null;
    this.#strip.style.transform = `translateY(calc(${y ?? 0}px - 50%))`;
  }
}
