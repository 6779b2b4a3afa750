/** The score in the dock: drawn from the moment's trace, under the reader's cursor. */
import { readPalette } from "../../views/parts/colours.js";
import { ScoreView } from "../../views/score/score.js";
import { valuesOf } from "./held.js";

const NARROW = "(max-width: 40rem)";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { reader, held } = page;
  const view = new ScoreView(root, {
    strings: page.tokenStrings,
    palette: readPalette(root),
    units: matchMedia(NARROW).matches ? 16 : 32,
    holds: page.carries,
    finds: page.carries && page.dock.has("costs"),
  });
  const follow = () => {
    if (reader.t >= 0) view.setCursor(reader.t, false);
    view.setUnit(reader.unit, false);
    if (reader.layer !== view.layer) view.setLayer(reader.layer);
  };
  follow();
  const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ act) =>
    view.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
  on("cursor", ({ t }) => reader.move({ t }));
  on("layer", ({ layer }) => reader.move({ layer, rows: view.rows }));
  on("unit", ({ unit }) => reader.move({ unit }));
  on("brush", ({ stretch }) => reader.move({ stretch }));
  on("hold", ({ hold }) => held.take(hold));
  on("find", () =>
    page.attempt(async () => {
      await page.dock.go("costs");
      reader.dispatchEvent(new Event("find"));
    }),
  );
  reader.addEventListener("change", follow);
  const redraw = () => page.dock.draw();
  held.addEventListener("change", redraw);
  return {
    wants: () => ({ flow: true }),
    draw(seen) {
      const { trace, step } = seen;
      if (!trace) return;
      const { hold } = held;
      const values = hold ? valuesOf(page.tokenStrings.held, hold.gate ?? "h") : {};
      view.draw(trace, { step, window: page.window, holding: hold && { hold, values, data: held.of(seen) } });
      if (reader.t < 0) reader.move({ t: view.cursor });
      reader.rows = view.rows;
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", follow);
      held.removeEventListener("change", redraw);
      view.dispose();
    },
  };
}
