/**
 * What a trace says, in numbers: how far gradients reach back, which gates are stuck, which units answer to what.
 * Pure functions on the arrays of a Trace and on parameters; nothing here draws, trains or keeps state.
 * Shapes are row-major; L layers, T characters, H units, V vocabulary. `layer` picks the leading index of [L,T,H] or
 * [L,T,T].
 */

/** @typedef {"index" | "similarity" | "reaction"} UnitOrder */

/**
 * Median over t of |d loss_t / d h_{t-k}|, for each lag k. The last character has no target, so t runs to T-2.
 * @param {Float32Array} flow [L,T,T]
 * @param {number} T
 * @param {number} [layer]
 * @returns {Float32Array} [T-1], index k is the lag
 */
export function lagProfile(flow, T, layer = 0) {
  const base = layer * T * T;
  const profile = new Float32Array(Math.max(0, T - 1));
  const column = new Float32Array(profile.length);
  for (let k = 0; k < profile.length; k++) {
    let n = 0;
    for (let t = k; t < T - 1; t++) column[n++] = flow[base + t * T + t - k];
    profile[k] = median(column.subarray(0, n));
  }
  return profile;
}

/** The lag profiles of all layers. @param {import("./trace.js").Trace} trace with its flow */
export function lagProfiles({ flow, sizes: { L, T } }) {
  return Array.from({ length: L }, (_, layer) => lagProfile(/** @type {Float32Array} */ (flow), T, layer));
}

/** @param {Float32Array} values sorted in place */
function median(values) {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/**
 * The first lag at which a profile is down to `share` of its value at lag 0.
 * @param {ArrayLike<number>} profile
 * @param {number} [share]
 * @returns {number} Infinity where it never falls that far, 0 where there is no gradient at all
 */
export function reach(profile, share = 0.01) {
  if (!(profile[0] > 0)) return 0;
  for (let k = 1; k < profile.length; k++) if (profile[k] <= share * profile[0]) return k;
  return Infinity;
}

/**
 * How much each earlier state weighs in the loss at character t: row t of the flow, s = 0..t.
 * @param {Float32Array} flow [L,T,T]
 * @param {number} T
 * @param {number} t
 * @param {number} [layer]
 * @returns {Float32Array} [T], zeros after t
 */
export function influence(flow, T, t, layer = 0) {
  const start = (layer * T + t) * T;
  return flow.slice(start, start + T);
}

/**
 * One unit over the characters, to tint the text with.
 * @param {Float32Array} values [L,T,H]
 * @param {number} T
 * @param {number} H
 * @param {number} unit
 * @param {number} [layer]
 * @returns {Float32Array} [T]
 */
export function unitOverText(values, T, H, unit, layer = 0) {
  const row = new Float32Array(T);
  for (let t = 0; t < T; t++) row[t] = values[(layer * T + t) * H + unit];
  return row;
}

/**
 * Share of characters at which each unit's gate is stuck low (< `low`) and stuck high (> `high`).
 * @param {Float32Array} gate [L,T,H]
 * @param {number} T
 * @param {number} H
 * @param {{layer?: number, low?: number, high?: number}} [options]
 * @returns {{low: Float32Array, high: Float32Array, lowShare: number, highShare: number}} [H] each, and their means
 */
export function saturation(gate, T, H, { layer = 0, low = 0.1, high = 0.9 } = {}) {
  const result = { low: new Float32Array(H), high: new Float32Array(H), lowShare: 0, highShare: 0 };
  if (!T || !H) return result;
  for (let t = 0, at = layer * T * H; t < T; t++) {
    for (let j = 0; j < H; j++, at++) {
      if (gate[at] < low) result.low[j]++;
      else if (gate[at] > high) result.high[j]++;
    }
  }
  for (let j = 0; j < H; j++) {
    result.low[j] /= T;
    result.high[j] /= T;
    result.lowShare += result.low[j] / H;
    result.highShare += result.high[j] / H;
  }
  return result;
}

/**
 * Mean of an array over one layer.
 * @param {Float32Array} values [L,T,H]
 * @param {number} T
 * @param {number} H
 * @param {number} [layer]
 */
export function layerMean(values, T, H, layer = 0) {
  let sum = 0;
  for (let i = layer * T * H, end = i + T * H; i < end; i++) sum += values[i];
  return T * H ? sum / (T * H) : 0;
}

/**
 * Largest singular value of a matrix, by power iteration on W'W from a fixed start.
 * @param {Float32Array} W rows*cols numbers, beginning at `offset`
 * @param {number} rows
 * @param {number} cols
 * @param {{offset?: number, iterations?: number, tolerance?: number}} [options] stops when the value moves by less than
 * `tolerance` of itself
 */
export function spectralNorm(W, rows, cols, { offset = 0, iterations = 200, tolerance = 1e-5 } = {}) {
  const v = new Float64Array(cols);
  const next = new Float64Array(cols);
  for (let j = 0; j < cols; j++) v[j] = 1 + 0.5 * Math.cos(1 + 3 * j); // no symmetry a matrix could be orthogonal to
  normalise(v);
  let norm = 0;
  for (let n = 0; n < iterations; n++) {
    next.fill(0);
    let squares = 0;
    for (let i = 0; i < rows; i++) {
      const row = offset + i * cols;
      let dot = 0;
      for (let j = 0; j < cols; j++) dot += W[row + j] * v[j];
      squares += dot * dot;
      for (let j = 0; j < cols; j++) next[j] += W[row + j] * dot;
    }
    const before = norm;
    norm = Math.sqrt(squares);
    if (!normalise(next) || Math.abs(norm - before) <= tolerance * norm) break;
    v.set(next);
  }
  return norm;
}

/** @param {Float64Array} v @returns {boolean} false where v is zero or not finite */
function normalise(v) {
  let squares = 0;
  for (const x of v) squares += x * x;
  if (!(squares > 0) || !Number.isFinite(squares)) return false;
  const scale = 1 / Math.sqrt(squares);
  for (let j = 0; j < v.length; j++) v[j] *= scale;
  return true;
}

/**
 * Spectral norm of each gate's block of a recurrent matrix.
 * @param {Float32Array} W rnn.weight_hh_l{k}, [G*H,H]
 * @param {number} H
 * @param {string[]} gates names in the order of the blocks
 * @returns {Record<string, number>}
 */
export function recurrentNorms(W, H, gates) {
  return Object.fromEntries(gates.map((name, g) => [name, spectralNorm(W, H, H, { offset: g * H * H })]));
}

/**
 * How strongly each unit reacts: mean |h_t - h_{t-1}|.
 * @param {Float32Array} hidden [L,T,H]
 * @param {number} T
 * @param {number} H
 * @param {number} [layer]
 * @returns {Float32Array} [H]
 */
export function reaction(hidden, T, H, layer = 0) {
  const change = new Float32Array(H);
  for (let t = 1; t < T; t++) {
    const at = (layer * T + t) * H;
    for (let j = 0; j < H; j++) change[j] += Math.abs(hidden[at + j] - hidden[at + j - H]) / (T - 1);
  }
  return change;
}

/**
 * The units in the order they are drawn: by index; strongest reaction first; or so that neighbours behave alike
 * (a chain from the strongest unit, always on to the most correlated one that is left).
 * @param {Float32Array} hidden [L,T,H]
 * @param {number} T
 * @param {number} H
 * @param {UnitOrder} order
 * @param {number} [layer]
 * @returns {Int32Array} [H], row -> unit
 */
export function orderUnits(hidden, T, H, order, layer = 0) {
  const units = Int32Array.from({ length: H }, (_, j) => j);
  if (order === "index" || H < 2) return units;
  const strength = reaction(hidden, T, H, layer);
  const byStrength = units.slice().sort((a, b) => strength[b] - strength[a] || a - b);
  return order === "reaction" ? byStrength : chainUnits(hidden, T, H, units, byStrength[0], layer);
}

/**
 * Whether units are to be put in order anew: when the network has changed much since, so that rows move rarely.
 * @param {number} at the step that they were ordered at, -1: none @param {number} step
 */
export const isOrderOld = (at, step) => at < 0 || step < at || step > 1.6 * at + 20;

/**
 * Some units so that neighbours behave alike: from the first always on to the most correlated one that is left.
 * @param {Float32Array} hidden [L,T,H] @param {number} T @param {number} H
 * @param {Int32Array} units those that are asked for, each once @param {number} first one of them
 * @param {number} [layer]
 * @returns {Int32Array} the same in another order
 */
export function chainUnits(hidden, T, H, units, first, layer = 0) {
  const rows = standardised(hidden, T, H, units, layer);
  return chain(rows, T, units.length, units.indexOf(first)).map((row) => units[row]);
}

/**
 * Each unit over time with mean 0 and length 1, so that a dot product is a correlation. A unit that never moves is
 * zeros.
 * @param {Float32Array} hidden @param {number} T @param {number} H @param {Int32Array} units @param {number} layer
 * @returns {Float32Array} [units,T]
 */
function standardised(hidden, T, H, units, layer) {
  const rows = new Float32Array(units.length * T);
  for (let j = 0; j < units.length; j++) {
    const row = unitOverText(hidden, T, H, units[j], layer);
    const mean = row.reduce((a, b) => a + b, 0) / T;
    let squares = 0;
    for (const x of row) squares += (x - mean) ** 2;
    const scale = squares > 1e-12 ? 1 / Math.sqrt(squares) : 0;
    for (let t = 0; t < T; t++) rows[j * T + t] = (row[t] - mean) * scale;
  }
  return rows;
}

/** @param {Float32Array} rows [N,T] @param {number} T @param {number} N @param {number} first */
function chain(rows, T, N, first) {
  const order = new Int32Array(N);
  const left = Int32Array.from({ length: N }, (_, j) => j); // those without a place yet, in front
  for (let n = 0, unit = first, count = N; n < N; n++) {
    order[n] = unit;
    left.copyWithin(left.indexOf(unit), left.indexOf(unit) + 1, count--);
    let best = -Infinity;
    for (let i = 0, from = unit; i < count; i++) {
      const likeness = dot(rows, from * T, left[i] * T, T);
      if (likeness > best) [best, unit] = [likeness, left[i]];
    }
  }
  return order;
}

/**
 * A function of its own is compiled after its first thousand calls; a loop inside a loop later.
 * @param {Float32Array} rows
 * @param {number} a
 * @param {number} b
 * @param {number} T
 */
function dot(rows, a, b, T) {
  let sum = 0;
  for (let t = 0; t < T; t++) sum += rows[a + t] * rows[b + t];
  return sum;
}

/**
 * Mean value of each unit after reading each character.
 * @param {Float32Array} hidden [L,T,H]
 * @param {ArrayLike<number>} ids [T]
 * @param {number} H
 * @param {number} V
 * @param {number} [layer]
 * @returns {{mean: Float32Array, count: Int32Array}} mean [H,V], zero where the count [V] is
 */
export function responseMap(hidden, ids, H, V, layer = 0) {
  const mean = new Float32Array(H * V);
  const count = new Int32Array(V);
  const T = ids.length;
  for (let t = 0; t < T; t++) count[ids[t]]++;
  for (let t = 0; t < T; t++) {
    const at = (layer * T + t) * H;
    for (let j = 0; j < H; j++) mean[j * V + ids[t]] += hidden[at + j] / count[ids[t]];
  }
  return { mean, count };
}

/**
 * Units that are on all through characters from..to and off next to them. A unit is on where its value, taken with the
 * sign it has inside, is at least `threshold`; "next to" is as many characters on each side as the stretch is long, at
 * most 5.
 * @param {Float32Array} hidden [L,T,H]
 * @param {number} T
 * @param {number} H
 * @param {number} from
 * @param {number} to included
 * @param {{layer?: number, threshold?: number}} [options]
 * @returns {{units: {unit: number, sign: 1 | -1, contrast: number}[], elsewhere: Float32Array}} strongest contrast
 * first;
 *   elsewhere [T] is the share of these units that are on at each character outside the stretch
 */
export function brush(hidden, T, H, from, to, { layer = 0, threshold = 0.3 } = {}) {
  const margin = Math.min(5, to - from + 1);
  const units = [];
  for (let unit = 0; unit < H; unit++) {
    const row = unitOverText(hidden, T, H, unit, layer);
    const sign = /** @type {1 | -1} */ (row[from] < 0 ? -1 : 1);
    let weakest = Infinity;
    let loudest = -Infinity;
    for (let t = from; t <= to; t++) weakest = Math.min(weakest, sign * row[t]);
    for (let t = Math.max(0, from - margin); t < from; t++) loudest = Math.max(loudest, sign * row[t]);
    for (let t = to + 1; t <= Math.min(T - 1, to + margin); t++) loudest = Math.max(loudest, sign * row[t]);
    if (weakest >= threshold && loudest < threshold)
      units.push({ unit, sign, contrast: weakest - Math.max(loudest, -1) });
  }
  units.sort((a, b) => b.contrast - a.contrast || a.unit - b.unit);
  const elsewhere = new Float32Array(T);
  for (const { unit, sign } of units) {
    for (let t = 0; t < T; t++) {
      if (t >= from && t <= to) continue;
      if (sign * hidden[(layer * T + t) * H + unit] >= threshold) elsewhere[t] += 1 / units.length;
    }
  }
  return { units, elsewhere };
}

/**
 * What part of the global gradient each parameter block makes up.
 * @param {Record<string, number>} norms of trainer.gradientNorms()
 * @returns {{name: string, norm: number, share: number}[]} share of the squared global norm; largest first, without
 * those that are zero
 */
export function blockShares(norms) {
  const total = Object.values(norms).reduce((sum, norm) => sum + norm * norm, 0);
  return Object.entries(norms)
    .filter(([, norm]) => norm > 0)
    .map(([name, norm]) => ({ name, norm, share: (norm * norm) / total }))
    .sort((x, y) => y.norm - x.norm);
}

/**
 * The most probable tokens after character t, most probable first.
 * @param {Float32Array} probabilities [T,V]
 * @param {number} V
 * @param {number} t
 * @param {number} [count]
 * @returns {{id: number, probability: number}[]}
 */
export function topPredictions(probabilities, V, t, count = 5) {
  /** @type {{id: number, probability: number}[]} */
  const top = [];
  for (let id = 0; id < V; id++) {
    const probability = probabilities[t * V + id];
    if (top.length === count && probability <= top[count - 1].probability) continue;
    let place = top.length;
    while (place > 0 && top[place - 1].probability < probability) place--;
    top.splice(place, 0, { id, probability });
    if (top.length > count) top.pop();
  }
  return top;
}
