/** The chosen cell's equations as MathML, one plain sentence under each. z is named for what it does in each GRU. */
import { equationsOf, kindOf, mathOf } from "../../views/unrolled/equations.js";
import { h } from "../shell/dom.js";

/** @param {any} strings @param {{cell: string, gruReset: string}} settings */
export function equations(strings, { cell, gruReset }) {
  const list = (/** @type {string} */ name) =>
    equationsOf(name).map(([key, equation]) => h("li", {}, mathOf(equation), h("p", {}, strings[name][key])));
  return h("ol", { class: "equations", role: "list" }, ...list(kindOf(cell, gruReset)), ...list("head"));
}
