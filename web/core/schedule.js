/**
 * The learning rate of each update. All schedules begin with `warmup` updates that rise to the rate in equal steps;
 * s updates after them:
 *   constant  the rate
 *   step      the rate * decayFactor ^ floor(s / decayEvery)
 *   cosine    from the rate down to rate * lastShare along half a cosine, which ends at update `totalSteps`
 * A rate hangs on settings and step alone, so a saved run goes on with the same rates.
 */
import { checkInteger, isPlain } from "./arguments.js";
import { UnrolledError, quote } from "./errors.js";

/**
 * @typedef {Pick<import("./config.js").Settings, "learningRate" | "schedule" | "warmup" | "decayEvery" | "decayFactor"
 * | "totalSteps" | "lastShare">} Schedule
 */

/** Whether every update has the same rate. @param {Schedule} settings */
export function isConstant({ schedule, warmup }) {
  return schedule === "constant" && warmup === 0;
}

/**
 * @param {Schedule} settings
 * @param {number} step updates done before this one
 * @returns {number} above 0
 */
export function learningRateAt(settings, step) {
  if (!isPlain(settings))
    throw new UnrolledError("bad-setting", `A learning rate follows from settings, got ${quote(settings)}.`);
  checkInteger("step", step, 0, Number.MAX_SAFE_INTEGER);
  const { learningRate, schedule, warmup, decayEvery, decayFactor, totalSteps, lastShare } = settings;
  if (step < warmup) return (learningRate * (step + 1)) / (warmup + 1);
  if (schedule === "step")
    return Math.max(Number.MIN_VALUE, learningRate * decayFactor ** Math.floor((step - warmup) / decayEvery));
  if (schedule === "constant") return learningRate;
  const done = Math.min(1, (step - warmup) / (totalSteps - warmup));
  return learningRate * (lastShare + ((1 - lastShare) * (1 + Math.cos(Math.PI * done))) / 2);
}

/** Refuses settings that contradict one another. @param {Schedule} settings */
export function checkSchedule({ schedule, warmup, totalSteps }) {
  if (schedule !== "cosine" || warmup < totalSteps) return;
  throw new UnrolledError(
    "bad-setting",
    `warmup must be below totalSteps, which is ${totalSteps}, for the cosine to have steps left, got ${warmup}.`,
    { setting: "warmup" },
  );
}
