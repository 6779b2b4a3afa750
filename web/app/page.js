/**
 * The page as a whole: it builds the panels, hands what the user does to the run, and draws what the run tells.
 *
 * It is also what the views of the inside are given: `run` (its client and events), `state`, `strings`, `language`,
 * `format`, `inside` (their section). Events: "build" when all panels were made anew, in a new language for one;
 * "figures" when those of the inside were; "theme" when colours changed; "failed" {code, message} when an error was
 * told.
 */
import { SETTINGS, flatten } from "../core/config.js";
import { isSameText } from "./share.js";
import { makeTokenizer } from "../core/text/tokens.js";
import { LossChart } from "./progress/chart.js";
import { Controls } from "./settings/controls.js";
import { h, fill } from "./shell/dom.js";
import { equations } from "./settings/equations.js";
import { Failures } from "./shell/failures.js";
import { makeFormat } from "./shell/format.js";
import { frame, lay } from "./shell/layout.js";
import { explanations } from "./settings/learn.js";
import { masthead } from "./shell/masthead.js";
import { Notices } from "./shell/notices.js";
import { Numbers } from "./progress/numbers.js";
import { Run } from "./run.js";
import { SamplePanel } from "./progress/sample.js";
import { State } from "./state.js";
import { unasked } from "./shell/unasked.js";
import { TextPanel } from "./text/textpanel.js";
import { askPlaces } from "./text/places.js";
import { NOTES, TEXTS, examine, loadText } from "./text/texts.js";
import { Transport } from "./progress/transport.js";
import { chooseLanguage, en, loadStrings } from "./strings/index.js";

const OWN_SAMPLE_LENGTH = 340;
const NARROW = "(max-width: 60rem)";

export class Page extends EventTarget {
  state = new State();
  /** @type {Run} */
  run;
  /** @type {import("./strings/index.js").Language} */
  language = "en";
  /** @type {import("./strings/index.js").Strings} */
  strings = en;
  format = makeFormat("en");
  /** The section of the views of the inside. @type {HTMLElement} */
  inside = h("section", { id: "inside" });
  /**
   * A first look at it beside what the network writes, on a page of its own; a demo in somebody else's page has none.
   * @type {HTMLElement | null}
   */
  glimpse = null;
  #failures = new Failures(this, (unknown) => this.#dropUnknown(unknown));
  #root;
  #assets;
  /** @type {number | null} the step that is looked back at */ #past = null;
  /** Links that were opened. */
  #openings = 0;
  /** @type {any} the panels by name */
  #parts = {};
  /**
   * @type {Extract<import("./state.js").TextSource, {kind: "hash"}> | null} the text a link speaks of and does not
   * carry
   */
  #awaited = null;

  /**
   * @param {HTMLElement} root is filled
   * @param {{assets: URL | string, worker?: import("./run.js").WorkerOptions}} options
   */
  constructor(root, { assets, worker = {} }) {
    super();
    this.#root = root;
    this.#assets = assets;
    this.run = new Run(worker);
    this.#listen();
  }

  /**
   * Takes a link's part behind "#" and begins to learn.
   * @param {string} hash
   * @param {{play?: boolean, words?: string}} [options] words: the text, where the caller has it
   */
  async open(hash, { play = true, words } = {}) {
    const opening = ++this.#openings;
    const problems = await this.state.read(hash);
    if (opening !== this.#openings) return; // another link was opened meanwhile
    this.run.useCore(this.state.core);
    this.run.open().catch(() => {}); // begin() tells of a failure
    if (words !== undefined) this.state.setOwnText(words);
    const { text } = this.state;
    const loading = Promise.resolve(
      words ??
        (text.kind === "inline"
          ? text.text
          : loadText(text.kind === "sample" ? text.name : Object.keys(TEXTS)[0], this.#assets)),
    );
    loading.catch(() => {}); // told below
    await this.#speak();
    await frame();
    if (opening !== this.#openings) return;
    const built = this.#build();
    for (const problem of problems) this.#failures.show("bad-link", { message: problem.message });
    this.#awaited = text.kind === "hash" && words === undefined ? text : null;
    if (this.#awaited)
      this.notices.show(fill(this.strings.notice.needText, { bytes: this.format.integer(this.#awaited.bytes) }), {
        about: "text",
      });
    try {
      const learnt = await loading;
      if (opening === this.#openings) await this.#begin(learnt, play); // while the rest of the page is laid out
    } catch (error) {
      this.#failures.tell(error);
    }
    await built;
  }

  get root() {
    return this.#root;
  }

  /** Ends the run and empties the root. */
  dispose() {
    this.#openings++; // one that is under way is overtaken
    this.run.dispose();
    this.#parts.chart?.dispose();
    this.#root.replaceChildren();
  }

  /** @returns {Notices} */
  get notices() {
    return this.#parts.notices;
  }

  /** Takes the language of the state. */
  async #speak() {
    this.language = chooseLanguage(this.state.lang);
    this.format = makeFormat(this.language);
    this.strings = await loadStrings(this.language);
  }

  /** Makes all panels and shows the run in them, a part of the page in each frame. */
  async #build() {
    const { state, run, strings, format } = this;
    const { draft = "", chart } = { draft: this.#parts.text?.draft, chart: this.#parts.chart };
    chart?.dispose();
    this.inside = h("section", { id: "inside" });
    this.glimpse = this.#root === document.body ? h("div", { class: "glimpse" }) : null;
    const parts = {
      inside: this.inside,
      glimpse: this.glimpse ?? "",
      masthead: masthead(strings.page, state, (changes) => this.#look(changes)),
      notices: new Notices(strings.notice),
      transport: new Transport(strings.transport, format, {
        toggle: () => this.#try(() => (run.running ? run.pause() : run.play())),
        step: () => this.#try(() => run.step()),
        reset: () => this.#try(() => this.#reset()),
      }),
      sample: new SamplePanel(
        strings.sample,
        format,
        { prompt: this.#prompt, temperature: state.temperature },
        (changes) => this.#resample(changes),
      ),
      chart: new LossChart(
        { ...strings.chart, token: strings.tokens[/** @type {"char"} */ (state.settings.tokens)] },
        format,
      ),
      numbers: new Numbers(strings.numbers, format),
      text: new TextPanel(strings.text, format, {
        sample: (name) => this.#takeSample(name),
        own: (text, cut) => this.takeText(text, cut),
        failed: (error) => this.#failures.tell(error, "text"),
      }),
      controls: new Controls(strings, state.settings, (name, value) => this.#change(name, value)),
      equations: h("div"),
      learn: h("div", { class: "learn" }),
    };
    parts.text.draft = draft;
    this.#parts = parts;
    if (matchMedia(NARROW).matches)
      for (const group of [parts.text.element, ...parts.controls.elements]) group.removeAttribute("open");
    this.#explain();
    if (!(await lay(this.#root, strings, parts, () => this.#parts === parts))) return;
    this.#drawAll();
    this.dispatchEvent(new Event("build"));
  }

  #listen() {
    const { run, state } = this;
    run.addEventListener("run", () => this.#drawAll());
    run.addEventListener("report", () => this.#drawCurve());
    run.addEventListener("evaluation", () => {
      this.#drawCurve();
      this.#askPlaces();
    });
    run.addEventListener("restored", () => this.#drawAll());
    run.addEventListener("running", () => this.#parts.transport.show(Boolean(run.client), run.running));
    run.addEventListener("sample", (event) => {
      const { error } = /** @type {CustomEvent} */ (event).detail;
      if (error) this.#failures.tell(error, "sample");
      else this.#parts.sample.draw(run.samples);
    });
    run.addEventListener("stopped", (event) => {
      const { error, step, lastGood } = /** @type {CustomEvent} */ (event).detail;
      if (!error) return this.#drawCurve();
      const action =
        lastGood === null
          ? undefined
          : {
              label: fill(this.strings.notice.restore, { step: this.format.integer(lastGood) }),
              run: () => this.#try(() => run.restore(lastGood)),
            };
      this.#failures.show(error.code, { step: step + 1 }, { action, about: "run" }, error);
    });
    run.addEventListener("crashed", (event) => {
      this.#failures.show(
        "worker-crashed",
        {},
        {
          about: "run",
          action: { label: this.strings.notice.again, run: () => this.#try(() => this.#begin(run.text, true)) },
        },
        /** @type {CustomEvent} */ (event).detail.error,
      );
      this.#parts.transport.show(false, false);
    });
    state.addEventListener("change", () => this.#explain());
  }

  // ---- What the user does

  /** Learns a text of the user's own, if it can be learnt. @param {string} text @param {boolean} [cut] */
  async takeText(text, cut = false) {
    await this.#try(async () => {
      const fit = examine(text, cut);
      const previous = this.state.text;
      this.state.set({ prompt: "" });
      this.state.setOwnText(fit.text);
      if (!(await this.#begin(fit.text, true, { text: previous }))) return;
      for (const { name, count = 0 } of fit.notes) {
        this.notices.show(fill(/** @type {any} */ (this.strings.notice)[name], { count: this.format.integer(count) }), {
          about: name,
        });
      }
      if (this.#awaited) {
        const same = isSameText(fit.text, this.#awaited);
        this.notices.show(this.strings.notice[same ? "sameText" : "otherText"], { about: "text" });
        if (same) this.#awaited = null;
      }
    }, "text");
  }

  /** @param {File | undefined} file */
  readFile(file) {
    return this.#parts.text.read(file);
  }

  /** @param {string} name */
  async #takeSample(name) {
    await this.#try(async () => {
      const text = await loadText(name, this.#assets);
      const previous = this.state.text;
      this.#awaited = null;
      this.state.set({ text: { kind: "sample", name }, prompt: "" });
      await this.#begin(text, true, { text: previous });
    }, "text");
  }

  /** @param {string} name of a setting @param {any} value */
  async #change(name, value) {
    await this.#try(async () => {
      this.state.set({ settings: { [name]: value } });
      if (SETTINGS[name].live && this.run.client) await this.run.configure({ [name]: value });
      else if (this.run.text) await this.#begin(this.run.text, this.run.running || !this.run.client);
    }, "settings");
  }

  /**
   * Settings that a figure changes: live ones at once, others with a new run.
   * @param {Record<string, any>} changes flat
   * @returns {Promise<boolean>} whether they hold
   */
  async takeSettings(changes) {
    let hold = true;
    await this.#try(async () => {
      this.state.set({ settings: changes });
      if (this.run.client && Object.keys(changes).every((name) => SETTINGS[name].live))
        await this.run.configure(changes);
      else if (this.run.text) hold = await this.#begin(this.run.text, true);
      this.#parts.controls.show(this.state.settings);
    }, "settings");
    return hold;
  }

  /** When the run stops by itself. @param {{epochs?: number, patience?: number}} changes */
  async takeLimits(changes) {
    await this.#try(async () => {
      this.state.set(Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, String(value)])));
      await this.run.limit(changes);
    }, "settings");
  }

  /** @param {{prompt?: string, temperature?: number}} changes */
  async #resample({ prompt, temperature }) {
    await this.#try(async () => {
      if (prompt !== undefined) this.state.set({ prompt });
      if (temperature !== undefined) this.state.set({ temperature: String(temperature) });
      await this.run.sampleWith(this.#sampling(this.run.client?.vocabulary.length));
      this.notices.clear("sample");
    }, "sample");
  }

  async #reset() {
    await this.run.reset();
    this.notices.clear("run");
    this.#parts.transport.say(fill(this.strings.transport.wasReset, { seed: this.state.settings.seed }));
  }

  /** @param {{lang?: string, theme?: string}} changes */
  async #look(changes) {
    this.state.set(changes);
    if (changes.lang) {
      await this.#speak();
      await this.#build();
      /** @type {HTMLElement | null} */ (this.#root.querySelector("#u-lang"))?.focus();
    } else {
      this.recolour();
    }
  }

  /** After a change of colours. */
  recolour() {
    this.dispatchEvent(new Event("theme"));
    this.#parts.chart?.recolour();
  }

  // ---- Beginning a run

  /**
   * A new run over a text; when it cannot be made, the one before goes on, and the state says so again.
   * @param {string} text @param {boolean} play @param {{text?: import("./state.js").TextSource}} [before]
   * @returns {Promise<boolean>} whether it stands
   */
  async #begin(text, play, before = {}) {
    const { run, state } = this;
    const sampling = run.sampling,
      other = text !== run.text;
    try {
      run.sampling = this.#sampling();
      run.limits = { epochs: state.epochs, patience: state.patience };
      const stands = await run.start(state.settings, text, { play });
      if (stands) for (const about of ["run", "text", "settings", ...(other ? NOTES : [])]) this.notices.clear(about);
      this.#parts.sample.setPrompt(this.#prompt);
      return stands;
    } catch (error) {
      run.sampling = sampling;
      const settings = state.settings;
      if (run.client) state.set({ settings: flatten(run.client.settings), ...before });
      this.#parts.controls.show(state.settings);
      this.#showText();
      this.#failures.refuse(error, (fits) => this.#retry(fits, settings, text, play));
      return false;
    }
  }

  get #prompt() {
    return this.state.prompt || (TEXTS[this.state.textName]?.prompt ?? "");
  }

  /** @param {number} [V] distinct tokens, once known */
  #sampling(V = 0) {
    const length = TEXTS[this.state.textName]?.sampleLength ?? (V > 500 ? OWN_SAMPLE_LENGTH / 4 : OWN_SAMPLE_LENGTH);
    return { prompt: this.#prompt, length, temperature: this.state.temperature, seed: this.state.settings.seed };
  }

  /**
   * Goes on with a saved run. Throws when the checkpoint cannot be read, and the run before goes on.
   * @param {Uint8Array} checkpoint
   * @param {{text?: string, source?: import("./state.js").TextSource, history?: object, play?: boolean}} saved
   *   text: the one it learns, without which it can only write and be looked into; source: where that text is from
   * @returns {Promise<boolean>} whether it stands
   */
  async resume(checkpoint, { text, source, history = {}, play = true }) {
    const { run, state } = this;
    if (!(await run.start({}, /** @type {any} */ (text), { play: false, checkpoint }))) return false;
    const client = /** @type {import("../worker/client.js").TrainerClient} */ (run.client);
    Object.assign(run.history, history);
    if (source) state.set({ text: source, prompt: "" });
    state.set({ settings: flatten(client.settings) });
    run.sampling = this.#sampling(client.vocabulary.length);
    this.#parts.sample.setPrompt(this.#prompt);
    this.#parts.controls.show(state.settings);
    this.#drawAll();
    if (play) await run.play();
    return true;
  }

  // ---- Drawing

  /** Marks the moment of training that the figures look back at. @param {number | null} step null: the present */
  lookBack(step) {
    this.#past = step;
    this.#drawCurve();
  }

  #drawAll() {
    const { run } = this;
    this.#parts.sample.draw(run.samples);
    this.#parts.transport.show(Boolean(run.client), run.running);
    this.#showText();
    this.#drawCurve();
  }

  #showText() {
    const { client, text } = this.run;
    if (client) this.#parts.text.show(this.state.textName, text, client.vocabulary.length, client.settings.tokens);
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

  #drawCurve() {
    const { run } = this;
    this.#parts.numbers?.draw(run);
    if (!run.client || !this.#parts.chart) return;
    this.#parts.transport.count(run.client.progress.step, run.speed);
    this.#parts.chart.draw({
      history: run.history,
      baselines: run.baselines,
      step: run.client.progress.step,
      V: run.client.vocabulary.length,
      limits: run.limits,
      until: run.until,
      ending: run.ending,
      at: this.#past,
    });
  }

  #explain() {
    const { equations: formulas, learn } = this.#parts;
    const { settings } = this.state;
    formulas?.replaceChildren(equations(this.strings.equations, /** @type {any} */ (settings)));
    learn?.replaceChildren(...explanations(this.strings.learn, /** @type {any} */ (settings)));
  }

  // ---- Failures

  /**
   * Settings that fit, instead of those that did not.
   * @param {object} fits
   * @param {any} settings
   * @param {string} text
   * @param {boolean} play
   */
  #retry(fits, settings, text, play) {
    return this.#try(async () => {
      this.state.set({ settings: { ...settings, ...fits } });
      if (text !== this.run.text) this.state.setOwnText(text);
      await this.#begin(text, play);
      this.#parts.controls.show(this.state.settings);
    });
  }

  /** A prompt without the tokens the network does not know. @param {Set<string>} unknown */
  #dropUnknown(unknown) {
    const { tokens, lowerCase } = this.state.settings;
    const prompt = [...makeTokenizer(tokens, { lowerCase }).split(this.#prompt)]
      .filter((token) => !unknown.has(token))
      .join("");
    this.#parts.sample.setPrompt(prompt);
    this.#resample({ prompt });
  }

  /**
   * Does what a figure asks, and says so if it fails, unless the run it was asked of is gone.
   * @param {() => Promise<any>} work
   */
  attempt(work) {
    return this.#try(
      () =>
        work().catch((error) => {
          if (error.code !== "disposed") throw error;
        }),
      "inside",
    );
  }

  /** @param {() => Promise<any> | any} work @param {string} [about] */
  async #try(work, about) {
    try {
      await work();
    } catch (error) {
      this.#failures.tell(error, about);
    }
  }
}
