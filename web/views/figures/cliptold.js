/** Clipping in words and numbers. */
import { count, fill, magnitude, percent } from "../parts/format.js";

/** @typedef {import("./clip.js").ClipData} ClipData */

/** @param {ClipData} data @param {any} s the words of the figure */
export function describeClip({ history, clip, blocks, beside, step, at }, s) {
  if (at !== null) return describeEarlier(history, at, s);
  const { last, whole } = history;
  if (!last && !whole) return step ? fill(s.unknown, { step: count(step) }) : s.none;
  const isOff = clip.mode === "none";
  const parts = [];
  if (last) parts.push(fill(isOff ? s.summaryOff : s.earlier, normsOf(last)));
  if (whole) {
    const { from, steps, clipped, gradNorm } = whole;
    const isWhole = steps === (last?.step ?? step);
    const lately = { shown: history.recentSteps, recent: percent(history.recentShare) };
    parts.push(
      fill(isOff ? s.largest : s.clipped, {
        known: fill(isWhole ? s.all : s.noted, { steps: count(steps), from: count(from) }),
        share: percent(clipped / steps),
        lately: lately.shown && lately.shown < steps ? fill(s.lately, lately) : "",
        largest: magnitude(gradNorm),
      }),
    );
  }
  if (last && blocks.length) parts.push(fill(s.dominates, { name: blocks[0].name, share: percent(blocks[0].share) }));
  if (beside) {
    const twin = beside.history.last;
    if (beside.diverged !== null) parts.push(fill(s.twinDiverged, { step: count(beside.diverged) }));
    else if (twin && last) parts.push(fill(s.twin, { loss: twin.loss.toFixed(2), own: last.loss.toFixed(2) }));
  }
  return parts.join(" ");
}

/** @param {import("../parts/history.js").StepReport} report */
const normsOf = ({ step, gradNorm, clippedNorm }) => ({
  step: count(step),
  before: magnitude(gradNorm),
  after: magnitude(clippedNorm),
});

/** What is kept of an earlier step. @param {ClipData["history"]} history @param {number} at @param {any} s */
function describeEarlier(history, at, s) {
  const around = history.around(at);
  if (!around) return at ? fill(s.unknown, { step: count(at) }) : s.none;
  const { from, to, report } = around;
  return fill(from === to ? s.earlier : s.earlierAmong, {
    ...normsOf(report),
    step: count(at),
    from: count(from),
    to: count(to),
  });
}
