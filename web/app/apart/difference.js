/** In the dock: one character of the text that is looked into, changed, and both texts read side by side. */
import { compareReadings } from "../../core/apart/edit.js";
import { orderUnits } from "../../core/inside/analysis.js";
import { readPalette } from "../../views/parts/colours.js";
import { DifferenceView } from "../../views/apart/difference.js";
import { visible } from "../../views/parts/format.js";
import { h } from "../shell/dom.js";
import { optionsOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const s = options.strings.difference;
  const { reader } = page;
  const view = new DifferenceView(root, options);
  /** The character that is put in; null: one the network knows is taken. @type {string | null} */ let put = null;
  const select = h("select", { onchange: () => ((put = select.value), look()) });
  const place = h("output");
  view.figure.tools.append(h("p", { class: "small" }, place, " "), h("label", {}, s.put, select));

  /** Where the reader is, and what is put there. @param {import("../run/moment.js").Trace} trace */
  function changeOf({ tokens, vocabulary, sizes }) {
    const at = Math.max(0, Math.min(reader.t, sizes.T - 2));
    const known = put !== null && put !== tokens[at] && vocabulary.includes(put);
    return { at, other: known ? /** @type {string} */ (put) : another(vocabulary, tokens[at]) };
  }
  /** The tokens themselves: joined and cut anew, a word beside a word would be another. */
  const edit = (/** @type {import("../run/moment.js").Trace} */ trace) => {
    const { at, other } = changeOf(trace);
    return trace.tokens.map((token, t) => (t === at ? other : token));
  };
  /** @type {readonly string[] | undefined} */ let asked;
  const look = () => {
    const { trace } = page.moment.seen ?? {};
    if (trace && !isSame(edit(trace), asked)) page.moment.look({ now: true });
  };
  reader.addEventListener("change", look);
  /** @type {readonly string[]} */ let offered = [];
  return {
    wants() {
      const { trace } = page.moment.seen ?? {};
      asked = trace ? edit(trace) : undefined;
      return { edited: asked };
    },
    draw({ trace, edited }) {
      if (!trace) return;
      const { tokens, vocabulary, sizes } = trace;
      const { at, other } = changeOf(trace);
      if (!isSame(vocabulary, offered))
        select.replaceChildren(...vocabulary.map((token) => h("option", { value: token }, visible(token))));
      offered = vocabulary;
      select.value = other;
      look();
      if (!edited || !isSame(edit(trace), edited.tokens)) return; // it is on its way
      place.textContent = s.place.replace("{t}", String(at)).replace("{token}", visible(tokens[at]));
      const layer = Math.min(reader.layer, sizes.L - 1);
      view.draw({
        one: tokens,
        other: edited.tokens,
        difference: compareReadings(trace, edited),
        sizes,
        layer,
        rows: orderUnits(trace.hidden, sizes.T, sizes.H, "similarity", layer),
      });
    },
    clear: () => view.clear(),
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", look);
      view.dispose();
    },
  };
}

/** @param {readonly string[]} one @param {readonly string[] | undefined} other */
const isSame = (one, other) => one.length === other?.length && one.every((token, t) => token === other[t]);

/** A letter the network knows, which is not this one. @param {readonly string[]} vocabulary @param {string} token */
const another = (vocabulary, token) =>
  vocabulary.find((each) => each !== token && /^\p{Ll}$/u.test(each)) ??
  vocabulary.find((each) => each !== token) ??
  token;
