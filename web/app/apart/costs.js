/** In the dock: what each unit is worth, by switching every one off in turn; and which unit tells a property. */
import { readPalette } from "../../views/parts/colours.js";
import { BarsView } from "../../views/apart/bars.js";
import { UnitsView } from "../../views/apart/units.js";
import { visible } from "../../views/parts/format.js";
import { fill, h } from "../shell/dom.js";
import { choose, makeStudy, optionsOf, stretchOf } from "./study.js";

/** @typedef {import("../../core/apart/costs.js").Costs} Costs */
/** @typedef {import("./study.js").Asked} Asked */

const SEARCHED = 6000; // characters over which a unit that was found is priced
const MARKED = "marked";
const LEAST = 6; // times that a phrase must stand in the text to be looked for

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings;
  const { reader } = page;
  /** @type {{ costs: Costs, layer: number, step: number } | null} */ let found = null;
  let property = reader.stretch ? MARKED : "space";

  const bars = new BarsView(root, options, "costs");
  const draw = () => {
    if (!found) return;
    const { cost, at } = found.costs;
    const unit = reader.unit < cost.length ? reader.unit : null;
    const words = (/** @type {number} */ j) =>
      at[j].map((/** @type {any} */ { token, cost }) => `“${visible(token)}” +${cost.toFixed(2)}`).join(s.figure.list);
    const note = unit === null ? "" : words(unit);
    bars.draw({
      values: cost,
      unit,
      note: note && fill(s.costs.at, { words: note }),
      notes: cost.length ? words : null,
    });
  };
  /** Prices every unit. @param {Asked} asked @param {number} [most] characters */
  async function price({ client, layer, asking }, most = Infinity) {
    const costs = await client.study("costs", stretchOf(page).slice(0, most), { layer, ...asking });
    return { costs, layer, step: page.moment.step };
  }
  const measure = makeStudy(
    page,
    s.costs,
    async (asked) => {
      found = await price(asked);
      if (found.costs.cost[reader.unit] === undefined) reader.move({ unit: 0 });
      draw();
    },
    () => {
      found = null;
      bars.clear();
    },
  );
  bars.figure.tools.append(measure.element);
  bars.addEventListener("unit", (event) => reader.move({ unit: /** @type {CustomEvent} */ (event).detail.unit }));

  const units = new UnitsView(root, options);
  const search = makeStudy(
    page,
    s.units,
    async ({ client, layer, asking }) => {
      // A third of the way it looks, then it prices what it found.
      const isPriced = found?.layer === layer && found.step === page.moment.step;
      const part = isPriced ? 1 : 1 / 3;
      const progress = (/** @type {number} */ done) => asking.progress?.(part * done);
      const asked = { layer, ...asking, progress };
      const answer =
        property === MARKED
          ? await findMarked(client, asked)
          : {
              note: "",
              property: s.units.properties[property],
              found: await client.study("units", stretchOf(page), { property, ...asked }),
            };
      const later = (/** @type {number} */ done) => asking.progress?.(part + (1 - part) * done);
      const { costs } =
        isPriced && found ? found : await price({ client, layer, asking: { ...asking, progress: later } }, SEARCHED);
      units.draw({ ...answer, costs: costs.cost });
      const best = answer.found.told?.[0] ?? answer.found.followed?.[0];
      if (best) reader.move({ unit: best.unit });
    },
    () => units.clear(),
  );

  /**
   * The stretch that is marked: wherever its characters stand in the long text, or, where they are too rare for that, the
   * stretch alone, whose first half chooses the threshold.
   * @param {import("../../worker/client.js").TrainerClient} client @param {any} asked
   */
  async function findMarked(client, asked) {
    const { trace } = page.moment.seen ?? {};
    const { stretch } = reader;
    if (!trace || !stretch)
      return { property: "", note: "", found: { told: null, followed: null, share: 0, times: 0 } };
    const [from, to] = stretch;
    const phrase = trace.tokens.slice(from, to + 1);
    const text = visible(phrase.join(""));
    const everywhere = await client.study("units", stretchOf(page), { phrase, ...asked });
    if (everywhere.times >= LEAST && everywhere.told)
      return { property: text, note: fill(s.units.phrase, { text, times: everywhere.times }), found: everywhere };
    const middle = (from + to + 1) / 2 / trace.tokens.length;
    const here = { stretches: [[from, to + 1]], fit: middle, ...asked };
    return {
      property: text,
      note: s.units.stretch,
      found: await client.study("units", trace.tokens, here),
    };
  }

  const choice = h("div", { class: "fields" });
  function offer() {
    const { trace } = page.moment.seen ?? {};
    const { stretch } = reader;
    if (!stretch && property === MARKED) property = "space";
    const text = stretch && trace ? visible(trace.tokens.slice(stretch[0], stretch[1] + 1).join("")) : "";
    const marked = stretch
      ? { [MARKED]: fill(s.units.marked, { text: text.length > 24 ? `${text.slice(0, 23)}…` : text }) }
      : {};
    const key = `${text}|${property}`;
    if (choice.dataset.key === key) return;
    choice.dataset.key = key;
    const words = { ...s.units.properties, ...marked };
    choice.replaceChildren(
      choose(s.units.which, words, property, (value) => {
        property = value;
        choice.dataset.key = `${text}|${property}`;
      }),
      ...(stretch ? [] : [h("p", { class: "small" }, s.units.howToMark)]),
    );
  }
  offer();
  units.figure.tools.append(choice, search.element);
  const follow = () => {
    offer();
    draw();
  };
  const find = () => {
    property = MARKED;
    delete choice.dataset.key;
    offer();
    units.figure.root.scrollIntoView({ block: "nearest" });
    page.attempt(() => search.begin());
  };
  reader.addEventListener("change", follow);
  reader.addEventListener("find", find);
  return {
    wants: () => ({}),
    draw({ step }) {
      offer();
      measure.follow(step);
      search.follow(step);
    },
    clear() {
      measure.follow(null);
      search.follow(null);
    },
    recolour: () => [bars, units].forEach((view) => view.setPalette(readPalette(root))),
    close() {
      reader.removeEventListener("change", follow);
      reader.removeEventListener("find", find);
      measure.end();
      search.end();
      bars.dispose();
    },
  };
}
