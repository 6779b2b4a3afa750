/** The comparison in numbers and in one sentence. */
import { reach } from "../../core/inside/analysis.js";
import { count, fill, percent, toCsv } from "../parts/format.js";
import { outcomeOf, usedContext } from "./outcome.js";

/** @typedef {import("./outcome.js").Model} Model */
/** @typedef {import("./outcome.js").By} By */

/**
 * A row for each network under a row of headings: how far it had come when it was last looked at, and what was found.
 * @param {Model[]} models @param {any} strings of the figure
 */
export function rowsOf(models, strings) {
  const heads = [
    strings.network,
    strings.width,
    strings.parameters,
    strings.axis.tokens,
    strings.axis.seconds,
    strings.heldOut,
    strings.right,
    strings.reach,
    strings.context,
  ];
  const none = "–";
  const rows = models.map((model) => {
    const { cell, hidden, parameters, measured, profile, use, broken } = model;
    const last = measured.at(-1);
    const { tokens, seconds } = (!broken && last) || model;
    return [
      strings.cell[cell],
      count(hidden),
      count(parameters),
      count(tokens),
      seconds.toFixed(1),
      broken ? strings.broken : (last?.loss.toFixed(3) ?? none),
      last && !broken ? percent(last.accuracy) : none,
      profile ? reachText(profile, strings) : none,
      use ? contextText(use, strings) : none,
    ];
  });
  return [heads, ...rows].map((row) => row.map((text) => ({ text })));
}

/** A number of tokens, or that it is beyond the most that was looked at. @param {number} n @param {number} most @param {any} strings */
const upTo = (n, most, strings) => (Number.isFinite(n) ? String(n) : fill(strings.beyond, { lag: most }));

/** How far back the gradient reaches. @param {Float32Array} profile @param {any} strings */
export const reachText = (profile, strings) => upTo(reach(profile), profile.length - 1, strings);

/** @param {import("../../core/apart/memory.js").ContextUse} use @param {any} strings */
export function contextText(use, strings) {
  const { length, most } = usedContext(use);
  return upTo(length, most, strings);
}

/**
 * The outcome on this text: who guesses best after as much, and who makes the most of its context.
 * @param {Model[]} models @param {By} by @param {any} strings of the figure
 */
export function tellOutcome(models, by, strings) {
  const outcome = outcomeOf(models, by);
  if (!outcome) return "";
  const { at, heldBack, ranked, best } = outcome;
  const listed = (/** @type {Model["cell"][]} */ cells) => {
    const names = cells.map((cell) => strings.cell[cell]);
    return [...names.slice(0, -2), names.slice(-2).join(strings.and)].join(strings.comma);
  };
  const worst = ranked[ranked.length - 1];
  const words = {
    after: fill(strings.after[by], { n: by === "tokens" ? count(at) : at.toFixed(at < 10 ? 1 : 0) }),
    what: heldBack ? strings.heldBackText : strings.trainingText,
    best: listed(best),
    loss: ranked[0].loss.toFixed(2),
    worst: strings.cell[worst.cell],
    worstLoss: worst.loss.toFixed(2),
  };
  const told = fill(best.length === ranked.length ? strings.even : strings.outcome, words);
  return fill(strings.told, {
    told: [told, tellContext(models, strings, listed)].filter(Boolean).join(strings.further),
  });
}

/**
 * Who uses the most context; "" where all use as much, or one was not measured far enough to tell.
 * @param {Model[]} models @param {any} strings @param {(cells: Model["cell"][]) => string} listed
 */
function tellContext(models, strings, listed) {
  const lengths = models.map(({ use }) => (use ? usedContext(use).length : NaN));
  const farthest = Math.max(...lengths);
  const far = models.filter((_, i) => lengths[i] === farthest).map(({ cell }) => cell);
  if (!Number.isFinite(farthest) || far.length === models.length) return "";
  return fill(strings.mostContext, { far: listed(far), n: farthest });
}

/** Losses by what was read, lag profiles, the loss by the context that is kept. @param {Model[]} models */
export function csvOf(models) {
  /** @type {(string | number)[][]} */
  const rows = [["cell", "what", "tokens", "seconds", "lag", "value"]];
  for (const { cell, course, measured, profile, use } of models) {
    for (const { tokens, seconds, loss } of course.points)
      rows.push([cell, "training_loss", tokens, seconds, "", loss]);
    for (const { tokens, seconds, loss } of measured) rows.push([cell, "validation_loss", tokens, seconds, "", loss]);
    profile?.forEach((norm, lag) => rows.push([cell, "gradient", "", "", lag, norm]));
    use?.kept.forEach((kept, i) => rows.push([cell, "loss_with_context", "", "", kept, use.dropped[i]]));
  }
  return toCsv(rows);
}
