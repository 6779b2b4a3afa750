/**
 * Networks of several kinds trained in lock-step: the same text, batches and seed, as many parameters, one worker each.
 * In each round those that are behind go on, by tokens read or by seconds of training, and those ahead wait. Events:
 * "change" when there is something new to draw.
 */
import { Racer } from "./racer.js";

/** @typedef {import("../../core/cells.js").CellName} CellName */

const ROUND = 120; // ms a round should take
const MOST = 50; // updates in a round
const PAUSE = 4; // times as long as a look took, until the next
const LEARNT = 10; // rounds before which there is no use of context worth measuring

export class Lockstep extends EventTarget {
  /** @type {Racer[]} */ models = [];
  /** @type {{uniform: number, unigram: number, bigram: number} | null} */ baselines = null;
  /** @type {"tokens" | "seconds"} what nobody is ahead by */ by = "tokens";
  /** @type {readonly CellName[]} those that are wanted */ cells;
  /** @type {object | null} of the loop that runs */ #turn = null;
  /** The loop before, to its end. @type {Promise<void>} */ #ended = Promise.resolve();
  #closed = false;
  #makings;
  #mayRun;
  #rounds = 0;
  #due = -Infinity; // when to look again

  /**
   * @param {readonly CellName[]} cells
   * @param {import("./racer.js").Makings} makings
   * @param {() => boolean} mayRun false while nobody looks
   */
  constructor(cells, makings, mayRun) {
    super();
    this.cells = cells;
    this.#makings = makings;
    this.#mayRun = mayRun;
  }

  get seqLen() {
    return /** @type {number} */ (this.#makings.settings.seqLen);
  }
  get running() {
    return this.#turn !== null;
  }

  /** Runs until it is paused, or none is left that can go on, and then looks once more. */
  run() {
    if (this.#turn || this.#closed) return Promise.resolve();
    const turn = (this.#turn = {});
    const before = this.#ended;
    this.#ended = before.catch(() => {}).then(() => this.#loop(turn)); // two at once would take each other's seconds
    return this.#ended;
  }

  /** @param {object} turn it is over when there is another, or none */
  async #loop(turn) {
    try {
      for (let n = 1; this.#turn === turn; ) {
        if (!this.#mayRun()) {
          await new Promise((resolve) => setTimeout(resolve, 250));
          continue;
        }
        await this.#gather();
        n = await this.#round(n);
        if (this.models.every(({ broken }) => broken)) this.pause();
        if (this.#turn === turn && performance.now() >= this.#due) await this.#look();
        this.dispatchEvent(new Event("change"));
      }
      if (!this.#closed) await this.#look();
    } finally {
      if (this.#turn === turn) this.#turn = null;
    }
  }

  pause() {
    this.#turn = null;
  }

  close() {
    this.#closed = true;
    this.pause();
    for (const model of this.models) model.close();
  }

  /** Those that are wanted and no others: a new one begins at nothing, and the rest wait for it. */
  async #gather() {
    const { cells } = this;
    for (const model of this.models) if (!cells.includes(model.cell)) model.close();
    const stay = this.models.filter(({ cell }) => cells.includes(cell));
    const missing = cells.filter((cell) => !stay.some((model) => model.cell === cell));
    this.models = stay;
    if (!missing.length) return;
    const opened = await Promise.allSettled(missing.map((cell) => Racer.open(cell, this.#makings)));
    const come = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = opened.find((each) => each.status === "rejected");
    if (this.#closed || failed) for (const model of come) model.close();
    if (failed) throw failed.reason;
    if (this.#closed) return;
    this.models = cells.flatMap((cell) => [...stay, ...come].filter((model) => model.cell === cell));
    for (const model of come) await model.look();
    this.baselines ??= await come[0].baselines().catch(() => null); // there is no validation part
  }

  /**
   * @param {number} n updates in it, by tokens
   * @returns {Promise<number>} how many the next should have
   */
  async #round(n) {
    const able = this.models.filter(({ broken }) => !broken);
    if (!able.length) return n;
    this.#rounds++;
    const { by } = this;
    const behind = Math.min(...able.map((model) => model[by]));
    const goal = behind + (by === "tokens" ? n * able[0].stride : ROUND / 1000);
    const start = performance.now();
    await this.#each((model) => model.advance(by, goal));
    const took = performance.now() - start;
    return Math.max(1, Math.min(MOST, Math.round((n * ROUND) / Math.max(took, 1))));
  }

  /** All of one moment: the inside, the loss on what is held back, the use of context. */
  async #look() {
    const start = performance.now();
    await this.#each((model) => model.look());
    if (this.#rounds >= LEARNT) await this.#each((model) => model.study());
    const end = performance.now();
    this.#due = end + PAUSE * (end - start);
  }

  /**
   * All at a time where each has a core of its own beside the page's, else in turn: nobody's seconds are another's.
   * @param {(model: Racer) => Promise<void>} act
   */
  async #each(act) {
    if ((navigator.hardwareConcurrency || 1) > this.models.length) await Promise.all(this.models.map(act));
    else for (const model of this.models) await act(model);
  }
}
