/** In the dock: how long each unit remembers, beside how far back the gradient is felt. */
import { halfLivesOf } from "../../core/apart/halflife.js";
import { readPalette } from "../../views/parts/colours.js";
import { LivesView } from "../../views/apart/lives.js";
import { optionsOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const { reader } = page;
  const view = new LivesView(root, options);
  view.addEventListener("unit", (event) => reader.move({ unit: /** @type {CustomEvent} */ (event).detail.unit }));
  const follow = () => page.dock.draw();
  reader.addEventListener("change", follow);
  return {
    wants: () => ({ longText: page.probe.longText, flow: true }),
    draw({ response, profiles }) {
      if (!response) return;
      const layer = Math.min(reader.layer, response.sizes.L - 1);
      const lives = halfLivesOf(response, layer);
      const values = lives ?? new Float32Array(0);
      const unit = reader.unit < values.length ? reader.unit : null;
      const note = lives ? "" : options.strings.halflife.noGate;
      view.draw({ values, unit, note, notes: null, profile: profiles[layer] ?? null });
    },
    clear: () => view.clear(),
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", follow);
      view.dispose();
    },
  };
}
