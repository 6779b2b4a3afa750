/**
 * The comparison of the three cells: begun when the reader comes to its figure, begun anew with each run, and moved
 * through time with it.
 */
import { Lockstep } from "./lockstep.js";
import { between } from "../shell/motion.js";

const INTERVAL = 200; // ms between two drawings

export class Comparison {
  #page;
  #probe;
  #seen;
  /** @type {import("../../views/figures/compare.js").CompareView | null} */ #view = null;
  /** @type {Lockstep | null} */ #lockstep = null;
  /** @type {number | null} the step that is looked back at */ #past = null;
  #stopped = false; // by the reader

  /**
   * @param {import("../page.js").Page} page
   * @param {() => string} probe the text that is looked into
   * @param {() => boolean} seen whether the figure is
   */
  constructor(page, probe, seen) {
    this.#page = page;
    this.#probe = probe;
    this.#seen = seen;
  }

  /** Draws in another view from now on. @param {import("../../views/figures/compare.js").CompareView} view */
  show(view) {
    this.#view = view;
    view.addEventListener("run", (event) =>
      this.#page.attempt(() => this.run(/** @type {CustomEvent} */ (event).detail.wanted)),
    );
  }

  /** The reader has come to it: it trains, unless it was stopped or the network itself stands still. */
  reach() {
    if (!this.#stopped && this.#page.run.running && !this.#lockstep?.running) this.#page.attempt(() => this.run(true));
  }

  /** The network stands still, and it with it. */
  rest() {
    this.#lockstep?.pause();
    this.draw();
  }

  /** @param {boolean} wanted */
  async run(wanted) {
    this.#stopped = !wanted;
    const { run, state } = this.#page;
    if (!this.#lockstep) {
      const text = this.#probe();
      if (!text || !run.client || !run.text) return;
      const lockstep = new Lockstep(() => !document.hidden && this.#seen());
      this.#lockstep = lockstep;
      let drawn = -Infinity;
      lockstep.addEventListener("change", () => {
        if (this.#lockstep !== lockstep || performance.now() - drawn < between(INTERVAL)) return;
        drawn = performance.now();
        this.draw();
      });
      try {
        await lockstep.open(state.settings, run.text, text, run.workerOptions);
      } catch (error) {
        if (this.#lockstep !== lockstep) return; // its failure is nobody's any more
        this.close();
        this.#stopped = true;
        throw error;
      }
      if (this.#lockstep !== lockstep) return;
      if (this.#past !== null) await lockstep.goTo(this.#past);
    }
    if (this.#stopped) this.#lockstep.pause();
    else this.#lockstep.run();
    this.draw();
  }

  /** @param {number | null} step null: the present */
  async goTo(step) {
    this.#past = step;
    await this.#lockstep?.goTo(step);
    this.draw();
  }

  draw() {
    if (!this.#lockstep || !this.#seen()) return;
    const { models, baselines, running, seqLen } = this.#lockstep;
    this.#view?.draw({ models, baselines, running, seqLen, at: this.#past });
  }

  /** What it has trained is over. */
  close() {
    this.#lockstep?.close();
    this.#lockstep = null;
    this.#view?.clear();
  }
}
