/**
 * What clipping is shown against: a twin of the run without it, and a network whose gradients explode where nothing
 * holds them.
 */
import { Twin } from "./twin.js";

/** It learns where something does hold them: so with seeds 1 to 5 on every sample text. */
const EXPLODING = {
  cell: "rnn",
  layers: 1,
  hidden: 64,
  embedding: 0,
  batch: 16,
  seqLen: 64,
  optimizer: "sgd",
  learningRate: 2,
  clipMode: "norm",
  clipThreshold: 1,
};

export class Unclipped {
  #page;
  #draw;
  /** @type {Twin | null} */ twin = null;
  /** @type {(() => Promise<void>) | null} to the network that the exploding one took the place of */ #back = null;

  #busy = false;

  /** @param {import("../page.js").Page} page @param {() => void} draw the figure anew */
  constructor(page, draw) {
    this.#page = page;
    this.#draw = draw;
  }

  /** Whether the run is the exploding one, with another to go back to. */
  get exploded() {
    return this.#back !== null;
  }

  /** The run is another. */
  forget() {
    this.#back = null;
    this.setTwin(false);
  }

  /** @param {boolean} wanted */
  async setTwin(wanted) {
    this.twin?.close();
    this.twin = null;
    const { client, text, workerOptions } = this.#page.run;
    if (wanted && client) {
      const twin = new Twin();
      this.twin = twin;
      twin.addEventListener("report", () => {
        if (twin.diverged !== null) this.#draw();
      });
      try {
        await twin.open(client, text, workerOptions);
      } catch (error) {
        if (this.twin === twin) this.twin = null;
        throw error;
      }
    }
    this.#draw();
  }

  /**
   * Clipping holds this run; its twin has none, and breaks. Once more: back to the network before.
   * @param {() => Promise<() => Promise<void>>} wayBack
   */
  async explode(wayBack) {
    if (this.#busy) return; // a second click
    this.#busy = true;
    try {
      if (this.#back) return await this.#back();
      const back = await wayBack();
      if (!(await this.#page.takeSettings(EXPLODING))) return;
      this.#back = back;
    } finally {
      this.#busy = false;
    }
    await this.setTwin(true);
  }
}
