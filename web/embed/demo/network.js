/**
 * The network that a demo shows, or several demos together: its run, what is said of it, and its place in one of the
 * page's workers. It trains while one of those that show it is seen, and ends when the last of them leaves.
 */
import { UnrolledError } from "../../core/errors.js";
import { SETTLE } from "../../app/run/links.js";
import { Run } from "../../app/run/run.js";
import { unasked } from "../../app/shell/unasked.js";
import { State } from "../../app/state.js";
import { WorkerLink } from "../../worker/client.js";
import { WorkerPool } from "./pool.js";

/** The core that gives the same bits in every browser: a tutorial's text speaks of what all its readers see. */
export const VARIANT = "simd";

const pool = new WorkerPool({
  async open() {
    try {
      return await WorkerLink.open({ core: { variant: VARIANT }, settle: SETTLE });
    } catch (error) {
      if (error instanceof UnrolledError) throw error;
      throw new UnrolledError("worker-crashed", `the training worker could not be opened: ${error}`);
    }
  },
});

export class Network {
  run = this.#newRun();
  state = new State();
  /** What it was last told to learn, and how; "" before. */
  told = "";
  /** @type {{release: () => void} | null} the worker it has a place in */
  #lease = null;
  /** @type {Map<object, boolean>} who shows it, and whether they are seen */
  #shown = new Map();

  /** @param {object} viewer @param {boolean} seen */
  show(viewer, seen) {
    this.#shown.set(viewer, seen);
    this.#see();
  }

  /** @param {object} viewer */
  leave(viewer) {
    this.#shown.delete(viewer);
    if (this.#shown.size) return this.#see();
    this.run.dispose();
    this.#lease?.release();
    this.#lease = null;
    this.run = this.#newRun();
    this.state = new State();
    this.told = "";
  }

  #newRun() {
    return new Run({ openLink: () => this.takePlace() }, false);
  }

  #see() {
    const { run } = this;
    unasked(() => run.setHidden(![...this.#shown.values()].some(Boolean))); // its worker may be gone by then
  }

  /** In a worker that others may use as well. */
  async takePlace() {
    this.#lease?.release();
    const { link, release } = pool.acquire();
    this.#lease = { release };
    return link;
  }
}

/**
 * A run or a state as one of several that show it has it: what it listens to it hears until the signal, and it does not
 * end it.
 * @template {EventTarget} T
 * @param {T} target
 * @param {AbortSignal} signal
 * @returns {T}
 */
export function lend(target, signal) {
  /** @type {Record<string | symbol, any>} */
  const own = {
    addEventListener(/** @type {string} */ name, /** @type {any} */ act, /** @type {any} */ options = {}) {
      if (!options.signal) return target.addEventListener(name, act, { ...options, signal });
      if (signal.aborted) return;
      target.addEventListener(name, act, options);
      const both = { once: true, signal: options.signal };
      signal.addEventListener("abort", () => target.removeEventListener(name, act), both);
    },
    dispose() {},
  };
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(own, name)) return own[name];
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set: (_, name, value) => Reflect.set(target, name, value, target),
  });
}
