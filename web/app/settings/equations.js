/** The chosen cell's equations as MathML, one plain sentence under each. z is named for what it does in each GRU. */
import { equationsOf, kindOf, mathOf } from "../../views/unrolled/equations.js";
import { h } from "../shell/dom.js";

/** @param {any} strings @param {{cell: string, gruReset: string}} settings */
export function equations(strings, { cell, gruReset }) {
  const list = (/** @type {string} */ name) =>
    equationsOf(name).map(([key, equation]) => h("li", {}, mathOf(equation), h("p", {}, strings[name][key])));
  return h("ol", { class: "equations", role: "list" }, ...list(kindOf(cell, gruReset)), ...list("head"));
}

/** In a demo whose author names them. @param {HTMLElement} root @param {import("../page.js").Page} page */
export function open(root, { strings: { equations: strings }, state }) {
  const list = h("div");
  const show = () => list.replaceChildren(equations(strings, /** @type {any} */ (state.settings)));
  root.append(
    h(
      "section",
      { class: "cell-equations", "aria-labelledby": "u-equations-title" },
      h("h2", { id: "u-equations-title" }, strings.title),
      h("p", { class: "small" }, strings.where),
      list,
    ),
  );
  show();
  state.addEventListener("change", show);
  return { close: () => state.removeEventListener("change", show) };
}
