/** What of a trainer's settings may change once it is made: some in mid-training, a few more when it is loaded anew. */
import { SETTINGS, checkSettings, flatten, unflatten } from "./config.js";
import { UnrolledError } from "./errors.js";

/** @typedef {import("./config.js").Settings} Settings */
/** @typedef {import("./config.js").PartialSettings} PartialSettings */

/** What Trainer.load lets a caller change for a text of another length. */
const RELOADABLE = ["batch", "seqLen", "stateful", "validation"];

/**
 * @param {Readonly<Settings>} settings @param {PartialSettings} changes
 * @param {"training" | "loading"} when
 * @returns {Readonly<Settings>} all of them, "auto" as its default
 */
export function changeSettings(settings, changes, when) {
  const now = /** @type {Record<string, unknown>} */ (flatten(settings));
  const given = Object.fromEntries(
    Object.entries(flatten(changes)).filter(([name, value]) => value !== undefined && value !== now[name]),
  );
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(SETTINGS, name) || SETTINGS[name].live) continue;
    if (when === "training")
      throw new UnrolledError("bad-setting", `${name} cannot change in mid-training: make a new trainer.`, {
        setting: name,
      });
    if (name === "seqLen" && settings.cell === "attention")
      throw new UnrolledError(
        "bad-setting",
        `seqLen is part of saved attention, which has learnt its ${settings.seqLen} positions, and cannot change: make a new one.`,
        { setting: name },
      );
    if (!RELOADABLE.includes(name))
      throw new UnrolledError("bad-setting", `${name} is part of a saved trainer and cannot change: make a new one.`, {
        setting: name,
      });
  }
  return checkSettings(unflatten({ ...flatten(settings), ...given }));
}
