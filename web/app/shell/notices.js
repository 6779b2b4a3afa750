/** Sentences that appear when something needs saying, each with what can be done about it. */
import { h } from "./dom.js";

export class Notices {
  /** @param {{close: string}} strings */
  constructor(strings) {
    this.strings = strings;
    this.element = h("div", { class: "notices", role: "status", "aria-live": "polite" });
  }

  /**
   * @param {string} sentence
   * @param {{kind?: "note" | "error", about?: string, action?: {label: string, run: () => void}}} [options]
   *   about: a new notice about the same thing takes the old one's place
   */
  show(sentence, { kind = "note", about = sentence, action } = {}) {
    this.clear(about);
    const notice = h(
      "div",
      { class: `notice notice-${kind}`, "data-about": about },
      h("p", {}, sentence),
      action &&
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              notice.remove();
              action.run();
            },
          },
          action.label,
        ),
      h(
        "button",
        { type: "button", class: "quiet close", "aria-label": this.strings.close, onclick: () => notice.remove() },
        "×",
      ),
    );
    this.element.append(notice);
  }

  /** @param {string} about */
  clear(about) {
    for (const notice of [...this.element.children])
      if (/** @type {HTMLElement} */ (notice).dataset.about === about) notice.remove();
  }
}
