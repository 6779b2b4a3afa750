/** In the dock: one character of the text that is looked into, changed, and both texts read side by side. */
import { compareReadings } from "../../core/apart/edit.js";
import { orderUnits } from "../../core/inside/analysis.js";
import { readPalette } from "../../views/parts/colours.js";
import { DifferenceView } from "../../views/apart/difference.js";
import { visible } from "../../views/parts/format.js";
import { h } from "../shell/dom.js";
import { newest, onCopy, optionsOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings.difference;
  const { reader } = page;
  const view = new DifferenceView(root, options);
  /** The character that is put in; null: one the network knows is taken. @type {string | null} */ let put = null;
  let turn = 0;
  const select = h("select", { onchange: () => ((put = select.value), page.dock.draw()) });
  const place = h("output");
  view.figure.tools.append(h("p", { class: "small" }, place, " "), h("label", {}, s.put, select));

  const show = newest(async (/** @type {import("../run/moment.js").Trace} */ trace) => {
    const mine = turn;
    const { tokens, vocabulary, sizes } = trace;
    const at = Math.max(0, Math.min(reader.t, sizes.T - 2));
    if (select.children.length !== vocabulary.length) {
      select.replaceChildren(...vocabulary.map((token) => h("option", { value: token }, visible(token))));
    }
    const other =
      put !== null && put !== tokens[at] && vocabulary.includes(put) ? put : another(vocabulary, tokens[at]);
    select.value = other;
    place.textContent = s.place.replace("{t}", String(at)).replace("{token}", visible(tokens[at]));
    const changed = tokens.map((token, t) => (t === at ? other : token));
    const twin = await onCopy(page, (client) => client.probe(changed.join(""), { flow: false, unknown: "drop" }));
    if (mine !== turn || twin.tokens.length !== tokens.length) return;
    const layer = Math.min(reader.layer, sizes.L - 1);
    view.draw({
      one: tokens,
      other: changed,
      difference: compareReadings(trace, twin),
      sizes,
      layer,
      rows: orderUnits(trace.hidden, sizes.T, sizes.H, "similarity", layer),
    });
  });
  const redraw = () => page.dock.draw();
  reader.addEventListener("change", redraw);
  return {
    wants: () => ({}),
    draw: ({ trace }) => void (trace && show(trace)),
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

/** A letter the network knows, which is not this one. @param {readonly string[]} vocabulary @param {string} token */
const another = (vocabulary, token) =>
  vocabulary.find((each) => each !== token && /^\p{Ll}$/u.test(each)) ??
  vocabulary.find((each) => each !== token) ??
  token;
