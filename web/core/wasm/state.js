/**
 * States of the streams of a batch, [L,B,H]: for each layer the streams one after the other, H numbers each. All that
 * takes some streams out of a batch, or puts them back, does it here.
 */

/** @typedef {{ data: Float32Array, B: number, first: number }} Place streams from `first` on, of a state of B */

/**
 * Copies n streams of every layer.
 * @param {Place} to @param {Place} from
 * @param {number} n streams @param {number} L layers @param {number} H units
 */
export function copyStreams(to, from, n, L, H) {
  for (let l = 0; l < L; l++) {
    const start = (l * from.B + from.first) * H;
    to.data.set(from.data.subarray(start, start + n * H), (l * to.B + to.first) * H);
  }
}

/**
 * Streams `first` to `end` as a state of their own.
 * @param {Float32Array} data [L,B,H] @param {number} L @param {number} B @param {number} H
 * @param {number} first @param {number} end
 */
export function takeStreams(data, L, B, H, first, end) {
  const B1 = end - first,
    out = new Float32Array(L * B1 * H);
  copyStreams({ data: out, B: B1, first: 0 }, { data, B, first }, B1, L, H);
  return out;
}

/** Zeroes one stream. @param {Float32Array} data [L,B,H] @param {number} L @param {number} B @param {number} H @param {number} b */
export function zeroStream(data, L, B, H, b) {
  for (let l = 0; l < L; l++) data.fill(0, (l * B + b) * H, (l * B + b + 1) * H);
}
