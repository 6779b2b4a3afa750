/**
 * <unrolled-demo>: a network that learns, inside any page, in a shadow tree of its own: styles stay out but for the
 * `--u-…` properties and `::part(…)`.
 *
 *   attributes   every setting (`cell`, `units`, `seq-len`, `seed` …), `text` or the element's content, `sample`, `probe`,
 *                `lesson` (an experiment alone), `views`, `hide`, `preset`, `autoplay`, `lang`, `theme`, `height`, `caption`: see options.js
 *   properties   the same in camel case (`seqLen`), as frameworks set them: a number, true, a list, or text;
 *                `trainer` (a TrainerClient, null before the start), `state`
 *   methods      start() pause() step() reset(), each a promise
 *   events       unrolled-ready {settings, vocabulary}, unrolled-step (the last step's report), unrolled-running (the
 *                state) when it starts, rests or has ended, unrolled-error {code, message}; they bubble
 *   slots        `still`: what stands there where WebAssembly is missing; without a script it is simply seen
 *
 * It shows what `views` names and a slim line to run it by. It loads when it comes near the window, trains while it is
 * seen, and leaves nothing behind when it is removed.
 */
import { supportedVariants } from "../core/wasm/module.js";
import { mountLearn } from "../app/lessons/learn.js";
import { Page } from "../app/page.js";
import { Notices } from "../app/shell/notices.js";
import { en } from "../app/strings/index.js";
import { TEXTS, loadText } from "../app/text/texts.js";
import { Bar } from "./demo/bar.js";
import { stillPicture, textInside } from "./demo/content.js";
import { Ground } from "./demo/ground.js";
import { linkOf } from "./demo/link.js";
import { lend, Network, VARIANT } from "./demo/network.js";
import { reflect, takeEarly, takeHidden } from "./demo/properties.js";
import { sayFailed, sayRefused } from "./demo/say.js";
import { caption, choose, dress, fit } from "./demo/shown.js";
import { languageAt, wordsOf } from "./demo/words.js";
import { ATTRIBUTES, readAttributes, readOptions } from "./options.js";

/** @import { UnrolledError } from "../core/errors.js" */
/** @import { Options, Problem } from "./options.js" */
/** @import { DemoState } from "./protocol.js" */

const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class UnrolledDemo extends Base {
  static observedAttributes = [...ATTRIBUTES.keys()];

  /** @type {Page | null} */ #page = null;
  /** @type {Bar | null} */ #bar = null;
  /** @type {ReturnType<typeof mountLearn> | null} */ #lesson = null;
  /** Where it says what it could not take. @type {Notices | null} */ #notices = null;
  #ground = new Ground(this);
  /** Another's as well, where it was told so. */ #network = new Network();
  /** Ends what its page listens to, and what is loaded for it. */ #lent = new AbortController();
  /** @type {Promise<void> | null} */ #opening = null;
  /** @type {string | undefined} */ #text;
  #shown = false;
  /** Whether it shows what its options said before. */ #stale = false;
  /** @type {boolean | null} whether it is to train; null: as `autoplay` says */ #wanted = null;
  /** Names of options that were changed and not yet taken. @type {Set<string>} */ #changed = new Set();
  /** @type {IntersectionObserver | null} */ #watching = null;
  #listening = new AbortController();
  /** What is to be said of the options once there is a place for it. @type {(Problem | UnrolledError)[]} */
  #refused = [];

  connectedCallback() {
    if (this.#watching) return this.#ground.look(); // it was moved
    if (!this.shadowRoot) {
      dress(this, this.attachShadow({ mode: "open" }));
      takeEarly(this);
    }
    this.#drawStill();
    this.#watching = new IntersectionObserver((entries) => {
      this.#shown = /** @type {IntersectionObserverEntry} */ (entries.at(-1)).isIntersecting;
      this.#see();
    });
    this.#watching.observe(this);
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("visibilitychange", () => this.#see(), { signal });
    this.#ground.watch(() => this.#recolour(), signal);
  }

  adoptedCallback() {
    if (this.shadowRoot) dress(this, this.shadowRoot);
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#leave()); // an element that is only moved goes on
  }

  /** @param {string} attribute @param {string | null} before @param {string | null} now */
  attributeChangedCallback(attribute, before, now) {
    if (attribute === "hidden" && !takeHidden(this, before, now)) return;
    if (before === now || !this.#opening) return;
    this.#change(/** @type {string} */ (ATTRIBUTES.get(attribute)));
  }

  /** The text that is learnt: this property, or the `text` attribute, or what stands inside the element. */
  get text() {
    return this.#text ?? this.getAttribute("text") ?? textInside(this);
  }

  set text(text) {
    this.#text = text ?? undefined;
    if (this.#opening) this.#change("text");
  }

  /** The run's client, with the trainer's methods as promises; null before it is loaded. */
  get trainer() {
    return this.#page?.run.client ?? null;
  }

  /** @returns {DemoState} */
  get state() {
    const { client, report, running = false } = this.#page?.run ?? {};
    return { step: client?.progress?.step ?? 0, epoch: report?.epoch ?? 0, loss: report?.loss ?? NaN, running };
  }

  /** Trains from now on, whenever it is seen. */
  async start() {
    this.#wanted = true;
    await this.#open();
    await this.#page?.run.play();
  }

  async pause() {
    this.#wanted = false;
    await this.#page?.run.pause();
    await this.#opening; // at whose end a run may begin
    if (this.#wanted === false && this.state.running) await this.#page?.run.pause();
  }

  /** One update. */
  async step() {
    this.#wanted = false;
    await this.#open();
    await this.#page?.run.step();
  }

  /** Back to the same initial weights, paused. */
  async reset() {
    this.#wanted = false;
    await this.#open();
    await this.#page?.actions.reset();
  }

  /** Shows a network that others may show as well. @param {object} network of network.js */
  share(network) {
    this.#network = /** @type {Network} */ (network);
  }

  /** Says, once it is there, what else could not be taken. @param {readonly (Problem | UnrolledError)[]} problems */
  refuse(problems) {
    this.#refused.push(...problems);
    this.#tellRefused([]);
  }

  // ---- Seen or not

  #see() {
    const seen = this.#shown && !document.hidden;
    if (seen) this.#ground.look();
    if (seen) this.#open();
    if (this.#page) this.#network.show(this, seen);
    this.#lesson?.setHidden(!seen);
  }

  async #open() {
    if (!this.isConnected) return; // it is asked again when it is seen
    if (this.#stale) this.#close();
    this.#opening ??= this.#load();
    await this.#opening;
  }

  async #load() {
    if (!supportedVariants().includes(VARIANT)) return;
    const { signal } = (this.#lent = new AbortController());
    if (document.readyState === "loading")
      await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
    if (signal.aborted) return;
    const options = this.#options;
    const frame = document.createElement("div");
    const body = document.createElement("div");
    frame.className = "demo body u-waiting";
    frame.part.add("demo");
    body.className = "stack";
    frame.append(body);
    this.shadowRoot?.append(frame);
    this.#ground.dress();
    if (options.lesson) return this.#teach(options, frame, body);
    const network = this.#network;
    const lent = { run: lend(network.run, signal), state: lend(network.state, signal) };
    const page = new Page(body, { assets: document.baseURI, views: options.views, ...lent });
    this.#page = page;
    this.#listen(page, frame);
    network.show(this, this.#shown && !document.hidden);
    await this.#begin(page, options);
    if (signal.aborted) return;
    frame.classList.remove("u-waiting");
    if (frame.classList.contains("u-failed")) this.#drawStill(frame);
    else this.#ground.put(frame);
    this.#recolour();
    this.#notices = page.notices;
    this.#tellRefused(options.problems);
  }

  /** Colours are read where the element stands. */
  #recolour() {
    this.#ground.dress();
    this.#page?.recolour();
    this.#lesson?.recolour();
  }

  /** Tells the network what to learn, unless it is learning that. @param {Page} page @param {Options} options */
  async #begin(page, options) {
    const network = this.#network;
    const link = linkOf(options, languageAt(this));
    const told = `${linkOf({ ...options, hold: undefined }, languageAt(this))}\n${this.text ?? ""}`;
    if (network.told === told && network.run.client) {
      if (options.hold !== undefined) network.state.set({ hold: options.hold });
      return page.join();
    }
    network.told = told;
    await page.open(link, { play: this.#wanted ?? options.autoplay, words: this.text });
  }

  /** @param {Page} page @param {HTMLElement} frame */
  #listen(page, frame) {
    const { run } = page;
    /** @type {(target: EventTarget, name: string, act: (detail: any) => void) => void} */
    const on = (target, name, act) =>
      target.addEventListener(name, (event) => this.#page === page && act(/** @type {CustomEvent} */ (event).detail));
    const draw = () => {
      const failed = frame.classList.contains("u-failed");
      if (failed && run.client) {
        frame.classList.remove("u-failed");
        this.#ground.put(frame);
      }
      this.#bar?.draw(run, failed);
    };
    for (const name of ["build", "figures"]) on(page, name, () => this.#choose(page, frame));
    for (const name of ["run", "report", "running", "restored", "stopped", "crashed"]) on(run, name, draw);
    on(run, "run", () => {
      const { settings, vocabulary } = /** @type {NonNullable<UnrolledDemo["trainer"]>} */ (this.trainer);
      this.#tell("ready", { settings, vocabulary });
    });
    on(run, "report", () => run.report && this.#tell("step", run.report));
    on(run, "running", () => this.#tell("running", this.state));
    on(page, "failed", (error) => {
      if (!run.client && !run.text) frame.classList.add("u-failed");
      draw();
      this.#fail(page.notices, error);
    });
  }

  /** @param {Notices} notices @param {any} error */
  async #fail(notices, error) {
    this.#tell("error", await sayFailed(notices, error, languageAt(this)));
  }

  /** An experiment alone. @param {Options} options @param {HTMLElement} frame @param {HTMLElement} body */
  #teach(options, frame, body) {
    const notices = new Notices(en.notice);
    const takePlace = async () => {
      try {
        return await this.#network.takePlace();
      } catch (error) {
        this.#fail(notices, error);
        throw error;
      }
    };
    body.className = "lessons";
    frame.prepend(notices.element);
    this.#lesson = mountLearn(body, /** @type {string} */ (options.lesson), {
      language: languageAt(this),
      worker: { openLink: takePlace },
      readSample: (sample) => loadText(sample, document.baseURI),
      readerText: () => this.text ?? null,
      openLab: null,
      go: null,
    });
    frame.classList.remove("u-waiting");
    fit(frame, options, languageAt(this));
    caption(frame, options);
    this.#ground.put(frame);
    this.#lesson.setHidden(!this.#shown || document.hidden);
    this.#notices = notices;
    this.#tellRefused(options.problems);
  }

  /** Begins anew with other options, now or when it is seen again. @param {boolean} [asked] whether it is said if it is to train */
  async #reopen(asked = false) {
    const { run } = this.#page ?? {};
    if (asked) this.#wanted = null;
    else if (run?.client) this.#wanted = run.running;
    this.#stale = true;
    if (this.#shown) await this.#open();
  }

  #close() {
    this.#lent.abort();
    this.#page?.dispose();
    this.#lesson?.dispose();
    this.#network.leave(this);
    this.#stale = false;
    this.#page = this.#lesson = this.#notices = this.#opening = this.#bar = null;
  }

  #leave() {
    this.#close();
    this.#watching?.disconnect();
    this.#watching = null;
    this.#listening.abort();
    this.#wanted = null;
    this.#drawStill();
  }

  // ---- What is shown

  /** Shows what the author asks for, under it the line to run it by. @param {Page} page @param {HTMLElement} frame */
  #choose(page, frame) {
    const options = this.#options;
    const { run, strings, format } = page;
    const language = languageAt(this);
    frame.replaceChildren(page.root);
    this.#bar = new Bar(strings, wordsOf(language), format, {
      toggle: () => page.attempt(() => (run.running ? run.pause() : run.play())),
      step: () => page.attempt(() => run.step()),
      reset: () => page.attempt(() => page.actions.reset()),
    });
    this.#bar.draw(run, frame.classList.contains("u-failed"));
    if (!options.hide.includes("transport")) frame.append(this.#bar.element);
    fit(frame, options, language);
    caption(frame, options);
    choose(page, frame, options);
  }

  // ---- Options

  get #options() {
    return readOptions(readAttributes(this), Object.keys(TEXTS));
  }

  /** @param {string} name of an option that is another now */
  #change(name) {
    if (!this.#changed.size) queueMicrotask(() => this.#takeChanges()); // set in one go, they are one change
    this.#changed.add(name);
  }

  async #takeChanges() {
    const [page, options, changed] = [this.#page, this.#options, [...this.#changed]];
    this.#changed.clear();
    if (this.#lesson) return changed.includes("lesson") ? this.#reopen() : this.#takeInLesson(options, changed);
    if (!page) return;
    const anew = (/** @type {string} */ name) => ![...SHOWN_ANEW, "autoplay", "theme", "hold"].includes(name);
    if (changed.some(anew)) return this.#reopen(changed.includes("autoplay"));
    if (changed.includes("autoplay")) await (options.autoplay ? this.start() : this.pause());
    if (changed.includes("theme")) this.#recolour();
    if (changed.includes("hold")) page.state.set({ hold: options.hold ?? "" });
    if (changed.some((name) => SHOWN_ANEW.includes(name))) {
      await page.stack(options.views);
      this.#choose(page, /** @type {HTMLElement} */ (page.root.parentElement));
    }
    this.#tellRefused(options.problems.filter(({ name }) => changed.includes(name)));
  }

  /** Of what is changed, what an experiment has a use for; it goes on. @param {Options} options @param {string[]} changed */
  #takeInLesson(options, changed) {
    const frame = /** @type {HTMLElement} */ (this.shadowRoot?.querySelector(".demo"));
    const language = languageAt(this);
    if (frame.lang.slice(0, 2) !== language) this.#lesson?.speak(language);
    fit(frame, options, language);
    caption(frame, options);
    this.#recolour();
    this.#tellRefused(options.problems.filter(({ name }) => changed.includes(name)));
  }

  /** The recorded picture, until there is a live one. @param {HTMLElement[]} below it */
  #drawStill(...below) {
    this.#ground.put(stillPicture(this.getAttribute("caption")), ...below);
  }

  /** @param {readonly Problem[]} problems */
  async #tellRefused(problems) {
    const notices = this.#notices;
    if (!notices) return;
    for (const problem of [...problems, ...this.#refused.splice(0)])
      this.#tell("error", await sayRefused(notices, problem, languageAt(this)));
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`unrolled-${name}`, { bubbles: true, composed: true, detail }));
  }
}

reflect(UnrolledDemo.prototype);

/** What is changed without another run. */
const SHOWN_ANEW = ["views", "hide", "height", "caption"];

if (globalThis.customElements && !customElements.get("unrolled-demo"))
  customElements.define("unrolled-demo", UnrolledDemo);
