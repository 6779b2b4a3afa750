/**
 * The workers of a page's runs: the one that the next is made in, and those of another core, each of which ends with the
 * last run in it.
 */
import { WorkerLink } from "../../worker/client.js";

/** @typedef {import("./run.js").WorkerOptions} WorkerOptions */

/** Milliseconds in which training makes way for a page's first pictures, where there is hardly a core for each. */
export const SETTLE = (globalThis.navigator?.hardwareConcurrency ?? 2) > 2 ? 0 : 2500;

export class Links {
  /** @type {Promise<WorkerLink> | null} */ #next = null;
  /** @type {Set<WorkerLink>} */ #former = new Set();
  #standing;

  /**
   * @param {WorkerOptions} options
   * @param {() => (WorkerLink | undefined)[]} standing workers that a run stands in
   */
  constructor(options, standing) {
    this.options = options;
    this.#standing = standing;
  }

  /** Loads worker and core of the next run. */
  open() {
    const { openLink = () => WorkerLink.open({ ...this.options, settle: SETTLE }) } = this.options;
    if (this.#next) return this.#next;
    const next = openLink().catch((error) => {
      if (this.#next === next) this.#next = null;
      throw error;
    });
    return (this.#next = next);
  }

  /**
   * Which core the next run is on. A shared worker keeps its own.
   * @param {"auto" | "simd"} variant
   * @returns {boolean} whether that is another
   */
  use(variant) {
    const { openLink, core } = this.options;
    if (openLink || (core?.variant ?? "auto") === variant) return false;
    this.options = { ...this.options, core: { ...core, variant } };
    this.drop();
    return true;
  }

  /** The next run is in a worker of its own. */
  drop() {
    const before = this.#next;
    this.#next = null;
    if (this.options.openLink) return;
    before?.then(
      (link) => {
        this.#former.add(link);
        this.tidy();
      },
      () => {},
    );
  }

  /** Ends the workers that no run is in any more, nor will be. */
  tidy() {
    const standing = this.#standing();
    for (const link of this.#former) {
      if (standing.includes(link)) continue;
      this.#former.delete(link);
      link.close();
    }
  }
}
