/**
 * All cores without special headers: the slices of a batch, shared between the trainer (the lead) and helper threads
 * with modules of their own. A buffer goes to and fro between the lead and each helper: weights, windows and states one
 * way, gradients and states the other. The lead adds the gradients in the order of the slices, so the bits are those of
 * a trainer that works alone, whoever computed what.
 *
 * A helper that ends, is late, or answers what is no answer loses its slices to the lead and is replaced a few times.
 * Where the exchange would cost more than it saves (share() below), the lead works alone and no thread is started;
 * where shared updates take longer than the lead alone would, because other programs have the cores, it goes on alone
 * for a while.
 */
import { UnrolledError, quote } from "../errors.js";
import { Board } from "./board.js";
import { laySlices, slicesBytes } from "./slices.js";
import { Pace, RemoteHelper } from "./remote.js";
import { Thread, countCores } from "./thread.js";

/**
 * @typedef {object} WorkerOptions
 * @property {number | "auto"} [workers] threads that share an update's work, 1 to 64, this one included; "auto": one
 *   for each core. The bits are the same for any number. Where threads cannot help (a batch below 32, a small network),
 *   this one works alone.
 * @property {import("./thread.js").ThreadSource} [workerUrl] the helpers' script where it does not stand beside
 *   this one: its address or text, or a function that opens a worker of it
 */

/** @typedef {import("../wasm/engine.js").Engine} Engine */
/** @typedef {import("../text/documents.js").DocumentStream} DocumentStream */
/** @typedef {import("../wasm/engine.js").Report} Report */
/** @typedef {import("../config.js").Settings} Settings */
/** @typedef {import("./thread.js").ThreadSource} ThreadSource */
/** @typedef {import("./helper.js").Answer} Answer */
const MOST_WORKERS = 64;
/** Updates by the lead alone, to know what a slice costs, before threads are started. */
const ALONE_FIRST = 2;
/** Milliseconds the lead waits for an answer when its own slices are done, besides eight times what was expected. */
const PATIENCE = 1000;
const REPLACEMENTS = 3;
/** Updates after which a helper that was too slow for a share, or all of them, are tried again. */
const TRY_AGAIN = 30;
/** What an exchange costs, in milliseconds: a message there and back (0.02 in Node, up to 0.1 in Chromium), a weight
 * copied twice and packed, a gradient's number copied twice and read. */
const MESSAGE_COST = 0.1;
const WEIGHT_COST = 1e-6;
const GRADIENT_COST = 0.25e-6;

/** @param {unknown} workers @returns {number | "auto"} */
export function checkWorkers(workers) {
  if (workers === "auto" || (Number.isInteger(workers) && Number(workers) >= 1 && Number(workers) <= MOST_WORKERS))
    return /** @type {any} */ (workers);
  throw new UnrolledError(
    "bad-setting",
    `workers must be an integer from 1 to ${MOST_WORKERS} or "auto", got ${quote(workers)}.`,
    { setting: "workers" },
  );
}

/**
 * Shares slices out: each goes to who would be done with it first.
 * @param {number} slices
 * @param {number[]} paces milliseconds a slice takes: the lead's, then each helper's
 * @param {number} size floats of a gradient
 * @returns {number[]} how many each gets; the lead one or more
 */
export function share(slices, paces, size) {
  const counts = paces.map((_, i) => (i ? 0 : 1));
  const done = (/** @type {number} */ i) => {
    const count = counts[i] + 1;
    return count * paces[i] + (i ? MESSAGE_COST + size * (WEIGHT_COST + count * GRADIENT_COST) : 0);
  };
  for (let s = 1; s < slices; s++) {
    let first = 0;
    for (let i = 1; i < paces.length; i++) if (done(i) < done(first)) first = i;
    counts[first]++;
  }
  return counts;
}

/** Ends the threads of a team that was dropped. @type {FinalizationRegistry<Set<RemoteHelper>>} */
const dropped = new FinalizationRegistry((helpers) => helpers.forEach((helper) => helper.close()));

/** The trainer's updates, shared with helpers. */
export class Parallel {
  #engine;
  /** @type {() => Readonly<Settings>} */
  #settings;
  #workers;
  #source;
  #bounds;
  /** @type {Set<RemoteHelper>} */
  #helpers = new Set();
  #starts = -1;
  /** What windows are read from where the engine has no text. @type {DocumentStream | null} */
  #documents;
  /** Of a slice the lead runs. */
  #pace = new Pace();
  /** Of a shared update. */
  #sharedPace = new Pace();
  #alone = 0;
  #refused = 0;
  /** @type {Board | null} made when it is first needed */
  #board = null;
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /**
   * @param {Engine} engine
   * @param {() => Readonly<Settings>} settings as they are now
   * @param {{ workers: number | "auto", workerUrl?: ThreadSource, documents?: DocumentStream | null }} options
   */
  constructor(engine, settings, { workers, workerUrl, documents = null }) {
    this.#engine = engine;
    this.#settings = settings;
    this.#documents = documents;
    this.#workers = checkWorkers(workers);
    this.#source = Thread.checkSource(workerUrl);
    this.#bounds = engine.shardBounds(settings().batch);
    dropped.register(this, this.#helpers, this);
  }

  /** Threads that share the work now, the lead included. */
  get workers() {
    return 1 + [...this.#helpers].filter(({ ready, closed }) => ready && !closed).length;
  }

  /** Whether an update is under way. */
  get busy() {
    return this.#waiting > 0;
  }

  /** Kept when all that was asked for is done. */
  get settled() {
    return this.#queue;
  }

  /**
   * `n` updates on the text's first `count` tokens, after those that were asked for before.
   * @param {number} n @param {number} count
   * @returns {Promise<Report>} of the last
   */
  step(n, count) {
    this.#waiting++;
    const steps = this.#queue
      .then(async () => {
        let report;
        for (let i = 0; i < n; i++) report = await this.#step(count);
        return /** @type {Report} */ (report);
      })
      .finally(() => this.#waiting--);
    this.#queue = steps.catch(() => {});
    return steps;
  }

  close() {
    this.#closed = true;
    dropped.unregister(this);
    for (const helper of this.#helpers) helper.close();
  }

  /** @param {number} count */
  async #step(count) {
    this.#needOpen();
    const helpers = await this.#team();
    this.#needOpen();
    const slices = this.#bounds.length - 1;
    const counts = share(
      slices,
      [this.#pace, ...helpers.map(({ pace }) => pace)].map(({ least }) => least),
      this.#engine.size,
    );
    const { batch, seqLen } = this.#settings(),
      start = performance.now();
    if (
      counts[0] < slices &&
      this.#pays(slices) &&
      (this.#documents || this.#engine.windowCount(batch, seqLen, count))
    ) {
      const report = await this.#shared(count, helpers, counts);
      this.#sharedPace.add(performance.now() - start);
      return report;
    }
    const report = (this.#documents ?? this.#engine).step(1, count);
    this.#pace.add((performance.now() - start) / slices);
    this.#alone++;
    return report;
  }

  /**
   * Whether sharing has lately been faster than the lead alone by a tenth; now and then it is tried again.
   * @param {number} slices
   */
  #pays(slices) {
    if (this.#sharedPace.typical < 0.9 * slices * this.#pace.typical) return true;
    if (++this.#refused % TRY_AGAIN === 0) this.#sharedPace = new Pace();
    return this.#sharedPace.typical === 0;
  }

  #needOpen() {
    if (this.#closed) throw new UnrolledError("disposed", "This trainer was disposed of while it trained.");
  }

  /** Those who can help now. Starts who is missing, if it would be given work. @returns {Promise<RemoteHelper[]>} */
  async #team() {
    const slices = this.#bounds.length - 1;
    for (const helper of this.#helpers) {
      if (helper.overdue) helper.close();
      if (helper.closed) this.#helpers.delete(helper);
    }
    if (slices < 2 || this.#workers === 1 || this.#alone < ALONE_FIRST) return [];
    if (share(slices, [this.#pace.least, this.#pace.least], this.#engine.size)[1]) {
      if (this.#workers === "auto") this.#workers = Math.min(MOST_WORKERS, await countCores());
      const wanted = Math.min(this.#workers, slices) - 1;
      if (this.#starts < 0) this.#starts = wanted + REPLACEMENTS;
      for (; this.#helpers.size < wanted && this.#starts > 0; this.#starts--) this.#helpers.add(this.#start());
    }
    const all = [...this.#helpers];
    if (all.some(({ ready }) => !ready)) await new Promise((resolve) => setTimeout(resolve)); // lets them be heard
    return all.filter(({ ready, closed }) => ready && !closed);
  }

  #start() {
    const helper = new RemoteHelper(this.#source, {
      module: this.#engine.inside.core.module,
      settings: this.#settings(),
      V: this.#engine.V,
    });
    helper.pace = this.#freshPace();
    return helper;
  }

  /** That of a helper that is as fast as the lead, for all that is known. */
  #freshPace() {
    const pace = new Pace();
    pace.add(this.#pace.least);
    return pace;
  }

  /**
   * One update in which each helper has its share.
   * @param {number} count
   * @param {RemoteHelper[]} helpers
   * @param {number[]} counts slices of the lead and of each helper
   * @returns {Promise<Report>}
   */
  async #shared(count, helpers, counts) {
    const engine = this.#engine,
      { batch, seqLen, dropout, dropoutKind } = this.#settings();
    const { step, window } = engine.progress;
    const next = this.#documents?.lay();
    const { epoch, targets } = next ?? {
      epoch: Math.floor(window / engine.windowCount(batch, seqLen, count)),
      targets: batch * seqLen,
    };
    const board = (this.#board ??= new Board(engine, this.#settings(), this.#bounds));
    if (next) board.lay(next.input, next.target, false);
    else board.layWindow(count, window - epoch * engine.windowCount(batch, seqLen, count));
    const scale = 1 / targets;
    let end = counts[0];
    const tasks = helpers.flatMap((helper, i) => {
      const from = end;
      end += counts[i + 1];
      if (from < end)
        return [
          { helper, from, end, answer: this.#send(board, helper, from, end, { scale, step, dropout, dropoutKind }) },
        ];
      if (++helper.idle % TRY_AGAIN === 0) helper.pace = this.#freshPace();
      return [];
    });

    let loss = 0;
    const add = (/** @type {number} */ s, /** @type {number} */ part) => {
      engine.reduce(s === 0);
      loss += part;
    };
    const start = performance.now();
    for (let s = 0; s < counts[0]; s++) add(s, board.run(s, scale));
    this.#pace.add((performance.now() - start) / counts[0]);

    for (const { helper, from, end, answer } of tasks) {
      const heard = await answer(PATIENCE + 8 * helper.pace.least * (end - from));
      this.#needOpen();
      const answers = heard && this.#read(helper, heard, from, end);
      for (let s = from; s < end; s++) {
        if (answers) board.take(s, answers[s - from]);
        add(s, answers ? heard.losses[s - from] : board.run(s, scale));
      }
    }
    const report = engine.update(loss / targets, targets);
    board.keepState();
    engine.progress = { ...engine.progress, window: window + 1 };
    this.#documents?.settle(window);
    return { ...report, epoch };
  }

  /**
   * @param {Board} board
   * @param {RemoteHelper} helper
   * @param {number} from
   * @param {number} end
   * @param {Pick<import("./helper.js").Task, "scale" | "step" | "dropout" | "dropoutKind">} task
   */
  #send(board, helper, from, end, task) {
    const settings = this.#settings(),
      bounds = this.#bounds.slice(from, end + 1),
      { size } = this.#engine;
    board.pack(laySlices(settings, bounds, size, helper.room(slicesBytes(settings, bounds, size))), from);
    return helper.send({ ...task, bounds });
  }

  /** @param {RemoteHelper} helper @param {Answer} answer @param {number} from @param {number} end */
  #read(helper, { buffer, busy }, from, end) {
    helper.pace.add(busy / (end - from));
    helper.idle = 0;
    return laySlices(this.#settings(), this.#bounds.slice(from, end + 1), this.#engine.size, buffer);
  }
}
