/**
 * The path of the state through a text, seen from its principal axes; and the points at which a state stays where it is
 * while the same character is read again and again (Sussillo and Barak 2013), with their stability.
 */
import { EigenvalueDecomposition, LuDecomposition, Matrix } from "ml-matrix";
import { PCA } from "ml-pca";

/**
 * @typedef {object} Axes
 * @property {Float64Array} mean  [H]
 * @property {Float64Array[]} axes two of length 1, the one of the largest variance first
 * @property {number[]} share of the variance that each takes
 */

/**
 * The two axes along which states vary most. Signs are free in principle: an axis is turned so that it agrees with
 * `before`, where there is one, and else so that its largest number is positive; the same states always give the same.
 * @param {Float32Array} states [T,H]
 * @param {number} H
 * @param {Axes | null} [before] of an earlier moment of the same network
 * @returns {Axes}
 */
export function principalAxes(states, H, before = null) {
  const T = states.length / H;
  const rows = Array.from({ length: T }, (_, t) => Array.from(states.subarray(t * H, (t + 1) * H)));
  const mean = Float64Array.from({ length: H }, (_, j) => rows.reduce((sum, row) => sum + row[j], 0) / T);
  const pca = new PCA(rows, { method: T < H ? "SVD" : "covarianceMatrix" });
  const variance = pca.getExplainedVariance();
  const loadings = pca.getLoadings(); // an axis a row
  const axes = [0, 1].map((i) => {
    const axis = Float64Array.from({ length: H }, (_, j) => (i < loadings.rows ? loadings.get(i, j) : 0));
    return turn(axis, before?.axes[i]);
  });
  return { mean, axes, share: [variance[0] ?? 0, variance[1] ?? 0] };
}

/** @param {Float64Array} axis @param {Float64Array} [like] */
function turn(axis, like) {
  const against = like ?? axis.map((x) => (Math.abs(x) === Math.max(...axis.map(Math.abs)) ? 1 : 0));
  const agreement = axis.reduce((sum, x, j) => sum + x * against[j], 0);
  return agreement < 0 ? axis.map((x) => -x) : axis;
}

/**
 * @typedef {(states: Float64Array[]) => Float64Array[]} Step F: the states after one more reading of the character; the
 * whole state, for an LSTM h and c one after the other, layer after layer
 */
/**
 * @typedef {object} FixedPoint
 * @property {Float64Array} state
 * @property {number} speed |F(s) − s|
 * @property {number} radius the largest |eigenvalue| of F's Jacobian there: below 1, states nearby are drawn to it
 * @property {number} unstable how many eigenvalues are larger than 1
 */

const EPSILON = 1e-3; // of the central differences, over single precision
const STILL = 1e-4;
const FOLLOWED = 300; // readings

/**
 * Finds fixed points by Newton's method, from each start and, where that fails, from where the network comes to when it
 * reads on from there; points that meet are one.
 * @param {Step} step
 * @param {Float64Array[]} starts
 * @param {{ iterations?: number, apart?: number }} [options] apart: distance from which two points are two
 * @returns {Generator<FixedPoint | null, FixedPoint[], void>} after each start: what it found that was not known
 */
export function* fixedPoints(step, starts, { iterations = 40, apart = 0.05 } = {}) {
  /** @type {FixedPoint[]} */
  const found = [];
  for (const start of starts) {
    const state = settle(step, start, iterations) ?? settle(step, follow(step, start), iterations);
    const isNew = state && found.every((point) => distance(point.state, state) > apart);
    if (isNew) {
      const radii = magnitudes(jacobian(step, state));
      found.push({
        state,
        speed: distance(step([state])[0], state),
        radius: Math.max(...radii),
        unstable: radii.filter((radius) => radius > 1).length,
      });
    }
    yield isNew ? found[found.length - 1] : null;
  }
  return found;
}

/** Where the network's own way leads. @param {Step} step @param {Float64Array} start */
function follow(step, start) {
  let state = start;
  for (let i = 0; i < FOLLOWED; i++) [state] = step([state]);
  return state;
}

/** @param {Step} step @param {Float64Array} start @param {number} iterations @returns {Float64Array | null} */
function settle(step, start, iterations) {
  let state = start;
  let [next] = step([state]);
  for (let i = 0; i < iterations; i++) {
    const speed = distance(next, state);
    if (speed < STILL) return state;
    const J = jacobian(step, state);
    const system = Matrix.sub(Matrix.eye(state.length), J);
    const lu = new LuDecomposition(system);
    const pull = Matrix.columnVector(Array.from(next, (x, j) => x - state[j]));
    const move = lu.isSingular() ? pull : lu.solve(pull);
    // Shorter and shorter, until it is nearer; where Newton's way does not help, the network's own is taken.
    const tries = [1, 0.5, 0.25, 0.1].map((length) => state.map((x, j) => x + length * move.get(j, 0)));
    const after = step([...tries, next]);
    const speeds = after.map((to, k) => distance(to, k < tries.length ? tries[k] : next));
    const best = speeds.indexOf(Math.min(...speeds));
    [state, next] = [best < tries.length ? tries[best] : next, after[best]];
  }
  return distance(next, state) < STILL ? state : null;
}

/**
 * dF/ds by central differences, all columns in one call.
 * @param {Step} step @param {Float64Array} state
 * @returns {Matrix} row i, column j: d F_i / d s_j
 */
export function jacobian(step, state) {
  const n = state.length;
  const moved = [EPSILON, -EPSILON].flatMap((by) =>
    Array.from({ length: n }, (_, j) => state.map((x, i) => (i === j ? x + by : x))),
  );
  const after = step(moved);
  const J = new Matrix(n, n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) J.set(i, j, (after[j][i] - after[n + j][i]) / (2 * EPSILON));
  }
  return J;
}

/** Absolute eigenvalues. @param {Matrix} matrix */
export function magnitudes(matrix) {
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrix);
  return realEigenvalues.map((re, i) => Math.hypot(re, imaginaryEigenvalues[i]));
}

/** @param {Float64Array} a @param {Float64Array} b */
const distance = (a, b) => Math.hypot(...a.map((x, j) => x - b[j]));
