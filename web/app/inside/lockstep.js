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
const PROBE_SHARE = 0.05; // of the time
const BUDGET = 16 * 2 ** 20; // bytes of moments that each of them keeps between its first and its last

export class Lockstep extends EventTarget {
  /** @type {Model[]} */ models = [];
  /** @type {{uniform: number, unigram: number, bigram: number} | null} */ baselines = null;
  seqLen = 0;
  #probe = "";
  /** @type {object | null} of the loop that runs */ #turn = null;
  /** @type {number | null} the step that is looked back at */ #past = null;
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
          { ...options, link: undefined, snapshotBudget: BUDGET },
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
    let probed = performance.now();
    let probeCost = 0;
    while (this.#turn === turn) {
      if (!this.#mayRun()) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        continue;
      }
      const start = performance.now();
      await Promise.all(this.models.map((model) => this.#step(model, n)));
      const took = performance.now() - start;
      n = Math.max(1, Math.min(50, Math.round((n * ROUND) / Math.max(took, 1))));
      if ((this.#past === null || this.step <= this.#past) && performance.now() - probed >= probeCost / PROBE_SHARE) {
        const before = performance.now();
        await this.#look();
        probed = performance.now();
        probeCost = probed - before;
      }
      if (this.#turn === turn && this.models.every(({ broken }) => broken)) this.pause();
      this.dispatchEvent(new Event("change"));
    }
  }

  pause() {
    this.#turn = null;
  }

  /** All three as they were at the last kept moment up to a step. @param {number | null} step null: as they are now */
  async goTo(step) {
    this.#past = step;
    await this.#look();
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

  /** What cannot be looked at now, for a moment was thinned out meanwhile, stays as it was. */
  async #look() {
    const step = this.#past;
    await Promise.all(
      this.models.map((model) =>
        unasked(async () => {
          const trace = await this.#probeAt(model, step);
          if (trace && step === this.#past) model.trace = trace;
        }),
      ),
    );
  }

  /**
   * @param {Model} model
   * @param {number | null} step
   * @returns {Promise<Model["trace"]>} null: there is none to be had
   */
  async #probeAt({ client, broken }, step) {
    if (step !== null && step < client.progress.step) {
      const at = (await client.snapshots()).steps.findLast((/** @type {number} */ each) => each <= step) ?? 0;
      return { ...(await client.probeAt(at, this.#probe, { unknown: "drop" })), step: at };
    }
    return broken ? null : client.probe(this.#probe, { unknown: "drop" });
  }
}
