/** In the dock: where in the text a unit is strongest and weakest, and how long each unit remembers. */
import { halfLives, keptShare } from "../../core/apart/memory.js";
import { readPalette } from "../../views/parts/colours.js";
import { BarsView } from "../../views/apart/bars.js";
import { PassagesView } from "../../views/apart/passages.js";
import { h } from "../shell/dom.js";
import { choose, makeStudy, optionsOf, placesOf, stretchOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings;
  const { reader } = page;
  let what = "h";

  const passages = new PassagesView(root, options);
  const number = h("input", { type: "number", min: "0", step: "1", value: String(reader.unit), autocomplete: "off" });
  number.addEventListener("change", () => number.checkValidity() && reader.move({ unit: Number(number.value) }));
  const bench = makeStudy(page, s.passages, async ({ client, asking }) => {
    const { unit, layer } = reader;
    const found = await client.study("passages", stretchOf(page), { unit, layer, what, ...asking });
    const scale = what === "h" || what === "g" || what === "n" ? "hidden" : what === "c" ? "cell" : "gate";
    passages.draw({ ...found, unit, scale });
  });
  const fields = h("div", { class: "fields" });
  passages.figure.tools.append(fields, bench.element);

  const lives = new BarsView(root, options, { name: "halflife", log: true });
  lives.addEventListener("unit", (event) => reader.move({ unit: /** @type {CustomEvent} */ (event).detail.unit }));
  const follow = () => {
    number.value = String(reader.unit);
    page.dock.draw();
  };
  reader.addEventListener("change", follow);
  let cell = "";
  return {
    wants: () => ({ longText: page.probe.longText }),
    draw({ response }) {
      if (!response) return;
      const { T, H, L } = response.sizes;
      number.max = String(H - 1);
      if (cell !== response.cellType) {
        cell = response.cellType;
        what = "h";
        fields.replaceChildren(
          h("label", {}, s.passages.unit, number),
          choose(s.passages.what, placesOf(page), what, (value) => (what = value)),
        );
      }
      const kept = keptShare(response);
      const values = kept ? halfLives(kept, T, H, Math.min(reader.layer, L - 1)) : new Float32Array(0);
      const unit = reader.unit < values.length ? reader.unit : null;
      lives.draw({ values, unit, note: kept ? "" : s.halflife.noGate });
    },
    clear: () => lives.clear(),
    recolour: () => [passages, lives].forEach((view) => view.setPalette(readPalette(root))),
    close() {
      reader.removeEventListener("change", follow);
      bench.end();
      lives.dispose();
    },
  };
}
