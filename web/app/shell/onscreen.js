/**
 * Which figures are on the screen, or so near that they have to be drawn, and which one the reader has come to. Tells
 * when that changes ("near"), and that a figure has stood on the screen for a moment ("reached" {name}).
 */

const MARGIN = "200px";
const MIDDLE = "-10% 0px"; // of the window, without its upper and lower edge
const MOMENT = 600; // ms: what is only scrolled past is not reached

export class OnScreen extends EventTarget {
  /** @type {Map<Element, string>} */ #names = new Map();
  /** @type {Set<string>} */ #near = new Set();
  /** @type {Map<string, number>} in the middle, and the timer of each */ #middle = new Map();
  #margin = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        this.#near[isIntersecting ? "add" : "delete"](this.#nameOf(target));
      this.dispatchEvent(new Event("near"));
    },
    { rootMargin: MARGIN },
  );
  #centre = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const name = this.#nameOf(target);
        clearTimeout(this.#middle.get(name));
        if (isIntersecting) this.#await(name);
        else this.#middle.delete(name);
      }
    },
    { rootMargin: MIDDLE },
  );

  /** Instead of what was watched before. @param {Record<string, Element>} figures by name */
  watch(figures) {
    this.clear();
    for (const [name, figure] of Object.entries(figures)) {
      this.#names.set(figure, name);
      this.#margin.observe(figure);
      this.#centre.observe(figure);
    }
  }

  clear() {
    this.#margin.disconnect();
    this.#centre.disconnect();
    this.#middle.forEach(clearTimeout);
    this.#middle.clear();
    this.#near.clear();
    this.#names.clear();
  }

  /** @param {string} name */
  has(name) {
    return this.#near.has(name);
  }
  get any() {
    return this.#near.size > 0;
  }

  /** What stands in the middle is told as reached once more. */
  again() {
    for (const [name, timer] of this.#middle) {
      clearTimeout(timer);
      this.#await(name);
    }
  }

  /** @param {string} name */
  #await(name) {
    this.#middle.set(
      name,
      window.setTimeout(() => this.dispatchEvent(new CustomEvent("reached", { detail: { name } })), MOMENT),
    );
  }

  /** @param {Element} figure */
  #nameOf(figure) {
    return /** @type {string} */ (this.#names.get(figure));
  }
}
