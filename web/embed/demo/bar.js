/** The slim line of a demo: Start and Pause, Step, Reset, and how far it is. */
import { fill, h } from "../../app/shell/dom.js";

export class Bar {
  #strings;
  #words;
  #format;
  #play;
  #others;
  #state;
  #count;

  /**
   * @param {any} strings the page's @param {any} words the demo's @param {import("../../app/shell/format.js").Format} format
   * @param {{toggle: () => void, step: () => void, reset: () => void}} told
   */
  constructor({ bar: transport }, words, format, { toggle, step, reset }) {
    this.#strings = transport;
    this.#words = words;
    this.#format = format;
    const button = (/** @type {string} */ text, /** @type {() => void} */ onclick, more = {}) =>
      h("button", { type: "button", disabled: true, onclick, ...more }, text);
    this.#play = button(transport.start, toggle, { class: "primary" });
    this.#others = [
      button(words.step, step, { title: transport.step }),
      button(transport.reset, reset, { title: transport.resetHint }),
    ];
    this.#state = h("p", { class: "sr", role: "status" });
    this.#count = h("p", { class: "count num" }, transport.opening);
    this.element = h(
      "div",
      { class: "transport", role: "group", "aria-label": transport.label },
      this.#play,
      ...this.#others,
      this.#count,
      this.#state,
    );
  }

  /** @param {import("../../app/run/run.js").Run} run @param {boolean} failed whether there is an error instead of a run */
  draw({ client, running, report }, failed) {
    for (const button of [this.#play, ...this.#others]) button.disabled = !client;
    put(this.#play, running ? this.#strings.pause : this.#strings.start);
    put(this.#state, client ? (running ? this.#strings.running : this.#strings.paused) : "");
    this.#count.classList.toggle("live", running && Boolean(client));
    const { integer, fixed } = this.#format;
    if (!client) return put(this.#count, failed ? "" : this.#strings.opening);
    const step = integer(report?.step ?? client.progress.step);
    put(
      this.#count,
      fill(report ? this.#words.atLoss : this.#words.at, { step, loss: report && fixed(report.loss, 3) }),
    );
  }
}

/** @param {HTMLElement} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
