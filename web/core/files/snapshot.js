/** A trainer's numbers, taken out of the core to be saved and put back into another one. */
import { carryingLayers } from "../cells.js";
import { ARRAY } from "../wasm/engine.js";
import { readTensors, writeTensors } from "../wasm/tensors.js";

/** @typedef {import("../wasm/engine.js").Engine} Engine */
/** @typedef {import("./checkpoint.js").Snapshot} Snapshot */

/**
 * @param {Engine} engine
 * @param {Pick<Snapshot, "settings" | "auto" | "vocabulary" | "digest">} about
 * @returns {Snapshot}
 */
export function takeSnapshot(engine, about) {
  const { batch, hidden } = about.settings,
    size = carryingLayers(about.settings) * batch * hidden;
  return {
    ...about,
    progress: engine.progress,
    parameters: readTensors(engine, ARRAY.WEIGHTS),
    moments: [readTensors(engine, ARRAY.MOMENT1), readTensors(engine, ARRAY.MOMENT2)],
    hidden: engine.array(ARRAY.STATE_H, size).slice(),
    cell: engine.array(ARRAY.STATE_C, size).slice(),
  };
}

/**
 * @param {Engine} engine @param {Snapshot} saved
 * @param {boolean} goOn from the same place in the same text; else from a text's beginning
 */
export function putSnapshot(engine, { progress, parameters, moments, hidden, cell }, goOn) {
  writeTensors(engine, ARRAY.WEIGHTS, parameters);
  writeTensors(engine, ARRAY.MOMENT1, moments[0]);
  writeTensors(engine, ARRAY.MOMENT2, moments[1]);
  if (goOn) {
    engine.array(ARRAY.STATE_H, hidden.length).set(hidden);
    engine.array(ARRAY.STATE_C, cell.length).set(cell);
  }
  engine.progress = goOn ? progress : { ...progress, window: 0 };
  engine.repack();
}
