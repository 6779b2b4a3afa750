/**
 * Pieces of a text that are read from their first token to their last, and the lanes that read them side by side: how
 * windows are cut for training on documents and for measuring.
 */

/**
 * @typedef {{ read: (out: Int32Array, at: number, n: number) => void }} Reader writes the next n ids; never asked
 * beyond a document's end
 */
/** @typedef {(position: number, spent?: Reader) => Reader} Open a reader at a token; one that is done with may be reused */
/** @typedef {{ from: number[], count: number[] }} Pieces first token, and targets, which are the tokens after it */

/**
 * Reads ids that are held in memory.
 * @param {() => Int32Array} ids asked for at each reading, as the core's memory may move
 * @returns {Open}
 */
export const openIds = (ids) => (position) => ({
  read: (out, at, n) => out.set(ids().subarray(position, (position += n)), at),
});

/** One stream's way through a piece. */
export class Lane {
  piece = -1;
  /** Targets that were read. */
  done = 0;
  /** The token before the next target. */
  last = Int32Array.of(0);
  /** @type {Reader | undefined} */
  reader;

  /** @param {Pieces} pieces */
  ended({ count }) {
    return this.piece < 0 || this.done >= count[this.piece];
  }

  /** @param {Open} open @param {Pieces} pieces */
  open(open, { from }) {
    this.reader = open(from[this.piece] + this.done, this.reader);
    this.reader.read(this.last, 0, 1);
  }

  /**
   * Writes the next window of T or fewer targets; what is left stays as it is.
   * @param {Pieces} pieces @param {Int32Array} input @param {Int32Array} target @param {number} at @param {number} T
   * @returns {number} targets
   */
  read({ count }, input, target, at, T) {
    const n = Math.min(T, count[this.piece] - this.done);
    /** @type {Reader} */ (this.reader).read(target, at, n);
    input[at] = this.last[0];
    input.set(target.subarray(at, at + n - 1), at + 1);
    this.last[0] = target[at + n - 1];
    this.done += n;
    return n;
  }
}
