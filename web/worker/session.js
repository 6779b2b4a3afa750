/**
 * One run: a trainer, its schedule of evaluations, samples and snapshots, and what it tells its owner. It knows nothing
 * of its worker, so Node can drive it; worker.js gives it slices of time. With helpers a step takes a while in which
 * messages arrive: what touches the trainer takes its turn(). So does each part of an evaluation, between which other
 * messages are answered; what changes weights waits until those that were asked for are whole. A moment that is kept is
 * copied at once and written between messages, and the next update waits for it.
 */
import { Trainer, UnrolledError } from "../core/index.js";
import { checkInteger, isPlain, unknownName } from "../core/arguments.js";
import { quote } from "../core/errors.js";
import { Fit } from "../core/fit.js";
import { tokensRead } from "../core/inside/evaluation.js";
import { nextTurn } from "../core/wasm/platform.js";
import { Asides } from "./asides.js";
import { plainError } from "./errors.js";
import { aboutOf, sourceOf, withMore } from "./given.js";
import { axesOf, lookAt, nextNorms, write } from "./look.js";
import { Past } from "./past.js";
import { Speed } from "./speed.js";

/**
 * @typedef {object} Sampling
 * @property {number} [sampleEvery] steps between two samples; they are also made at its divisors
 * @property {import("../core/index.js").SampleOptions | null} [sample] what trainer.sample() is asked; null: no samples
 */
/**
 * @typedef {Sampling & Partial<import("../core/fit.js").Course>} RunOptions when to write, and core/fit.js's when to
 * measure and to stop
 */

/**
 * @typedef {object} Start settings with their text, or a checkpoint and what Trainer.load takes besides
 * @property {any} [settings]
 * @property {Uint8Array} [checkpoint]
 * @property {LoadOptions} [source]
 * @property {import("./look.js").Saved[]} [moments] that were kept
 * @property {number} [snapshotBudget]
 */

const REPORT_INTERVAL = 100; // ms between two batches of reports
const EVALUATION_SHARE = 0.04; // of the work; early ones come on top of it
const EVALUATED = 2 ** 15; // tokens of the validation part that are counted each time, where it is longer
const SOUND = 1.5; // times the loss of blind guessing: weights that do worse are not worth going back to

/** @import { LoadOptions, Source } from "./given.js" */
const RUN = /** @type {const} */ ({ code: "bad-setting", have: "it has" });

/** Due at every multiple, and early on at every divisor: 1, 2, 5, 10, 25, 50, 100 … for 50. */
const isDue = (/** @type {number} */ step, /** @type {number} */ every) =>
  step > 0 && (step % every === 0 || every % step === 0);

export class Session {
  #core;
  #helpers;
  #post;
  /** @type {Trainer<any>} */
  #trainer;
  /** What is learnt. @type {Source} */
  #source;
  #past;
  /** @type {Required<Sampling>} */
  #options = { sampleEvery: 50, sample: null };
  #fit;
  #running = false;
  /** The last step whose weights still guessed about as well as blind guessing, or better. */
  #sound = 0;
  /** @type {object[]} */
  #reports = [];
  #flushed = -Infinity;
  #speed = new Speed();
  /** @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {import("../core/index.js").Core} core
   * @param {Start & import("../core/threads/lead.js").WorkerOptions} start
   * @param {(event: object) => void} post
   * @param {import("../core/makings.js").Turns} [turns] of reading the text
   */
  static async open(core, start, post, turns) {
    const { settings, checkpoint, source = {}, workers, workerUrl } = start,
      more = { workers, workerUrl, ...turns };
    const trainer =
      checkpoint === undefined
        ? await Trainer.createAsync(core, withMore(settings, more))
        : await Trainer.loadAsync(core, checkpoint, withMore(source, more));
    return new Session(core, trainer, start, post);
  }

  /**
   * Use Session.open().
   * @param {import("../core/index.js").Core} core @param {Trainer<any>} trainer
   * @param {Start & import("../core/threads/lead.js").WorkerOptions} start @param {(event: object) => void} post
   */
  constructor(core, trainer, start, post) {
    const { settings, checkpoint, source = {}, moments = [], snapshotBudget, workers, workerUrl } = start;
    this.#core = core;
    this.#helpers = { workers, workerUrl };
    this.#post = post;
    this.#trainer = trainer;
    this.asides = new Asides(this.turn.bind(this), () => this.#trainer, post);
    this.#source = sourceOf(checkpoint === undefined ? settings : source);
    this.#past = new Past(core, snapshotBudget);
    for (const { step, bytes } of moments) this.#past.add(step, bytes);
    this.#fit = new Fit(this.#trainer, {
      evaluateEvery: this.#evaluationInterval(),
      evaluateOn: EVALUATED,
      early: true,
    });
  }

  get running() {
    return this.#running;
  }

  /**
   * Does something when all that was asked before is done.
   * @template R
   * @param {() => R} act
   * @returns {Promise<Awaited<R>>}
   */
  turn(act) {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => {});
    return /** @type {Promise<Awaited<R>>} */ (done);
  }

  /** What a client keeps at hand. */
  describe() {
    return { ...aboutOf(this.#trainer), variant: this.#core.variant };
  }

  progress() {
    return this.#trainer.progress;
  }

  /** @param {RunOptions} options */
  run(options = {}) {
    this.watch(options);
    this.#speed.clear();
    this.#running = this.#fit.begin();
  }

  /** Changes the schedule, running or not. @param {RunOptions} options */
  watch(options) {
    const names = [...Object.keys(this.#options), ...Object.keys(this.#fit.course)];
    if (!isPlain(options)) throw new UnrolledError("bad-argument", `run() takes an object, got ${quote(options)}.`);
    for (const name of Object.keys(options))
      if (!names.includes(name)) throw unknownName("run() has no option", name, names, RUN);
    const { sampleEvery = this.#options.sampleEvery, sample = this.#options.sample, ...course } = options;
    this.#fit.watch(course);
    this.#options = { sampleEvery, sample };
  }

  pause() {
    this.#running = false;
    this.#flush();
    return this.#trainer.progress;
  }

  /**
   * Trains for about so many milliseconds, one piece of work at least; not while an evaluation is under way, or a moment
   * in writing.
   * @param {number} milliseconds
   */
  async slice(milliseconds) {
    if (this.asides.evaluating || this.#past.pending) return nextTurn();
    const until = performance.now() + milliseconds;
    try {
      do await this.#work();
      while (this.#running && !this.#past.pending && performance.now() < until);
    } catch (error) {
      this.#stop(error);
    }
  }

  /** @param {number} n @returns {Promise<object>} the last step's report */
  async step(n = 1) {
    checkInteger("n", n, 1, 2 ** 31 - 1);
    this.#fit.drop();
    try {
      let report = {};
      for (let left = n; left > 0 || this.#fit.measuring || this.#past.pending; ) {
        const made = await this.#work();
        if (!made) continue;
        report = made;
        left--;
      }
      return report;
    } finally {
      this.#flush();
    }
  }

  /** Back to the initial weights, the same bits as at the beginning. */
  async reset() {
    this.#running = false;
    const { settings, auto, vocabulary } = this.#trainer;
    const fitted = Object.fromEntries(auto.map((name) => [name, "auto"]));
    const anew = { ...settings, ...fitted, ...this.#source, vocabulary, ...this.#helpers };
    this.#replace(await Trainer.createAsync(this.#core, anew));
    this.#past.dropAfter(-1);
    return this.describe();
  }

  /** @param {Uint8Array} checkpoint @param {LoadOptions} [options] the run's own text where none is named */
  async load(checkpoint, options = {}) {
    const source = { ...(options.text === undefined && options.ids === undefined && this.#source), ...options };
    this.#running = false;
    this.#replace(await Trainer.loadAsync(this.#core, checkpoint, { ...source, ...this.#helpers }));
    this.#source = sourceOf(source);
    this.#past.dropAfter(-1);
    return this.describe();
  }

  async snapshots() {
    await this.#past.pending;
    return { steps: this.#past.steps, bytes: this.#past.bytes };
  }

  /** Continues from a snapshot as a new branch: what came after it is forgotten. @param {number} step */
  async restore(step) {
    const bytes = await this.#past.bytesAt(step);
    this.#running = false;
    this.#replace(await Trainer.loadAsync(this.#core, bytes, { ...this.#source, ...this.#helpers }));
    this.#past.dropAfter(step);
    this.#post({ event: "restored", step });
    return this.describe();
  }

  /** What a session is made of that begins where this one stood, earlier moments included. @param {number} step */
  async branch(step) {
    const checkpoint = await this.#past.bytesAt(step);
    const moments = this.#past.list.filter((moment) => moment.step <= step);
    return { checkpoint, source: this.#source, moments };
  }

  /**
   * All of one moment: now, or as it was kept. What finds axes is loaded when they are first asked for.
   * @param {import("./look.js").Wanted} wanted
   */
  async look({ step = null, axes, ...wanted }) {
    const tools = axes ? await import("../core/apart/path.js") : null;
    this.#flush();
    const start = performance.now();
    const trainer = step === null ? this.#trainer : await this.#past.trainerAt(step);
    const norms = wanted.norms ? await this.#norms(step) : null;
    const seen = { ...lookAt(trainer, wanted), norms };
    const found = tools && seen.trace ? axesOf(seen.trace, /** @type {any} */ (axes), tools) : null;
    return { ...seen, axes: found, moments: this.#past.steps, milliseconds: performance.now() - start };
  }

  /** Norms of the last update's gradient, at a kept moment of the next one's. @param {number | null} step */
  async #norms(step) {
    if (step === null) return this.#trainer.gradientNorms();
    return nextNorms(this.#core, await this.#past.bytesAt(step), this.#source);
  }

  /** probe() on a snapshot. @param {number} step @param {string} text @param {object} [options] */
  async probeAt(step, text, options) {
    return (await this.#past.trainerAt(step)).probe(text, options);
  }

  /** save() of a snapshot. @param {number} step */
  async saveAt(step) {
    return (await this.#past.bytesAt(step)).slice(); // what is sent is given away
  }

  /** parameters() of a snapshot. @param {number} step */
  async parametersAt(step) {
    return (await this.#past.trainerAt(step)).parameters();
  }

  /**
   * probe(), with the step it was taken after and the milliseconds it took from training.
   * @param {string} text
   * @param {object} [options]
   */
  probe(text, options) {
    const start = performance.now();
    const trace = this.#trainer.probe(text, options);
    return { ...trace, step: this.#trainer.progress.step, milliseconds: performance.now() - start };
  }

  /** The holes of a text filled in every way. @param {Parameters<typeof import("../core/inside/fill.js").compareFillings>[1]} wanted */
  async fillings(wanted) {
    return (await import("../core/inside/fill.js")).compareFillings(this.#trainer, wanted);
  }

  /** A method of the trainer itself. @param {string} method @param {any[]} args */
  ask(method, args) {
    if (method === "setParameters" || method === "trainOn") this.#fit.drop();
    return /** @type {any} */ (this.#trainer)[method](...args);
  }

  dispose() {
    this.#running = false;
    this.#past.close();
    this.#trainer.dispose();
  }

  /**
   * One update and what is due after it, or a part of an evaluation, or the end of what is in writing.
   * @returns {Promise<object | null>} the update's report
   */
  async #work() {
    if (this.#past.pending) {
      await this.#past.pending;
      return null;
    }
    if (this.#trainer.progress.step === 0) {
      this.#keep(0);
      this.#sample(0);
    }
    const { report, measure } = await this.#fit.work();
    if (report) this.#take(report);
    if (measure) {
      if (measure.best.step === measure.step && this.#past.keepBest(measure.step)) this.#write(measure.step);
      this.#post({ event: "evaluation", ...measure });
    }
    const { ended, best } = this.#fit;
    if (this.#running && ended) {
      this.pause();
      this.#post({ event: "stopped", step: this.#trainer.progress.step, ended, best });
    }
    return report;
  }

  /** @param {import("../core/index.js").Report} report */
  #take(report) {
    this.#reports.push(report);
    const { step, tokens, loss } = report;
    // a loss is of the weights before the step
    if (loss < SOUND * Math.log(this.#trainer.vocabulary.length)) this.#sound = step - 1;
    this.#speed.mark(tokens);
    this.#keep(step);
    if (performance.now() - this.#flushed >= REPORT_INTERVAL) this.#flush();
    if (isDue(step, this.#options.sampleEvery)) this.#sample(step);
  }

  /** @param {number} step */
  #sample(step) {
    const { sample } = this.#options;
    if (!sample) return;
    const written = write(this.#trainer, sample);
    if (written.error) this.#options.sample = null; // a prompt that cannot be read does not end the run
    this.#post({ event: "sample", step, ...written });
  }

  /** @param {number} step */
  #keep(step) {
    if (this.#past.isDue(step)) this.#write(step);
  }

  /** Keeps this moment. @param {number} step */
  #write(step) {
    this.#past.take(step, this.#trainer.saveAsync()).catch((error) => this.#running && this.#stop(error));
  }

  #flush() {
    this.#flushed = performance.now();
    if (!this.#reports.length) return;
    const reports = this.#reports;
    this.#reports = [];
    this.#post({ event: "report", reports, speed: this.#speed.perSecond });
  }

  /** @param {unknown} error */
  #stop(error) {
    this.#running = false;
    this.#flush();
    this.#post({
      event: "stopped",
      step: this.#trainer.progress.step,
      error: plainError(error),
      lastGood: this.#past.steps.findLast((step) => step <= this.#sound) ?? null,
    });
  }

  /** @param {Trainer<any>} trainer */
  #replace(trainer) {
    this.#fit.drop();
    this.#trainer.dispose();
    this.#past.close();
    this.#trainer = trainer;
    const { patience, ...course } = this.#fit.course;
    this.#fit = new Fit(trainer, course);
    if (this.#fit.measures) this.#fit.watch({ patience });
    this.#sound = trainer.progress.step;
    this.#reports = [];
    this.#speed.clear();
  }

  /** So that evaluating stays below a twentieth of the work: it reads forward only, a third of an update's work. */
  #evaluationInterval() {
    const { settings, validationTargets } = this.#trainer;
    const steps = tokensRead(settings, validationTargets, EVALUATED) / (settings.batch * settings.seqLen);
    return 50 * Math.max(1, Math.ceil(steps / (3 * EVALUATION_SHARE * 50)));
  }
}
