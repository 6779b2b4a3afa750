/**
 * Looks into a run while it trains, for a sixtieth of its time. Drawing costs more than that again where training uses
 * all processors, and a thread that waits for one keeps the others waiting; all together is to stay under a twentieth.
 * What a look costs is measured by the worker, and the next one of its kind waits until it has been earned again.
 *
 * Events, each with a trace that holds {step}: "trace" without flow, "flow" with it, "response" of a longer stretch of
 * text;
 * and "norms" {parameters}, "blocks" {norms}.
 */

import { between } from "../shell/motion.js";

/** @typedef {import("../../worker/client.js").TrainerClient} TrainerClient */

/**
 * Share of the time, least milliseconds between two looks, and milliseconds that are given in advance: a network
 * changes most in its first seconds.
 */
const KINDS = {
  trace: { share: 0.005, least: 200, credit: 40 },
  flow: { share: 0.006, least: 400, credit: 120 },
  response: { share: 0.002, least: 4000, credit: 10 },
  norms: { share: 0.0005, least: 4000, credit: 0 },
  blocks: { share: 0.001, least: 1000, credit: 0 },
};
/**
 * Milliseconds a copy of the weights, or a sum over the gradient, may take at most; the worker does not measure these.
 */
const UNMEASURED = 2;

export class Probes extends EventTarget {
  /** @type {TrainerClient | null} */ #client = null;
  #text = "";
  #longText = "";
  /**
   * @type {Record<string, {time: number, balance: number}>} of each kind: when it was last asked, and milliseconds in
   * hand since
   */
  #accounts = {};
  /** @type {Set<string>} */ #asked = new Set();

  /** Begins anew. @param {TrainerClient | null} client @param {string} text @param {string} longText */
  watch(client, text, longText) {
    this.#client = client;
    this.#text = text;
    this.#longText = longText;
    this.#accounts = {};
    this.#asked = new Set();
  }

  /**
   * Asks for what is due.
   * @param {{now?: boolean, drawn?: boolean}} [options] now: everything, whatever it costs; drawn: false leaves out
   * what is only for the eye, but for its first time
   */
  look({ now = false, drawn = true } = {}) {
    const time = performance.now();
    for (const kind of /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS))) {
      if (this.#asked.has(kind) || (!drawn && kind !== "flow" && this.#accounts[kind])) continue;
      const { time: last, balance } = (this.#accounts[kind] ??= { time: -Infinity, balance: KINDS[kind].credit });
      const earned = balance >= 0 ? balance : Math.min(0, balance + (time - last) * KINDS[kind].share);
      if (now || (time - last >= between(KINDS[kind].least) && earned >= 0)) {
        this.#accounts[kind] = { time, balance: earned };
        this.#ask(kind);
      }
    }
  }

  /** @param {keyof typeof KINDS} kind */
  async #ask(kind) {
    const client = this.#client;
    if (!client) return;
    const asked = this.#asked;
    asked.add(kind);
    try {
      const detail = await this.#answer(client, kind);
      if (this.#asked !== asked) return;
      this.#accounts[kind].balance -= detail.trace?.milliseconds ?? UNMEASURED;
      this.dispatchEvent(new CustomEvent(kind, { detail }));
    } catch (error) {
      if (this.#asked === asked) this.dispatchEvent(new CustomEvent("failed", { detail: { error } }));
    } finally {
      asked.delete(kind);
    }
  }

  /** @param {TrainerClient} client @param {keyof typeof KINDS} kind @returns {Promise<any>} */
  async #answer(client, kind) {
    if (kind === "norms") return { parameters: await client.parameters() };
    if (kind === "blocks") return { norms: await client.gradientNorms() };
    return {
      trace: await client.probe(kind === "response" ? this.#longText : this.#text, {
        flow: kind === "flow",
        unknown: "drop",
      }),
    };
  }
}
