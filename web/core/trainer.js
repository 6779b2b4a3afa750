/**
 * The trainer: a network, its text, and everything one can ask of them. Calls are synchronous; in a page a worker makes
 * them. Told of `workers`, it shares its updates with threads, and step() returns a promise; all else stays as it is.
 */
import { checkInteger, checkOptions, checkSignal, isPlain } from "./arguments.js";
import { UnrolledError, quote } from "./errors.js";
import { changeSettings } from "./changes.js";
import { autoSettings } from "./config.js";
import { Makings, turnsOf } from "./makings.js";
import { DISPOSE } from "./wasm/platform.js";
import { ARRAY } from "./wasm/engine.js";
import { readTensors, tensorNorms, writeTensors } from "./wasm/tensors.js";
import { runInTurns, runThrough } from "./wasm/turns.js";
import { fitSettings, guessBaselines, noText, notHeld, trainingCount } from "./text/corpus.js";
import { batchGradients, checkBatch, checkParameters, runBatch } from "./inside/batch.js";
import { openIds } from "./text/pieces.js";
import { tokensOf } from "./text/tokens.js";
import { EVALUATION_OPTIONS } from "./inside/evaluation.js";
import { Evaluator } from "./inside/evaluator.js";
import { SAMPLE_OPTIONS, drawSample } from "./inside/sample.js";
import { readTrace } from "./inside/trace.js";
import { holdsOf } from "./inside/hold.js";
import { writeCheckpoint, writeCheckpointAsync } from "./files/checkpoint.js";
import { goesOn, reloaded, reloadedAsync } from "./files/reload.js";
import { putSnapshot, takeSnapshot } from "./files/snapshot.js";

/** @import { PartialSettings, Settings } from "./config.js" */
/** @import { Baselines } from "./text/corpus.js" */
/** @import { Batch, Gradients } from "./inside/batch.js" */
/** @import { Sample, SampleOptions } from "./inside/sample.js" */
/** @import { Turns } from "./makings.js" */
/** @import { Core } from "./wasm/module.js" */
/** @import { WorkerOptions } from "./threads/lead.js" */
/** @import { Engine, Progress, Report } from "./wasm/engine.js" */
/** @import { Evaluation, EvaluationOptions } from "./inside/evaluation.js" */
/** @typedef {import("./makings.js").TrainerOptions} TrainerOptions */

/** @template {number | "auto" | undefined} [W=undefined] whether there are `workers` */
export class Trainer {
  #settings;
  #auto;
  #vocabulary;
  #digest;
  #count;
  #engine;
  #stream;
  #parallel;
  /** @type {Baselines | null} */
  #baselines = null;
  #evaluator;

  /**
   * @param {Core} core
   * @param {TrainerOptions & WorkerOptions & { workers?: W }} options with `vocabulary` alone the network has no text:
   * it can do everything but `step` and `evaluate`
   */
  constructor(core, options) {
    const made = options instanceof Makings ? options : new Makings(core, options).read(),
      { corpus } = made;
    this.#auto = Object.freeze(autoSettings(made.settings));
    this.#settings = fitSettings(corpus, made.settings);
    this.#vocabulary = corpus.vocabulary;
    this.#digest = corpus.digest;
    this.#count = corpus.count;
    const { engine, stream, parallel } = made.outfit(core, this.#settings, () => this.#settings);
    this.#engine = /** @type {Engine | null} */ (engine);
    this.#stream = stream;
    this.#parallel = parallel;
    const held = { starts: [0, corpus.count], open: openIds(() => engine.text()) };
    this.#evaluator = new Evaluator(this.#network, made.source.documents ?? held, this.encode.bind(this));
  }

  /**
   * A new one, while others have their turn every few milliseconds that its text is read.
   * @param {Core} core
   * @template {number | "auto" | undefined} [W=undefined]
   * @param {TrainerOptions & WorkerOptions & { workers?: W } & Turns} options
   * @returns {Promise<Trainer<W>>}
   */
  static async createAsync(core, options) {
    const { turns, others } = turnsOf(options);
    return new Trainer(core, /** @type {any} */ (await new Makings(core, others).readAsync(turns)));
  }

  /** The C trainer below, for the package's own parts. @internal */
  get engine() {
    if (this.#engine) return this.#engine;
    throw new UnrolledError("disposed", "This trainer was disposed of: make a new one, or load one that was saved.");
  }

  /** The same, for what would be in the way of an update. */
  get #idleEngine() {
    if (this.#parallel?.busy) throw new UnrolledError("busy", "An update is under way: await step() first.");
    return this.engine;
  }

  /** The same, for what would change the weights of an evaluation that is under way. */
  get #calmEngine() {
    this.#evaluator.needCalm();
    return this.#idleEngine;
  }

  get settings() {
    return this.#settings;
  }
  /** The settings among batch and seqLen that were fitted to the text, and will be to another; `settings` says to what. */
  get auto() {
    return this.#auto;
  }

  /** Threads that share the updates' work now. */
  get workers() {
    return this.#parallel?.workers ?? 1;
  }

  /** @returns {readonly string[]} tokens, by id */
  get vocabulary() {
    return this.#vocabulary.tokens;
  }

  /** Updates done, windows read and tokens trained on. @returns {Progress} */
  get progress() {
    return this.engine.progress;
  }

  /** Tokens in the part that is trained on. */
  get trainingTokens() {
    return trainingCount(this.#count, this.#settings.validation);
  }

  /** Tokens in the part kept for validation. */
  get validationTokens() {
    return this.#count - this.trainingTokens;
  }
  /** Those of them that an evaluation counts, as they follow another. */
  get validationTargets() {
    return this.#evaluator.targets("validation");
  }

  /** Windows of an epoch; 0 without a text. */
  get windows() {
    const { batch, seqLen } = this.#settings;
    if (this.#stream) return this.#stream.windows;
    return this.#count ? this.engine.windowCount(batch, seqLen, this.trainingTokens) : 0;
  }

  /** Numbers that are trained. */
  get parameterCount() {
    return this.engine.tensors.reduce((sum, { rows, cols, trainedFrom }) => sum + (rows - trainedFrom) * cols, 0);
  }

  /** WebAssembly memory this trainer holds. */
  get memoryBytes() {
    return this.engine.bytes;
  }

  /** @param {string | readonly string[]} text or its tokens @param {Pick<EvaluationOptions, "unknown">} [options] */
  encode(text, options) {
    const { unknown } = checkOptions("encode", options, ["unknown"]);
    return this.#vocabulary.encode(tokensOf(text, this.#settings), unknown);
  }

  /** @param {ArrayLike<number>} ids @returns {string} */
  decode(ids) {
    return this.#vocabulary.decode(ids);
  }

  /**
   * Trains on the next `n` windows of the text.
   * @param {number} [n]
   * @returns {W extends undefined ? Report : Promise<Report>} of the last one; with `workers` a promise, and a call
   *   made before it is kept takes its turn. Meanwhile `save`, `probe` and the like show what the last update left, and what
   *   would be in its way throws "busy".
   */
  step(n = 1) {
    const { engine } = this;
    checkInteger("n", n, 1, 2 ** 31 - 1);
    this.#needText();
    this.#evaluator.needCalm();
    const { trainingTokens } = this;
    return /** @type {any} */ (this.#parallel ?? this.#stream ?? engine).step(n, trainingTokens);
  }

  /**
   * Mean loss on the validation part, or on another text; training goes on as if it had not been. It does not depend on
   * batch and seqLen: how a text is read for it is told in inside/evaluation.js.
   * @param {string} [text]
   * @param {Pick<EvaluationOptions, "unknown" | "hold">} [options] hold: values held while it reads
   * @returns {Evaluation}
   */
  evaluate(text, options) {
    return runThrough(this.evaluating({ ...checkOptions("evaluate", options, ["unknown", "hold"]), text }));
  }

  /** The same on the part it is trained on, with nothing dropped out. @returns {Evaluation} */
  evaluateTraining() {
    return runThrough(this.evaluating({ part: "training" }));
  }

  /**
   * `evaluate` and `evaluateTraining` for long texts: others have their turn every few milliseconds. Until it is done,
   * what would change the weights throws "busy".
   * @param {EvaluationOptions & { signal?: AbortSignal }} [options] signal: calls it off; the promise is then broken by
   * its reason
   * @returns {Promise<Evaluation>}
   */
  async evaluateAsync(options) {
    const { signal, ...what } = checkOptions("evaluateAsync", options, ["signal", ...EVALUATION_OPTIONS]);
    checkSignal(signal);
    while (this.#parallel?.busy) await this.#parallel.settled;
    return runInTurns(this.evaluating(what), { signal });
  }

  /**
   * An evaluation in parts of some milliseconds, for loops that have other things to do between them. Whoever breaks it
   * off calls return().
   * @internal
   * @param {EvaluationOptions} [what]
   * @returns {Generator<void, Evaluation>}
   */
  evaluating(what = {}) {
    if (what.text === undefined) this.#needText();
    return this.#evaluator.begin(what);
  }

  #needText() {
    if (!this.#count) throw noText();
  }

  /** What blind guessing, and guessing by counts, would lose on the validation part. @returns {Baselines} */
  baselines() {
    const { engine } = this;
    this.#needText();
    if (this.#stream) throw notHeld("Baselines are");
    return (this.#baselines ??= guessBaselines(engine.text(), this.trainingTokens, this.#vocabulary.size));
  }

  /** @param {SampleOptions} [options] @returns {Sample} */
  sample(options) {
    const { prompt = "", unknown, hold, ...drawing } = checkOptions("sample", options, SAMPLE_OPTIONS);
    const ids = this.encode(prompt, { unknown });
    const holds = holdsOf(hold, this.#network, () => this.#evaluator.beginning("training"));
    return drawSample(this.#network, ids, drawing, holds);
  }

  /**
   * Reads a text from a zero state and shows the inside. Training is untouched.
   * @param {string | readonly string[]} text or its tokens
   * @param {{ flow?: boolean } & Pick<EvaluationOptions, "unknown" | "hold">} [options] flow: false leaves `flow` out
   * @returns {import("./inside/trace.js").Trace}
   */
  probe(text, options) {
    const { engine } = this,
      { flow = true, unknown, hold } = checkOptions("probe", options, ["flow", "unknown", "hold"]);
    if (typeof flow !== "boolean")
      throw new UnrolledError("bad-argument", `flow must be true or false, got ${quote(flow)}.`);
    const ids = this.encode(text, { unknown });
    if (!ids.length)
      throw new UnrolledError("bad-argument", "There is nothing to probe: the text has no token that the model knows.");
    const holds = holdsOf(hold, this.#network, () => ids);
    return readTrace(engine, this.#settings, this.#vocabulary, ids, flow, holds);
  }

  /**
   * Answers one question about the inside by reading a text without learning from it: see apart/study.js.
   * @template {import("./apart/study.js").StudyName} N
   * @param {N} name @param {string | readonly string[]} text or its tokens @param {import("./apart/study.js").StudyOptions<N>} [options]
   * @returns {Promise<import("./apart/study.js").StudyResult<N>>}
   */
  async study(name, text, options) {
    const { checkStudy, runStudy } = await import("./apart/study.js"); // a page learns without it
    const { unknown, ...others } = checkStudy(name, options);
    return runStudy({ ...this.#network, ids: this.encode(text, { unknown }) }, name, /** @type {any} */ (others));
  }

  get #network() {
    return { engine: this.engine, settings: this.#settings, vocabulary: this.#vocabulary };
  }

  /** A forward and a backward pass on given ids; nothing is changed. @param {Batch} batch @returns {Gradients} */
  gradients(batch) {
    const { V } = this.#idleEngine;
    return batchGradients(this.engine, checkBatch(batch, this.#settings, V), this.#settings);
  }

  /** The same pass, then clip and update; carried state and place in the text stay. @param {Batch} batch @returns {Report} */
  trainOn(batch) {
    const engine = this.#calmEngine;
    const window = checkBatch(batch, this.#settings, engine.V);
    return engine.update(runBatch(engine, window, this.#settings), window.B * window.T);
  }

  /** Norm of each tensor's gradient in the last update, as it was applied: after clipping. Zeros before the first. */
  gradientNorms() {
    return tensorNorms(this.#idleEngine, ARRAY.GRADIENT);
  }

  /** @returns {Record<string, Float32Array>} copies, under PyTorch's names */
  parameters() {
    return Object.fromEntries(readTensors(this.engine, ARRAY.WEIGHTS));
  }

  /** @param {Record<string, ArrayLike<number>>} parameters any of them */
  setParameters(parameters) {
    const engine = this.#calmEngine;
    writeTensors(engine, ARRAY.WEIGHTS, checkParameters(parameters, this.#settings, engine.V));
    engine.repack();
  }

  /**
   * Changes what may change in mid-training: rate, clipping, dropout, penalties, the optimizer's constants.
   * @param {PartialSettings} changes
   * @returns {Readonly<Settings>} all settings
   */
  configure(changes) {
    const engine = this.#idleEngine;
    if (!isPlain(changes)) throw new UnrolledError("bad-argument", `configure takes settings, got ${quote(changes)}.`);
    const settings = changeSettings(this.#settings, changes, "training");
    engine.configure(settings);
    return (this.#settings = settings);
  }

  /** @returns {Uint8Array<ArrayBuffer>} a .safetensors file, for `Trainer.load` */
  save() {
    return writeCheckpoint(this.#snapshot());
  }

  /**
   * The same file, of the weights as they are now, while others have their turn every few milliseconds, updates included.
   * @param {{ signal?: AbortSignal }} [options] signal: calls it off
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async saveAsync(options) {
    const { signal } = checkOptions("saveAsync", options, ["signal"]);
    checkSignal(signal);
    return writeCheckpointAsync(this.#snapshot(), signal);
  }

  #snapshot() {
    const about = { settings: this.#settings, auto: this.#auto, vocabulary: this.#vocabulary, digest: this.#digest };
    return takeSnapshot(this.engine, about);
  }

  /** @returns {Promise<Uint8Array<ArrayBuffer>>} an ONNX model, opset 14; its writer is loaded when asked for */
  async toONNX() {
    const network = { settings: this.#settings, vocabulary: this.vocabulary, parameters: this.parameters() };
    const { networkToONNX } = await import("./files/onnx.js");
    return networkToONNX(network);
  }

  /**
   * A saved trainer. With the text it was trained on it goes on with the same bits; with another of known tokens it
   * trains on from its weights and moments, from that text's beginning; without one it samples and probes.
   * @param {Core} core
   * @param {Uint8Array | ArrayBuffer} bytes
   * @template {number | "auto" | undefined} [W=undefined]
   * @param {Pick<TrainerOptions, "text" | "ids" | "documents" | "unknown"> & PartialSettings & WorkerOptions & {
   * workers?: W }} [options] batch, seqLen, stateful and validation may be changed, and all that `configure` changes
   * @returns {Trainer<W>}
   */
  static load(core, bytes, options = {}) {
    const found = reloaded(bytes, options);
    return Trainer.#goingOn(core, new Makings(core, found.made, { saved: true }).read(), found);
  }

  /**
   * The same, while others have their turn every few milliseconds that the file and the text are read.
   * @param {Core} core
   * @param {Uint8Array | ArrayBuffer} bytes which stay as they are
   * @template {number | "auto" | undefined} [W=undefined]
   * @param {Parameters<typeof Trainer.load<W>>[2] & Turns} [options]
   * @returns {Promise<Trainer<W>>}
   */
  static async loadAsync(core, bytes, options = {}) {
    const { turns, others } = turnsOf(options);
    const found = await reloadedAsync(bytes, others, turns.signal);
    return Trainer.#goingOn(core, await new Makings(core, found.made, { saved: true }).readAsync(turns), found);
  }

  /** @param {Core} core @param {Makings} made @param {ReturnType<typeof reloaded>} found what it goes on from */
  static #goingOn(core, made, { saved, auto }) {
    const trainer = /** @type {Trainer<any>} */ (new Trainer(core, /** @type {any} */ (made)));
    trainer.#auto = Object.freeze(auto);
    putSnapshot(trainer.engine, saved, goesOn(saved, trainer.settings, trainer.#digest));
    trainer.#digest ??= saved.digest;
    return trainer;
  }

  /** Frees the memory at once, where a trainer that is only dropped frees it some time later. */
  dispose() {
    this.#parallel?.close();
    this.#engine?.dispose();
    this.#engine = null;
  }

  [DISPOSE]() {
    this.dispose();
  }
}
