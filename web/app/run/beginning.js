/** What a run begins with, and what is known of it then. */
import { CELLS } from "../../core/cells.js";
import { SETTINGS, flatten } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";

/** @typedef {import("../../worker/client.js").TrainerClient} TrainerClient */
/**
 * @typedef {object} Start
 * @property {boolean} [play]
 * @property {Uint8Array} [checkpoint] brings its own settings
 * @property {import("../../worker/look.js").Saved[]} [moments] that were kept of it
 * @property {object} [told] the story that was written down of it
 * @property {string} [id]
 * @property {Standing["sampling"]} [sampling] how it writes, where that is not as the one before
 */

/**
 * @typedef {Start & {checkpoint: Uint8Array, text?: string, source?: import("../share.js").TextSource}} Saved
 *   text: the one it learns, without which it can only write and be looked into; source: where that text is from
 */

/**
 * @typedef {object} Standing a run with all that is known of it
 * @property {TrainerClient} client
 * @property {string} text
 * @property {import("./story.js").Story} story
 * @property {string} id in this browser's list of saved runs
 * @property {import("../../core/index.js").SampleOptions | null} sampling how it writes
 * @property {any} [state] what the page said when it began, or was last changed
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

const MOST = 64; // threads that one update can be shared among

/**
 * Threads for a run: a page of one takes all cores but that on which it draws and answers; in a worker that is shared
 * others run beside it.
 * @param {boolean} shares
 */
export const threadsOf = (shares) =>
  shares ? 1 : Math.min(MOST, Math.max(1, (navigator.hardwareConcurrency || 1) - 1));

/** @param {string} text "" of a network that came without one */
export function needText(text) {
  if (!text) throw new UnrolledError("no-text", "There is no text to learn: choose one.");
}

/** Unlike crypto.randomUUID(), also there on plain http. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join("");
}
