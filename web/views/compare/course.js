/** How a network's loss fell, by tokens read and by seconds of training, in bounded memory. */

/**
 * @typedef {object} Point after some updates
 * @property {number} tokens  read so far
 * @property {number} seconds of training so far
 * @property {number} loss    nats: of the training batches, the mean since the point before; or as it was measured
 */

const LIMIT = 400;

export class Course {
  /** @type {Point[]} */ points = [];
  /** Updates that a point stands for at least. */ #stride = 1;
  /** The point that is being made: losses added up, and of how many updates. */ #sum = 0;
  #updates = 0;

  /**
   * What some updates made.
   * @param {number[]} losses of each @param {Omit<Point, "loss">} reached after the last
   */
  add(losses, reached) {
    for (const loss of losses) this.#sum += loss;
    this.#updates += losses.length;
    if (this.#updates < this.#stride) return;
    this.points.push({ ...reached, loss: this.#sum / this.#updates });
    this.#sum = this.#updates = 0;
    if (this.points.length < LIMIT) return;
    const { points } = this;
    this.points = points.flatMap((point, i) =>
      i % 2 ? [{ ...point, loss: (point.loss + points[i - 1].loss) / 2 }] : [],
    );
    this.#stride *= 2;
  }
}
