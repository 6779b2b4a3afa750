/* The workers of a page with several demos: a few, shared, each closed when the last demo that uses it is gone. */
/** @import { WorkerLink } from "../../worker/client.js" */
/** @typedef {{opening: Promise<WorkerLink>, users: number}} Slot */

export class WorkerPool {
  /** @type {Slot[]} */
  #slots = [];
  #most;
  #open;

  /**
   * @param {{open: () => Promise<WorkerLink>, most?: number}} options most: workers at a time; one core is left to the
   * page
   */
  constructor({ open, most = Math.min(4, Math.max(1, (globalThis.navigator?.hardwareConcurrency || 2) - 1)) }) {
    this.#most = most;
    this.#open = open;
  }

  /** Workers there are now. */
  get size() {
    return this.#slots.length;
  }

  /** A worker, the least used one once there are as many as there may be.
   * @returns {{link: Promise<WorkerLink>, release: () => void}} release is to be called once, by who leaves */
  acquire() {
    const idle = this.#slots.reduce((best, slot) => (slot.users < best.users ? slot : best), this.#slots[0]);
    const slot = this.#slots.length < this.#most ? this.#add() : idle;
    slot.users++;
    let held = true;
    return {
      link: slot.opening,
      release: () => {
        if (!held) return;
        held = false;
        if (--slot.users === 0) this.#close(slot);
      },
    };
  }

  #add() {
    const slot = { opening: this.#open(), users: 0 };
    this.#slots.push(slot);
    slot.opening.then(
      // so that no new demo is given a dead one
      (link) => link.join((data) => data.event === "crashed" && this.#forget(slot)),
      () => this.#forget(slot),
    );
    return slot;
  }

  /** @param {Slot} slot */
  #close(slot) {
    this.#forget(slot);
    slot.opening.then(
      (link) => link.close(),
      () => {},
    );
  }

  /** @param {Slot} slot */
  #forget(slot) {
    this.#slots = this.#slots.filter((each) => each !== slot);
  }
}
