/** The exact values under the cursor, in words. */
import { topPredictions } from "../core/analysis.js";
import { fill, magnitude, signed, visible } from "./format.js";

/** @typedef {import("../core/trace.js").Trace} Trace */

/**
 * @param {Trace} trace
 * @param {number} t
 * @param {{at: string, atLast: string}} strings
 */
export function describeCharacter(trace, t, strings) {
  const { T, V } = trace.sizes;
  const top = topPredictions(trace.probabilities, V, t)
    .map(({ id, probability }) => `${visible(trace.vocabulary[id])} ${probability.toFixed(3)}`).join("  ");
  const token = visible(trace.tokens[t]);
  if (t === T - 1) return fill(strings.atLast, { t, token, top });
  return fill(strings.at, {
    t, token, next: visible(trace.tokens[t + 1]), p: trace.probabilities[t * V + trace.ids[t + 1]].toFixed(4), loss: trace.loss[t].toFixed(3), top,
  });
}

/**
 * @param {Trace} trace
 * @param {number} t
 * @param {number} unit
 * @param {number} layer
 * @param {{unitAt: string}} strings
 */
export function describeUnit(trace, t, unit, layer, strings) {
  const { T, H } = trace.sizes;
  const at = (layer * T + t) * H + unit;
  const values = [`h ${signed(trace.hidden[at])}`];
  if (trace.cell?.length) values.push(`c ${signed(trace.cell[at])}`);
  for (const [gate, numbers] of Object.entries(trace.gates)) {
    values.push(`${gate} ${gate === "g" || gate === "n" ? signed(numbers[at]) : numbers[at].toFixed(3)}`);
  }
  values.push(`∂loss/∂h ${magnitude(trace.hiddenGrad[at])}`);
  return fill(strings.unitAt, { unit, values: values.join("  ") });
}
