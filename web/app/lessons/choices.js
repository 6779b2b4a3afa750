/** One of some answers, as radio buttons. */
import { h } from "../shell/dom.js";

let groups = 0;

export class Choices {
  #inputs;
  #options;

  /**
   * @param {string} legend
   * @param {{ value: string, text: string }[]} options
   * @param {() => void} changed
   */
  constructor(legend, options, changed) {
    const name = `l-${++groups}`; // radio buttons belong together by name, over the whole page
    this.#options = options;
    this.#inputs = options.map(({ value }) => h("input", { type: "radio", name, value, onchange: changed }));
    this.element = h(
      "fieldset",
      { class: "l-choices" },
      h("legend", {}, legend),
      ...options.map(({ text }, i) => h("label", {}, this.#inputs[i], h("span", {}, text))),
    );
  }

  /** @returns {string | null} */
  get value() {
    return this.#inputs.find((input) => input.checked)?.value ?? null;
  }

  set value(value) {
    for (const input of this.#inputs) input.checked = input.value === value;
  }

  /** No more to be changed. */
  close() {
    this.element.disabled = true;
  }

  /** @param {string | null} value @param {string} text written beside it */
  mark(value, text) {
    const at = this.#options.findIndex((option) => option.value === value);
    if (at >= 0) this.#inputs[at].parentElement.append(h("b", { class: "l-mark" }, text));
  }
}
