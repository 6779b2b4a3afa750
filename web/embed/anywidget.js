/**
 * The demo as an anywidget module, for Jupyter, Colab, VS Code, marimo and MyST. Traits have the names of the options, as
 * Python writes them (`seq_len`) or as here (`seqLen`); `views` and `hide` may be lists. A change of a trait changes the
 * demo; where the widget has traits named `step` and `loss`, they are kept up to date, a few times a second.
 *
 * A widget is one network, and every cell that shows it shows the same one: it trains while one of them is seen.
 */
import "./element.js";
import { Network } from "./demo/network.js";
import { attributeOf, NAMES, textOf } from "./options.js";

/** @import { UnrolledDemo } from "./element.js" */
/**
 * @typedef {{get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, act: () => void) => void, off: (event: string, act: () => void) => void}} Model
 */

const MESSAGE_INTERVAL = 400; // ms between two messages to the kernel

/** @param {string} name "seqLen" @returns {string} "seq_len" */
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every trait with the option it stands for. @type {[trait: string, name: string][]} */
const TRAITS = [
  ["hidden", "units"],
  ...NAMES.flatMap((name) =>
    [...new Set([name, snake(name)])].map((trait) => /** @type {[string, string]} */ ([trait, name])),
  ),
];

/** What the traits say, by option. @param {Model} model */
function readTraits(model) {
  /** @type {Record<string, string>} */
  const said = {};
  for (const [trait, name] of TRAITS) {
    const text = textOf(model.get(trait));
    if (text !== null) said[name] = text;
  }
  return said;
}

/** @param {Model} model @param {() => void} act @returns {() => void} ends it */
function onChange(model, act) {
  const events = TRAITS.map(([trait]) => `change:${trait}`);
  for (const event of events) model.on(event, act);
  return () => {
    for (const event of events) model.off(event, act);
  };
}

/**
 * Tells the kernel how far a network is, at most so often, and the last word always.
 * @param {Network} network
 */
function teller(network) {
  let _timer = 0;
  let last = -Infinity;
  const tell = (/** @type {Model} */ model) => {
    _timer = 0;
    const { client, report } = network.run;
    if (!client || !report || model.get("step") === undefined || model.get("step") === report.step) return;
    model.set("step", report.step);
    model.set("loss", report.loss);
    model.save_changes();
    last = performance.now(); // when it was said, however long the saying took
  };
  return (/** @type {Model} */ model) => {
    _timer ||= window.setTimeout(() => tell(model), Math.max(0, last + MESSAGE_INTERVAL - performance.now()));
  };
}

/** One for each widget. */
export default () => {
  const network = new Network();
  const tell = teller(network);
  return {
    /** @param {{model: Model, el: HTMLElement}} view @returns {() => void} takes the demo away again */
    render({ model, el }) {
      const demo = /** @type {UnrolledDemo} */ (document.createElement("unrolled-demo"));
      demo.share(network);
      const take = () => {
        const said = readTraits(model);
        for (const name of NAMES) {
          if (said[name] === undefined) demo.removeAttribute(attributeOf(name));
          else demo.setAttribute(attributeOf(name), said[name]);
        }
      };
      take();
      const end = onChange(model, take);
      demo.addEventListener("unrolled-step", () => tell(model));
      el.append(demo);
      return () => {
        end();
        demo.remove();
      };
    },
  };
};
