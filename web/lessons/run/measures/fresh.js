import { UnrolledError } from "../../../core/errors.js";
import { makeText } from "../../../core/text/generators.js";

const FRESH = 1000; // added to the seed: a text that was not learnt

/** A text of the network's own kind that it has not read. @param {import("../experiment.js").Network} network @param {object} options */
export function freshText({ made, seed }, options) {
  if (made) return makeText(made.name, { ...made.options, ...options, seed: seed + FRESH });
  throw new UnrolledError("bad-lesson", "Only a text that was made has places that need memory.");
}
