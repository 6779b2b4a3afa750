/**
 * The trainer's methods over a worker, each a promise. Training goes on by itself after run(), and is told by events:
 *   report      {reports, speed}         at most ten times a second; speed in tokens per second, or null
 *   evaluation  {step, loss, bitsPerToken, perplexity, accuracy, tokens}
 *   sample      {step, prompt, text} or {step, error}; text is what was written after the prompt
 *   restored    {step}                   a snapshot was made the present
 *   stopped     {step, ended, best} at an end of its course, see core/fit.js, or {step, error, lastGood} by a failure;
 *   lastGood is the newest snapshot's step
 *   crashed     {error}                  the worker is gone; nothing more will come
 */
import { UnrolledError } from "../core/errors.js";
import { openWorker, workerScript } from "./place.js";

/**
 * @typedef {object} WorkerOptions
 * @property {WorkerLink} [link] a worker that is already open, to share it; else:
 * @property {string | URL} [workerUrl] address of the bundled worker.js; may be a Blob's
 * @property {WorkerType} [workerType] "module" unless told otherwise
 * @property {{variant?: string, module?: any}} [core] what loadCore() takes; instead of a function, `module` may be an
 *   object with an address, bytes or a WebAssembly.Module under each variant's name. Addresses are the page's.
 * @property {number} [snapshotBudget] bytes kept for time travel
 * @property {number | "auto"} [workers] threads that share the training, the worker's own included; "auto": one for
 * each core
 */

/** A worker with a core in it. Several clients can share one; they take turns. */
export class WorkerLink {
  #worker;
  #last = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #pending = new Map();
  /** @type {Map<number, (data: any) => void>} */
  #listeners = new Map();
  /** @type {UnrolledError | null} */
  #crash = null;

  /** @param {Pick<WorkerOptions, "workerUrl" | "workerType">} options */
  constructor({ workerUrl, workerType = "module" }) {
    this.#worker = workerUrl ? new Worker(workerUrl, { type: workerType }) : openWorker();
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "the worker could not be loaded");
    };
    this.#worker.onmessageerror = () => this.#fail("a message of the worker could not be read");
  }

  /** @param {WorkerOptions} options */
  static async open(options) {
    const link = new WorkerLink(options);
    try {
      await link.call(0, "open", [
        {
          ...options.core,
          module: resolve(options.core?.module),
          script: options.workerUrl ? undefined : workerScript,
        },
      ]);
    } catch (error) {
      link.close();
      throw error;
    }
    return link;
  }

  /** @returns {number} a key for one more session */
  join(/** @type {(data: any) => void} */ listener) {
    this.#listeners.set(++this.#last, listener);
    return this.#last;
  }

  /** @param {number} session */
  leave(session) {
    this.#listeners.delete(session);
  }

  /** @param {number} session @param {string} method @param {any[]} args @param {Transferable[]} [transfer] */
  call(session, method, args, transfer = []) {
    return new Promise((resolve, reject) => {
      if (this.#crash) return reject(this.#crash);
      const id = ++this.#last;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, session, method, args }, transfer);
    });
  }

  close() {
    this.#worker.terminate();
    this.#end(new UnrolledError("disposed", "the worker was closed"));
  }

  /** @param {any} data */
  #receive(data) {
    if (data.event) return this.#listeners.get(data.session)?.(data);
    const { resolve, reject } = /** @type {any} */ (this.#pending.get(data.id));
    this.#pending.delete(data.id);
    if (data.error) reject(revive(data.error));
    else resolve(data.result);
  }

  /** @param {string} reason */
  #fail(reason) {
    if (this.#crash) return;
    this.#worker.terminate();
    const error = new UnrolledError("worker-crashed", `the training worker stopped: ${reason}`);
    this.#end(error);
    for (const listener of [...this.#listeners.values()]) listener({ event: "crashed", error });
  }

  /** @param {UnrolledError} error */
  #end(error) {
    this.#crash = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** A worker from a Blob has no address of its own to start from. @param {any} source @returns {any} */
function resolve(source) {
  if (typeof source === "string" || source instanceof URL) return new URL(source, globalThis.document?.baseURI).href;
  if (!source || Object.getPrototypeOf(source) !== Object.prototype) return source;
  return Object.fromEntries(Object.entries(source).map(([name, each]) => [name, resolve(each)]));
}

/** @param {{code: import("../core/errors.js").UnrolledErrorCode, message: string, details: object}} plain */
const revive = ({ code, message, details }) => new UnrolledError(code, message, details);

export class TrainerClient extends EventTarget {
  #lastStudy = 0;
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
   * @param {import("./session.js").LoadOptions & {moments?: import("./look.js").Saved[]}} [source] what Trainer.load
   * takes: a text, and settings to change; and moments that were kept of the run
   * @param {WorkerOptions} [options]
   */
  static load(checkpoint, { moments, ...source } = {}, options = {}) {
    return TrainerClient.#start({ checkpoint, source, moments }, options);
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
    const link = options.link ?? (await WorkerLink.open(options));
    const client = new TrainerClient(link, !options.link);
    try {
      client.#about = await client.#call("create", {
        ...start,
        snapshotBudget: options.snapshotBudget,
        workers: options.workers,
      });
    } catch (error) {
      client.#leave();
      throw error;
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
  step(n = 1) {
    return this.#call("step", n);
  }
  /** @param {string} [text] @param {object} [options] */
  evaluate(text, options) {
    return this.#call("evaluate", text, options);
  }
  evaluateTraining() {
    return this.#call("evaluateTraining");
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
   * @param {string} text
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
  trainOn(batch) {
    return this.#call("trainOn", batch);
  }
  parameters() {
    return this.#call("parameters");
  }
  /** @param {Record<string, Float32Array>} values */
  setParameters(values) {
    return this.#call("setParameters", values);
  }
  /** @param {object} changes */
  async configure(changes) {
    await this.#call("configure", changes);
    this.#about = await this.#call("describe");
  }
  save() {
    return this.#call("save");
  }
  /** @param {object} wanted as core/fill.js takes it @returns {Promise<import("../core/inside/fill.js").Fillings>} */
  fillings(wanted) {
    return this.#call("fillings", wanted);
  }
  /**
   * trainer.study() of the network as it is; `signal` calls it off, `progress` is told how much is done, 0 to 1.
   * @template {import("../core/apart/study.js").StudyName} N
   * @param {N} name @param {string} text @param {import("../core/apart/study.js").StudyOptions<N>} [options]
   * @returns {Promise<import("../core/apart/study.js").StudyResult<N>>}
   */
  async study(name, text, { signal, progress, ...options } = /** @type {any} */ ({})) {
    signal?.throwIfAborted();
    const key = ++this.#lastStudy;
    const hear = (/** @type {any} */ { detail }) => detail.key === key && progress?.(detail.done);
    const stop = () => this.#call("stopStudy", key);
    this.addEventListener("study", hear);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await this.#call("study", key, name, text, options);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.removeEventListener("study", hear);
      signal?.removeEventListener("abort", stop);
    }
  }
  /**
   * The two axes along which states vary most, turned as `before` was.
   * @param {Float32Array} states [T,H] @param {number} H @param {import("../core/apart/path.js").Axes | null} [before]
   * @returns {Promise<import("../core/apart/path.js").Axes>}
   */
  axes(states, H, before = null) {
    return this.#call("axes", states, H, before);
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
