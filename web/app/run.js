/**
 * The run that the page shows: one client of the worker and what has been heard of it. A new run takes the place of
 * the old one only when it stands; until then, and if it fails, the old one goes on.
 *
 * Events: "run" {client} a run or a restart stands at its beginning; "report" "evaluation" "sample" "restored"
 * "stopped" as the client tells them, after they were noted here; "running" when that changes; "crashed".
 */
import { unflatten } from "../core/config.js";
import { TrainerClient, WorkerLink } from "../worker/client.js";
import { LossHistory } from "./progress/history.js";

/**
 * @typedef {import("../worker/client.js").WorkerOptions & {openLink?: () => Promise<WorkerLink>}} WorkerOptions
 * openLink: finds a worker to share
 */

const MOST_SAMPLES = 24;

export class Run extends EventTarget {
  /** @type {TrainerClient | null} */
  client = null;
  text = "";
  history = new LossHistory();
  /** @type {{step: number, prompt: string, text: string}[]} */
  samples = [];
  /** @type {any} the last report of a step */
  report = null;
  /** @type {any} the last evaluation */
  evaluation = null;
  /** @type {import("../core/index.js").Baselines | null} nats */
  baselines = null;
  /** @type {number | null} tokens per second */
  speed = null;
  /** @type {import("../core/index.js").SampleOptions | null} what a sample is asked */
  sampling = null;
  /** When to stop: after so many epochs, after so many evaluations without a better one; 0: never. */
  limits = { epochs: 0, patience: 0 };
  /** Why it stopped by itself, and after which step. @type {{step: number, ended: "limit" | "patience"} | null} */
  ending = null;
  #options;
  /** @type {Promise<WorkerLink> | null} */
  #link = null;
  #turn = 0;
  #playing = false;
  #hidden = false;

  /** @param {WorkerOptions} options */
  constructor(options) {
    super();
    this.#options = options;
  }

  /** Whether it trains, or would if the page were seen. */
  get running() {
    return this.#playing;
  }

  /** For a worker of one's own beside the run's. */
  get workerOptions() {
    return this.#options;
  }

  /** Which core the next run is on; "simd" gives the same bits in every browser. A shared worker keeps its own.
   * @param {"auto" | "simd"} variant */
  useCore(variant) {
    if (this.#options.openLink || (this.#options.core?.variant ?? "auto") === variant) return;
    this.#options = { ...this.#options, core: { ...this.#options.core, variant } };
    this.#turn++; // a start that is under way is overtaken
    this.client?.dispose();
    this.client = null;
    this.#link?.then(
      (link) => link.close(),
      () => {},
    );
    this.#link = null;
  }

  /** Loads worker and core ahead of the first run. */
  open() {
    const { openLink = () => WorkerLink.open(this.#options) } = this.#options;
    this.#link ??= openLink().catch((error) => {
      this.#link = null;
      throw error;
    });
    return this.#link;
  }

  /**
   * @param {Record<string, any>} settings flat
   * @param {string} text
   * @param {{play?: boolean, checkpoint?: Uint8Array}} [options] a checkpoint brings its own settings
   * @returns {Promise<boolean>} false when a later start overtook this one
   */
  async start(settings, text, { play = true, checkpoint } = {}) {
    const turn = ++this.#turn;
    let client;
    try {
      // A page of one run may use all cores; where it shares a worker, others run beside it.
      const options = {
        workers: this.#options.openLink ? 1 : /** @type {const} */ ("auto"),
        ...this.#options,
        link: await this.open(),
      };
      client = checkpoint
        ? await TrainerClient.load(checkpoint, { text }, options)
        : await TrainerClient.create({ ...unflatten(settings), text }, options);
    } catch (error) {
      if (turn !== this.#turn) return false; // its failure is nobody's any more
      throw error;
    }
    if (turn !== this.#turn) {
      client.dispose();
      return false;
    }
    this.client?.dispose();
    this.client = client;
    this.text = text;
    this.#listen(client);
    const resumed = play && this.#resume(); // the first step goes before what the listeners ask
    this.#begin();
    this.#setPlaying(play);
    await resumed;
    client.baselines().then(
      (baselines) => {
        if (this.client !== client) return;
        this.baselines = baselines;
        this.#tell("evaluation");
      },
      () => {},
    ); // without a validation part there is nothing to compare with
    return true;
  }

  /** Ends the run; its worker is left to who opened it. */
  dispose() {
    this.#turn++;
    this.client?.dispose();
    this.client = null;
    this.#setPlaying(false);
  }

  async play() {
    this.#setPlaying(true);
    await this.#resume();
  }

  async pause() {
    this.#setPlaying(false);
    await this.client?.pause();
    this.speed = null;
    this.#tell("report");
  }

  async step() {
    if (this.#playing) await this.pause();
    await this.client?.watch({ sample: this.sampling });
    await this.client?.step(1);
  }

  /** Back to the same initial weights, paused. */
  async reset() {
    this.#setPlaying(false);
    await this.client?.reset();
    this.#begin();
  }

  /** @param {Record<string, any>} changes flat, of what may change in mid-training */
  async configure(changes) {
    await this.client?.configure(unflatten(changes));
  }

  /** @param {number} step of a snapshot: training goes on from there */
  async restore(step) {
    this.#setPlaying(false);
    await this.client?.restore(step);
  }

  /**
   * @param {import("../core/index.js").SampleOptions} sampling
   * @returns {Promise<void>} a new sample is told at once, or the error thrown
   */
  async sampleWith(sampling) {
    const { client } = this;
    if (!client) return;
    const { text } = await client.sample({ ...sampling, probabilities: false });
    this.sampling = sampling;
    await client.watch({ sample: sampling });
    this.#noteSample({ step: client.progress.step, prompt: sampling.prompt ?? "", text });
  }

  /** A tab that is not seen does not train; it goes on where it was. @param {boolean} hidden */
  async setHidden(hidden) {
    this.#hidden = hidden;
    if (!this.#playing) return;
    if (hidden) await this.client?.pause();
    else await this.#resume();
  }

  /** The step at which the limit of epochs ends the run; that over, one as far again. */
  get until() {
    const {
      client,
      limits: { epochs },
    } = this;
    if (!client || !epochs) return Infinity;
    const each = epochs * client.windows;
    return (Math.floor(client.progress.step / each) + 1) * each;
  }

  get #patience() {
    return this.client?.settings.validation ? this.limits.patience : 0;
  }

  /** @param {Partial<Run["limits"]>} limits */
  async limit(limits) {
    this.limits = { ...this.limits, ...limits };
    if (this.#playing) {
      await this.client?.pause(); // the limit is told from the step it really stands at
      await this.#resume();
    }
    this.#tell("report");
  }

  async #resume() {
    if (this.#hidden || !this.client) return;
    this.ending = null;
    await this.client.run({ sample: this.sampling, until: this.until, patience: this.#patience });
  }

  #begin() {
    const { client } = this;
    this.history = new LossHistory();
    this.samples = [];
    this.report = this.evaluation = this.speed = this.ending = null;
    this.#tell("run", { client });
  }

  /** @param {boolean} playing */
  #setPlaying(playing) {
    if (this.#playing === playing) return;
    this.#playing = playing;
    this.#tell("running");
  }

  /** @param {TrainerClient} client */
  #listen(client) {
    /** @param {string} name @param {(detail: any) => void} note */
    const on = (name, note) =>
      client.addEventListener(name, (event) => {
        if (this.client !== client) return;
        const { detail } = /** @type {CustomEvent} */ (event);
        note(detail);
        this.#tell(name, detail);
      });
    on("report", ({ reports, speed }) => {
      for (const { step, loss } of reports) this.history.add(step, loss);
      this.report = reports.at(-1);
      this.speed = speed;
    });
    on("evaluation", (evaluation) => {
      this.history.evaluate(evaluation.step, evaluation.loss);
      this.evaluation = evaluation;
    });
    on("restored", ({ step }) => {
      this.history.cutAfter(step);
      this.samples = this.samples.filter((sample) => sample.step <= step);
      this.speed = null;
    });
    on("stopped", ({ step, ended }) => {
      this.ending = ended ? { step, ended } : null;
      this.#setPlaying(false);
    });
    on("crashed", () => {
      this.client = this.#link = null;
      this.#setPlaying(false);
    });
    client.addEventListener("sample", (event) => {
      if (this.client === client) this.#noteSample(/** @type {CustomEvent} */ (event).detail);
    });
  }

  /** @param {{step: number, prompt: string, text: string, error?: Error}} sample */
  #noteSample(sample) {
    if (!sample.error) {
      this.samples = [...this.samples.filter((each) => each.step !== sample.step), sample];
      if (this.samples.length > MOST_SAMPLES) this.#thinSamples();
    }
    this.#tell("sample", sample);
  }

  /** Drops the sample whose absence leaves the smallest gap on a log scale of steps. */
  #thinSamples() {
    const gap = (/** @type {number} */ i) => (this.samples[i + 1].step + 1) / (this.samples[i - 1].step + 1);
    let best = 1;
    for (let i = 2; i < this.samples.length - 1; i++) if (gap(i) < gap(best)) best = i;
    this.samples.splice(best, 1);
  }

  /** @param {string} name @param {object} [detail] */
  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
