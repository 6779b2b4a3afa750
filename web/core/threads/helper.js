/**
 * The other side of lead.js: a thread with its own copy of the module, which runs the slices it is sent.
 *
 * In: {open: {module, settings, V}}, then {task, buffer, bounds, scale, step, dropout, dropoutKind}. Out: {ready: true}, then
 * {task, buffer, losses, busy}. A task says all it needs; nothing is kept from one to the next but memory.
 */
import { CELLS } from "../cells.js";
import { loadCore } from "../wasm/module.js";
import { ARRAY, Engine, QUICKLY } from "../wasm/engine.js";
import { SliceRunner, laySlices } from "./slices.js";

/** @typedef {{ module: WebAssembly.Module, settings: Readonly<import("../config.js").Settings>, V: number }} Opening */
/**
 * @typedef {{ task: number, buffer: ArrayBuffer, bounds: number[], scale: number, step: number, dropout: number,
 *   dropoutKind: "unit" | "variational" }} Task
 */
/**
 * @typedef {{ task: number, buffer: ArrayBuffer, losses: number[], busy: number }} Answer busy: milliseconds of work
 */
/**
 * @typedef {{ onmessage: ((event: any) => any) | null, postMessage: (message: any, transfer?: any) => void }} Port a
 * worker's own side
 */

/** Whether a message is for serveSlices(): a worker that also does other work hands it over. @param {any} message */
export const isOpening = (message) => Boolean(message?.open?.module);

/**
 * Serves a port for good. What fails is thrown, not told: the owner hears that the thread ended.
 * @param {Port} port @param {{ open: Opening }} [opening] when it has been received
 */
export function serveSlices(port, opening) {
  /** @type {Helper} */
  let helper;
  port.onmessage = ({ data }) => {
    if (isOpening(data)) {
      Helper.open(data.open).then(
        (opened) => {
          helper = opened;
          port.postMessage({ ready: true });
        },
        (error) =>
          setTimeout(() => {
            throw error;
          }), // out of the promise, where a page's worker would keep it to itself
      );
    } else {
      const answer = helper.work(data);
      port.postMessage(answer, [answer.buffer]);
    }
  };
  if (opening) port.onmessage({ data: opening });
}

class Helper {
  #engine;
  #settings;
  /** @type {SliceRunner | undefined} */
  #runner;
  #streams = 0;

  /** @param {Opening} opening */
  static async open({ module, settings, V }) {
    const core = await loadCore({ module });
    // Its own trainer only holds the weights, attention's with its positions; batch and seqLen are those of the slices.
    const seqLen = CELLS[settings.cell].carries ? 1 : settings.seqLen;
    return new Helper(new Engine(core, { ...settings, ...QUICKLY, batch: 1, seqLen }, V), settings);
  }

  /** @param {Engine} engine @param {Readonly<import("../config.js").Settings>} settings */
  constructor(engine, settings) {
    this.#engine = engine;
    this.#settings = settings;
  }

  /** @param {Task} task @returns {Answer} */
  work({ task, buffer, bounds, scale, step, dropout, dropoutKind }) {
    const start = performance.now(),
      engine = this.#engine;
    const slices = laySlices(this.#settings, bounds, engine.size, buffer);
    const runner = this.#runnerFor(Math.max(...slices.map(({ streams }) => streams)));
    if (dropout !== this.#settings.dropout || dropoutKind !== this.#settings.dropoutKind)
      engine.configure((this.#settings = { ...this.#settings, dropout, dropoutKind }));
    engine.progress = { ...engine.progress, step }; // what dropout is drawn from
    engine.array(ARRAY.WEIGHTS).set(slices[0].gradient);
    engine.repack();
    const losses = slices.map((slice) => {
      const loss = runner.run(slice, scale);
      slice.gradient.set(runner.gradient);
      return loss;
    });
    return { task, buffer, losses, busy: performance.now() - start };
  }

  /** @param {number} streams */
  #runnerFor(streams) {
    if (!this.#runner || streams > this.#streams) {
      this.#runner?.dispose();
      this.#runner = new SliceRunner(this.#engine, this.#settings, streams);
      this.#streams = streams;
    }
    return this.#runner;
  }
}
