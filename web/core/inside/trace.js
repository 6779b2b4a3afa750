/**
 * Reads a pass out of the core: the whole inside of a network as it reads one text.
 */
import { CELLS } from "../cells.js";
import { PASS, TRACE } from "../wasm/engine.js";

/**
 * @typedef {object} Trace arrays are row-major; L layers, T tokens, H hidden units, V vocabulary
 * @property {string[]} tokens [T]
 * @property {Int32Array} ids [T]
 * @property {Float32Array} probabilities [T,V] of the token that follows
 * @property {Float32Array} loss [T] nats for the token that follows; 0 at the last, which has none
 * @property {Float32Array} hidden [L,T,H]; attention: the stream that leaves each block
 * @property {Float32Array} [cell] [L,T,H], LSTM
 * @property {Record<string, Float32Array>} gates i,f,g,o of an LSTM, r,z,n of a GRU, none of an RNN; each [L,T,H]
 * @property {Float32Array} hiddenGrad [L,T,H] of the summed loss
 * @property {Float32Array} [cellGrad] [L,T,H], LSTM
 * @property {Float32Array} [flow] [L,T,T] row t, column s: |d loss_t / d h_s| for s <= t, else 0; attention: of the
 * stream that enters the block
 * @property {Float32Array} [attention] [L,heads,T,T], attention: row t, column s: the weight at t of position s
 * @property {{ L: number, T: number, H: number, V: number }} sizes
 * @property {import("../cells.js").CellName} cellType
 * @property {"before" | "after"} gruReset
 * @property {readonly string[]} vocabulary
 */

/**
 * @param {import("../wasm/engine.js").Pass} pass after a run
 * @param {import("../cells.js").CellName} cell
 * @returns {Record<string, Float32Array>}
 */
function readGates(pass, cell) {
  return Object.fromEntries(CELLS[cell].gates.map((gate, g) => [gate, pass.copy(TRACE.GATE + g)]));
}

/**
 * @param {import("../wasm/engine.js").Engine} engine
 * @param {Readonly<import("../config.js").Settings>} settings
 * @param {import("../text/tokens.js").Vocabulary} vocabulary
 * @param {Int32Array} ids [T], T >= 1
 * @param {boolean} flow
 * @param {readonly import("../wasm/pass.js").HoldEntry[]} [holds]
 * @returns {Trace}
 */
export function readTrace(engine, { cell, gruReset, layers, hidden }, vocabulary, ids, flow, holds = []) {
  const T = ids.length;
  const target = new Int32Array(T).fill(-1);
  target.set(ids.subarray(1));
  const pass = engine.openPass(1, T, PASS.BACKWARD | PASS.LOGITS | (flow ? PASS.FLOW : 0));
  try {
    pass.hold(holds);
    pass.run(ids, target);
    return {
      tokens: Array.from(ids, (id) => vocabulary.tokens[id]),
      ids,
      probabilities: pass.copy(TRACE.PROBABILITIES),
      loss: pass.copy(TRACE.LOSS),
      hidden: pass.copy(TRACE.HIDDEN),
      gates: readGates(pass, cell),
      hiddenGrad: pass.copy(TRACE.HIDDEN_GRAD),
      ...(cell === "lstm" && { cell: pass.copy(TRACE.CELL), cellGrad: pass.copy(TRACE.CELL_GRAD) }),
      ...(cell === "attention" && { attention: pass.copy(TRACE.ATTENTION) }),
      ...(flow && { flow: pass.flow(layers) }),
      sizes: { L: layers, T, H: hidden, V: vocabulary.size },
      cellType: cell,
      gruReset,
      vocabulary: vocabulary.tokens,
    };
  } finally {
    pass.dispose();
  }
}
