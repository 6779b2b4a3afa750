/* The least that the phases of an update can take with these kernels on this machine: products at the best rate of their
 * tile, activations at that of their kernel, both on data in the first-level cache, and passes over memory at that of a
 * copy. All are measured in the module and the run that the phases are. What a phase cannot do without is counted. */
import { V } from "./workloads.js";

/** @typedef {import("./workloads.js").Workload} Workload */
/** @typedef {import("../../web/core/wasm/module.js").Core} Core */
/** @typedef {{ tile: number, forward: number, back: number, loss: number, near: number, far: number }} Rates a
 *   millisecond: operations; units forward, and back; rows of the loss; bytes read or written in a chunk's gates, and in
 *   the weights */

const CELLS = ["rnn", "lstm", "gru"]; // in the core's order
const GATES = { rnn: 1, lstm: 4, gru: 3 };
const CHUNK_ROWS = 128; // as in src/layers.c
const SLICE_STREAMS = 16; // as in src/window.c

/** @param {Workload} workload */
function sizes({ cell, hidden: H, batch, seqLen, layers = 1, embedding: E = 0 }) {
  const GH = GATES[cell] * H;
  const weights = V * E + GH * (E || V) + (layers - 1) * GH * H + layers * (GH * H + 2 * GH) + V * H + V;
  const slices = Math.min(8, Math.max(1, Math.floor(batch / SLICE_STREAMS)));
  return { H, GH, E, positions: batch * seqLen, layers, weights, slices };
}

/**
 * Times the parts, a little at a time: next() once between updates, then rates() has the best of each.
 * @param {Core} core of the module with floor.c @param {Workload} workload @param {number} milliseconds a time
 */
export function makeFloor(core, workload, milliseconds) {
  const { H, GH, weights } = sizes(workload),
    cell = CELLS.indexOf(workload.cell);
  const floats = { near: CHUNK_ROWS * GH, far: Math.ceil(weights / 16) * 16 };
  const from = core.alloc(8 * Math.max(floats.near, floats.far)),
    to = from + 4 * Math.max(floats.near, floats.far);
  /** @type {Record<keyof Rates, { run: (times: number) => void, work: number, times: number, best: number }>} */
  const parts = {
    tile: part((n) => core.c.floor_tile(n), core.c.floor_tile_flops()),
    forward: part((n) => core.c.floor_activations(n, cell, H), core.c.floor_units()),
    back: part((n) => core.c.floor_activations_back(n, cell, H), core.c.floor_units()),
    loss: part((n) => core.c.floor_loss(n, V), core.c.floor_loss_rows()),
    near: part((n) => core.c.floor_copy(n, to, from, floats.near), 8 * floats.near),
    far: part((n) => core.c.floor_copy(n, to, from, floats.far), 8 * floats.far),
  };
  /** @param {(times: number) => void} run @param {number} work */
  function part(run, work) {
    return { run, work, times: 1, best: 0 };
  }
  return {
    next() {
      for (const it of Object.values(parts)) {
        const start = performance.now();
        it.run(it.times);
        const spent = performance.now() - start;
        if (spent > milliseconds / 4) it.best = Math.max(it.best, (it.times * it.work) / spent);
        it.times = Math.max(1, Math.round((it.times * milliseconds) / Math.max(spent, milliseconds / 100)));
      }
    },
    /** @returns {Rates} */
    rates: () => /** @type {any} */ (Object.fromEntries(Object.entries(parts).map(([name, { best }]) => [name, best]))),
    dispose: () => core.free(from),
  };
}

/**
 * Milliseconds that each phase takes at least, by its name in profile.js; "the rest" needs nothing.
 * @param {Workload} workload @param {Rates} rates @returns {Record<string, number>}
 */
export function limits(workload, rates) {
  const { H, GH, E, positions, layers, weights, slices } = sizes(workload);
  const product = (/** @type {number} */ rows, /** @type {number} */ N, /** @type {number} */ K) =>
    (2 * rows * N * K) / rates.tile;
  const recurrent = layers * product(positions, GH, H),
    upper = (layers - 1) * product(positions, GH, H),
    units = positions * layers * H;
  return {
    "products of layers above": upper,
    "recurrent product": recurrent,
    activations: units / rates.forward,
    "head, loss and its gradient": 3 * product(positions, V, H) + positions / rates.loss,
    "recurrent product, back": recurrent,
    "activations, back": units / rates.back,
    "input, back: rows added up": (8 * positions * GH) / rates.near,
    "products of layers above, back": 2 * upper,
    "recurrent weights' gradient": recurrent,
    "table of tokens, and back": E ? 3 * product(V, GH, E) : (16 * V * GH) / rates.far,
    "slices added up": (12 * weights * (slices - 1)) / rates.far,
    "norm and clipping": (4 * weights) / rates.far,
    Adam: (28 * weights) / rates.far,
    packing: (12 * weights) / rates.far,
  };
}
