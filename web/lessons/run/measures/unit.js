/** The unit that tells a property of the text: found on one part of a text, tested on the rest, and proven by switching it off. */
import { placeAccuracy } from "../../../core/text/generators.js";
import { PROPERTIES, rankUnits } from "../../../core/apart/units.js";
import { freshText } from "./fresh.js";

/** @typedef {import("./index.js").Measure} Measure */

const FIT = 0.5; // of the text, by which thresholds are chosen

/**
 * `unit` and `readable`, the share of held-out characters at which one threshold on its memory tells the property;
 * `common`, the share that is right where the same is said of all of them; `off`, right places with that unit switched
 * off; `otherOff` with another: the mean over `others`, the last in rank. rank: which unit instead of the first.
 * @type {Measure}
 */
export async function unit(network, { property, text = {}, rank = 0, others = 3 }) {
  const { learner } = network;
  const H = learner.settings.hidden;
  const fresh = freshText(network, text);
  const trace = await learner.probe(fresh.text, { flow: false });
  const T = trace.ids.length;
  const state = trace.cell ?? trace.hidden;
  const labels = PROPERTIES[/** @type {"quotes"} */ (property)](trace.tokens);
  const told = rankUnits(state, T, H, labels, { fit: FIT }) ?? [];
  const without = async (/** @type {number} */ j) =>
    placeAccuracy(await learner.probe(fresh.text, { flow: false, hold: [{ unit: j, gate: "h", value: 0 }] }), fresh)
      .accuracy;
  const chosen = told[rank];
  const values = Float32Array.from({ length: T }, (_, t) => state[t * H + chosen.unit]);
  const compared = [];
  for (const other of told.filter((each) => each !== chosen).slice(-others)) compared.push(await without(other.unit));
  return {
    numbers: {
      unit: chosen.unit,
      ...shareTold(values, labels, chosen),
      off: await without(chosen.unit),
      otherOff: compared.reduce((sum, x) => sum + x, 0) / compared.length,
    },
    data: { tokens: trace.tokens, values },
  };
}

/**
 * Counted over the characters by which the threshold was not chosen, each alike: Told's accuracy is balanced.
 * @param {Float32Array} values of the unit @param {ArrayLike<number>} labels of 0 and 1
 * @param {Pick<import("../../../core/apart/units.js").Told, "threshold" | "above">} told
 */
export function shareTold(values, labels, { threshold, above }) {
  const from = Math.floor(FIT * values.length),
    all = values.length - from;
  let [right, ones] = [0, 0];
  for (let t = from; t < values.length; t++) {
    ones += labels[t];
    if (Number(values[t] > threshold === above) === labels[t]) right++;
  }
  return { readable: right / all, common: Math.max(ones, all - ones) / all };
}
