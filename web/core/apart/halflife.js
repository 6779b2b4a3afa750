/** How long a unit remembers, by what its gates keep. */
import { keepsByZ } from "../cells.js";

/**
 * Characters after which half of a unit's state is left if its gate keeps its mean share: ln 2 / −ln f̄ (Mahto et al.
 * 2021).
 * @param {ArrayLike<number>} keep [L,T,H] share kept: f of an LSTM, 1 − z of a "before" GRU and of a minGRU, z of an "after" GRU
 * @param {number} T
 * @param {number} H
 * @param {number} [layer]
 * @returns {Float32Array} [H]; Infinity where all is kept
 */
export function halfLives(keep, T, H, layer = 0) {
  return Float32Array.from({ length: H }, (_, unit) => {
    let sum = 0;
    for (let t = 0; t < T; t++) sum += keep[(layer * T + t) * H + unit];
    return Math.LN2 / Math.abs(Math.log(sum / T));
  });
}

/**
 * The share of its old state that each unit keeps, where a cell has a gate for it.
 * @param {import("../inside/trace.js").Trace} trace
 * @returns {Float32Array | null} [L,T,H]
 */
export function keptShare(trace) {
  const { cellType, gates } = trace;
  if (!gates.f && !gates.z) return null;
  if (cellType === "lstm") return gates.f;
  return keepsByZ(trace) ? gates.z : gates.z.map((z) => 1 - z);
}

/**
 * The half-lives of a layer's units, where its cell has a gate that keeps.
 * @param {import("../inside/trace.js").Trace} trace
 * @param {number} layer
 * @returns {Float32Array | null} [H]
 */
export function halfLivesOf(trace, layer) {
  const kept = keptShare(trace);
  return kept && halfLives(kept, trace.sizes.T, trace.sizes.H, layer);
}
