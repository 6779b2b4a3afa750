/** What the network writes now, and what it wrote before. */
import { fill, h } from "../shell/dom.js";

const EARLIER = 4; // lines that are kept free for earlier attempts

export class SamplePanel {
  #strings;
  #format;
  #prompt;
  #temperature;
  #value;
  #now;
  #text;
  #list;
  /** Those of before that are shown. @type {import("../run/story.js").Sample[]} */ #shown = [];

  /**
   * @param {any} strings @param {import("../shell/format.js").Format} format
   * @param {{prompt: string, temperature: number}} state
   * @param {(changes: {prompt?: string, temperature?: number}) => void} change
   */
  constructor(strings, format, { prompt, temperature }, change) {
    this.#strings = strings;
    this.#format = format;
    this.#prompt = h("input", {
      id: "u-prompt",
      type: "text",
      maxlength: "200",
      autocomplete: "off",
      spellcheck: "false",
      value: prompt,
      onchange: () => change({ prompt: this.#prompt.value }),
    });
    this.#value = h("output", { class: "num", for: "u-temperature" });
    this.#temperature = h("input", {
      id: "u-temperature",
      type: "range",
      min: "0",
      max: "2",
      step: "0.1",
      title: strings.temperatureHint,
      "aria-describedby": "u-temperature-hint",
      oninput: () => this.#showTemperature(),
      onchange: () => change({ temperature: Number(this.#temperature.value) }),
    });
    this.#temperature.value = String(temperature);
    this.#showTemperature();
    this.#now = h("span", { class: "small num" });
    this.#text = h(
      "p",
      { class: "writing", dir: "auto", tabindex: "0", role: "group", "aria-label": strings.title },
      strings.waiting,
    );
    this.#list = h("ol", { class: "earlier", role: "list" });
    this.element = h(
      "section",
      { class: "sample", "aria-labelledby": "u-sample-title" },
      h("div", { class: "head" }, h("h2", { id: "u-sample-title" }, strings.title), this.#now),
      this.#text,
      h(
        "div",
        { class: "sampling" },
        h("span", {}, h("label", { for: "u-prompt" }, strings.prompt), this.#prompt),
        h("span", {}, h("label", { for: "u-temperature" }, strings.temperature), this.#temperature, this.#value),
        h("span", { class: "sr", id: "u-temperature-hint" }, strings.temperatureHint),
        h("button", { type: "button", class: "quiet", onclick: () => change({}) }, strings.again),
      ),
      h("h3", { class: "small" }, strings.earlier),
      this.#list,
    );
  }

  /** @param {string} prompt */
  setPrompt(prompt) {
    this.#prompt.value = prompt;
  }

  /**
   * What it writes at the moment, and what it wrote before it.
   * @param {import("../run/moment.js").Seen | null} seen @param {import("../run/story.js").Sample[]} samples by step
   */
  draw(seen, samples) {
    const sample = seen?.sample;
    if (!seen || !sample || "error" in sample) {
      delete this.element.dataset.step;
      this.#now.textContent = "";
      this.#text.replaceChildren(this.#strings.waiting);
    } else {
      this.element.dataset.step = String(seen.step);
      this.#now.textContent = seen.step
        ? fill(this.#strings.now, { step: this.#format.integer(seen.step) })
        : this.#strings.untrained;
      this.#text.replaceChildren(h("span", { class: "given" }, sample.prompt), sample.text);
    }
    const before = pick(
      samples.filter(({ step }) => step < (seen?.step ?? 0)),
      EARLIER,
    );
    if (before.length === this.#shown.length && before.every((each, i) => each === this.#shown[i])) return;
    this.#shown = before;
    this.#list.replaceChildren(
      ...before.map(({ step, prompt, text }) =>
        h(
          "li",
          {},
          h("span", { class: "small num" }, fill(this.#strings.earlierStep, { step: this.#format.integer(step) })),
          h("span", { class: "line" }, (prompt + text).replace(/\s+/g, " ")),
        ),
      ),
    );
  }

  #showTemperature() {
    this.#value.textContent = this.#format.fixed(Number(this.#temperature.value), 1);
  }
}

/**
 * At most n of a list, the first and the last among them, newest first.
 * @template T
 * @param {T[]} list
 * @param {number} n
 */
function pick(list, n) {
  if (list.length <= n) return list.slice().reverse();
  return Array.from({ length: n }, (_, i) => list[Math.round(((n - 1 - i) * (list.length - 1)) / (n - 1))]);
}
