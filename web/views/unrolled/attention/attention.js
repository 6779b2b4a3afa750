/**
 * How attention is shown, which carries nothing: its bands, the choice of a head, its colours, its block opened. Fetched
 * when there is such a network.
 */
import { headsOf, strongest, weightsOf } from "../../../core/inside/weights.js";
import { choice, element } from "../../parts/figure.js";
import { fill, percent, visible } from "../../parts/format.js";
import { headColours } from "./heads.js";
import { scaleChip } from "../../parts/legend.js";
import { CellPanel } from "../cell.js";
import { showBlock } from "./block.js";
import { equationsOf } from "./equations.js";
import { layOut } from "./lanes.js";
import { paintAttention } from "./paint.js";

/** @typedef {import("../../../core/inside/trace.js").Trace} Trace */
/** @typedef {typeof import("../../../app/strings/en/attention.js").default["heads"]} Words */

const TOLD = 3; // places that are named in a sentence

/** @param {Float32Array[]} weights @returns {Float32Array} */
const meanOf = (weights) => weights[0].map((_, s) => weights.reduce((sum, row) => sum + row[s], 0) / weights.length);

/** @param {Words} words @param {string} comma of a list @returns {import("../carried.js").Manner} */
export function attending(words, comma) {
  /** @type {number | null} of the head that is shown alone */ let picked = null;
  /** @type {unknown} of the colours */ let known = null;
  /** @type {string[]} of the heads */ let colours = [];
  const { label, select } = choice(words.label, [], "", () => {});

  /** As many heads as the network has. @param {number} heads */
  const offer = (heads) => {
    if (heads === colours.length) return;
    picked = null;
    const options = [
      ["", words.all],
      ...Array.from({ length: heads }, (_, h) => [String(h), fill(words.head, { head: h + 1 })]),
    ];
    select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
    label.hidden = heads < 2;
  };

  return {
    layOut,
    prepare(trace, palette) {
      const heads = headsOf(trace);
      if (heads === colours.length && palette === known) return;
      offer(heads);
      known = palette;
      colours = headColours(palette, heads);
    },
    paint: (pen, scene, look, tools) => paintAttention(pen, scene, look, tools, { picked, colours }),
    chips(s, { hidden, gate, gradient }) {
      const keys = colours.map((colour, h) => {
        const key = element("i", { class: "u-head-key" });
        key.style.background = colour;
        return element("small", {}, key, String(h + 1));
      });
      return [
        scaleChip(s.state, hidden),
        scaleChip(s.probability, gate),
        scaleChip(s.gradient, gradient),
        element("span", { class: "u-heads" }, words.legend, " ", ...keys),
      ];
    },
    controls(redraw) {
      select.addEventListener("change", () => {
        picked = select.value === "" ? null : Number(select.value);
        redraw();
      });
      return [label];
    },
    tell(trace, t, layer) {
      const all = weightsOf(trace, { t, layer });
      const weights = picked === null ? meanOf(all) : all[picked];
      const who = picked === null ? words.all : fill(words.head, { head: picked + 1 });
      const list = strongest(weights, TOLD).map((s) =>
        fill(s === t ? words.own : words.place, {
          token: visible(trace.tokens[s]),
          back: t - s,
          p: percent(weights[s]),
        }),
      );
      return fill(words.looks, { who, layer: layer + 1, list: list.join(comma) });
    },
    columns(trace, t, layer) {
      const all = weightsOf(trace, { t, layer });
      const mean = meanOf(all);
      return {
        names: ["weight", ...all.map((_, h) => `weight of head ${h + 1}`)],
        of: (s) => [mean, ...all].map((row) => row[s] ?? 0),
      };
    },
    panel: async (options) =>
      new CellPanel({
        ...options,
        contents: {
          kindOf: () => "attention",
          equationsOf,
          show: (panel, trace, parameters, place) =>
            showBlock(panel, trace, parameters, place, { words, colours, weights: weightsOf(trace, place) }),
        },
      }),
  };
}
