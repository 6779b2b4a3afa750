/**
 * The page as a whole: what it is made of, the link it opens, and how what the run tells comes to be shown.
 *
 * It is what everything on it is given: `run` (its client and story), `moment` (the one that everything shows), `work`
 * (what holds the cores), `actions` (what a reader does), `reader` (where they look), `state`, `strings`, `format`.
 * Events: "build" when all was made anew, in a new language for one; "figures" when one was opened; "probe" when another
 * text is looked into; "theme" when colours changed; "failed" {code, message} when an error was told.
 */
import { Actions } from "./actions.js";
import { Dock } from "./dock/dock.js";
import { Hero } from "./inside/hero.js";
import { ProbeText } from "./inside/probetext.js";
import { Reader } from "./inside/reader.js";
import { SamplePanel } from "./progress/sample.js";
import { Moment } from "./run/moment.js";
import { Run } from "./run/run.js";
import { Work } from "./run/work.js";
import { advise } from "./settings/advice.js";
import { Controls } from "./settings/controls.js";
import { Bar } from "./shell/bar.js";
import { Failures } from "./shell/failures.js";
import { fill, h } from "./shell/dom.js";
import { makeFormat } from "./shell/format.js";
import { frame, lay } from "./shell/layout.js";
import { masthead } from "./shell/masthead.js";
import { Notices } from "./shell/notices.js";
import { Sheet } from "./shell/sheet.js";
import { unasked } from "./shell/unasked.js";
import { State } from "./state.js";
import { chooseLanguage, en, loadStrings } from "./strings/index.js";
import { inTokens } from "./strings/tokens.js";
import { TextPanel } from "./text/textpanel.js";
import { askPlaces } from "./text/places.js";
import { TEXTS, loadText } from "./text/texts.js";

export class Page extends EventTarget {
  reader = new Reader();
  /** @type {import("./strings/index.js").Language} */
  language = "en";
  /** @type {import("./strings/index.js").Strings} */
  strings = en;
  format = makeFormat("en");
  /** What keeps runs, on the site. @type {import("./keep/shelf.js").Shelf | null} */
  shelf = null;
  /** Whether a run is on its way, and there is none yet. */
  opening = true;
  /** @type {Notices} */ notices = new Notices(en.notice);
  #root;
  #views;
  #openings = 0; // links that were opened
  /** @type {any} the panels by name */ #parts = {};
  #spoken = "char"; // what the figures call a token
  /** A sample that cannot be written, as it was asked. @type {object | null} */ #refused = null;

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
    this.#views = views;
    this.assets = assets;
    this.run = run ?? new Run(worker, this.isSite);
    this.state = state;
    this.work = new Work(this.run);
    this.moment = new Moment(this.run, () => this.#wanted);
    this.actions = new Actions(this);
    /** @type {Dock} */ this.dock = /** @type {any} */ (null);
    /** @type {ProbeText} */ this.probe = /** @type {any} */ (null);
    this.failures = new Failures(this, (unknown) => this.actions.dropUnknown(unknown));
    this.#listen();
  }

  /**
   * Another address of this page: where only what is looked at differs, the run goes on.
   * @param {string} hash
   */
  async follow(hash) {
    const before = await this.state.runLink();
    const [next, problems] = await State.of(hash);
    if (problems.length || (await next.runLink()) !== before) return this.open(hash);
    this.state.set({ view: next.view, lesson: next.lesson });
    await this.dock.show(next.view);
  }

  get root() {
    return this.#root;
  }

  /** Whether this is the site's own page, not a demo in somebody else's. */
  get isSite() {
    return this.#root === document.body;
  }

  /** What a token is in the network that learns. */
  get tokens() {
    return /** @type {string} */ ((this.run.client?.settings ?? this.state.settings).tokens);
  }

  /** The words of the figures, which speak of tokens where those are no characters. */
  get tokenStrings() {
    return this.tokens === "char" ? this.strings : inTokens(this.strings);
  }

  /** Characters in a window of training. */
  get window() {
    return this.run.client?.settings.seqLen ?? 0;
  }

  /**
   * Takes a link's part behind "#" and begins to learn.
   * @param {string} hash
   * @param {{play?: boolean, words?: string, first?: () => Promise<boolean>}} [options]
   *   words: the text, where the caller has it; first: asked whether there is something to be offered before
   */
  async open(hash, { play = true, words, first = async () => false } = {}) {
    const opening = ++this.#openings;
    const problems = await this.state.read(hash);
    if (opening !== this.#openings) return; // another link was opened meanwhile
    const { text } = this.state;
    const waits = text.kind === "hash" && words === undefined;
    this.run.useCore(this.state.core);
    this.run.open().catch(() => {}); // begin() tells of a failure
    if (words !== undefined) this.state.setOwnText(words);
    const loading = waits
      ? null
      : Promise.resolve(
          words ?? (text.kind === "inline" ? text.text : loadText(/** @type {any} */ (text).name, this.assets)),
        );
    const offered = first();
    loading?.catch(() => {}); // told below
    await this.#speak();
    await frame();
    if (opening !== this.#openings) return;
    this.opening = !waits;
    const built = this.#build();
    if (problems.length) this.failures.showLink(problems);
    this.actions.awaited = waits ? text : null;
    try {
      if (loading) {
        const learnt = await loading;
        const wait = await offered;
        if (opening === this.#openings) await this.actions.begin(learnt, play && !wait); // the rest is laid out meanwhile
      } else if (text.kind === "hash") this.#askForText(text.bytes);
    } catch (error) {
      this.failures.tell(error);
    }
    if (opening === this.#openings) this.opening = false;
    await built;
    this.#showBar();
  }

  /** Shows a run that stands already. */
  async join() {
    const opening = ++this.#openings;
    this.opening = false;
    await this.#speak();
    await frame();
    if (opening === this.#openings) await this.#build();
  }

  /** Ends the run and empties the root. */
  dispose() {
    this.#openings++; // one that is under way is overtaken
    this.work.stop();
    this.#closeParts();
    this.run.dispose();
    this.#root.replaceChildren();
  }

  // ---- Building

  /** Takes the language of the state. */
  async #speak() {
    this.language = chooseLanguage(this.state.lang);
    this.format = makeFormat(this.language);
    this.strings = await loadStrings(this.language);
    this.notices.strings = this.strings.notice;
  }

  /** Makes all panels and shows the run in them, a part of the page in each frame. */
  async #build() {
    const { state, strings, format, actions } = this;
    const draft = this.#parts.text?.draft ?? "";
    const attempt = (/** @type {() => any} */ work) => () => this.attempt(async () => work());
    this.#closeParts();
    this.probe = new ProbeText(strings.inside, { chosen: state.probe }, (text) => this.#takeProbe(text));
    const hero = h("section", { class: "hero", "aria-label": strings.unrolled.title });
    const parts = {
      masthead: masthead(strings.page, state, (changes) => this.#look(changes)),
      bar: new Bar(this, {
        toggle: attempt(() => actions.toggle()),
        step: attempt(() => actions.step()),
        reset: attempt(() => actions.reset()),
        travel: (step) => this.attempt(async () => actions.travel(step)),
        branch: attempt(() => actions.branch()),
        settings: () => this.#parts.sheet.toggle(),
      }),
      hero,
      probe: this.probe.element,
      sample: new SamplePanel(
        strings.sample,
        format,
        { prompt: actions.prompt, temperature: state.temperature },
        (changes) => actions.resample(changes),
      ),
      text: new TextPanel(strings.text, format, {
        sample: (name) => actions.takeSample(name),
        own: (text, cut) => actions.takeText(text, cut),
        failed: (error) => this.failures.tell(error, "text"),
      }),
      controls: new Controls(strings, state.settings, (name, value) => actions.change(name, value)),
      sheet: new Sheet(strings.controls),
    };
    parts.text.draft = draft;
    this.#parts = parts;
    this.dock = new Dock(this, this.#views);
    this.dock.addEventListener("figures", () => this.dispatchEvent(new Event("figures")));
    this.dock.addEventListener("choose", (event) =>
      this.dispatchEvent(new CustomEvent("view", { detail: { view: /** @type {CustomEvent} */ (event).detail.name } })),
    );
    this.#showBar();
    if (!(await lay(this, parts, () => this.#parts === parts))) return;
    this.#spoken = this.tokens;
    if (!this.#views || this.#views.includes("unrolled")) this.#openHero();
    this.#showRun();
    this.moment.look({ now: true }); // what was seen before there was anything to show it may not be enough
    await this.dock.show(state.view);
    this.dispatchEvent(new Event("build"));
  }

  #openHero() {
    const { hero } = this.#parts;
    this.#parts.unrolled?.close();
    hero.replaceChildren(h("h2", { class: "sr" }, this.strings.page.network));
    this.#parts.unrolled = new Hero(hero, this);
  }

  #closeParts() {
    this.dock?.close();
    this.#parts.unrolled?.close();
    this.probe?.dispose();
  }

  #listen() {
    const { run, moment, work } = this;
    run.addEventListener("run", () => this.#takeRun());
    run.addEventListener("evaluation", () => this.#askPlaces());
    for (const name of ["report", "running", "evaluation"]) run.addEventListener(name, () => this.#showBar());
    work.addEventListener("change", () => this.#showBar());
    moment.addEventListener("change", () => this.#draw());
    moment.addEventListener("failed", (event) => this.#momentFailed(/** @type {CustomEvent} */ (event).detail.error));
    run.addEventListener("stopped", (event) => this.failures.tellStop(/** @type {CustomEvent} */ (event).detail));
    run.addEventListener("crashed", (event) => {
      this.failures.tellCrash(/** @type {CustomEvent} */ (event).detail.error);
      this.#showBar();
    });
  }

  // ---- What the reader does to the page

  /** @param {{lang?: string, theme?: string}} changes */
  async #look(changes) {
    this.state.set(changes);
    if (!changes.lang) return this.recolour();
    await this.#speak();
    await this.#build();
    /** @type {HTMLElement | null} */ (this.#root.querySelector("#u-lang"))?.focus();
  }

  /** @param {string} text to look into: the reader's, or "" for a piece of the text that is held back */
  #takeProbe(text) {
    this.state.set({ probe: text || undefined, cursor: undefined });
    this.run.story.lags = [];
    this.dispatchEvent(new Event("probe"));
    this.moment.look({ now: true });
  }

  /** @param {File | undefined} file */
  readFile(file) {
    return this.#parts.text.read(file);
  }

  /** Other views of a demo. @param {string[]} views */
  stack(views) {
    this.#views = views;
    if (views.includes("unrolled") && !this.#parts.unrolled) this.#openHero();
    return this.dock.stack(views);
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
    this.#parts.unrolled?.recolour();
    this.dock?.recolour();
  }

  // ---- Drawing

  /** What of a moment is shown. */
  get #wanted() {
    const { text } = this.probe ?? { text: "" };
    const wants = [this.#parts.unrolled?.wants ?? {}, this.dock?.wants ?? {}];
    const flags = Object.fromEntries(wants.flatMap((each) => Object.entries(each).filter(([, on]) => on)));
    return { text, sample: this.run.sampling, ...flags };
  }

  /** A run stands: the text that is looked into is of it. */
  #takeRun() {
    const { client, text } = this.run;
    if (client) this.probe?.show(text, client);
    this.#showRun();
    if (client && this.#spoken !== this.tokens && this.#parts.controls) {
      if (this.#parts.unrolled) this.#openHero(); // figures speak of what a token is
      this.dock.renew();
    }
    this.#spoken = this.tokens;
  }

  #showRun() {
    const { client, text } = this.run;
    if (client && this.probe) {
      this.probe.show(text, client);
      this.#parts.text.show(this.state.textName, text, client.vocabulary.length, client.settings.tokens);
    }
    this.showSettings();
    this.#draw();
  }

  /** Whether it has the memory that a made text needs. */
  #askPlaces() {
    const { client } = this.run;
    if (!client || !TEXTS[this.state.textName]?.made) return;
    unasked(async () => {
      const asked = await askPlaces(client, this.state.textName);
      if (asked && this.run.client === client) this.#parts.text.showPlaces(asked, client.progress.step);
    });
  }

  /** Everything, of one moment. */
  #draw() {
    const { seen } = this.moment;
    const { sample, unrolled } = this.#parts;
    if (!sample) return;
    this.#tellSample(seen);
    sample.draw(seen, this.run.story.samples);
    unrolled?.draw(seen);
    this.dock.draw();
    this.#showBar();
    this.dispatchEvent(new Event("moment"));
  }

  /** Why it cannot write, once for what it was asked. @param {import("./run/moment.js").Seen | null} seen */
  #tellSample(seen) {
    const { sampling } = this.run;
    if (!seen?.sample || !("error" in seen.sample) || this.#refused === sampling) return;
    this.#refused = sampling;
    this.failures.tell(seen.sample.error, "sample");
  }

  #showBar() {
    this.#parts.bar?.show();
  }

  /** The settings as they are now, where they are shown. */
  showSettings() {
    const { state, run, strings } = this;
    if (!this.#parts.controls) return;
    this.#parts.controls.show(state.settings, run.client?.settings);
    const { cell, hidden } = run.client?.settings ?? state.settings;
    this.#parts.bar.name(
      fill(strings.bar.chip, {
        text: /** @type {any} */ (strings.text)[state.textName],
        cell: cell.toUpperCase(),
        hidden,
      }),
    );
  }

  /** @param {string} prompt */
  showPrompt(prompt) {
    this.#parts.sample?.setPrompt(prompt);
  }

  // ---- What fails

  /** @param {number} bytes of a text that the link does not carry */
  #askForText(bytes) {
    const { strings, format, actions } = this;
    this.notices.show(fill(strings.notice.needText, { bytes: format.integer(bytes) }), {
      about: "text",
      action: { label: strings.notice.useSample, run: () => actions.takeSample(Object.keys(strings.text)[0]) },
    });
    this.#parts.sheet?.open();
  }

  /** @param {any} error */
  #momentFailed(error) {
    if (error.code === "disposed") return;
    if (error.code === "no-snapshot") return void this.moment.go(null); // it was thinned out meanwhile
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
