/** What a trainer is made of: its options, checked and told apart, and its text, read at once or in turns with others. */
import { checkFunction, checkSignal, isPlain } from "./arguments.js";
import { UnrolledError, quote } from "./errors.js";
import { checkSettings } from "./config.js";
import { Core } from "./wasm/module.js";
import { Engine, QUICKLY } from "./wasm/engine.js";
import { readCorpus, readCorpusAsync } from "./text/corpus.js";
import { DocumentStream } from "./text/documents.js";
import { Parallel, checkWorkers } from "./threads/lead.js";

/**
 * @typedef {object} Turns of work that others have their turn in
 * @property {AbortSignal} [signal] calls it off: the promise is then broken by its reason
 * @property {(done: number) => void} [progress] told on the way how much of the text is read, from 0 to 1
 */

/** @typedef {import("./config.js").Settings} Settings */
/**
 * @typedef {import("./config.js").PartialSettings & import("./text/corpus.js").Source} TrainerOptions settings, and
 * what to learn from
 */

export class Makings {
  /** @type {import("./text/corpus.js").Corpus} */
  corpus = /** @type {any} */ (null);

  /**
   * @param {Core} core @param {TrainerOptions & import("./threads/lead.js").WorkerOptions} options
   * @param {{ saved?: boolean }} [how] saved: its first weights are written over at once
   */
  constructor(core, options, { saved = false } = {}) {
    if (!(core instanceof Core))
      throw new UnrolledError("bad-argument", `A Trainer needs the core that loadCore() gives, got ${quote(core)}.`);
    if (!isPlain(options))
      throw new UnrolledError("bad-argument", `A Trainer needs settings and a text, got ${quote(options)}.`);
    const { text, ids, documents, vocabulary, unknown, workers, workerUrl, ...settings } = options;
    if (workers !== undefined) checkWorkers(workers);
    /** As they were given, or as its documents were cut; what was saved has both already. */
    this.settings = saved ? settings : { ...settings, ...cutOf(documents, settings) };
    this.source = { text, ids, documents, vocabulary, unknown };
    this.helpers = workers === undefined ? null : { workers, workerUrl };
    this.cut = checkSettings(this.settings);
    this.drawn = saved ? QUICKLY : {};
  }

  read() {
    this.corpus = readCorpus(this.source, this.cut);
    return this;
  }

  /** @param {Turns} turns */
  async readAsync(turns) {
    this.corpus = await readCorpusAsync(this.source, this.cut, turns);
    return this;
  }

  /**
   * The C trainer with its text, what reads documents into it, and the threads that share its work.
   * @param {Core} core @param {Readonly<Settings>} settings that fit the text
   * @param {() => Readonly<Settings>} now as they are when a thread asks
   */
  outfit(core, settings, now) {
    const { corpus, helpers } = this,
      { documents } = this.source;
    const engine = new Engine(core, { ...settings, ...this.drawn }, corpus.vocabulary.size);
    try {
      const stream = documents ? new DocumentStream(engine, settings, documents) : null;
      if (!stream && corpus.count) corpus.fill(engine.makeText(corpus.count));
      return { engine, stream, parallel: helpers && new Parallel(engine, now, { ...helpers, documents: stream }) };
    } catch (error) {
      engine.dispose();
      throw error;
    }
  }
}

/** How documents were cut, which nobody need say twice, nor otherwise. @param {any} documents @param {Record<string, any>} settings */
function cutOf(documents, settings) {
  const { tokens, lowerCase } = documents?.cut ?? {};
  const cut = Object.fromEntries(Object.entries({ tokens, lowerCase }).filter(([, value]) => value !== undefined));
  for (const [name, value] of Object.entries(cut))
    if (settings[name] !== undefined && settings[name] !== value)
      throw new UnrolledError(
        "bad-setting",
        `The documents were cut with ${name} ${quote(value)}, and ${name} is ${quote(settings[name])} here: leave it out, or cut them so.`,
        { setting: name },
      );
  return cut;
}

/**
 * Tells turns from other options; what are none go on as they are, and are refused there.
 * @template O @param {O & Turns} options
 * @returns {{ turns: Turns, others: O }}
 */
export function turnsOf(options) {
  if (!isPlain(options)) return { turns: {}, others: options };
  const { signal, progress, ...others } = /** @type {any} */ (options);
  checkSignal(signal);
  checkFunction("progress", progress);
  return { turns: { signal, progress }, others };
}
