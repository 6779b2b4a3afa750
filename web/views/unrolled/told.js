/** The unrolled network in words. */
import { topPredictions } from "../../core/inside/analysis.js";
import { fill, magnitude, percent, sentences, visible } from "../parts/format.js";
import { COLUMNS } from "./geometry.js";
import { feltBack } from "./scene.js";

/**
 * What is expected after a character, what follows, and how far back the loss there is felt.
 * @param {import("../../core/inside/trace.js").Trace} trace @param {number} t @param {number} layer
 * @param {import("../parts/figure.js").Words["unrolled"]} words of this figure
 * @param {string} [more] what is to be said besides
 */
export function describe(trace, t, layer, words, more = "") {
  const { T, V } = trace.sizes;
  const [{ id, probability }] = topPredictions(trace.probabilities, V, t, 1);
  const values = { t, token: visible(trace.tokens[t]), guess: visible(trace.vocabulary[id]), p: percent(probability) };
  if (t === T - 1) return sentences(fill(words.atEnd, values), more);
  const back = feltBack(trace, t, layer);
  const felt =
    back && t >= COLUMNS - 1 ? fill(words.felt, { near: magnitude(back[t]), far: magnitude(back[t - 7]) }) : "";
  const next = visible(trace.tokens[t + 1]);
  return sentences(fill(words.at, { ...values, next, loss: trace.loss[t].toFixed(3) }), more, felt);
}
