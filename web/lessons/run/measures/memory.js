/** Measures of what is carried over a line: what a gate does on the way, and what becomes of it when the gate is held. */
import { placeAccuracy } from "../../../core/text/generators.js";
import { freshText } from "./fresh.js";

/** @typedef {import("./index.js").Measure} Measure */
/** @typedef {import("../experiment.js").Network} Network */

/** The first line of a fresh text and the one that a place of the second asks about. @param {Network} network @param {object} text */
function twoLines(network, text) {
  const fresh = freshText(network, { ...text, lines: 2 });
  const [first, second] = fresh.places;
  return { fresh, from: first[0] + 2, place: second[0] };
}

/**
 * One line as it is read, for the figure that shows it: tokens, and at the place that matters the probability of each choice.
 * @type {Measure}
 */
async function line(network, { text = {} }) {
  const { fresh, from, place } = twoLines(network, text);
  const { probabilities, vocabulary, tokens } = await network.learner.probe(fresh.text, { flow: false });
  const V = vocabulary.length;
  const row = (place - 1) * V;
  const choices = (fresh.choices ?? vocabulary).map((/** @type {string} */ token) => ({
    token,
    probability: probabilities[row + vocabulary.indexOf(token)],
  }));
  const right = tokens[place];
  return {
    numbers: { sure: choices.find((/** @type {{ token: string }} */ { token }) => token === right)?.probability ?? 0 },
    data: { tokens: tokens.slice(from, place + 1), right, choices },
  };
}

/**
 * What a gate keeps while nothing happens, unit by unit: `keeps`, the largest mean share that a unit keeps from one
 * character to the next over the filler of a line; `keepers`, units that keep more than nine tenths; `halfLife` of the
 * one that keeps most, in characters.
 * @type {Measure}
 */
async function gates(network, { text = {} }) {
  const { cell, gruReset, hidden: H } = network.learner.settings;
  if (cell === "rnn") return { numbers: {} };
  const { fresh, from, place } = twoLines(network, text);
  const trace = await network.learner.probe(fresh.text, { flow: false });
  const name = cell === "lstm" ? "f" : "z";
  const takes = cell === "gru" && gruReset === "before";
  const T = place - from;
  const kept = Float32Array.from({ length: T * H }, (_, i) => {
    const value = trace.gates[name][from * H + i];
    return takes ? 1 - value : value;
  });
  const mean = Array.from({ length: H }, (_, j) => {
    let sum = 0;
    for (let t = 2; t < T - 1; t++) sum += kept[t * H + j] / (T - 3);
    return sum;
  });
  const keeps = Math.max(...mean);
  return {
    numbers: {
      keeps,
      keeper: mean.indexOf(keeps),
      keepers: mean.filter((value) => value > 0.9).length,
      halfLife: Math.log(2) / -Math.log(keeps),
    },
    data: { kept, T, H, tokens: trace.tokens.slice(from, place), mean },
  };
}

/** Accuracy with gates or units held: `heldAccuracy`. @type {Measure} */
async function held(network, { text = {}, hold }) {
  const { cell } = network.learner.settings;
  const wanted = hold[cell];
  if (!wanted) return { numbers: {} };
  const fresh = freshText(network, text);
  const trace = await network.learner.probe(fresh.text, { flow: false, hold: wanted });
  return { numbers: { heldAccuracy: placeAccuracy(trace, fresh).accuracy } };
}

export { gates, held, line };
