/** A thread that runs trials one after the other. In: {trial, variant}. Out: {standing}, then {outcome} or {error}. */
import { parentPort } from "node:worker_threads";
import { loadCore } from "../../core/index.js";
import { runTrial } from "../../core/train/trial.js";

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
/** @type {Promise<import("../../core/index.js").Core> | undefined} */
let core;

port.on("message", async ({ trial, variant }) => {
  try {
    core ??= loadCore({ variant });
    port.postMessage({ outcome: await runTrial(await core, trial, (standing) => port.postMessage({ standing })) });
  } catch (error) {
    const { code = "internal", message, details } = /** @type {import("../../core/index.js").UnrolledError} */ (error);
    port.postMessage({ error: { code, message, details } });
  }
});
