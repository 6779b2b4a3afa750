/** The chosen cell's equations as MathML, one plain sentence under each. z is named for what it does in each GRU. */
import * as attention from "../../views/unrolled/attention/equations.js";
import * as cells from "../../views/unrolled/equations.js";
import { h } from "../shell/dom.js";
import en from "../strings/en/attention.js";
import zh from "../strings/zh/attention.js";

/** @param {any} strings @param {{cell: string, gruReset: string}} settings */
export function equations(strings, { cell, gruReset }) {
  const { equationsOf } = cell === "attention" ? attention : cells;
  const list = (/** @type {string} */ name) =>
    equationsOf(name).map(([key, equation]) => h("li", {}, cells.mathOf(equation), h("p", {}, strings[name][key])));
  return h("ol", { class: "equations", role: "list" }, ...list(cells.kindOf(cell, gruReset)), ...list("head"));
}

/** In a demo whose author names them. @param {HTMLElement} root @param {import("../page.js").Page} page */
export function open(root, { strings, language, state }) {
  const words = { ...strings.equations, ...{ en, zh }[language].equations };
  const list = h("div");
  const lead = h("p", { class: "small" });
  const show = () => {
    const settings = /** @type {any} */ (state.settings);
    lead.textContent = settings.cell === "attention" ? words.whereAttention : words.where;
    list.replaceChildren(equations(words, settings));
  };
  root.append(
    h(
      "section",
      { class: "cell-equations", "aria-labelledby": "u-equations-title" },
      h("h2", { id: "u-equations-title" }, words.title),
      lead,
      list,
    ),
  );
  show();
  state.addEventListener("change", show);
  return { close: () => state.removeEventListener("change", show) };
}
