/** The score's own controls: how many units, in which order, what a finger does, and which staves. */
import { choice, element } from "../parts/figure.js";

/**
 * @param {any} strings of the score
 * @param {{units: number, order: string}} values at first
 * @param {{units: (units: number) => void, order: (order: any) => void, mark: (on: boolean) => void}} change
 * @param {HTMLElement} staves where the boxes of the staves are
 * @returns {{tools: Node[], chips: HTMLElement, offer: (orders: readonly string[], order: string) => void}} offer: the
 * orders there are
 */
export function scoreTools(strings, { units, order }, change, staves) {
  const orders = choice(strings.order, [[order, strings[order]]], order, change.order);
  const shown = choice(
    strings.units,
    [
      ["16", "16"],
      ["32", "32"],
      ["64", "64"],
      ["0", strings.all],
    ],
    String(units),
    (value) => change.units(Number(value)),
  );
  const mark = element("button", { type: "button", "aria-pressed": "false" }, strings.mark);
  mark.addEventListener("click", () => {
    const on = mark.getAttribute("aria-pressed") === "false";
    mark.setAttribute("aria-pressed", String(on));
    change.mark(on);
  });
  const chips = element("details", { class: "u-staves" }, element("summary", {}, strings.staves), staves);
  const offer = (/** @type {readonly string[]} */ names, /** @type {string} */ now) => {
    orders.select.replaceChildren(...names.map((value) => element("option", { value }, strings[value])));
    orders.select.value = now;
  };
  return { tools: [shown.label, orders.label, mark], chips, offer };
}

/**
 * @param {any} strings of the score
 * @param {number} layers
 * @param {number} layer the one that is shown
 * @param {(layer: number) => void} change
 * @returns {Node[]} nothing where there is no choice
 */
export function layerChoice(strings, layers, layer, change) {
  if (layers < 2) return [];
  const names = Array.from({ length: layers }, (_, k) => /** @type {[string, string]} */ ([String(k), String(k + 1)]));
  return [choice(strings.layer, names, String(layer), (value) => change(Number(value))).label];
}

/**
 * A box to tick for each stave.
 * @param {string[]} keys of the staves
 * @param {(key: string) => string} label
 * @param {Set<string>} shown changed as boxes are
 * @param {() => void} change
 */
export function staveBoxes(keys, label, shown, change) {
  return keys.map((key) => {
    const box = element("input", { type: "checkbox", checked: shown.has(key) });
    box.addEventListener("change", () => {
      if (box.checked) shown.add(key);
      else shown.delete(key);
      change();
    });
    return element("label", {}, box, ` ${label(key)}`);
  });
}
