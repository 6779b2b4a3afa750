/**
 * The run that the page shows: one client of the worker and its story. A new run takes the place of the old one only
 * when it stands; until then, and if it fails, the old one goes on. The one whose place was taken is kept as it was,
 * and swap() brings it back: nothing is lost by a touch. One that waits at its beginning is not worth keeping.
 *
 * Events: "run" {client} a run stands at its beginning, or again where it was left; "report" "evaluation" "sample"
 * "stopped" as the client tells them, after they were noted here; "left" {run} another took its place; "forgotten" that
 * one is gone; "configure" {changes} it trains by other settings; "running" when that changes; "reading" while the worker
 * reads a long text, and when it has; "crashed".
 */
import { unflatten } from "../../core/config.js";
import { TrainerClient } from "../../worker/client.js";
import { askedSettings, newId, threadsOf } from "./beginning.js";
import { Coming } from "./coming.js";
import { Links } from "./links.js";
import { Story } from "./story.js";

/** @typedef {import("../../worker/client.js").WorkerLink} WorkerLink */
/**
 * @typedef {import("../../worker/client.js").WorkerOptions & {openLink?: () => Promise<WorkerLink>}} WorkerOptions
 * openLink: finds a worker to share
 */
/** @typedef {import("./beginning.js").Start} Start */
/** @typedef {import("./beginning.js").Standing} Standing */

/** How much of a text is read at the first word, where the rest is read sooner than that word. */
const SOON = 0.1;
/** Targets of a validation part from which on it can be told by it when to stop. */
const FEWEST_JUDGED = 50;

export class Run extends EventTarget {
  /** @type {TrainerClient | null} */
  client = null;
  text = "";
  story = new Story();
  id = newId();
  /** The one whose place was taken. @type {Standing | null} */
  left = null;
  /** The next one, on its way. @type {Coming | null} */
  coming = null;
  /** Whether its last step is still to be told. */ pausing = false;
  /** How much of a long text is read for the next run, 0 to 1. @type {number | null} */ reading = null;
  /** Tokens per second, of the last seconds. @type {number | null} */ speed = null;
  /** @type {Standing["sampling"]} */ sampling = null;
  /** @type {Standing["state"]} */ state = null;
  /** When to stop: after so many epochs, after so many evaluations without a better one; 0: never. */
  limits = { epochs: 0, patience: 0 };
  /** Why it stopped by itself, and after which step. @type {{step: number, ended: "limit" | "patience"} | null} */
  ending = null;
  #links;
  #keeps;
  #playing = false;
  #hidden = false;
  /** Evaluations since the best, or since it was told to go on. */
  #waited = 0;

  /** @param {WorkerOptions} options @param {boolean} [keeps] whether the run whose place is taken is kept */
  constructor(options, keeps = true) {
    super();
    this.#links = new Links(options, () => [this.client?.link, this.left?.client.link]);
    this.#keeps = keeps;
  }

  /** Whether it trains, or would if the page were seen. */
  get running() {
    return this.#playing;
  }

  /** The last report of a step. */
  get report() {
    return this.story.report;
  }

  /** The step it stands at, as last heard. */
  get at() {
    return this.client?.progress.step ?? 0;
  }

  /** For a worker of one's own beside the run's. @returns {import("../../worker/client.js").WorkerOptions} */
  get workerOptions() {
    const { openLink: _, ...options } = this.#links.options;
    return options;
  }

  /** Which core the next run is on; "simd" gives the same bits in every browser. The one before stays as it is.
   * @param {"auto" | "simd"} variant */
  useCore(variant) {
    if (this.#links.use(variant)) this.#overtake();
  }

  /** Loads worker and core ahead of the first run. */
  open() {
    return this.#links.open();
  }

  /**
   * @param {Record<string, any>} settings flat
   * @param {string | undefined} text without one a checkpoint can only write and be looked into
   * @param {Start} [start]
   * @returns {Promise<boolean>} false when a later start overtook this one
   */
  start(settings, text, { play = true, checkpoint, moments, told, id, sampling = this.sampling } = {}) {
    const story = new Story();
    story.restore(/** @type {any} */ (told));
    return this.#replace(play, { text: text ?? "", story, id: id ?? newId(), sampling }, async (options) =>
      checkpoint
        ? TrainerClient.load(checkpoint, { text, moments }, options)
        : TrainerClient.create({ ...unflatten(settings), text }, options),
    );
  }

  /**
   * Goes on from an earlier moment, as another run.
   * @param {number} step of a kept moment
   * @param {{play?: boolean, settings?: Record<string, any>}} [options] settings: live ones, flat, other than it had then
   */
  branch(step, { play = true, settings } = {}) {
    const client = /** @type {TrainerClient} */ (this.client);
    const story = new Story();
    story.continueFrom(this.story, step);
    const about = { text: this.text, story, id: newId(), sampling: this.sampling };
    return this.#replace(play, about, (options) => client.branch(step, options), settings);
  }

  /** The same initial weights again, as another run that waits. */
  async reset() {
    const { client, text } = this;
    return client !== null && this.start(askedSettings(client), text, { play: false });
  }

  /** The run that was left and this one change places. @returns {Promise<boolean>} */
  async swap() {
    const { left } = this;
    if (!left) return false;
    this.#overtake();
    this.left = null;
    await this.#take(left, false);
    return true;
  }

  /** Leaves the run as it is, with none in its place until another stands. */
  leave() {
    this.#overtake();
    this.#leave({ client: null, text: "", story: new Story(), id: newId(), state: null });
  }

  /** Ends the run; its worker is left to who opened it. */
  dispose() {
    this.#overtake();
    this.client?.dispose();
    this.#forgetLeft();
    this.client = null;
    this.#links.tidy();
    this.#setPlaying(false);
  }

  async play() {
    this.#setPlaying(this.client !== null);
    if (this.#playing) await this.#resume(); // unless who heard of it had it rest
  }

  async pause() {
    const paused = this.#ask((client) => client.pause()); // asked before anybody looks
    this.speed = null;
    this.pausing = true;
    this.#setPlaying(false);
    try {
      await paused;
    } finally {
      this.pausing = false;
    }
    this.#tell("report", { reports: [] });
  }

  async step() {
    if (this.#playing) await this.pause();
    await this.#ask((client) => client.step(1));
  }

  /**
   * Of the run on its way where there is one; should that fail, of the one that goes on.
   * @param {Record<string, any>} changes flat, of what may change in mid-training
   * @returns {Promise<boolean>} false when another overtook the one on its way
   */
  async configure(changes) {
    const fate = this.coming && (await this.coming.configure(changes));
    if (!fate || fate === "failed")
      await this.#ask(async (client) => {
        await client.configure(unflatten(changes));
        if (client === this.client) this.#tell("configure", { changes });
      });
    return fate !== "overtaken";
  }

  /**
   * @param {import("../../core/index.js").SampleOptions} sampling how it writes from now on
   * @param {import("../../core/index.js").SampleOptions} [next] and how the run on its way will
   */
  async sampleWith(sampling, next = sampling) {
    this.sampling = sampling;
    if (this.coming) this.coming.sampling = next;
    await this.#ask((client) => client.watch({ sample: sampling }));
  }

  /** A tab that is not seen does not train; it goes on where it was. @param {boolean} hidden */
  async setHidden(hidden) {
    this.#hidden = hidden;
    if (!this.#playing) return;
    if (hidden) await this.#ask((client) => client.pause());
    else await this.#resume();
  }

  /** The step at which the limit of epochs ends the run; that over, one as far again. */
  get until() {
    const { client, limits } = this;
    if (!client || !limits.epochs) return Infinity;
    const each = limits.epochs * client.windows;
    return (Math.floor(client.progress.step / each) + 1) * each;
  }

  /** @param {Partial<Run["limits"]>} limits */
  async limit(limits) {
    this.limits = { ...this.limits, ...limits };
    if (this.#playing) {
      await this.#ask((client) => client.pause()); // the limit is told from the step it really stands at
      if (this.#playing) await this.#resume();
    }
    this.#tell("report", { reports: [] });
  }

  async #resume() {
    if (this.#hidden || !this.client) return;
    this.ending = null;
    this.#waited = 0;
    await this.#ask((client) => client.run({ sample: this.sampling, until: this.until }));
  }

  /** Of the present run; that it ended meanwhile fails nobody. @param {(client: TrainerClient) => Promise<any>} work */
  async #ask(work) {
    try {
      if (this.client) await work(this.client);
    } catch (error) {
      if (/** @type {any} */ (error).code !== "disposed") throw error;
    }
  }

  /**
   * @param {boolean} play
   * @param {Omit<Standing, "client">} about
   * @param {(options: WorkerOptions) => Promise<TrainerClient>} make
   * @param {Record<string, any>} [settings] live ones, flat, in place of what make() gives it
   */
  async #replace(play, about, make, settings = {}) {
    const coming = new Coming(settings, about.sampling);
    this.#overtake();
    this.coming = coming;
    const progress = (/** @type {number} */ done) => this.coming === coming && this.#read(done);
    let client;
    try {
      const workers = threadsOf(this.#links.options.openLink !== undefined);
      client = await make({ workers, ...this.workerOptions, link: await this.open(), progress, signal: coming.signal });
      await coming.outfit(client);
    } catch (error) {
      client?.dispose();
      if (this.coming !== coming) return false; // its failure is nobody's any more
      this.#overtake("failed");
      throw error;
    }
    if (this.coming !== coming) {
      client.dispose();
      return false;
    }
    this.#overtake("stands");
    await this.#take({ ...about, sampling: coming.sampling, client }, play);
    return true;
  }

  /** What is on its way is so no more, and called off unless it is there. @param {import("./coming.js").Fate} [fate] */
  #overtake(fate = "overtaken") {
    const { coming } = this;
    this.coming = null;
    coming?.end(fate);
    this.#read(null);
  }

  /** @param {number | null} done null: nothing is read any more */
  #read(done) {
    if (this.reading === null && (done === null || done > SOON)) return;
    this.reading = done;
    this.#tell("reading");
  }

  /** @param {Standing} next @param {boolean} play */
  async #take(next, play) {
    this.#leave(next);
    const resumed = this.#listen(next.client) && play && this.#resume(); // the first step before what listeners ask
    this.#tell("run", { client: next.client });
    this.#setPlaying(play);
    await resumed;
    if (next.story.baselines) return;
    next.client.baselines().then(
      (baselines) => {
        next.story.baselines = baselines;
        if (this.client === next.client) this.#tell("evaluation");
      },
      () => {},
    ); // without a validation part there is nothing to compare with
  }

  /** @param {object} next what is in its place */
  #leave(next) {
    const { client, text, story, id, sampling, state } = this;
    this.#setPlaying(false);
    const left = client && this.#keeps && client.progress.step > 0 && { client, text, story, id, sampling, state };
    if (left) {
      this.#forgetLeft();
      this.left = left;
      left.client.pause().catch(() => {});
    } else client?.dispose();
    Object.assign(this, next);
    this.#links.tidy();
    this.speed = this.ending = null;
    this.#waited = 0;
    if (left) this.#tell("left", { run: left });
  }

  #forgetLeft() {
    if (this.left) this.#tell("forgotten");
    this.left?.client.dispose();
    this.left = null;
  }

  /** @param {boolean} playing */
  #setPlaying(playing) {
    if (this.#playing === playing) return;
    this.#playing = playing;
    this.#tell("running");
  }

  /** @type {WeakSet<TrainerClient>} those that are listened to */
  #heard = new WeakSet();

  /** @param {TrainerClient} client */
  #listen(client) {
    if (this.#heard.has(client)) return true; // it was left and is back
    this.#heard.add(client);
    const story = this.story;
    /** @param {string} name @param {(detail: any) => void} note */
    const on = (name, note) =>
      client.addEventListener(name, (event) => {
        const { detail } = /** @type {CustomEvent} */ (event);
        const present = this.client === client;
        if (!present && name !== "report" && name !== "evaluation") return;
        note(detail);
        if (present) this.#tell(name, detail);
      });
    on("report", ({ reports, speed }) => {
      story.add(reports);
      if (this.client === client) this.speed = this.#playing ? speed : null;
    });
    on("evaluation", (measure) => {
      const before = story.best;
      story.history.evaluate(measure);
      if (this.client !== client) return;
      this.#waited = !before || measure.loss < before.loss ? 0 : this.#waited + 1;
      const { patience } = this.limits;
      const judged = client.validationTargets >= FEWEST_JUDGED;
      if (this.#playing && patience && judged && this.#waited >= patience) this.#endAtBest();
    });
    on("sample", (sample) => {
      if (!sample.error) story.write(sample);
    });
    on("stopped", ({ step, ended }) => {
      this.ending = ended ? { step, ended } : null;
      this.#setPlaying(false);
    });
    on("crashed", () => {
      this.#forgetLeft();
      this.client = null;
      this.#links.drop();
      this.#setPlaying(false);
    });
    return true;
  }

  /** Nothing better has come for long: it stops where it is, and what did best is still kept. */
  async #endAtBest() {
    await this.pause();
    const step = this.at;
    this.ending = { step, ended: "patience" };
    this.#tell("stopped", { step, ended: "patience", best: this.story.best });
  }

  /** @param {string} name @param {object} [detail] */
  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
