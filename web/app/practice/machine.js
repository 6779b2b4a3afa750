/** What panels that train know of the machine and of the text. */
import { SETTINGS } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";

/** Bytes that a sweep may hold: half of what the browser says there is, or, where it does not say, of 4 GB. */
export function machineMemory() {
  const { deviceMemory = 4 } = /** @type {{ deviceMemory?: number }} */ (navigator);
  return deviceMemory * 0.5e9;
}

/** The text that is learnt above. @param {import("../page.js").Page} app @returns {string} */
export function learnable({ run, strings }) {
  if (run.text) return run.text;
  throw new UnrolledError("no-text", strings.errors["empty-text"] ?? "There is no text to learn.");
}

/**
 * The settings above, flat, without those that are at their defaults, which may depend on others.
 * @param {import("../page.js").Page} app
 */
export const chosenSettings = ({ state }) =>
  Object.fromEntries(
    Object.entries(state.settings).filter(([name, value]) => value !== SETTINGS[name].default && value !== "auto"),
  );
