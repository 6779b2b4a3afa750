/** In the dock: a unit, a gate or the memory switched off or held, what that costs, and what is then written. */
import { readPalette } from "../../views/parts/colours.js";
import { HeldView } from "../../views/apart/held.js";
import { fill, h } from "../shell/dom.js";
import { choose, newest, onCopy, optionsOf, placesOf } from "./study.js";

const LENGTH = 160; // characters that are written
const VALUES = { off: 0, open: 1, mean: /** @type {const} */ ("mean") };

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings.held;
  const { reader } = page;
  const view = new HeldView(root, options);
  let [gate, value, all] = ["h", /** @type {keyof typeof VALUES} */ ("off"), false];
  let cell = "";
  let turn = 0;

  const redraw = () => page.dock.draw();
  const change = (/** @type {() => void} */ act) => {
    act();
    redraw();
  };
  const number = h("input", { type: "number", min: "0", step: "1", autocomplete: "off" });
  number.addEventListener("change", () => number.checkValidity() && reader.move({ unit: Number(number.value) }));
  const every = h("input", { type: "checkbox", onchange: () => change(() => (all = every.checked)) });
  const fields = h("div", { class: "fields" });
  view.figure.tools.append(fields);

  const layFields = () =>
    fields.replaceChildren(
      choose(s.gate, placesOf(page), gate, (name) => change(() => (gate = name))),
      choose(s.value, s.values, value, (name) => change(() => (value = /** @type {any} */ (name)))),
      h("label", {}, s.unit, number),
      h("label", { class: "tick" }, every, s.every),
    );

  const show = newest(async (/** @type {import("../run/moment.js").Seen & { trace: any }} */ { trace }) => {
    const mine = turn;
    const { H, L } = trace.sizes;
    if (cell !== trace.cellType) {
      [cell, gate] = [trace.cellType, "h"];
      layFields();
    }
    const [layer, unit] = [Math.min(reader.layer, L - 1), Math.min(reader.unit, H - 1)];
    number.max = String(H - 1);
    number.value = String(unit);
    number.disabled = all;
    const hold = [{ layer, gate, value: VALUES[value], ...(all ? {} : { unit }) }];
    const said = await onCopy(page, async (client) => {
      const draw = {
        prompt: page.actions.prompt,
        length: LENGTH,
        temperature: page.state.temperature,
        seed: 1,
        unknown: "drop",
      };
      return {
        held: await client.probe(trace.tokens.join(""), { flow: false, unknown: "drop", hold }),
        samples: {
          free: (await client.sample(draw)).text,
          held: (await client.sample({ ...draw, hold })).text,
        },
      };
    });
    if (mine !== turn || said.held.loss.length !== trace.loss.length) return;
    view.draw({
      tokens: trace.tokens,
      added: said.held.loss.map((/** @type {number} */ loss, /** @type {number} */ t) => loss - trace.loss[t]),
      what: fill(all ? s.whatAll : s.what, { gate: placesOf(page)[gate], unit, value: s.values[value] }),
      samples: said.samples,
    });
  });
  reader.addEventListener("change", redraw);
  return {
    wants: () => ({}),
    draw: (seen) => void (seen.trace && show(/** @type {any} */ (seen))),
    clear() {
      turn++;
      view.clear();
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      turn++;
      reader.removeEventListener("change", redraw);
      view.dispose();
    },
  };
}
