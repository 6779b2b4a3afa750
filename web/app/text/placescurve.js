/** How a network guesses where a made text needs its memory, over the steps, with chance as a line. */
import { Chart } from "../../views/parts/chart.js";
import { readPalette } from "../../views/parts/colours.js";
import { sheet } from "../../views/parts/figure.js";
import { h } from "../shell/dom.js";

const HEIGHT = 130;

export class PlacesCurve {
  #place;
  #strings;
  #canvas = h("canvas", { role: "img" });
  /** @type {{ step: number, accuracy: number }[]} */ #looks = [];
  #chance = 0;

  /** @param {HTMLElement} place @param {{ chance: string, steps: string }} strings */
  constructor(place, strings) {
    this.#place = place;
    this.#strings = strings;
    place.append(this.#canvas);
    new ResizeObserver(() => this.#paint()).observe(place);
  }

  clear() {
    this.#looks = [];
    this.#place.hidden = true;
  }

  /**
   * @param {{ accuracy: number, chance: number }} asked
   * @param {number} step
   * @param {string} words the same as a sentence
   */
  add({ accuracy, chance }, step, words) {
    this.#chance = chance;
    this.#looks = [...this.#looks.filter((look) => look.step < step), { step, accuracy }];
    this.#place.hidden = false;
    this.#canvas.setAttribute("aria-label", words);
    this.#paint();
  }

  #paint() {
    const width = this.#place.clientWidth;
    if (!width || !this.#looks.length) return;
    const palette = readPalette(this.#place);
    const xs = this.#looks.map(({ step }) => step);
    const ys = this.#looks.map(({ accuracy }) => 100 * accuracy);
    const chart = new Chart(
      /** @type {any} */ (sheet(this.#canvas, width, HEIGHT)),
      { left: 32, top: 18, width: Math.max(60, width - 44), height: HEIGHT - 54 },
      {
        x: { low: 0, high: Math.max(1, ...xs), label: this.#strings.steps },
        y: { low: 0, high: 100, label: "%" },
        palette,
      },
    );
    chart.axes({ y: [0, 50, 100] });
    chart.ruleY(100 * this.#chance, this.#strings.chance, { colour: palette.muted });
    chart.line(xs, ys, { colour: palette.accent, width: 2 });
    chart.dots(xs.slice(-1), ys.slice(-1), { colour: palette.accent, radius: 3 });
  }
}
