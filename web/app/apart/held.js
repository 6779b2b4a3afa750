/** In the dock: a unit, a gate or the memory switched off or held, what that costs, and what is then written. */
import { readPalette } from "../../views/parts/colours.js";
import { HeldView } from "../../views/apart/held.js";
import { placesOf, valuesOf } from "../inside/held.js";
import { h } from "../shell/dom.js";
import { choose, optionsOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings.held;
  const { reader, held } = page;
  const view = new HeldView(root, options);

  /** What is held, or else would be. */
  const now = () => held.hold ?? { layer: reader.layer, gate: "h", unit: reader.unit, value: 0 };
  const change = (/** @type {import("../inside/held.js").Hold} */ changes) => held.take({ ...now(), ...changes });
  const number = h("input", { type: "number", min: "0", step: "1", autocomplete: "off" });
  number.addEventListener("change", () => {
    if (!number.checkValidity()) return;
    reader.move({ unit: Number(number.value) });
    change({ unit: Number(number.value) });
  });
  const every = h("input", {
    type: "checkbox",
    onchange: () => change({ unit: every.checked ? undefined : reader.unit }),
  });
  const letGo = h("button", { type: "button", onclick: () => held.take(null) }, s.letGo);
  const none = h("p", { class: "small" }, s.none);
  const fields = h("div", { class: "fields" });
  view.figure.tools.append(fields);
  view.figure.body.prepend(none);
  let laid = "";

  /** The fields of what is held; the choices hang on the cell and on the gate. */
  function lay() {
    const { gate = "h", unit, value = 0 } = now();
    const places = placesOf(page);
    const values = valuesOf(s, gate);
    const key = JSON.stringify([places, gate, value, held.hold === null]);
    if (key !== laid) {
      const focused = fields.contains(fields.ownerDocument.activeElement)
        ? [...fields.querySelectorAll("select, input, button")].indexOf(
            /** @type {any} */ (fields.getRootNode()).activeElement,
          )
        : -1;
      fields.replaceChildren(
        choose(s.gate, places, gate, (name) => change({ gate: name, value: 0 })),
        choose(s.value, values, String(value), (name) => change({ value: name === "mean" ? name : Number(name) })),
        h("label", {}, s.unit, number),
        h("label", { class: "tick" }, every, s.every),
        held.hold ? letGo : h("button", { type: "button", onclick: () => change({}) }, s.hold),
      );
      /** @type {HTMLElement | undefined} */ ([...fields.querySelectorAll("select, input, button")][focused])?.focus();
    }
    laid = key;
    number.max = String((page.moment.seen?.trace?.sizes.H ?? 1) - 1);
    number.value = String(unit ?? reader.unit);
    every.checked = unit === undefined;
    number.disabled = every.checked;
    none.hidden = held.hold !== null;
  }

  const redraw = () => page.dock.draw();
  for (const each of [reader, held]) each.addEventListener("change", redraw);
  return {
    wants: () => ({}),
    draw(seen) {
      lay();
      const data = held.of(seen);
      if (data) view.draw(data);
      else if (!held.hold) view.clear();
    },
    clear: () => view.clear(),
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      for (const each of [reader, held]) each.removeEventListener("change", redraw);
      view.dispose();
    },
  };
}
