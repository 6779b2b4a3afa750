/** What a brushed stretch of text says: the units that are on there and off around it, and where else they are on. */
import { brush } from "../../core/inside/analysis.js";
import { element } from "../parts/figure.js";
import { fill, visible } from "../parts/format.js";

const MOST_UNITS = 8;
const MOST_PLACES = 24;

export class Brushed {
  element = element("div", { class: "u-brushed", hidden: true });
  #strings;
  #choose;
  #find;

  /**
   * @param {any} strings of the score
   * @param {(unit: number) => void} choose a unit was clicked
   * @param {(() => void) | null} find the unit for the stretch is looked for; null: it cannot be here
   */
  constructor(strings, choose, find) {
    this.#strings = strings;
    this.#choose = choose;
    this.#find = find;
  }

  /**
   * @param {import("../../core/inside/trace.js").Trace} trace
   * @param {[number, number] | null} stretch first and last character
   * @param {number} layer
   * @returns {Float32Array | null} [T] share of the units that are on elsewhere
   */
  find(trace, stretch, layer) {
    this.element.hidden = !stretch;
    if (!stretch) return null;
    const s = this.#strings;
    const { T, H } = trace.sizes;
    const { units, elsewhere } = brush(trace.hidden, T, H, ...stretch, { layer });
    const text = trace.tokens
      .slice(stretch[0], stretch[1] + 1)
      .map(visible)
      .join("");
    const places = [...elsewhere.keys()]
      .filter((t) => elsewhere[t] >= 0.5)
      .slice(0, MOST_PLACES)
      .map((t) => `${visible(trace.tokens[t])}@${t}`);
    const line = units.length
      ? fill(s.brushed, { text, n: units.length, places: places.join(" ") || s.nowhere })
      : fill(s.brushedNone, { text });
    const shown = units.slice(0, MOST_UNITS);
    // The buttons stay where they are while their units do, so that a click or a focus is not lost to the next frame.
    const key = `${line}|${shown.map(({ unit, sign }) => `${sign}${unit}`).join()}`;
    if (this.element.dataset.key !== key) {
      this.element.dataset.key = key;
      this.element.replaceChildren(
        element("span", {}, line),
        ...shown.map(({ unit, sign }) => {
          const button = element("button", { type: "button" }, `${sign < 0 ? "−" : "+"} ${fill(s.unitName, { unit })}`);
          button.addEventListener("click", () => this.#choose(unit));
          return button;
        }),
        ...(this.#find ? [this.#finder(this.#find)] : []),
      );
    }
    return elsewhere;
  }

  /** @param {() => void} find */
  #finder(find) {
    const button = element("button", { type: "button", class: "u-find" }, this.#strings.find);
    button.addEventListener("click", find);
    return button;
  }
}
