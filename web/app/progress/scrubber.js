/**
 * The way through the run: a slider over the moments that were kept, on the curve of the loss at them. At its right end
 * is the present.
 */
import { fill, h } from "../shell/dom.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 28; // of the curve, in units of its own

export class Scrubber {
  #strings;
  #format;
  #range;
  #lines;
  /** @type {number[]} */ #steps = [];
  /** What is shown: the same again touches nothing, for the bar is asked many times a second. */ #shown = "";

  /**
   * @param {any} strings @param {import("../shell/format.js").Format} format
   * @param {(step: number | null) => void} travel
   */
  constructor(strings, format, travel) {
    this.#strings = strings;
    this.#format = format;
    this.#range = h("input", {
      type: "range",
      id: "u-travel",
      min: "0",
      max: "0",
      step: "1",
      "aria-label": strings.travel,
      oninput: () => {
        const index = Number(this.#range.value);
        travel(index < this.#steps.length ? this.#steps[index] : null);
      },
    });
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("preserveAspectRatio", "none");
    this.#lines = ["training", "validation"].map((name) => {
      const line = document.createElementNS(SVG, "polyline");
      line.setAttribute("class", name);
      svg.append(line);
      return line;
    });
    this.element = h("div", { class: "u-travel" }, svg, this.#range);
  }

  /** @param {import("../run/run.js").Run} run @param {import("../run/moment.js").Moment} moment */
  show(run, moment) {
    const { story, at: present } = run;
    const kept = moment.seen?.moments ?? [];
    this.#steps = kept.filter((step) => step < present);
    const shown = moment.past ?? moment.step;
    const at = moment.past === null ? this.#steps.length : Math.max(0, this.#steps.indexOf(moment.past));
    if (this.#range.max !== String(this.#steps.length)) this.#range.max = String(this.#steps.length);
    if (this.#range.value !== String(at)) this.#range.value = String(at); // a reader may have dragged it
    const points = [...this.#steps, present].map((step) => story.at(step));
    const now = JSON.stringify([this.#steps, shown, moment.past, points, story.at(shown)]);
    if (now === this.#shown) return;
    this.#shown = now;
    this.#range.disabled = !this.#steps.length;
    const { loss, evaluation } = story.at(shown);
    const number = (/** @type {number | null | undefined} */ x) =>
      x === null || x === undefined ? this.#strings.none : this.#format.fixed(x, 3);
    const words = { step: this.#format.integer(shown), training: number(loss), validation: number(evaluation?.loss) };
    const place = fill(moment.past === null ? this.#strings.presentAt : this.#strings.past, words);
    const curves = fill(this.#strings.curves, words);
    this.#range.setAttribute("aria-valuetext", `${place} · ${curves}`);
    this.#range.title = curves;
    this.#draw(points);
  }

  /** @param {{loss: number | null, evaluation: {loss: number} | null}[]} points */
  #draw(points) {
    // between two measures nothing is known of the validation loss: the line leads from one to the next
    const measured = points.map(({ evaluation }, i) => (evaluation === points[i - 1]?.evaluation ? null : evaluation));
    const values = [points.map(({ loss }) => loss), measured.map((evaluation) => evaluation?.loss ?? null)];
    const all = values.flat().filter((value) => value !== null);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    this.#lines[0].parentElement?.setAttribute("viewBox", `0 0 ${Math.max(1, points.length - 1)} ${HEIGHT}`);
    this.#lines.forEach((line, n) => {
      const places = values[n].flatMap((value, i) =>
        value === null ? [] : [`${i},${(2 + ((high - value) / (high - low || 1)) * (HEIGHT - 4)).toFixed(1)}`],
      );
      line.setAttribute("points", places.join(" "));
    });
  }
}
