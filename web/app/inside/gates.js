/** Gates in the dock: how units answer to a longer stretch of the text. */
import { GatesView } from "../../views/figures/gates.js";
import { readPalette } from "../../views/parts/colours.js";
import { wordsOf } from "./words.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { reader } = page;
  const view = new GatesView(root, { strings: wordsOf(page), palette: readPalette(root) });
  const redraw = () => page.dock.draw();
  reader.addEventListener("change", redraw);
  return {
    wants: () => ({ longText: page.probe.longText }),
    draw({ response }) {
      if (!response) return;
      const { H, L } = response.sizes;
      const shown = Int32Array.from(reader.rows);
      view.draw({
        trace: response,
        layer: Math.min(reader.layer, L - 1),
        rows: shown.length && shown.every((unit) => unit < H) ? shown : Int32Array.from({ length: H }, (_, j) => j),
        unit: Math.min(reader.unit, H - 1),
      });
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", redraw);
      view.dispose();
    },
  };
}
