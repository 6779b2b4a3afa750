/**
 * A twin of a run: the same network from the same moment, without clipping, kept in step with it by a worker of its
 * own.
 */
import { ClipHistory } from "../../views/parts/history.js";
import { TrainerClient } from "../../worker/client.js";

export class Twin extends EventTarget {
  /** @type {TrainerClient | null} */ #client = null;
  #closed = false;
  history = new ClipHistory();
  /** @type {number | null} step at which it broke */ diverged = null;

  /**
   * @param {TrainerClient} original
   * @param {string} text
   * @param {import("../../worker/client.js").WorkerOptions} options
   */
  async open(original, text, options) {
    const bytes = await original.save();
    const client = await TrainerClient.load(bytes, { text }, { ...options, snapshotBudget: 0 });
    if (this.#closed) return client.dispose();
    await client.configure({ clip: { mode: "none" } });
    if (this.#closed) return client.dispose();
    client.addEventListener("report", (event) => {
      for (const report of /** @type {CustomEvent} */ (event).detail.reports) this.history.add(report);
      this.dispatchEvent(new Event("report"));
    });
    client.addEventListener("stopped", (event) => {
      const { step, error } = /** @type {CustomEvent} */ (event).detail;
      if (!error) return;
      this.diverged = step + 1;
      this.dispatchEvent(new Event("report"));
    });
    this.#client = client;
    this.follow(original.progress.step);
  }

  /** Trains on to where the original is. @param {number} step */
  follow(step) {
    if (this.#client && this.diverged === null && this.#client.progress.step < step) {
      this.#client.run({ until: step, evaluateEvery: 0, sample: null }).catch(() => {}); // closed meanwhile
    }
  }

  close() {
    this.#closed = true;
    this.#client?.dispose();
    this.#client = null;
  }
}
