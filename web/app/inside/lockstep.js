/**
 * RNN, LSTM and GRU trained in lock-step: the same text, batches and seed, one worker each. No one starts a round
 * before all have ended the one before. Events: "change" when there is something new to draw.
 */
import { unflatten } from "../../core/index.js";
import { ClipHistory } from "../../views/parts/history.js";
import { TrainerClient } from "../../worker/client.js";
import { unasked } from "../shell/unasked.js";

/** @typedef {import("../../views/figures/compare.js").Model & {client: TrainerClient}} Model */

export const CELLS = /** @type {const} */ (["rnn", "lstm", "gru"]);
const ROUND = 120; // ms a round should take
const LOOK_SHARE = 0.1; // of the time

export class Lockstep extends EventTarget {
  /** @type {Model[]} */ models = [];
  /** @type {{uniform: number, unigram: number, bigram: number} | null} */ baselines = null;
  seqLen = 0;
  #probe = "";
  /** @type {object | null} of the loop that runs */ #turn = null;
  #closed = false;
  /** @type {() => boolean} */ #mayRun;

  /** @param {() => boolean} mayRun false while nobody looks */
  constructor(mayRun) {
    super();
    this.#mayRun = mayRun;
  }

  /**
   * @param {Record<string, any>} settings flat
   * @param {string} text
   * @param {string} probe
   * @param {import("../../worker/client.js").WorkerOptions} options
   */
  async open(settings, text, probe, options) {
    this.#probe = probe;
    this.seqLen = settings.seqLen;
    const opened = await Promise.allSettled(
      CELLS.map((cell) =>
        TrainerClient.create(
          { ...unflatten({ ...settings, cell }), text },
          { ...options, link: undefined, snapshotBudget: 0 },
        ),
      ),
    );
    const clients = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = opened.find((each) => each.status === "rejected");
    if (this.#closed || failed) for (const client of clients) client.dispose();
    if (failed) throw failed.reason;
    if (this.#closed) return;
    this.models = clients.map((client, i) => {
      const model = {
        cell: CELLS[i],
        client,
        history: new ClipHistory(),
        trace: null,
        evaluation: null,
        parameters: client.parameterCount,
        broken: false,
      };
      client.addEventListener("report", (event) => {
        for (const report of /** @type {CustomEvent} */ (event).detail.reports) model.history.add(report);
      });
      return model;
    });
    await Promise.all(clients.map((client) => client.watch({ evaluateEvery: 0 })));
    await this.#look();
    clients[0].baselines().then(
      (baselines) => {
        this.baselines = baselines;
      },
      () => {},
    ); // there is no validation part
  }

  /** All have made so many. */
  get step() {
    return this.models[0]?.client.progress.step ?? 0;
  }
  get running() {
    return this.#turn !== null;
  }

  async run() {
    if (this.#turn || this.#closed) return;
    const turn = (this.#turn = {});
    let n = 1;
    let looked = performance.now();
    let lookCost = 0;
    while (this.#turn === turn) {
      if (!this.#mayRun()) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        continue;
      }
      const start = performance.now();
      await Promise.all(this.models.map((model) => this.#step(model, n)));
      const took = performance.now() - start;
      n = Math.max(1, Math.min(50, Math.round((n * ROUND) / Math.max(took, 1))));
      if (performance.now() - looked >= lookCost / LOOK_SHARE) {
        const before = performance.now();
        await this.#look();
        looked = performance.now();
        lookCost = looked - before;
      }
      if (this.#turn === turn && this.models.every(({ broken }) => broken)) this.pause();
      this.dispatchEvent(new Event("change"));
    }
  }

  pause() {
    this.#turn = null;
  }

  close() {
    this.#closed = true;
    this.pause();
    for (const { client } of this.models) client.dispose();
  }

  /** @param {Model} model @param {number} n */
  async #step(model, n) {
    if (model.broken) return;
    try {
      await model.client.step(n);
    } catch {
      if (!this.#closed) model.broken = true;
    }
  }

  /** Reads the text that is looked into, and the part that is held back. */
  async #look() {
    await Promise.all(
      this.models.map((model) =>
        unasked(async () => {
          if (model.broken) return;
          model.trace = await model.client.probe(this.#probe, { unknown: "drop" });
          if (model.client.settings.validation) model.evaluation = await model.client.evaluate();
        }),
      ),
    );
  }
}
