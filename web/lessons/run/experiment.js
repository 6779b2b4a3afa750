/**
 * A lesson's run: its networks, trained side by side in rounds of a fixed number of steps, measured after each round.
 * It knows no page: a Trainer in Node and a client of the worker are the same to it, and as rounds are counted in steps
 * and the core is the strict one, what plays in a page is bit by bit what the tests assert.
 */
import { unflatten } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";
import { makeText } from "../../core/text/generators.js";
import { holds } from "./expression.js";
import { measureOf } from "./measures/index.js";

/** @typedef {import("../lesson.js").Lesson} Lesson */
/** @typedef {import("../lesson.js").NetworkSpec} NetworkSpec */
/** @typedef {import("../lesson.js").Change} Change */
/** @typedef {import("../../core/text/generators.js").MadeText} MadeText */

/**
 * @typedef {object} Learner what is asked of a Trainer or a TrainerClient; each answer may be a promise
 * @property {any} settings
 * @property {readonly string[]} vocabulary
 * @property {{ step: number }} progress
 * @property {(n: number) => any} step
 * @property {(text: string, options?: object) => any} probe
 * @property {(options?: object) => any} sample
 * @property {() => any} evaluate
 * @property {() => any} evaluateTraining
 * @property {(batch: object) => any} gradients
 * @property {(batch: object) => any} trainOn
 * @property {() => any} parameters
 * @property {(values: Record<string, Float32Array>) => any} setParameters
 * @property {() => any} save
 * @property {() => void} dispose
 */
/**
 * @typedef {object} World where a run is
 * @property {(settings: object) => Learner | Promise<Learner>} open a network: settings with their text
 * @property {(source: import("../lesson.js").TextSpec) => string | Promise<string>} read a text that is not made
 */
/**
 * @typedef {object} Network
 * @property {string} name
 * @property {NetworkSpec} spec
 * @property {Learner} learner
 * @property {string} text that it learns
 * @property {MadeText | null} made the same, where a generator wrote it
 * @property {number} seed
 * @property {number} step
 * @property {number} seconds of training
 * @property {boolean} ended
 * @property {{ step: number, [name: string]: number }[]} looks numbers after each round
 * @property {Record<string, any>} data what figures draw, by measure
 */

export class Experiment {
  /** @type {Network[]} */
  networks = [];
  /** All numbers, by "network.name". @type {Map<string, number>} */
  values = new Map();
  /** Sentences that were opened, with the numbers of that moment. @type {{ say: string, values: Map<string, number> }[]} */
  said = [];
  #lesson;
  #world;
  #seed;
  #measures;
  #events;
  #disposed = false;
  /** Also one that is not warm yet. @type {Learner[]} */ #learners = [];

  /**
   * @param {Lesson} lesson
   * @param {World} world
   * @param {{ seed?: number, change?: Change }} [options] change: what is other than the lesson says
   */
  constructor(lesson, world, { seed = 1, change = {} } = {}) {
    this.#lesson = lesson;
    this.#world = world;
    this.#seed = seed;
    this.#measures = lesson.measures.map((spec) => ({ ...spec, ...change.measures?.[spec.kind] }));
    this.#events = change.networks || change.seed ? [] : [...(lesson.events ?? [])];
    this.specs = merge(lesson.networks, change.networks);
  }

  /** Makes texts and networks, and takes the first look. */
  async open() {
    for (const [name, spec] of Object.entries(this.specs)) {
      const { text, made } = await this.#write(spec.text);
      const settings = { ...unflatten(spec.settings), seed: this.#seed, tokens: made?.tokens ?? "char", text };
      const learner = await this.#world.open(settings);
      if (this.#disposed) return learner.dispose();
      this.#learners.push(learner);
      if (spec.warm) await learner.step(spec.warm);
      if (this.#disposed) return;
      /** @type {Network} */
      const network = {
        name,
        spec,
        learner,
        text,
        made,
        seed: this.#seed,
        step: 0,
        seconds: 0,
        ended: false,
        looks: [],
        data: {},
      };
      this.networks.push(network);
      this.#note(network, { blind: Math.log(learner.vocabulary.length) });
    }
    await this.#look("start");
  }

  get running() {
    return this.networks.some(({ ended }) => !ended);
  }

  /** One round of every network that goes on. @returns {Promise<boolean>} whether there is another */
  async round() {
    const going = this.networks.filter(({ ended }) => !ended);
    await Promise.all(going.map((network) => this.#train(network)));
    if (this.#disposed) return false;
    await this.#look("look", going);
    return this.running;
  }

  /** Measures once more, otherwise: nothing is trained. @param {Change} change */
  async lookAgain({ measures = {} }) {
    this.#measures = this.#measures.map((spec) => ({ ...spec, ...measures[spec.kind] }));
    const kinds = new Set(Object.keys(measures));
    await this.#measure(
      this.networks,
      this.#measures.filter(({ kind }) => kinds.has(kind)),
    );
  }

  /** @param {string} name of a network */
  async save(name) {
    const network = this.networks.find((each) => each.name === name) ?? this.networks[0];
    const { learner, looks, step } = network;
    const before = learner.progress.step - step; // its experiment began
    const told = looks.filter(({ loss }) => Number.isFinite(loss));
    return {
      checkpoint: await learner.save(),
      told: {
        stride: this.#lesson.look,
        steps: told.map((look) => before + look.step),
        losses: told.map(({ loss }) => loss),
      },
      text: network.text,
      spec: network.spec,
      broken: this.values.get(`${network.name}.broken`) === 1,
    };
  }

  dispose() {
    this.#disposed = true;
    for (const learner of this.#learners) learner.dispose();
  }

  /** @param {import("../lesson.js").TextSpec} spec */
  async #write(spec) {
    if (spec.make) {
      const { make, ...options } = spec;
      const made = makeText(make, { seed: this.#seed, .../** @type {Record<string, any>} */ (options) });
      return { text: made.text, made };
    }
    const whole = await this.#world.read(spec);
    return { text: [...whole].slice(0, spec.length ?? Infinity).join(""), made: null };
  }

  /** @param {Network} network */
  async #train(network) {
    const { spec, learner } = network;
    const n = Math.min(this.#lesson.look, spec.steps - network.step);
    if (spec.still) {
      network.step += n;
      return;
    }
    const start = performance.now();
    try {
      const report = await learner.step(n);
      network.step += n;
      this.#note(network, { loss: report.loss, norm: report.gradNorm, broken: 0 });
    } catch (error) {
      if (!(error instanceof UnrolledError)) throw error;
      if (error.code !== "diverged") {
        if (this.#disposed) return;
        throw error;
      }
      network.step = learner.progress.step;
      this.#note(network, { broken: 1 });
    }
    network.seconds += (performance.now() - start) / 1000;
  }

  /** @param {"start" | "look"} when @param {Network[]} [networks] */
  async #look(when, networks = this.networks) {
    const due = this.#measures.filter(({ at = "look" }) => at === "look" || at === when);
    await this.#measure(networks, due);
    for (const network of networks) {
      if (this.#disposed) return;
      this.#note(network, { step: network.step, seconds: network.seconds });
      const numbers = Object.fromEntries(this.#own(network.name));
      network.looks.push({ ...numbers, step: network.step });
      const { until, steps } = network.spec;
      const broken = this.values.get(`${network.name}.broken`) === 1;
      if (!broken && network.step < steps && !(until && holds(until, this.values))) continue;
      network.ended = true;
      await this.#measure(
        [network],
        this.#measures.filter(({ at }) => at === "end"),
      );
    }
    this.#tell();
  }

  /** @param {Network[]} networks @param {import("../lesson.js").MeasureSpec[]} specs */
  async #measure(networks, specs) {
    for (const spec of specs)
      await Promise.all(
        networks
          .filter(({ name }) => !spec.networks || spec.networks.includes(name))
          .map(async (network) => {
            if (this.values.get(`${network.name}.broken`) === 1) return;
            const { numbers, data } = await measureOf(spec.kind)(network, spec);
            this.#note(network, numbers);
            if (data !== undefined) network.data[spec.kind] = data;
          }),
      );
  }

  /** @param {Network} network @param {Record<string, number>} numbers */
  #note({ name }, numbers) {
    for (const [key, value] of Object.entries(numbers)) this.values.set(`${name}.${key}`, value);
  }

  /** @param {string} network @returns {[string, number][]} */
  #own(network) {
    return [...this.values]
      .filter(([name]) => name.startsWith(`${network}.`))
      .map(([name, value]) => [name.slice(network.length + 1), value]);
  }

  /** Opens the sentences whose moment has come, in their order. */
  #tell() {
    this.values.set("over", Number(!this.running));
    for (const [name, when] of Object.entries(this.#lesson.moments ?? {}))
      if (!this.values.has(name) && holds(when, this.values))
        this.values.set(name, Math.max(...this.networks.map(({ step }) => step)));
    while (this.#events.length && holds(this.#events[0].when, this.values)) {
      const { say } = /** @type {{ say: string }} */ (this.#events.shift());
      this.said.push({ say, values: new Map(this.values) });
    }
  }
}

/** @param {Record<string, NetworkSpec>} networks @param {Change["networks"]} changes @returns {Record<string, NetworkSpec>} */
function merge(networks, changes = {}) {
  const chosen = Object.entries(networks).filter(
    ([name]) => !Object.keys(changes).length || changes[name] !== undefined,
  );
  return Object.fromEntries(
    chosen.map(([name, spec]) => {
      const change = changes[name] ?? {};
      return [
        name,
        {
          ...spec,
          ...change,
          text:
            change.text?.make && change.text.make !== spec.text.make ? change.text : { ...spec.text, ...change.text },
          settings: { ...spec.settings, ...change.settings },
        },
      ];
    }),
  );
}
