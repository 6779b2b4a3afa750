/**
 * What a demo stands on: the colour scheme of the page at its place, and word of a change, whatever brings it: a class of
 * any ancestor, another style sheet, the system. Where the page names no scheme, the paper it paints under the demo
 * says, and where it paints none, the system.
 */
import { isDarkPaper } from "../../views/parts/colours.js";

/** Above an element in the tree that is drawn. @param {Element} element @returns {Element | null} */
const above = (element) =>
  element.assignedSlot ?? element.parentElement ?? /** @type {ShadowRoot} */ (element.getRootNode()).host ?? null;

export class Ground {
  #host;
  /** Has every colour that comes from outside: when one changes, its transition ends. */
  #probe = document.createElement("i");
  #last = "";
  #change = () => {};

  /** @param {Element} host with a shadow tree */
  constructor(host) {
    this.#host = host;
    this.#probe.className = "u-ground";
    this.#probe.ariaHidden = "true";
  }

  /** @returns {"light" | "dark" | "light dark"} both: as the system has it */
  get scheme() {
    const said = getComputedStyle(this.#host).colorScheme.match(/light|dark/g) ?? [];
    if (said.length) return said.length === 1 ? /** @type {"light" | "dark"} */ (said[0]) : "light dark";
    for (let at = /** @type {Element | null} */ (this.#host); at; at = above(at)) {
      const dark = isDarkPaper(getComputedStyle(at).backgroundColor);
      if (dark !== null) return dark ? "dark" : "light";
    }
    return "light dark";
  }

  /** All that a picture's colours come from, as text. */
  get #look() {
    const { borderColor, outlineColor, columnRuleColor } = getComputedStyle(this.#probe);
    const { matches } = matchMedia("(prefers-color-scheme: dark)");
    return [this.scheme, matches, borderColor, outlineColor, columnRuleColor].join();
  }

  /** @param {() => void} change is called when the colours are others @param {AbortSignal} signal ends it */
  watch(change, signal) {
    this.#change = change;
    this.#last = this.#look;
    const look = () => this.look();
    this.#probe.addEventListener("transitionend", look, { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look, { signal });
    const painted = (/** @type {TransitionEvent} */ { target, propertyName }) =>
      propertyName === "background-color" && /** @type {Node} */ (target).contains(this.#host) && look();
    document.addEventListener("transitionend", painted, { signal });
  }

  /** Looks whether the colours are others: those of what is not drawn change without a word. */
  look() {
    if (this.#last === (this.#last = this.#look)) return;
    this.#change();
  }

  /** Shows these alone. @param {HTMLElement[]} shown */
  put(...shown) {
    this.#host.shadowRoot?.replaceChildren(this.#probe, ...shown);
    this.dress();
  }

  /** All that is shown, in the page's scheme or the author's. */
  dress() {
    const { scheme } = this;
    for (const shown of this.#host.shadowRoot?.children ?? [])
      if (shown !== this.#probe) /** @type {HTMLElement} */ (shown).style.colorScheme = scheme;
  }
}
