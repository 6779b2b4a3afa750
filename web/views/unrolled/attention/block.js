/** What is in a block of attention that is opened: its weights by head, strongest first, and the stream through it. */
import { strongest } from "../../../core/inside/weights.js";
import { workBlock } from "../../../core/inside/workedblock.js";
import { element } from "../../parts/figure.js";
import { fill, isolated, percent, signed, visible } from "../../parts/format.js";
import { termOf } from "../cell.js";

/** @typedef {import("../../../core/inside/trace.js").Trace} Trace */

const LISTED = 6; // weights of a head

/**
 * @param {import("../cell.js").CellPanel} panel @param {Trace} trace @param {Record<string, Float32Array>} parameters
 * @param {import("../cell.js").Place} place
 * @param {{ words: import("./attention.js").Words, colours: string[], weights: Float32Array[] }} heads
 */
export function showBlock(panel, trace, parameters, place, { words, colours, weights }) {
  const { t, layer, unit } = place;
  const { T, H } = trace.sizes;
  const worked = workBlock(trace, parameters, place);
  const { entering, token, query, key, value, scores, middle } = worked;
  const leaving = trace.hidden.subarray((layer * T + t) * H, (layer * T + t + 1) * H);
  /** @param {string} part @param {string} name @param {Float32Array} values @param {import("../cell.js").Terms} terms @param {string[]} [results] */
  const write = (part, name, values, terms, results = [signed(values[unit])]) =>
    panel.write(`attention ${part}`, {
      values,
      scale: "hidden",
      short: panel.say(name, signed(values[unit])),
      terms,
      results,
    });
  const [x, added, more] = [entering[unit], middle[unit] - entering[unit], leaving[unit] - middle[unit]];
  const first = layer === 0;
  write(
    "x",
    "x",
    entering,
    first ? [[signed(token[unit]), "E y"], "+", [signed(x - token[unit]), "P"]] : [fill(words.below, { layer })],
    first ? undefined : [],
  );
  const three = [query, key, value].map((each, i) => [signed(each[unit]), "qkv"[i]]);
  write("q", "q", query, three, []);
  const [top] = strongest(weights[0], 1);
  panel.write("attention a", {
    short: fill(words.most, { token: visible(trace.tokens[top]), p: percent(weights[0][top]) }),
    terms: weights.map((row, head) => lineOf(row, scores[head], head, trace, { words, colour: colours[head] })),
  });
  write("m", "x′", middle, [[signed(x), "x"], "+", [signed(added), "W ∑ a v + b"]]);
  write("h", "x″", leaving, [[signed(middle[unit]), "x′"], "+", [signed(more), "W GELU(…) + b"]]);
}

/**
 * A head's weights, strongest first, each over the character, how far back it is, and what the softmax is taken of.
 * @param {Float32Array} row [t+1] @param {Float32Array} scores [t+1] @param {number} head @param {Trace} trace
 * @param {{ words: import("./attention.js").Words, colour: string }} look
 */
function lineOf(row, scores, head, { tokens }, { words, colour }) {
  const key = element("i", { class: "u-head-key" });
  key.style.background = colour;
  const t = row.length - 1;
  const listed = strongest(row, LISTED);
  const rest = 1 - listed.reduce((sum, s) => sum + row[s], 0);
  return element(
    "span",
    { class: "u-terms u-line" },
    element("span", {}, key, " ", fill(words.head, { head: head + 1 })),
    ...listed.map((s) =>
      termOf([percent(row[s]), `${isolated(visible(tokens[s]))}${s < t ? ` ←${t - s}` : ""} (${signed(scores[s])})`]),
    ),
    row.length > LISTED ? termOf([percent(Math.max(0, rest)), fill(words.others, { n: row.length - LISTED })]) : "",
  );
}
