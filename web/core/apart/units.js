/**
 * What single units answer to: how well one threshold on a unit tells a property of the text, and the passages at which
 * a unit is strongest and weakest.
 */

/** @typedef {(tokens: readonly string[]) => Uint8Array} Property [T]: 1 where it holds once the token has been read */

const OPENING = "([{<（【《「";
const CLOSING = ")]}>）】》」";

/**
 * Depth of brackets after each token; what closes nothing is not counted.
 * @param {readonly string[]} tokens
 */
export function bracketDepth(tokens) {
  let depth = 0;
  return Int32Array.from(tokens, (token) => {
    for (const c of token) {
      if (OPENING.includes(c)) depth++;
      else if (CLOSING.includes(c) && depth > 0) depth--;
    }
    return depth;
  });
}

/** Straight quotes turn over, curly ones open and close; an empty line ends a quotation that was never closed. */
function insideQuotes(/** @type {readonly string[]} */ tokens) {
  let inside = false;
  let lines = 0;
  return Uint8Array.from(tokens, (token) => {
    for (const c of token) {
      if (c === '"') inside = !inside;
      else if (c === "“") inside = true;
      else if (c === "”") inside = false;
      lines = c === "\n" ? lines + 1 : /\s/.test(c) ? lines : 0;
      if (lines > 1) inside = false;
    }
    return Number(inside);
  });
}

const LINE_START = 5; // characters

/** @type {Readonly<Record<"quotes" | "brackets" | "space" | "line", Property>>} */
export const PROPERTIES = Object.freeze({
  quotes: insideQuotes,
  brackets: (tokens) => Uint8Array.from(bracketDepth(tokens), (depth) => Number(depth > 0)),
  space: (tokens) => Uint8Array.from(tokens, (token) => Number(/^\s+$/.test(token))),
  line: (tokens) => {
    let since = Infinity;
    return Uint8Array.from(tokens, (token) => {
      since = token.includes("\n") ? 0 : since + 1;
      return Number(since < LINE_START);
    });
  },
});

/**
 * Tokens read since the line began, the first of a line counted 1.
 * @param {readonly string[]} tokens
 */
export function linePosition(tokens) {
  let at = 0;
  return Int32Array.from(tokens, (token) => (at = token.includes("\n") ? 0 : at + 1));
}

/**
 * @typedef {object} Told how one threshold on a unit tells a property
 * @property {number} unit
 * @property {number} threshold
 * @property {boolean} above whether the property holds above it
 * @property {number} fitted   balanced accuracy where the threshold was chosen
 * @property {number} accuracy balanced accuracy on the rest of the text, which had no say in it; 0.5 is chance
 */

/**
 * Ranks units by how well one threshold tells a property. It is chosen on the first part of the text; accuracy is balanced
 * (the mean of the shares of ones and of zeros that are told rightly), so a rare property cannot be told by never
 * claiming it.
 * @param {Float32Array} values [L,T,H] of a state or a gate
 * @param {number} T
 * @param {number} H
 * @param {ArrayLike<number>} labels [T] of 0 and 1
 * @param {{ layer?: number, fit?: number }} [options] fit: the share of the text that chooses
 * @returns {Told[] | null} the best fitted first; null where one part of the text lacks ones or zeros
 */
export function rankUnits(values, T, H, labels, { layer = 0, fit = 0.6 } = {}) {
  const cut = Math.floor(T * fit);
  const isMixed = (/** @type {number} */ from, /** @type {number} */ to) => {
    let ones = 0;
    for (let t = from; t < to; t++) ones += labels[t];
    return ones > 0 && ones < to - from;
  };
  if (!isMixed(0, cut) || !isMixed(cut, T)) return null;
  const told = Array.from({ length: H }, (_, unit) => {
    const column = Float32Array.from({ length: T }, (_, t) => values[(layer * T + t) * H + unit]);
    const { threshold, above, accuracy: fitted } = bestThreshold(column, labels, cut);
    return { unit, threshold, above, fitted, accuracy: balanced(column, labels, cut, T, threshold, above) };
  });
  return told.sort((a, b) => b.fitted - a.fitted || a.unit - b.unit);
}

/** @param {Float32Array} column @param {ArrayLike<number>} labels @param {number} cut positions before it choose */
function bestThreshold(column, labels, cut) {
  const order = Int32Array.from({ length: cut }, (_, t) => t).sort((a, b) => column[a] - column[b] || a - b);
  let ones = 0;
  for (let t = 0; t < cut; t++) ones += labels[t];
  const zeros = cut - ones;
  let [below1, below0] = [0, 0];
  let best = { threshold: column[order[0]], above: true, accuracy: 0.5 };
  for (let k = 0; k + 1 < cut; k++) {
    if (labels[order[k]]) below1++;
    else below0++;
    const [low, high] = [column[order[k]], column[order[k + 1]]];
    if (low === high) continue;
    const accuracy = ((ones - below1) / ones + below0 / zeros) / 2; // of "above"
    const above = accuracy >= 0.5;
    const reached = above ? accuracy : 1 - accuracy;
    if (reached > best.accuracy) best = { threshold: (low + high) / 2, above, accuracy: reached };
  }
  return best;
}

/**
 * @param {Float32Array} column @param {ArrayLike<number>} labels @param {number} from @param {number} to
 * @param {number} threshold @param {boolean} above
 */
function balanced(column, labels, from, to, threshold, above) {
  const right = [0, 0];
  const all = [0, 0];
  for (let t = from; t < to; t++) {
    const claimed = Number(column[t] > threshold === above);
    all[labels[t]]++;
    if (claimed === labels[t]) right[labels[t]]++;
  }
  return (right[0] / all[0] + right[1] / all[1]) / 2;
}

/**
 * Ranks units by how well they follow a number: the place in a line, a depth, a count.
 * @param {Float32Array} values [L,T,H]
 * @param {number} T
 * @param {number} H
 * @param {ArrayLike<number>} numbers [T]; where one is not finite, there is nothing to follow
 * @param {{ layer?: number, fit?: number }} [options] fit: the share of the text that ranks
 * @returns {{ unit: number, fitted: number, correlation: number }[]} Pearson's correlation there and on the rest of the
 * text; the largest in size first
 */
export function followUnits(values, T, H, numbers, { layer = 0, fit = 0.6 } = {}) {
  const cut = Math.floor(T * fit);
  const followed = Array.from({ length: H }, (_, unit) => {
    const column = (/** @type {number} */ t) => values[(layer * T + t) * H + unit];
    return { unit, fitted: correlate(column, numbers, 0, cut), correlation: correlate(column, numbers, cut, T) };
  });
  return followed.sort((a, b) => Math.abs(b.fitted) - Math.abs(a.fitted) || a.unit - b.unit);
}

/**
 * @param {(t: number) => number} column @param {ArrayLike<number>} numbers @param {number} from @param {number} to
 * @returns {number} 0 where one of the two never changes
 */
function correlate(column, numbers, from, to) {
  let [n, x1, y1, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let t = from; t < to; t++) {
    if (!Number.isFinite(numbers[t])) continue;
    const [x, y] = [column(t), numbers[t]];
    n++;
    x1 += x;
    y1 += y;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  const spread = Math.sqrt((n * xx - x1 * x1) * (n * yy - y1 * y1));
  return spread > 0 ? (n * xy - x1 * y1) / spread : 0;
}

/**
 * @typedef {object} Passage
 * @property {number} at    where the unit is at its strongest, or weakest
 * @property {number} from  the first token
 * @property {number} to    behind the last one
 * @property {number} value
 */

/**
 * The passages around a unit's highest and lowest values; none overlaps another of its kind.
 * @param {ArrayLike<number>} values [T] of the unit
 * @param {{ count?: number, around?: number }} [options] around: tokens on each side
 * @returns {{ strongest: Passage[], weakest: Passage[] }}
 */
export function passagesOf(values, { count = 4, around = 30 } = {}) {
  const T = values.length;
  const ranked = Int32Array.from({ length: T }, (_, t) => t).sort((a, b) => values[b] - values[a] || a - b);
  const pick = (/** @type {Iterable<number>} */ order) => {
    /** @type {Passage[]} */
    const found = [];
    for (const at of order) {
      if (found.length === count) break;
      if (found.some((passage) => Math.abs(passage.at - at) <= 2 * around)) continue;
      found.push({ at, from: Math.max(0, at - around), to: Math.min(T, at + around + 1), value: values[at] });
    }
    return found;
  };
  return { strongest: pick(ranked), weakest: pick(Int32Array.from(ranked).reverse()) };
}
