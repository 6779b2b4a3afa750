/**
 * What a lesson can have measured, by kind. Each takes a network and the lesson's own options, and gives numbers, which
 * conditions and sentences name, and data, which a figure draws. Nothing here trains.
 */
import { lagProfile, reach } from "../../../core/inside/analysis.js";
import { placeAccuracy } from "../../../core/text/generators.js";
import { freshText } from "./fresh.js";
import { gates, held, line } from "./memory.js";
import { unit } from "./unit.js";
import { update } from "./update.js";

/** @typedef {import("../experiment.js").Network} Network */
/** @typedef {{ numbers: Record<string, number>, data?: any }} Measured */
/** @typedef {(network: Network, options: any) => Promise<Measured>} Measure */

/** Share of right guesses where it matters: `accuracy`, `chance`. @type {Measure} */
async function accuracy(network, { text = {} }) {
  const fresh = freshText(network, text);
  const asked = placeAccuracy(await network.learner.probe(fresh.text, { flow: false }), fresh);
  return { numbers: { accuracy: asked.accuracy, chance: asked.chance } };
}

/**
 * How much the loss at a place that matters depends on each state before it: `reach`, the lag at which the gradient is down to a
 * hundredth, `felt` at the lags that are asked for, and `feltThere`, where a made text's answer lies, as shares of the
 * gradient at lag 0.
 * @type {Measure}
 */
async function profile(network, { text = { lines: 4 }, felt = [], length = 160 }) {
  const read = network.made ? freshText(network, text).text : network.text.slice(-length);
  const { flow, sizes } = await network.learner.probe(read, { unknown: "drop" });
  const lags = lagProfile(flow, sizes.T);
  return {
    numbers: {
      reach: reach(lags),
      ...(network.made && { feltThere: lags[network.made.memory - 1] / lags[0] }),
      ...Object.fromEntries(felt.map((/** @type {number} */ k) => [`felt${k}`, lags[k] / lags[0]])),
    },
    data: lags.map((value) => value / lags[0]),
  };
}

/** The triangle |d loss_t / d h_s| of one text: `length` characters of it. @type {Measure} */
async function triangle(network, { length = 60, felt = [] }) {
  const { flow, sizes, tokens } = await network.learner.probe(network.text.slice(0, length), {});
  const lags = lagProfile(flow, sizes.T);
  return {
    numbers: Object.fromEntries(felt.map((/** @type {number} */ k) => [`felt${k}`, lags[k] / lags[0]])),
    data: { flow, T: sizes.T, tokens, lags },
  };
}

/** What it writes: `words`, the share of its words that the text has; `longest` word; `spaces`, `textSpaces`. @type {Measure} */
async function sample(network, { prompt = "", length = 240, temperature = 0.7 }) {
  const { text } = await network.learner.sample({
    prompt,
    length,
    temperature,
    seed: network.seed,
    probabilities: false,
  });
  const earlier = network.data.sample?.earlier ?? [];
  const known = network.data.sample?.known ?? wordsOf(network.text);
  const written = (text.match(/\p{L}{2,}/gu) ?? []).map((/** @type {string} */ word) => word.toLowerCase());
  const share = (/** @type {string} */ from) => (from.match(/ /g)?.length ?? 0) / from.length;
  const entry = { step: network.step, prompt, text };
  return {
    numbers: {
      words: written.length
        ? written.filter((/** @type {string} */ word) => known.has(word)).length / written.length
        : 0,
      longest: Math.max(0, ...text.split(/\s/).map((/** @type {string} */ word) => word.length)),
      spaces: share(text),
      textSpaces: share(network.text.slice(0, 10_000)),
      temperature,
    },
    data: {
      known,
      now: entry,
      earlier: [...earlier.filter((/** @type {{step: number}} */ each) => each.step !== network.step), entry],
    },
  };
}

/** @param {string} text */
const wordsOf = (text) => new Set((text.match(/\p{L}{2,}/gu) ?? []).map((word) => word.toLowerCase()));

/** `validation` loss now, `best` of all so far and its step `bestAt`, and how far it has `risen` since. @type {Measure} */
async function validation(network) {
  const { loss } = await network.learner.evaluate();
  const before = network.data.validation ?? { best: Infinity, bestAt: 0 };
  const { best, bestAt } = loss < before.best ? { best: loss, bestAt: network.step } : before;
  return { numbers: { validation: loss, best, bestAt, risen: loss - best }, data: { best, bestAt } };
}

/** @type {Record<string, Measure>} */
const MEASURES = { accuracy, profile, triangle, sample, validation, gates, held, line, unit, update };

/** @param {string} kind @returns {Measure} */
export const measureOf = (kind) => MEASURES[kind];

export const measureKinds = Object.keys(MEASURES);
