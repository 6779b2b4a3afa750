/**
 * Which networks a page shows: those that carry a state from step to step. The core trains attention too, and Node and
 * the command line with it; its pictures are not drawn.
 */
import { CELLS } from "../../core/cells.js";
import { SETTINGS } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";

/** The values of a choice that a page offers. @param {string} name of a setting */
export const shownValues = (name) =>
  (SETTINGS[name].values ?? []).filter((value) => name !== "cell" || CELLS[/** @type {"lstm"} */ (value)].carries);

/**
 * Throws for a network that a page does not show.
 * @param {{ cell?: import("../../core/cells.js").CellName }} settings
 */
export function checkShown({ cell }) {
  if (cell !== undefined && !CELLS[cell].carries)
    throw new UnrolledError(
      "not-shown",
      `A page shows ${shownValues("cell").join(", ")}, not ${cell}: open it in Node or by the command line.`,
      { cell },
    );
}
