/**
 * The demo as an anywidget module, for Jupyter, Colab, VS Code, marimo and MyST. Traits have the names of the settings
 * and of the demo's options, as Python writes them (`seq_len`) or as here (`seqLen`); `views` and `hide` may be lists.
 * A change of a trait changes the demo; where the widget has traits named `step` and `loss`, they are kept up to date.
 */
import "./element.js";
import { attributeOf, LINK_NAMES, OWN_NAMES } from "./options.js";

/** @import { UnrolledDemo } from "./element.js" */
/**
 * @typedef {{get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, act: () => void) => void, off: (event: string, act: () => void) => void}} Model
 */

/** @param {string} name "seqLen" @returns {string} "seq_len" */
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * @param {UnrolledDemo} demo
 * @param {string} name
 * @param {any} value of the trait; null and undefined leave the default
 */
function setOption(demo, name, value) {
  const attribute = attributeOf(name === "hidden" ? "hiddenUnits" : name);
  if (value === null || value === undefined || (name === "autoplay" && value === false))
    demo.removeAttribute(attribute);
  else demo.setAttribute(attribute, Array.isArray(value) ? value.join(" ") : String(value));
}

export default {
  /** @param {{model: Model, el: HTMLElement}} view @returns {() => void} takes the demo away again */
  render({ model, el }) {
    const demo = /** @type {UnrolledDemo} */ (document.createElement("unrolled-demo"));
    /** @type {[string, () => void][]} */
    const listening = [];
    for (const name of [...LINK_NAMES, ...OWN_NAMES]) {
      for (const trait of new Set([name, snake(name)])) {
        const take = () => setOption(demo, name, model.get(trait));
        if (model.get(trait) !== undefined) take();
        model.on(`change:${trait}`, take);
        listening.push([`change:${trait}`, take]);
      }
    }
    demo.addEventListener("unrolled-step", (event) => {
      const { step, loss } = /** @type {CustomEvent} */ (event).detail;
      if (model.get("step") === undefined) return;
      model.set("step", step);
      model.set("loss", loss);
      model.save_changes();
    });
    el.append(demo);
    return () => {
      for (const [event, take] of listening) model.off(event, take);
      demo.remove();
    };
  },
};
