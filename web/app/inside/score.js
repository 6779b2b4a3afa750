/** The score in the dock: drawn from the moment's trace, under the reader's cursor. */
import { readPalette } from "../../views/parts/colours.js";
import { ScoreView } from "../../views/score/score.js";

const NARROW = "(max-width: 40rem)";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { reader } = page;
  const view = new ScoreView(root, {
    strings: page.tokenStrings,
    palette: readPalette(root),
    units: matchMedia(NARROW).matches ? 16 : 32,
  });
  view.setCursor(reader.t, false);
  const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ act) =>
    view.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
  on("cursor", ({ t }) => reader.move({ t }));
  on("layer", ({ layer }) => reader.move({ layer, rows: view.rows }));
  on("unit", ({ unit }) => reader.move({ unit }));
  const follow = () => {
    view.setCursor(reader.t, false);
    if (reader.layer !== view.layer) view.setLayer(reader.layer);
  };
  reader.addEventListener("change", follow);
  return {
    wants: () => ({ flow: true }),
    draw({ trace, step }) {
      if (!trace) return;
      view.draw(trace, { step, window: page.window });
      if (reader.t < 0) reader.move({ t: view.cursor });
      reader.rows = view.rows;
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", follow);
      view.dispose();
    },
  };
}
