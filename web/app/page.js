/**
 * The page as a whole: what everything on it is given, and what each change leads to.
 *
 * That is `run` (its client and story), `moment` (the one that everything shows), `work` (what holds the cores),
 * `actions` (what a reader does), `reader` (where they look), `held` (what they switch off), `state`, `strings`,
 * `format`.
 * Events: "build" when all was made anew, in a new language for one; "figures" when one was opened; "probe" when another
 * text is looked into; "theme" when colours changed; "failed" {code, message} when an error was told.
 */
import { CELLS } from "../core/cells.js";
import { Actions } from "./actions.js";
import { Held } from "./inside/held.js";
import { Reader } from "./inside/reader.js";
import { Opening } from "./opening.js";
import { Panels } from "./panels.js";
import { Moment } from "./run/moment.js";
import { Run } from "./run/run.js";
import { Work } from "./run/work.js";
import { advise } from "./settings/advice.js";
import { Failures } from "./shell/failures.js";
import { format } from "./shell/format.js";
import { Notices } from "./shell/notices.js";
import { unasked } from "./shell/unasked.js";
import { State } from "./state.js";
import { chooseLanguage, en, loadStrings } from "./strings/index.js";
import { instead, spoken } from "./strings/tokens.js";
import { TEXTS } from "./text/texts.js";

export class Page extends EventTarget {
  reader = new Reader();
  /** @type {import("./strings/index.js").Language} */
  language = "en";
  /** @type {import("./strings/index.js").Strings} */
  strings = en;
  format = format;
  /** What keeps runs, on the site. @type {import("./keep/shelf.js").Shelf | null} */
  shelf = null;
  /** @type {Notices} */ notices = new Notices(en.notice);
  /** @type {import("./dock/dock.js").Dock} */ dock = /** @type {any} */ (null);
  /** @type {import("./inside/probetext.js").ProbeText} */ probe = /** @type {any} */ (null);
  #root;
  #opening = new Opening(this);

  /**
   * @param {HTMLElement} root is filled
   * @param {{assets: URL | string, worker?: import("./run/run.js").WorkerOptions, views?: string[] | null,
   *   run?: Run, state?: State}} options
   *   views: the figures that a demo in somebody else's page shows; null: all, behind tabs; run and state: of another,
   *   who ends them
   */
  constructor(root, { assets, worker = {}, views = null, run, state = new State() }) {
    super();
    this.#root = root;
    this.assets = assets;
    this.run = run ?? new Run(worker, this.isSite);
    this.state = state;
    this.panels = new Panels(this, views);
    this.work = new Work(this.run);
    this.moment = new Moment(this.run, () => this.panels.wanted);
    this.held = new Held(this);
    this.actions = new Actions(this);
    this.failures = new Failures(this, (unknown) => this.actions.dropUnknown(unknown));
    this.#listen();
  }

  get root() {
    return this.#root;
  }

  /** Whether this is the site's own page, not a demo in somebody else's. */
  get isSite() {
    return this.#root === document.body;
  }

  /** Whether a run is on its way, and there is none yet. */
  get opening() {
    return this.#opening.pending;
  }

  /** What a token is in the network that learns. */
  get tokens() {
    return /** @type {string} */ ((this.run.client?.settings ?? this.state.settings).tokens);
  }

  /** Whether the network that learns carries a state; attention does not. */
  get carries() {
    const { cell } = this.run.client?.settings ?? this.state.settings;
    return CELLS[/** @type {import("../core/cells.js").CellName} */ (cell)].carries;
  }

  /** What the words of the figures hang on. */
  get kind() {
    return `${this.tokens} ${this.carries}`;
  }

  /** The words of the figures, which speak of tokens where those are no characters, and of what attention is. */
  get tokenStrings() {
    return this.stringsOf(this.carries);
  }

  /** The same of another network on this text. @param {boolean} carries @param {object} [more] words beside them */
  stringsOf(carries, more) {
    const all = { ...this.strings, ...more };
    return spoken(carries ? all : instead(all, all.attention), this);
  }

  /** Why the network that learns does not have what a figure shows; "" where it has. @param {string} figure */
  lacks(figure) {
    /** @type {Record<string, string>} */ const all = this.tokenStrings.attention.lacks;
    return this.carries ? "" : (all[figure] ?? "");
  }

  /** Characters in a window of training. */
  get window() {
    return this.run.client?.settings.seqLen ?? 0;
  }

  /** @param {string} hash @param {import("./opening.js").Options} [options] */
  open(hash, options) {
    return this.#opening.open(hash, options);
  }

  /** Shows a run that stands already. */
  join() {
    return this.#opening.join();
  }

  /** Another address of this page. @param {string} hash */
  follow(hash) {
    return this.#opening.follow(hash);
  }

  /** Ends the run and empties the root. */
  dispose() {
    this.#opening.end();
    this.work.stop();
    this.panels.close();
    this.run.dispose();
    this.#root.replaceChildren();
  }

  #listen() {
    const { run, moment, work, panels, failures, state } = this;
    run.addEventListener("run", () => panels.takeRun());
    run.addEventListener("evaluation", () => this.#askPlaces());
    for (const name of ["report", "running", "evaluation", "reading", "stopped"])
      run.addEventListener(name, () => panels.showBar());
    state.addEventListener("change", (event) => {
      if ("probe" in /** @type {CustomEvent} */ (event).detail) this.#lookInto(state.probe ?? "");
    });
    work.addEventListener("change", () => panels.showBar());
    moment.addEventListener("change", () => panels.draw());
    moment.addEventListener("failed", (event) => this.#momentFailed(/** @type {CustomEvent} */ (event).detail.error));
    run.addEventListener("stopped", (event) => failures.tellStop(/** @type {CustomEvent} */ (event).detail));
    run.addEventListener("crashed", (event) => {
      failures.tellCrash(/** @type {CustomEvent} */ (event).detail.error);
      panels.showBar();
    });
  }

  // ---- What the reader does to the page

  /** Takes the language of the state. */
  async speak() {
    this.language = chooseLanguage(this.state.lang);
    this.strings = await loadStrings(this.language);
    this.notices.strings = this.strings.notice;
  }

  /** @param {{lang?: string, theme?: string}} changes */
  async look(changes) {
    this.state.set(changes);
    if (!changes.lang) return this.recolour();
    await this.speak();
    await this.panels.build();
    /** @type {HTMLElement | null} */ (this.#root.querySelector("#u-lang"))?.focus();
  }

  /** @param {File | undefined} file */
  readFile(file) {
    this.panels.readFile(file);
  }

  /** Other views of a demo. @param {string[]} views */
  stack(views) {
    return this.panels.stack(views);
  }

  /** Brings a figure of the dock into view. @param {string} name */
  show(name) {
    return this.dock.show(name);
  }

  /** A value that goes with another setting is proposed. @param {string} name of the setting that was changed */
  advise(name) {
    advise(this, name);
  }

  /** After a change of colours. */
  recolour() {
    this.dispatchEvent(new Event("theme"));
    this.panels.recolour();
  }

  /** The settings and the text's name as they are now, where they are shown. */
  showSettings() {
    this.panels.showSettings();
  }

  /** @param {string} prompt */
  showPrompt(prompt) {
    this.panels.showPrompt(prompt);
  }

  /** @param {string} text the reader's, or "" for a piece of the text that is held back */
  #lookInto(text) {
    if (!this.probe?.take(text)) return;
    this.run.story.lags = [];
    this.dispatchEvent(new Event("probe"));
    this.moment.look({ now: true });
  }

  /** Whether it has the memory that a made text needs. */
  #askPlaces() {
    const { client } = this.run;
    if (!client || !TEXTS[this.state.textName]?.made) return;
    unasked(async () => {
      const { askPlaces } = await import("./text/places.js");
      const asked = await askPlaces(client, this.state.textName);
      if (asked && this.run.client === client) this.panels.showPlaces(asked, client.progress.step);
    });
  }

  // ---- What fails

  /** @param {any} error */
  #momentFailed(error) {
    if (error.code === "disposed") return;
    this.panels.showBar(); // it waits no more
    if (error.code === "no-snapshot") return void this.attempt(() => this.actions.travel(null)); // thinned out meanwhile
    this.failures.tell(error, "inside");
  }

  /**
   * Does what a figure asks, and says so if it fails, unless the run it was asked of is gone.
   * @param {() => Promise<any>} work
   */
  attempt(work) {
    return this.try(
      () =>
        work().catch((error) => {
          if (error.code !== "disposed") throw error;
        }),
      "inside",
    );
  }

  /** @param {() => Promise<any> | any} work @param {string} [about] */
  async try(work, about) {
    try {
      await work();
    } catch (error) {
      this.failures.tell(error, about);
    }
  }
}
