/** The unit that tells a property of the text: found on one part of a text, tested on the rest, and proven by switching it off. */
import { placeAccuracy } from "../../../core/text/generators.js";
import { PROPERTIES, rankUnits } from "../../../core/apart/units.js";
import { freshText } from "./fresh.js";

/** @typedef {import("./index.js").Measure} Measure */

/**
 * `unit` and `readable`, the share of held-out characters at which one threshold on its memory tells the property (0.5 is
 * chance); `accuracy`, `off` with that unit switched off, `otherOff` with another: the mean over `others`. rank: which
 * unit instead of the first.
 * @type {Measure}
 */
export async function unit(network, { property, text = {}, rank = 0, others = 3 }) {
  const { learner } = network;
  const H = learner.settings.hidden;
  const fresh = freshText(network, text);
  const trace = await learner.probe(fresh.text, { flow: false });
  const T = trace.ids.length;
  const state = trace.cell ?? trace.hidden;
  const told = rankUnits(state, T, H, PROPERTIES[/** @type {"quotes"} */ (property)](trace.tokens), { fit: 0.5 }) ?? [];
  const without = async (/** @type {number} */ j) =>
    placeAccuracy(await learner.probe(fresh.text, { flow: false, hold: [{ unit: j, gate: "h", value: 0 }] }), fresh)
      .accuracy;
  const chosen = told[rank];
  const compared = [];
  for (const other of told.slice(-others)) compared.push(await without(other.unit));
  return {
    numbers: {
      unit: chosen.unit,
      readable: chosen.accuracy,
      off: await without(chosen.unit),
      otherOff: compared.reduce((sum, x) => sum + x, 0) / compared.length,
    },
    data: {
      tokens: trace.tokens,
      values: Float32Array.from({ length: T }, (_, t) => state[t * H + chosen.unit]),
    },
  };
}
