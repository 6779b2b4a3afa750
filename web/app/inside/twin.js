/**
 * A twin of a run: the same network from the same moment, without clipping, kept in step with it by a worker of its
 * own. What else the run trains by, the twin does, so that what it comes to is clipping's doing.
 */
import { unflatten } from "../../core/config.js";
import { ClipHistory } from "../../views/parts/history.js";
import { TrainerClient } from "../../worker/client.js";

export class Twin extends EventTarget {
  /** @type {TrainerClient | null} */ #client = null;
  #end = new AbortController();
  /** What the run was told while the twin was made, flat. @type {Record<string, any>} */ #changes = {};
  history = new ClipHistory();
  /** @type {number | null} step at which it broke */ diverged = null;

  /** @param {import("../run/run.js").Run} run that stands */
  async open(run) {
    const { signal } = this.#end;
    const { text, workerOptions } = run;
    const original = /** @type {TrainerClient} */ (run.client);
    const hear = (/** @type {any} */ { detail }) => this.#configure(detail.changes);
    run.addEventListener("configure", hear, { signal });
    run.addEventListener("report", () => this.#follow(run.at), { signal });
    const bytes = await original.save();
    const client = await TrainerClient.load(bytes, { text }, { ...workerOptions, snapshotBudget: 0 });
    if (signal.aborted) return client.dispose();
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
    await client.configure(unflatten({ ...this.#changes, clipMode: "none" }));
    this.#follow(original.progress.step);
  }

  /** Its own is how it is clipped, which is not. @param {Record<string, any>} changes flat */
  #configure({ clipMode: _, clipThreshold: __, ...changes }) {
    this.#changes = { ...this.#changes, ...changes };
    this.#client?.configure(unflatten(changes)).catch(() => {}); // closed meanwhile
  }

  /** Trains on to where the original is. @param {number} step */
  #follow(step) {
    if (this.#client && this.diverged === null && this.#client.progress.step < step) {
      this.#client.run({ until: step, evaluateEvery: 0, sample: null }).catch(() => {}); // closed meanwhile
    }
  }

  close() {
    this.#end.abort();
    this.#client?.dispose();
    this.#client = null;
  }
}
