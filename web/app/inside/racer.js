/** One of the networks that are compared: how far it is, how its loss fell, and what it looks like inside. */
import { CELLS } from "../../core/cells.js";
import { unflatten } from "../../core/index.js";
import { lagProfile } from "../../core/inside/analysis.js";
import { widthFor } from "../../core/shapes.js";
import { UNKNOWN, tokensOf } from "../../core/text/tokens.js";
import { Course } from "../../views/compare/course.js";
import { TrainerClient } from "../../worker/client.js";
import { unasked } from "../shell/unasked.js";
import { firstTokens } from "./probetext.js";

/** @typedef {import("../../core/cells.js").CellName} CellName */
/** @typedef {import("../../views/compare/outcome.js").Model} Model */
/**
 * @typedef {object} Makings what all of them are made of
 * @property {Record<string, any>} settings flat
 * @property {number} vocabulary  tokens in it
 * @property {number} parameters  that each has, as nearly as its width allows
 * @property {string} text        they learn
 * @property {string} probe       that is looked into
 * @property {import("../../worker/client.js").WorkerOptions} options
 */

const MOST = 50; // updates between two looks at the clock
const EVALUATED = 2 ** 14; // tokens of what is held back that are counted
const STUDIED = 20_000; // characters, in which the use of context is measured

/** @implements {Model} */
export class Racer {
  course = new Course();
  /** @type {Model["trace"]} */ trace = null;
  /** @type {Model["profile"]} */ profile = null;
  /** @type {Model["measured"]} */ measured = [];
  /** @type {import("../../core/apart/memory.js").ContextUse | null} */ use = null;
  broken = false;
  tokens = 0;
  seconds = 0;
  #makings;
  #client;
  /** @type {number[]} of the updates under way */ #losses = [];

  /** @param {CellName} cell @param {Makings} makings */
  static async open(cell, makings) {
    const { settings, vocabulary, parameters, text, options } = makings;
    const kind = { ...settings, cell };
    const hidden = widthFor(/** @type {any} */ (kind), vocabulary, parameters);
    const client = await TrainerClient.create(
      { ...unflatten({ ...kind, hidden }), text },
      { ...options, link: undefined, snapshotBudget: 0 },
    );
    await client.watch({ evaluateEvery: 0 });
    return new Racer(cell, makings, client);
  }

  /** Use Racer.open(). @param {CellName} cell @param {Makings} makings @param {TrainerClient} client */
  constructor(cell, makings, client) {
    this.cell = cell;
    this.#makings = makings;
    this.#client = client;
    client.addEventListener("report", (event) => {
      for (const { loss } of /** @type {CustomEvent} */ (event).detail.reports) this.#losses.push(loss);
    });
  }

  get hidden() {
    return this.#client.settings.hidden;
  }
  get parameters() {
    return this.#client.parameterCount;
  }
  /** Tokens that an update reads. */
  get stride() {
    const { batch, seqLen } = this.#client.settings;
    return batch * seqLen;
  }

  /** What simpler guessers reach; throws where nothing is held back. */
  baselines() {
    return this.#client.baselines();
  }

  /**
   * Learns until it is there, or for as many updates as go between two looks at the clock.
   * @param {"tokens" | "seconds"} by @param {number} goal
   */
  async advance(by, goal) {
    if (this.broken || this[by] >= goal) return;
    const each = by === "tokens" || !this.tokens ? this.stride : (this.seconds * this.stride) / this.tokens;
    const n = Math.max(1, Math.min(MOST, Math.round((goal - this[by]) / each)));
    const start = performance.now();
    try {
      await this.#client.step(n);
    } catch {
      this.broken = true; // its numbers grew beyond what can be computed, or its worker is gone
      return;
    }
    this.seconds += (performance.now() - start) / 1000;
    this.tokens += n * this.stride;
    const { tokens, seconds } = this;
    this.course.add(this.#losses, { tokens, seconds });
    this.#losses = [];
  }

  /** Reads the text that is looked into, and what is held back. */
  async look() {
    if (this.broken) return;
    await unasked(async () => {
      const trace = await this.#client.probe(this.#probe(), { unknown: "drop" });
      const { L, T } = trace.sizes;
      Object.assign(this, { trace, profile: lagProfile(trace.flow, T, L - 1) });
    });
    if (!this.#client.settings.validation) return;
    await unasked(async () => {
      const { tokens, seconds } = this;
      const { loss, accuracy } = await this.#client.evaluateAsync({ most: EVALUATED });
      this.measured.push({ tokens, seconds, loss, accuracy });
    });
  }

  /** Measures how much of the context is used; of a text that is too short for it nothing is known. */
  async study() {
    if (this.broken) return;
    await unasked(async () => {
      const { text } = this.#makings;
      this.use = await this.#client.study("context", text.slice(-STUDIED), { unknown: "drop", shuffle: false });
    });
  }

  close() {
    this.#client.dispose();
  }

  /** As much of the text as the network reads at once. */
  #probe() {
    const { probe } = this.#makings;
    const { settings, vocabulary } = this.#client;
    if (CELLS[this.cell].carries) return probe;
    const known = new Set(vocabulary);
    const tokens = [...tokensOf(probe, settings)];
    return firstTokens(tokens, settings.seqLen, (token) => known.has(token) || known.has(UNKNOWN));
  }
}
