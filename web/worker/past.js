/** A run's past: its snapshots, and the one of them that was looked into last as a trainer of its own. */
import { Trainer, UnrolledError } from "../core/index.js";
import { Snapshots } from "./snapshots.js";

export class Past extends Snapshots {
  #core;
  /** @type {{step: number, trainer: Trainer} | null} */
  #seen = null;

  /** @param {import("../core/index.js").Core} core @param {number} [budget] bytes */
  constructor(core, budget) {
    super(budget);
    this.#core = core;
  }

  /** @param {number} step @returns {Uint8Array} a snapshot, or throws */
  bytesAt(step) {
    const bytes = this.get(step);
    if (bytes) return bytes;
    const steps = this.steps.join(", ") || "none yet";
    throw new UnrolledError("no-snapshot", `there is no snapshot of step ${step}; kept: ${steps}`);
  }

  /** @param {number} step @returns {Trainer} without a text; it ends with the next look */
  trainerAt(step) {
    if (this.#seen?.step !== step) {
      const trainer = Trainer.load(this.#core, this.bytesAt(step), {});
      this.close();
      this.#seen = { step, trainer };
    }
    return this.#seen.trainer;
  }

  /** Ends what was looked into. */
  close() {
    this.#seen?.trainer.dispose();
    this.#seen = null;
  }
}
