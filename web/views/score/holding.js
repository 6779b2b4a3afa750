/**
 * Under the score: a button that switches off what is pointed at, and, where something is held, at what, what that costs
 * and where, and what the network then writes. Calls hold() with what is to be held; null: nothing any more.
 */
import { element } from "../parts/figure.js";
import { fill } from "../parts/format.js";
import { describeHeld, sampleBoxes } from "./held.js";

/** @typedef {import("../../core/inside/hold.js").Hold} Hold */
/** @typedef {{hold: Hold, values: Record<string, string>, data: import("./held.js").HeldData | null}} Holding
 * what is held, what else it can be held at, and what that does; data null: not looked at yet */

export class HoldBar {
  element;
  #strings;
  #off;
  #value;
  #every;
  #letGo;
  #words;
  #samples = element("div", { class: "u-samples" });
  #shown = ""; // what the values are of
  /** @type {import("./held.js").HeldData["samples"]} */ #written = null;
  /** @type {Hold} */ #pointed = {};
  /** @type {Hold | null} */ #held = null;

  /** @param {any} strings of what is held @param {(hold: Hold | null) => void} hold */
  constructor(strings, hold) {
    this.#strings = strings;
    const button = (/** @type {() => void} */ act, text = "") => {
      const node = element("button", { type: "button" }, text);
      node.addEventListener("click", act);
      return node;
    };
    this.#off = button(() => this.#isPointed || hold({ ...this.#pointed, value: 0 }));
    this.#off.hidden = true; // until something is pointed at
    this.#letGo = button(() => hold(null), strings.letGo);
    this.#value = element("select", {});
    this.#value.addEventListener("change", () => {
      const { value } = this.#value;
      hold({ ...this.#held, value: value === "mean" ? value : Number(value) });
    });
    this.#every = element("input", { type: "checkbox" });
    this.#every.addEventListener("change", () =>
      hold({ ...this.#held, unit: this.#every.checked ? undefined : this.#pointed.unit }),
    );
    this.#words = element("p", { role: "status" });
    this.element = element(
      "div",
      { class: "u-hold" },
      element(
        "div",
        { class: "u-tools" },
        this.#off,
        element("label", { class: "u-choice" }, `${strings.value} `, this.#value),
        element("label", { class: "u-choice" }, this.#every, ` ${strings.every}`),
        this.#letGo,
      ),
      this.#words,
      this.#samples,
    );
    this.draw(null);
  }

  /** Whether what is pointed at is held already. */
  get #isPointed() {
    const { layer, gate, unit } = this.#pointed;
    const held = this.#held;
    return held?.layer === layer && held?.gate === gate && held?.unit === unit;
  }

  /** What a press of the button switches off. @param {Hold} hold @param {string} symbol */
  point(hold, symbol) {
    this.#pointed = hold;
    const text = fill(this.#strings.off, { symbol, unit: hold.unit ?? 0 });
    if (this.#off.textContent !== text) this.#off.textContent = text;
    this.#off.hidden = false;
    this.#off.setAttribute("aria-disabled", String(this.#isPointed));
  }

  /** @param {Holding | null} holding null: nothing is held */
  draw(holding) {
    this.#held = holding?.hold ?? null;
    for (const node of [this.#value.parentElement, this.#every.parentElement, this.#letGo]) node.hidden = !holding;
    if (holding) {
      const values = Object.entries(holding.values);
      const key = values.join();
      if (key !== this.#shown)
        this.#value.replaceChildren(...values.map(([value, text]) => element("option", { value }, text)));
      this.#shown = key;
      this.#value.value = String(holding.hold.value);
      this.#every.checked = holding.hold.unit === undefined;
    }
    const data = holding?.data ?? null;
    const words = data ? describeHeld(data, this.#strings) : "";
    this.#words.textContent = words.charAt(0).toUpperCase() + words.slice(1);
    const written = data?.samples ?? null;
    if (written?.free === this.#written?.free && written?.held === this.#written?.held) return;
    this.#written = written;
    this.#samples.replaceChildren(...sampleBoxes(written, this.#strings));
  }
}
