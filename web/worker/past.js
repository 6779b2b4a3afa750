/**
 * A run's past: its snapshots, of which the last may still be in writing, and the one that was looked into last as a
 * trainer of its own.
 */
import { Trainer, UnrolledError } from "../core/index.js";
import { Snapshots } from "./snapshots.js";

export class Past extends Snapshots {
  #core;
  /** @type {{step: number, trainer: Trainer} | null} */
  #seen = null;
  /** Snapshots that are in writing. @type {Promise<void> | null} */
  pending = null;
  /** The last step of those. */
  #taken = -1;
  /** Counts the branches, each of which forgets what is in writing. */
  #branch = 0;

  /** @param {import("../core/index.js").Core} core @param {number} [budget] bytes */
  constructor(core, budget) {
    super(budget);
    this.#core = core;
  }

  /**
   * Adds a snapshot when it is written, unless a new branch began before it.
   * @param {number} step later than all kept ones @param {Promise<Uint8Array>} writing
   */
  take(step, writing) {
    const branch = this.#branch;
    const pending = Promise.all([writing, this.pending])
      .then(([bytes]) => {
        if (branch === this.#branch) this.add(step, bytes);
      })
      .finally(() => {
        if (this.pending === pending) this.pending = null;
      });
    this.#taken = step;
    this.pending = pending;
    return pending;
  }

  /** @override @param {number} step */
  isDue(step) {
    return !(this.pending && step <= this.#taken) && super.isDue(step);
  }

  /** @param {number} step @returns {Promise<Uint8Array>} a snapshot, or throws */
  async bytesAt(step) {
    await this.pending;
    const bytes = this.get(step);
    if (bytes) return bytes;
    const steps = this.steps.join(", ") || "none yet";
    throw new UnrolledError("no-snapshot", `there is no snapshot of step ${step}; kept: ${steps}`);
  }

  /** @param {number} step @returns {Promise<Trainer>} without a text; it ends with the next look */
  async trainerAt(step) {
    if (this.#seen?.step !== step) {
      const trainer = await Trainer.loadAsync(this.#core, await this.bytesAt(step), {});
      this.close();
      this.#seen = { step, trainer };
    }
    return this.#seen.trainer;
  }

  /** @override @param {number} step */
  dropAfter(step) {
    this.#branch++;
    this.pending = null;
    super.dropAfter(step);
  }

  /** Ends what was looked into. */
  close() {
    this.#seen?.trainer.dispose();
    this.#seen = null;
  }
}
