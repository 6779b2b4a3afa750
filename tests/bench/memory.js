/* Memory: what the settings ask for, and what the module's memory grew by. */
import { Trainer, loadCore } from "../../web/core/index.js";
import { WORKLOADS, settingsOf } from "./workloads.js";

const MB = 2 ** 20;

/**
 * @param {import("../../web/core/index.js").Variant} variant @param {{ only: string[] }} options
 * @returns {Promise<{ name: string, planned: number, grown: number, later: number }[]>} MB: planned; what the memory grew by
 *   when the trainer was made; and by its updates
 */
export async function memory(variant, { only }) {
  const rows = [];
  for (const workload of WORKLOADS.filter(({ name }) => !only.length || only.includes(name))) {
    const core = await loadCore({ variant }), before = core.memoryBytes;
    const trainer = new Trainer(core, settingsOf(workload)), made = core.memoryBytes;
    trainer.step(3);
    rows.push({ name: workload.name, planned: trainer.memoryBytes / MB, grown: (made - before) / MB, later: (core.memoryBytes - made) / MB });
  }
  return rows;
}
