/** What a trace says, in numbers: at the cursor, and over the whole text. */
import { halfLivesOf } from "../../core/apart/halflife.js";
import { strongestBefore } from "./heads.js";
import { topPredictions } from "../../core/inside/analysis.js";
import { count, fill, isolated, magnitude, percent, signed, visible } from "../parts/format.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */

const BLANK = "\u00a0"; // that no line is broken at

/**
 * @param {Trace} trace
 * @param {number} t
 * @param {Float32Array | null} added loss by what is held
 * @param {{at: string, atLast: string, added: string}} strings
 */
export function describeCharacter(trace, t, added, strings) {
  const { T, V } = trace.sizes;
  const top = topPredictions(trace.probabilities, V, t)
    .map(({ id, probability }) => `${isolated(visible(trace.vocabulary[id]))} ${probability.toFixed(3)}`)
    .join("  ");
  const token = visible(trace.tokens[t]);
  if (t === T - 1) return fill(strings.atLast, { t, token, top });
  return fill(strings.at, {
    t,
    token,
    next: visible(trace.tokens[t + 1]),
    p: trace.probabilities[t * V + trace.ids[t + 1]].toFixed(4),
    loss: trace.loss[t].toFixed(3),
    added: added ? fill(strings.added, { added: signed(added[t]) }) : "",
    top,
  });
}

/**
 * What each head of attention looks back at most, a blank where nothing is before, so that the line stays; "" for others.
 * @param {Trace} trace @param {number} layer @param {number} t @param {{looks: string, headAt: string}} strings
 */
export function describeHeads(trace, layer, t, { looks, headAt }) {
  const heads = strongestBefore(trace, layer, t).map(({ place, weight }, head) =>
    fill(headAt, { head: head + 1, token: visible(trace.tokens[place]), place, p: weight.toFixed(3) }).replaceAll(
      " ",
      BLANK,
    ),
  );
  return heads.length ? fill(looks, { heads: heads.join("  ") }) : trace.attention ? BLANK : "";
}

/**
 * @param {Trace} trace
 * @param {number} t
 * @param {number} unit
 * @param {{layer: number, lives: boolean}} of lives: with its half-life
 * @param {{unitAt: string, lives: string}} strings
 */
export function describeUnit(trace, t, unit, { layer, lives }, strings) {
  const { T, H } = trace.sizes;
  const at = (layer * T + t) * H + unit;
  const x = trace.attention ? "x" : "h";
  const values = [`${x} ${signed(trace.hidden[at])}`];
  if (trace.cell?.length) values.push(`c ${signed(trace.cell[at])}`);
  for (const [gate, numbers] of Object.entries(trace.gates)) {
    values.push(`${gate} ${gate === "g" || gate === "n" ? signed(numbers[at]) : numbers[at].toFixed(3)}`);
  }
  const life = lives ? halfLivesOf(trace, layer)?.[unit] : undefined;
  if (life !== undefined) values.push(fill(strings.lives, { n: life.toPrecision(3) }));
  values.push(`∂loss/∂${x} ${magnitude(trace.hiddenGrad[at])}`);
  return fill(strings.unitAt, { unit, values: values.join("  ") });
}

/**
 * The whole text: the mean loss, and at how many places the right character has more than half of the probability.
 * @param {Trace} trace
 * @param {{step: number, shown: number, tint: string}} picture training steps made, units shown, and what the text is
 * tinted by
 * @param {{summary: string, astray: string}} strings
 */
export function describeText({ loss, probabilities, ids, sizes: { T, V, H } }, { step, shown, tint }, strings) {
  const guessed = Math.max(1, T - 1); // nothing follows the last character
  let sum = 0,
    sure = 0;
  for (let t = 0; t < T - 1; t++) {
    sum += loss[t];
    if (probabilities[t * V + ids[t + 1]] > 0.5) sure++;
  }
  const mean = sum / guessed;
  const words = fill(strings.summary, {
    step: count(step),
    T,
    loss: mean.toFixed(2),
    sure: percent(sure / guessed),
    shown,
    H,
    tint,
  });
  return step > 0 && mean > Math.log(V) ? `${words} ${strings.astray}` : words;
}
