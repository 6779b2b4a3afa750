/** What a comparison says: how far all have come, who guesses best there, and what each makes of its context. Pure. */
import { lengthUsed } from "../../core/apart/memory.js";

/** @typedef {import("../../core/inside/trace.js").Trace} Trace */
/** @typedef {import("./course.js").Point} Point */
/** @typedef {"tokens" | "seconds"} By what the networks are compared after as much of */
/** @typedef {Point & {accuracy: number}} Measured on what is held back */
/**
 * @typedef {object} Model
 * @property {import("../../core/cells.js").CellName} cell
 * @property {number} hidden      width
 * @property {number} parameters  how many
 * @property {number} tokens      read so far
 * @property {number} seconds     of training so far
 * @property {{points: Point[]}} course of the training loss
 * @property {Measured[]} measured on what is held back; empty where nothing is
 * @property {(Trace & {step: number}) | null} trace after so many updates
 * @property {Float32Array | null} profile how the gradient falls with distance there, in the last layer
 * @property {import("../../core/apart/memory.js").ContextUse | null} use of the context
 * @property {boolean} broken     its numbers grew beyond what can be computed
 */

/** Nats within which two losses are as good as each other. */
export const CLOSE = 0.02;

/** As far as all have come that can go on. @param {Model[]} models @param {By} by */
export const extentOf = (models, by) => Math.min(...models.filter(({ broken }) => !broken).map((model) => model[by]));

/**
 * A loss at a place between those where it was measured; null before the first and after the last.
 * @param {Point[]} points @param {By} by @param {number} at
 */
export function lossAt(points, by, at) {
  const next = points.findIndex((point) => point[by] >= at);
  if (next < 0 || (next === 0 && points[0][by] > at)) return null;
  const after = points[next];
  if (after[by] === at) return after.loss;
  const before = points[next - 1];
  const share = (at - before[by]) / (after[by] - before[by]);
  return before.loss + share * (after.loss - before.loss);
}

/**
 * Who guesses best where all were measured.
 * @param {Model[]} models @param {By} by
 * @returns {{at: number, heldBack: boolean, ranked: {cell: Model["cell"], loss: number}[], best: Model["cell"][]} | null}
 * ranked: the lowest loss first; best: those that are within CLOSE of the first; null: nothing can be said yet
 */
export function outcomeOf(models, by) {
  const able = models.filter(({ broken }) => !broken);
  const heldBack = able.every(({ measured }) => measured.length > 0);
  const curves = able.map(({ cell, course, measured }) => ({ cell, points: heldBack ? measured : course.points }));
  if (curves.length < 2 || curves.some(({ points }) => !points.length)) return null;
  const at = Math.min(...curves.map(({ points }) => points[points.length - 1][by]));
  if (!(at > 0)) return null;
  const ranked = curves
    .flatMap(({ cell, points }) => {
      const loss = lossAt(points, by, at);
      return loss === null ? [] : [{ cell, loss }];
    })
    .sort((a, b) => a.loss - b.loss);
  if (ranked.length < curves.length) return null;
  return { at, heldBack, ranked, best: ranked.filter(({ loss }) => loss <= ranked[0].loss + CLOSE).map((x) => x.cell) };
}

/**
 * After how many tokens of context more no longer help.
 * @param {import("../../core/apart/memory.js").ContextUse} use
 * @returns {{length: number, most: number}} length: Infinity where even the most that was measured is too little
 */
export function usedContext({ kept, dropped, whole }) {
  return { length: lengthUsed(kept, dropped, whole), most: kept[kept.length - 1] };
}
