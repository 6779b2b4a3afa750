/** What every figure of a lesson has: a title, the picture, one line how to read it, and the same in words. */
import { h } from "../../shell/dom.js";

/** @typedef {import("../../../lessons/run/experiment.js").Experiment} Experiment */
/**
 * @typedef {object} Context what a figure is given
 * @property {import("../../../lessons/lesson.js").FigureSpec & Record<string, any>} spec
 * @property {any} words of this figure
 * @property {Record<string, string>} names of the networks
 * @property {(sentence: string, values: ReadonlyMap<string, number>) => string} speak
 * @property {string} language
 * @property {any} own the player's words
 */
/**
 * @typedef {object} Scene what is drawn
 * @property {Experiment} experiment
 * @property {Experiment | null} before the lesson's own run, when one thing was changed
 * @property {{ at: number[], points: number[] } | null} bet a line that was drawn
 */

export class Frame {
  /** @param {Context} context @param {...Node} picture */
  constructor({ spec, words, own }, ...picture) {
    this.says = h("p", { class: "l-says" });
    this.root = h(
      "figure",
      { class: `l-figure l-${spec.kind}`, "data-figure": spec.name },
      h("h4", {}, words.title),
      ...picture,
      this.says,
      words.read ? h("details", { class: "l-read" }, h("summary", {}, own.read), h("p", {}, words.read)) : null,
    );
  }

  /** @param {string} text only where it is new */
  say(text) {
    if (this.says.textContent !== text) this.says.textContent = text;
  }
}

/** A figure that is one drawing, made anew for each scene and each width: what inherits it paints. */
export class Plot {
  canvas = h("canvas", { role: "img" });
  legend = h("p", { class: "l-legend" });
  /** @type {Scene | null} */ #scene = null;

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.frame = new Frame(context, this.legend, this.canvas);
    this.canvas.setAttribute("aria-label", context.words.title); // until there is something to say
    this.root = this.frame.root;
    new ResizeObserver(() => this.#repaint()).observe(this.root);
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.#scene = scene;
    const { words, speak } = this.context;
    const text = speak(words.says, scene.experiment.values);
    this.frame.say(text);
    this.canvas.setAttribute("aria-label", text || words.title);
    this.#repaint();
  }

  #repaint() {
    const width = this.root.clientWidth;
    if (this.#scene && width) this.paint(this.#scene, width);
  }

  /** @param {Scene} _scene @param {number} _width */
  paint(_scene, _width) {}
}

/** @param {string} colour @param {string} text @param {{ dotted?: boolean }} [line] */
export const legendKey = (colour, text, { dotted = false } = {}) =>
  h("span", {}, h("i", { style: `background:${dotted ? dots(colour) : colour}` }), text);
const dots = (/** @type {string} */ colour) =>
  `repeating-linear-gradient(to right,${colour} 0 2px,transparent 2px 5px)`;

/** Networks of a figure, in the lesson's order. @param {Experiment} experiment @param {{ networks?: string[] }} spec */
export const shown = (experiment, { networks }) =>
  experiment.networks.filter(({ name }) => !networks || networks.includes(name));

const ORDER = ["rnn", "lstm", "gru"];

/** Colours of the networks: a cell's own where a network bears its name. @param {import("../../../views/parts/colours.js").Palette} palette @param {string[]} names */
export function coloursOf(palette, names) {
  const free = ORDER.filter((cell) => !names.includes(cell)).map((cell) => palette.series[cell]);
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      palette.series[name] && ORDER.includes(name) ? palette.series[name] : (free[i % free.length] ?? palette.accent),
    ]),
  );
}
