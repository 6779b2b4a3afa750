/** In the dock: what each unit is worth, by switching every one off in turn; and which unit tells a property. */
import { readPalette } from "../../views/parts/colours.js";
import { BarsView } from "../../views/apart/bars.js";
import { UnitsView } from "../../views/apart/units.js";
import { fill, h } from "../shell/dom.js";
import { choose, makeStudy, optionsOf, stretchOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings;
  const { reader } = page;
  /** @type {Awaited<ReturnType<import("../../worker/client.js").TrainerClient["study"]>> | any} */ let found = null;
  let property = "space";

  const bars = new BarsView(root, options, { name: "costs" });
  const draw = () => {
    if (!found) return;
    const unit = reader.unit < found.cost.length ? reader.unit : null;
    const at = unit === null ? [] : found.at[unit];
    const words = at.map((/** @type {any} */ { token, cost }) => `“${token}” +${cost.toFixed(2)}`).join(", ");
    bars.draw({ values: found.cost, unit, note: words && fill(s.costs.at, { words }) });
  };
  const measure = makeStudy(page, s.costs, async ({ client, asking }) => {
    found = await client.study("costs", stretchOf(page), { layer: reader.layer, ...asking });
    if (found.cost[reader.unit] === undefined) reader.move({ unit: 0 });
    draw();
  });
  bars.figure.tools.append(measure.element);
  bars.addEventListener("unit", (event) => reader.move({ unit: /** @type {CustomEvent} */ (event).detail.unit }));
  reader.addEventListener("change", draw);

  const units = new UnitsView(root, options);
  const search = makeStudy(page, s.units, async ({ client, asking }) => {
    const layer = reader.layer;
    const answer = await client.study("units", stretchOf(page), { property, layer, ...asking });
    units.draw({ property: s.units.properties[property], found: answer, costs: found?.cost ?? null });
    const best = answer.told?.[0] ?? answer.followed?.[0];
    if (best) reader.move({ unit: best.unit });
  });
  units.figure.tools.append(
    h(
      "div",
      { class: "fields" },
      choose(s.units.which, s.units.properties, property, (value) => (property = value)),
    ),
    search.element,
  );
  return {
    recolour: () => [bars, units].forEach((view) => view.setPalette(readPalette(root))),
    close() {
      reader.removeEventListener("change", draw);
      measure.end();
      search.end();
      bars.dispose();
    },
  };
}
