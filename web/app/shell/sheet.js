/** Text and settings: a column where there is room, else a sheet that comes up from the bar. */
import { h } from "./dom.js";

const NARROW = "(max-width: 60rem)";

export class Sheet {
  #narrow = matchMedia(NARROW);
  #end = new AbortController();

  /** @param {any} strings */
  constructor(strings) {
    this.element = h("aside", { class: "controls", id: "u-sheet", "aria-label": strings.label });
    this.#close = h(
      "button",
      { type: "button", class: "quiet sheet-close", onclick: () => this.element.hidePopover() },
      strings.done,
    );
  }

  #close;

  /** @param {boolean} sheet whether it may be one: a demo in somebody else's page has it where it stands */
  lay(sheet, /** @type {Node[]} */ ...children) {
    this.element.append(...(sheet ? [this.#close] : []), ...children);
    if (!sheet) return;
    const fit = () => {
      if (this.#narrow.matches) this.element.setAttribute("popover", "auto");
      else this.element.removeAttribute("popover");
    };
    fit();
    this.#narrow.addEventListener("change", fit, { signal: this.#end.signal });
  }

  /** Another takes its place. */
  end() {
    this.#end.abort();
  }

  open() {
    if (this.element.hasAttribute("popover")) this.element.showPopover();
    else this.element.querySelector("select, input")?.focus({ preventScroll: true });
  }

  toggle() {
    if (this.element.matches("[popover]:popover-open")) this.element.hidePopover();
    else this.open();
  }
}
