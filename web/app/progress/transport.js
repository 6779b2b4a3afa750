/** Start and Pause, One step, Reset, and the word that says which it is. */
import { fill, h } from "../shell/dom.js";

export class Transport {
  #strings;
  #play;
  #status;
  #pace;
  #rest;
  #format;

  /**
   * @param {any} strings
   * @param {import("../shell/format.js").Format} format
   * @param {{toggle: () => void, step: () => void, reset: () => void}} told
   */
  constructor(strings, format, { toggle, step, reset }) {
    this.#strings = strings;
    this.#format = format;
    this.#play = h("button", { type: "button", class: "primary", disabled: true, onclick: toggle }, strings.start);
    this.#rest = [
      h("button", { type: "button", disabled: true, onclick: step }, strings.step),
      h("button", { type: "button", disabled: true, title: strings.resetHint, onclick: reset }, strings.reset),
    ];
    this.#status = h("p", { class: "status", role: "status" }, strings.opening);
    this.#pace = h("p", { class: "pace num" });
    this.element = h(
      "div",
      { class: "transport", role: "group", "aria-label": strings.label },
      this.#play,
      ...this.#rest,
      this.#status,
      this.#pace,
    );
  }

  /** @param {boolean} ready @param {boolean} running */
  show(ready, running) {
    for (const button of [this.#play, ...this.#rest]) button.disabled = !ready;
    if (!ready) return;
    this.#play.textContent = running ? this.#strings.pause : this.#strings.start;
    this.say(running ? this.#strings.running : this.#strings.paused);
    this.#status.classList.toggle("live", running);
  }

  /**
   * How far it is and how fast; not read aloud, it changes all the time.
   * @param {number} step
   * @param {number | null} speed
   */
  count(step, speed) {
    const { atStep, pace } = this.#strings;
    const { integer } = this.#format;
    this.#pace.textContent = fill(speed ? pace : atStep, { step: integer(step), speed: integer(speed ?? 0) });
  }

  /** @param {string} sentence */
  say(sentence) {
    if (this.#status.textContent !== sentence) this.#status.textContent = sentence;
  }
}
