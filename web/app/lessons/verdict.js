/** The answer laid over the bet: the first case of a lesson that holds, what it says of what was bet, and names after a change. */
import { fill } from "../shell/dom.js";
import { holds } from "../../lessons/run/expression.js";
import { written } from "../../lessons/run/sentence.js";

/** The first of some cases that holds. @template {{ when?: string }} C @param {C[]} cases @param {ReadonlyMap<string, number>} values */
export const first = (cases, values) =>
  /** @type {C} */ (cases.find(({ when }) => when === undefined || holds(when, values)));

/**
 * @param {object} of
 * @param {import("../../lessons/lesson.js").Lesson} of.lesson
 * @param {"en" | "zh"} of.language
 * @param {import("../../lessons/run/experiment.js").Experiment} of.run
 * @param {ReadonlyMap<string, number>} of.values the run's at its end
 * @param {any} of.placed the bet; null: none
 * @param {any} of.bet where the options are marked
 * @param {import("./words.js").OwnWords} of.own
 * @returns {string} one sentence
 */
export function verdictOf({ lesson, language, run, values, placed, bet, own }) {
  const { axis, outcome = [] } = lesson.bet;
  const words = lesson.words[language].bet;
  if (axis) {
    if (!placed) return own.unbet;
    const { at, network, number } = axis;
    const end = at[at.length - 1];
    const looks = run.networks.find(({ name }) => name === network)?.looks ?? [];
    const truth = looks.findLast((look) => look.step <= end && Number.isFinite(look[number]))?.[number] ?? Number.NaN;
    return fill(own.drawn, {
      x: words.x,
      n: written(end, undefined, language),
      bet: written(placed.at(-1), "1", language),
      truth: written(truth, "1", language),
    });
  }
  const { is } = first(outcome, values);
  bet.mark(is, own.happened);
  bet.mark(placed, own.yourBet);
  if (placed === null) return own.unbet;
  return placed === is ? own.right : fill(own.wrong, { bet: words[placed], truth: words[is] });
}

/**
 * What the networks are called when one thing is changed: a single one that is trained otherwise, by its change.
 * @param {import("../../lessons/lesson.js").Words} words
 * @param {import("../../lessons/lesson.js").Lesson["change"]["options"][number]} option
 */
export function namesAfter({ networks, change, changed = {} }, { name, change: { networks: changes = {} } }) {
  const others = Object.keys(changes).filter((each) => Object.keys(changes[each]).length);
  return others.length === 1 ? { ...networks, [others[0]]: changed[name] ?? change[name] } : networks;
}
