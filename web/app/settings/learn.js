/** Short explanations, with the numbers of the run in them. */
import { fill, h } from "../shell/dom.js";

/** @param {any} strings @param {{batch: number, seqLen: number}} settings */
export function explanations(strings, { batch, seqLen }) {
  return ["happening", "forgets", "gate", "clipping"].map((name) =>
    h(
      "article",
      {},
      h("h3", {}, strings[name].title),
      ...strings[name].body.map((/** @type {string} */ paragraph) => h("p", {}, fill(paragraph, { batch, seqLen }))),
    ),
  );
}
