/**
 * Time travel: a scrubber over the moments of training that were kept. Tells of the moment that is wanted ("go": a
 * step, or null for the present), and of a branch to be trained from it ("branch").
 */
import { element } from "../parts/figure.js";
import { count, fill } from "../parts/format.js";

const BEAT = 450; // ms between two moments of the replay

export class TravelView extends EventTarget {
  /** @type {HTMLElement} */ root;
  #strings;
  #range;
  #value;
  #play;
  #now;
  #branch;
  /** @type {number[]} */ #steps = [];
  /** @type {number | null} */ #at = null;
  #present = 0;
  #timer = 0;

  /** @param {HTMLElement} root @param {{strings: any}} options */
  constructor(root, { strings }) {
    super();
    const s = strings.travel;
    this.#strings = s;
    this.#range = element("input", { type: "range", id: "u-travel", min: "0", max: "0", step: "1" });
    this.#value = element("output", { for: "u-travel" });
    const button = (/** @type {string} */ text, /** @type {() => void} */ run) => {
      const node = element("button", { type: "button" }, text);
      node.addEventListener("click", run);
      return node;
    };
    this.#play = button(s.play, () => (this.#timer ? this.#stop() : this.#replay()));
    this.#now = button(s.now, () => {
      this.#stop();
      this.#go(null);
    });
    this.#branch = button(s.branch, () => {
      this.#stop();
      if (this.#at !== null) this.dispatchEvent(new CustomEvent("branch", { detail: { step: this.#at } }));
    });
    this.#range.addEventListener("input", () => {
      const index = Number(this.#range.value); // before it is set to what is shown
      this.#stop();
      this.#go(index < this.#steps.length ? this.#steps[index] : null);
    });
    this.root = element(
      "div",
      { class: "u-travel u-figure", role: "group", "aria-label": s.title },
      element("label", { for: "u-travel" }, s.title),
      this.#range,
      this.#value,
      element("div", { class: "u-travel-buttons" }, this.#play, this.#now, this.#branch),
      element("p", { class: "small" }, s.read),
    );
    root.append(this.root);
    this.#show();
  }

  /** The step that is shown, or null for the present. */
  get at() {
    return this.#at;
  }

  /** @param {{steps: number[], present: number}} moments steps that were kept, and the step training is at */
  draw({ steps, present }) {
    this.#steps = steps;
    this.#present = present;
    if (this.#at !== null && !steps.includes(this.#at)) {
      // The moment was thinned out: the nearest one that is left stands for it.
      const at = this.#at;
      this.#go(
        steps.length ? steps.reduce((best, step) => (Math.abs(step - at) < Math.abs(best - at) ? step : best)) : null,
      );
    }
    this.#show();
  }

  clear() {
    this.#stop();
    this.#steps = [];
    this.#at = null;
    this.#present = 0;
    this.#show();
  }

  dispose() {
    this.#stop();
  }

  /** @param {number | null} step */
  #go(step) {
    if (step === this.#at) return;
    this.#at = step;
    this.#show();
    this.dispatchEvent(new CustomEvent("go", { detail: { step } }));
  }

  #show() {
    const s = this.#strings;
    this.#range.max = String(this.#steps.length);
    this.#range.value = String(this.#at === null ? this.#steps.length : this.#steps.indexOf(this.#at));
    const text =
      this.#at === null
        ? fill(s.present, { step: count(this.#present) })
        : fill(s.past, { step: count(this.#at), present: count(this.#present) });
    this.#value.textContent = text;
    this.#range.setAttribute("aria-valuetext", text);
    this.#now.disabled = this.#branch.disabled = this.#at === null;
    this.#play.disabled = this.#steps.length < 2;
    this.#play.textContent = this.#timer ? s.stop : s.play;
    this.root.classList.toggle("u-past", this.#at !== null);
  }

  /** From the first moment to the present, one after another. */
  #replay() {
    let index = 0;
    const beat = () => {
      this.#go(index < this.#steps.length ? this.#steps[index] : null);
      if (index++ >= this.#steps.length) this.#stop();
      else this.#timer = window.setTimeout(beat, BEAT);
      this.#show();
    };
    beat();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#show();
  }
}
