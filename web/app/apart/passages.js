/** In the dock: where in the whole text a unit is strongest and weakest. */
import { CELLS } from "../../core/cells.js";
import { readPalette } from "../../views/parts/colours.js";
import { PassagesView } from "../../views/apart/passages.js";
import { placesOf } from "../inside/held.js";
import { h } from "../shell/dom.js";
import { choose, makeStudy, optionsOf } from "./study.js";

/** @typedef {import("../../core/cells.js").CellName} CellName */

const SCALES = /** @type {Record<string, "hidden" | "cell" | "gate">} */ ({
  h: "hidden",
  g: "hidden",
  n: "hidden",
  c: "cell",
});

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings;
  const { reader } = page;
  let [what, cell] = ["h", ""];

  const passages = new PassagesView(root, options);
  const number = h("input", { type: "number", min: "0", step: "1", autocomplete: "off" });
  number.addEventListener("change", () => number.checkValidity() && reader.move({ unit: Number(number.value) }));
  const bench = makeStudy(
    page,
    s.passages,
    async ({ client, layer, asking }) => {
      const { unit } = reader;
      const found = await client.study("passages", page.run.text, { unit, layer, what, ...asking });
      const scale = SCALES[what] ?? "gate";
      const isOpen = scale === "hidden" && !CELLS[/** @type {CellName} */ (client.settings.cell)].bounded;
      passages.draw({ ...found, unit, scale: isOpen ? "open" : scale });
    },
    () => passages.clear(),
  );
  const fields = h("div", { class: "fields" });
  passages.figure.tools.append(fields, bench.element);
  const follow = () => void (number.value = String(reader.unit));
  follow();
  reader.addEventListener("change", follow);
  return {
    wants: () => ({}),
    draw({ step, trace }) {
      bench.follow(step);
      if (!trace) return;
      number.max = String(trace.sizes.H - 1);
      const key = `${trace.cellType} ${trace.gruReset}`;
      if (cell === key) return;
      [cell, what] = [key, "h"];
      fields.replaceChildren(
        h("label", {}, s.passages.unit, number),
        choose(s.passages.what, placesOf(page), what, (value) => (what = value)),
      );
    },
    clear: () => bench.follow(null),
    recolour: () => passages.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", follow);
      bench.end();
    },
  };
}
