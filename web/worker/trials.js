/** A worker that runs trials one after the other, for sweeps: core/train/sweep.js tells what is asked of it. */
import { WorkerLink } from "./client.js";

/**
 * @param {import("./client.js").WorkerOptions} options
 * @returns {Promise<import("../core/train/sweep.js").TrialWorker & { plan: (text: string, wanted: object) =>
 * Promise<import("../core/train/sweep.js").Plan & { count: number, V: number }> }>}
 */
export async function openTrials(options) {
  const link = await WorkerLink.open(options);
  return {
    plan: (text, wanted) => /** @type {Promise<any>} */ (link.call(0, "plan", [text, wanted])),
    async run(trial, tell) {
      const key = link.join(({ event, step, steps, loss }) => event === "standing" && tell({ step, steps, loss }));
      try {
        return /** @type {any} */ (await link.call(key, "trial", [trial]));
      } finally {
        link.leave(key);
      }
    },
    close: () => link.close(),
  };
}
