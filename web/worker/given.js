/** What a session is given, as its trainers are to get it, and what it tells of them. */
import { isPlain } from "../core/arguments.js";

/** @typedef {{ text?: string, ids?: ArrayLike<number>, unknown?: "throw" | "drop" }} Source what is learnt */
/** @typedef {Source & import("../core/index.js").PartialSettings} LoadOptions */

/** @param {any} given @returns {Source} */
export const sourceOf = ({ text, ids, unknown }) => ({ text, ids, unknown });

/**
 * Options with more of ours; what are none go to the trainer as they are, which says so.
 * @param {any} options @param {object} more
 */
export const withMore = (options, more) =>
  options === undefined || isPlain(options) ? { ...options, ...more } : options;

/** What a trainer has, in figures and words. @param {import("../core/index.js").Trainer<any>} trainer */
export function aboutOf(trainer) {
  const { settings, auto, vocabulary, progress, windows, parameterCount, workers, memoryBytes } = trainer;
  const { trainingTokens, validationTokens, validationTargets } = trainer;
  return {
    settings,
    auto,
    vocabulary,
    progress,
    windows,
    parameterCount,
    workers,
    memoryBytes,
    trainingTokens,
    validationTokens,
    validationTargets,
  };
}
