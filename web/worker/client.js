/**
 * The trainer's methods over a worker, each a promise, with its answers and its refusals; what it has are values here as
 * there, as they were last heard. Training goes on by itself after run(), and is told by events:
 *   report      {reports, speed}         at most ten times a second; speed in tokens per second, or null
 *   evaluation  {step, loss, bitsPerToken, perplexity, accuracy, tokens}
 *   sample      {step, prompt, text} or {step, error}; text is what was written after the prompt
 *   restored    {step}                   a snapshot was made the present
 *   stopped     {step, ended, best} at an end of its course, see core/fit.js, or {step, error, lastGood} by a failure;
 *   lastGood is the newest snapshot's step
 *   crashed     {error}                  the worker is gone; nothing more will come
 */
import { checkFunction, checkOptions, checkSignal, isPlain } from "../core/arguments.js";
import { DISPOSE } from "../core/wasm/platform.js";
import { WorkerLink, revive } from "./link.js";

export { WorkerLink };

/**
 * @typedef {object} WorkerOptions
 * @property {WorkerLink} [link] a worker that is already open, to share it; else:
 * @property {string | URL} [workerUrl] address of the bundled worker.js; may be a Blob's
 * @property {WorkerType} [workerType] "module" unless told otherwise
 * @property {{variant?: string, module?: any}} [core] what loadCore() takes; instead of a function, `module` may be an
 *   object with an address, bytes or a WebAssembly.Module under each variant's name. Addresses are the page's. Where
 *   "simd" does not run, "baseline" has the same bits and is taken.
 * @property {number} [snapshotBudget] bytes kept for time travel
 * @property {number | "auto"} [workers] threads that share the training, the worker's own included; "auto": one for
 * each core
 * @property {(done: number) => void} [progress] told while a long text is read how much of it is, from 0 to 1
 * @property {AbortSignal} [signal] calls the reading off
 */

const WORKER_OPTIONS = ["link", "workerUrl", "workerType", "core", "snapshotBudget", "workers", "progress", "signal"];

export class TrainerClient extends EventTarget {
  #lastKey = 0;
  #link;
  #ownsLink;
  #session;
  /** @type {any} */
  #about = {};

  /** Use TrainerClient.create() or TrainerClient.load(). @param {WorkerLink} link @param {boolean} ownsLink */
  constructor(link, ownsLink) {
    super();
    this.#link = link;
    this.#ownsLink = ownsLink;
    this.#session = link.join((data) => this.#tell(data));
  }

  /** @param {object} settings a Trainer's, text included @param {WorkerOptions} [options] */
  static create(settings, options = {}) {
    return TrainerClient.#start({ settings }, options);
  }

  /**
   * @param {Uint8Array} checkpoint
   * @param {import("./given.js").LoadOptions & {moments?: import("./look.js").Saved[]}} [source] what Trainer.load
   * takes: a text, and settings to change; and moments that were kept of the run
   * @param {WorkerOptions} [options]
   */
  static load(checkpoint, source = {}, options = {}) {
    const { moments, ...load } = isPlain(source) ? source : {};
    return TrainerClient.#start(
      { checkpoint: checkpoint ?? null, source: isPlain(source) ? load : source, moments },
      options,
    );
  }

  /**
   * A run of its own in the same worker that begins at a kept moment of this one, which stays as it is.
   * @param {number} step
   * @param {WorkerOptions} [options]
   */
  branch(step, options = {}) {
    return TrainerClient.#start({ branchOf: { session: this.#session, step } }, { ...options, link: this.#link });
  }

  /** @param {object} start @param {WorkerOptions} options */
  static async #start(start, options) {
    const { progress, signal } = checkOptions("A client", options, WORKER_OPTIONS);
    checkFunction("progress", progress);
    checkSignal(signal);
    signal?.throwIfAborted();
    const link = options.link ?? (await WorkerLink.open(options));
    const client = new TrainerClient(link, !options.link);
    const hear = (/** @type {any} */ { detail }) => progress?.(detail.done);
    const stop = () => client.#call("dispose").catch(() => {});
    client.addEventListener("reading", hear);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      client.#about = await client.#call("create", {
        ...start,
        snapshotBudget: options.snapshotBudget,
        workers: options.workers,
      });
      signal?.throwIfAborted();
    } catch (error) {
      client.#leave();
      signal?.throwIfAborted();
      throw error;
    } finally {
      client.removeEventListener("reading", hear);
      signal?.removeEventListener("abort", stop);
    }
    return client;
  }

  /** Complete and checked, as the trainer has them. */
  get settings() {
    return this.#about.settings;
  }
  /** Settings that were fitted to the text. @returns {("batch" | "seqLen")[]} */
  get auto() {
    return this.#about.auto;
  }
  /** @returns {string[]} */
  get vocabulary() {
    return this.#about.vocabulary;
  }
  /** @returns {{step: number, window: number, tokens: number}} as last heard */
  get progress() {
    return this.#about.progress;
  }
  /** @returns {number} windows in one pass over the training part */
  get windows() {
    return this.#about.windows;
  }
  /** @returns {number} */
  get trainingTokens() {
    return this.#about.trainingTokens;
  }
  /** @returns {number} */
  get validationTokens() {
    return this.#about.validationTokens;
  }
  /** @returns {number} */
  get validationTargets() {
    return this.#about.validationTargets;
  }
  /** @returns {number} threads that share the updates' work */
  get workers() {
    return this.#about.workers;
  }
  /** @returns {number} */
  get memoryBytes() {
    return this.#about.memoryBytes;
  }
  /** @returns {number} */
  get parameterCount() {
    return this.#about.parameterCount;
  }
  /** @returns {string} of the core */
  get variant() {
    return this.#about.variant;
  }
  get link() {
    return this.#link;
  }

  /** @param {import("./session.js").RunOptions} [options] */
  run(options = {}) {
    return this.#call("run", options);
  }
  /** Changes what run() was told. @param {import("./session.js").RunOptions} options */
  watch(options) {
    return this.#call("watch", options);
  }
  /** Resolves when the last step is done and told. */
  async pause() {
    this.#about.progress = await this.#call("pause");
  }
  /** @param {number} [n] @returns {Promise<import("../core/index.js").Report>} of the last one */
  async step(n = 1) {
    const report = await this.#call("step", n);
    this.#about.progress = await this.#call("progress");
    return report;
  }
  /** @param {string} text @param {object} [options] @returns {Promise<Int32Array>} */
  encode(text, options) {
    return this.#call("encode", text, options);
  }
  /** @param {ArrayLike<number>} ids @returns {Promise<string>} */
  decode(ids) {
    return this.#call("decode", ids);
  }
  /** @param {string} [text] @param {object} [options] */
  evaluate(text, options) {
    return this.#call("evaluate", text, options);
  }
  evaluateTraining() {
    return this.#call("evaluateTraining");
  }
  /** @param {Parameters<import("../core/index.js").Trainer["evaluateAsync"]>[0]} [options] */
  evaluateAsync(options) {
    return this.#interruptible(options, (key, sent) => this.#call("evaluateAsync", key, sent));
  }
  baselines() {
    return this.#call("baselines");
  }
  /** @param {object} [options] */
  sample(options) {
    return this.#call("sample", options);
  }
  /**
   * The trace, and with it {step, milliseconds}: when it was taken and what it cost.
   * @param {string | readonly string[]} text or its tokens
   * @param {object} [options]
   */
  probe(text, options) {
    return this.#call("probe", text, options);
  }
  /** @param {object} batch */
  gradients(batch) {
    return this.#call("gradients", batch);
  }
  gradientNorms() {
    return this.#call("gradientNorms");
  }
  /** @param {object} batch */
  async trainOn(batch) {
    const report = await this.#call("trainOn", batch);
    this.#about.progress = await this.#call("progress");
    return report;
  }
  parameters() {
    return this.#call("parameters");
  }
  /** @param {Record<string, Float32Array>} values */
  setParameters(values) {
    return this.#call("setParameters", values);
  }
  /** @param {object} changes @returns {Promise<Readonly<import("../core/index.js").Settings>>} all settings */
  async configure(changes) {
    await this.#call("configure", changes);
    this.#about = await this.#call("describe");
    return this.settings;
  }
  save() {
    return this.#call("save");
  }
  /** @param {Parameters<import("../core/index.js").Trainer["saveAsync"]>[0]} [options] */
  saveAsync(options) {
    return this.#interruptible(options, (key, sent) => this.#call("saveAsync", key, sent));
  }
  /** @param {object} wanted as core/inside/fill.js takes it @returns {Promise<import("../core/inside/fill.js").Fillings>} */
  fillings(wanted) {
    return this.#call("fillings", wanted);
  }
  /**
   * trainer.study() of the network as it is; `signal` calls it off, `progress` is told how much is done, 0 to 1.
   * @template {import("../core/apart/study.js").StudyName} N
   * @param {N} name @param {string | readonly string[]} text or its tokens
   * @param {import("../core/apart/study.js").StudyOptions<N>} [options]
   * @returns {Promise<import("../core/apart/study.js").StudyResult<N>>}
   */
  async study(name, text, options) {
    const { progress, ...others } = /** @type {any} */ (isPlain(options) ? options : {});
    checkFunction("progress", progress);
    return this.#interruptible(isPlain(options) ? others : options, async (key, sent) => {
      const hear = (/** @type {any} */ { detail }) => detail.key === key && progress?.(detail.done);
      this.addEventListener("study", hear);
      try {
        return await this.#call("study", key, name, text, sent);
      } finally {
        this.removeEventListener("study", hear);
      }
    });
  }
  toONNX() {
    return this.#call("toONNX");
  }
  async reset() {
    this.#about = await this.#call("reset");
  }
  /** @param {Uint8Array} checkpoint @param {{text?: string}} [source] */
  async load(checkpoint, source) {
    this.#about = await this.#call("load", checkpoint, source);
  }
  /** @returns {Promise<{steps: number[], bytes: number}>} */
  snapshots() {
    return this.#call("snapshots");
  }
  /** @param {number} step one of snapshots().steps */
  async restore(step) {
    this.#about = await this.#call("restore", step);
  }
  /** @param {import("./look.js").Wanted} wanted @returns {Promise<any>} all of it of one moment, its {step} included */
  look(wanted) {
    return this.#call("look", wanted);
  }
  /** @param {number} step @param {string} text @param {object} [options] */
  probeAt(step, text, options) {
    return this.#call("probeAt", step, text, options);
  }
  /** @param {number} step */
  saveAt(step) {
    return this.#call("saveAt", step);
  }
  /** @param {number} step */
  parametersAt(step) {
    return this.#call("parametersAt", step);
  }

  dispose() {
    this.#call("dispose").catch(() => {}); // a worker that is gone has nothing left to free
    this.#leave();
  }

  [DISPOSE]() {
    this.dispose();
  }

  /**
   * What its `signal` calls off: the promise is then broken by the signal's reason.
   * @param {any} options @param {(key: number, sent: any) => Promise<any>} ask sent: what the worker gets of the options
   */
  async #interruptible(options, ask) {
    const { signal, ...sent } = isPlain(options) ? /** @type {any} */ (options) : {};
    checkSignal(signal);
    signal?.throwIfAborted();
    const key = ++this.#lastKey;
    const stop = () => this.#call("callOff", key).catch(() => {}); // what is gone is called off
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await ask(key, isPlain(options) ? sent : options);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** @param {string} method @param {...any} args */
  #call(method, ...args) {
    return /** @type {Promise<any>} */ (this.#link.call(this.#session, method, args));
  }

  #leave() {
    this.#link.leave(this.#session);
    if (this.#ownsLink) this.#link.close();
  }

  /** @param {any} data */
  #tell({ event, session, ...detail }) {
    if (event === "report") {
      const { step, tokens } = detail.reports.at(-1);
      this.#about.progress = { ...this.#about.progress, step, tokens };
    }
    if (detail.error && !(detail.error instanceof Error)) detail.error = revive(detail.error);
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}
