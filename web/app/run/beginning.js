/** What a run begins with. */
import { CELLS } from "../../core/cells.js";
import { SETTINGS, flatten } from "../../core/config.js";

/** @typedef {import("../../worker/client.js").TrainerClient} TrainerClient */
/**
 * @typedef {object} Start
 * @property {boolean} [play]
 * @property {Uint8Array} [checkpoint] brings its own settings
 * @property {import("../../worker/look.js").Saved[]} [moments] that were kept of it
 * @property {object} [told] the story that was written down of it
 * @property {string} [id]
 * @property {import("./run.js").Standing["sampling"]} [sampling] how it writes, where that is not as the one before
 */

/**
 * A run's settings, flat; what was fitted to its text is fitted anew to another, and what its network has no use for is
 * as usual.
 * @param {Pick<TrainerClient, "auto"> & {settings: Readonly<import("../../core/config.js").Settings>}} client
 */
export function askedSettings({ settings, auto }) {
  const unused = CELLS[settings.cell].carries ? { heads: "auto" } : { stateful: SETTINGS.stateful.default };
  return { ...flatten(settings), ...unused, ...Object.fromEntries(auto.map((name) => [name, "auto"])) };
}

/** Unlike crypto.randomUUID(), also there on plain http. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join("");
}
