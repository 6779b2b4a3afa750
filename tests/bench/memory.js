/* Memory: what the settings ask for, and what the module's memory is then. */
import { Trainer, loadCore } from "../../web/core/index.js";
import { WORKLOADS, settingsOf } from "./workloads.js";

const MB = 2 ** 20;

/**
 * @param {import("../../web/core/index.js").Variant} variant @param {{ only: string[] }} options
 * @returns {Promise<{ name: string, planned: number, memory: number, grown: number }[]>} MB: what a trainer says it
 * takes; all
 *   of the module's memory, its stack and first pages among it; and what updates added to it
 */
export async function memory(variant, { only }) {
  const rows = [];
  for (const workload of WORKLOADS.filter(({ name }) => !only.length || only.includes(name))) {
    const core = await loadCore({ variant });
    const trainer = new Trainer(core, settingsOf(workload)),
      made = core.memoryBytes;
    trainer.step(3);
    rows.push({
      name: workload.name,
      planned: trainer.memoryBytes / MB,
      memory: made / MB,
      grown: (core.memoryBytes - made) / MB,
    });
  }
  return rows;
}
