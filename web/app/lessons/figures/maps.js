/** Figures that are maps of colour: triangles of gradients, and what a gate keeps along a line. */
import { readPalette } from "../../../views/parts/colours.js";
import { count, visible } from "../../../views/parts/format.js";
import { colourOf, makeScales } from "../../../views/parts/heatmap.js";
import { scaleChip } from "../../../views/parts/legend.js";
import { h } from "../../shell/dom.js";
import { Frame, shown } from "./frame.js";

/** @typedef {import("./frame.js").Context} Context */
/** @typedef {import("./frame.js").Scene} Scene */
/** @typedef {import("../../../views/parts/heatmap.js").Scale} Scale */

class Maps {
  #canvases = new Map();
  #row = h("div", { class: "l-maps" });
  #scale = h("p", { class: "u-chips" });
  /** @type {Scene | null} */ scene = null;

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.frame = new Frame(context, this.#scale, this.#row);
    this.root = this.frame.root;
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.scene = scene;
    const { words, speak, names, spec } = this.context;
    const text = speak(words.says, scene.experiment.values);
    this.frame.say(text);
    const scale = this.scaleOf(readPalette(this.root));
    this.#scale.replaceChildren(scaleChip(words.scale, scale));
    for (const network of shown(scene.experiment, spec)) {
      if (!network.data[spec.kind]) continue; // not looked at yet
      if (!this.#canvases.has(network.name)) {
        const canvas = h("canvas", { role: "img" });
        this.#canvases.set(network.name, canvas);
        this.#row.append(h("div", {}, h("b", {}, names[network.name]), canvas, this.below(network)));
      }
      const canvas = this.#canvases.get(network.name);
      canvas.setAttribute("aria-label", `${names[network.name]}. ${text}`);
      this.paint(canvas, network, scale);
    }
  }

  /** What its colours mean. @param {import("../../../views/parts/colours.js").Palette} _palette @returns {Scale} */
  scaleOf(_palette) {
    throw new Error("a map has a scale");
  }

  /** @param {import("../../../lessons/run/experiment.js").Network} _network @returns {Node | string} */
  below(_network) {
    return "";
  }

  /** @param {HTMLCanvasElement} _canvas @param {import("../../../lessons/run/experiment.js").Network} _network @param {Scale} _scale */
  paint(_canvas, _network, _scale) {}

  /**
   * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
   * @param {(x: number, y: number) => number} pixel
   */
  fill(canvas, width, height, pixel) {
    canvas.width = width;
    canvas.height = height;
    const image = new ImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) words[y * width + x] = pixel(x, y);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}

/** Row t, column s: how much the loss at t depends on the state at s, against the loss at the first. One scale for all. */
export class Triangle extends Maps {
  /** @param {import("../../../views/parts/colours.js").Palette} palette @override */
  scaleOf(palette) {
    return makeScales(palette).gradient;
  }

  /** @param {HTMLCanvasElement} canvas @param {import("../../../lessons/run/experiment.js").Network} network @param {Scale} scale @override */
  paint(canvas, { data: { triangle } }, scale) {
    if (!triangle) return;
    const { flow, T } = triangle;
    const largest = flow[0] || 1;
    this.fill(canvas, T, T, (s, t) => (s > t ? 0 : colourOf(scale, flow[t * T + s] / largest)));
  }
}

const ROWS = 12;
const LASTING = 3; // decades of the scale: from one character to a thousand

/**
 * A row for each of the units that keep most, a column for each character: how long, at this rate, half of the value would
 * last. The share itself is near 1 wherever something is remembered at all, and would look the same.
 */
export class Gates extends Maps {
  /** @param {import("../../../views/parts/colours.js").Palette} palette @returns {Scale} @override */
  scaleOf({ sequential }) {
    return { table: sequential, low: 0, high: LASTING, curve: "log", ends: ["1", count(10 ** LASTING)] };
  }

  /** The line itself. @param {import("../../../lessons/run/experiment.js").Network} network @override */
  below({ data: { gates } }) {
    const tokens = /** @type {string[]} */ (gates?.tokens ?? []);
    return h("code", { "aria-hidden": "true" }, ...tokens.map((token) => h("span", {}, visible(token))));
  }

  /** @param {HTMLCanvasElement} canvas @param {import("../../../lessons/run/experiment.js").Network} network @param {Scale} scale @override */
  paint(canvas, { data: { gates } }, scale) {
    if (!gates) return;
    const { kept, T, H, mean } = gates;
    const order = mean
      .map((/** @type {number} */ value, /** @type {number} */ j) => ({ value, j }))
      .sort((/** @type {any} */ a, /** @type {any} */ b) => b.value - a.value)
      .slice(0, ROWS);
    this.fill(canvas, T, order.length, (t, row) => {
      const share = Math.min(1 - 1e-6, Math.max(1e-6, kept[t * H + order[row].j]));
      return colourOf(scale, Math.LN2 / -Math.log(share));
    });
  }
}
