/**
 * What a reader does, as it is done to the run: another text, other settings, an earlier moment, back again. What
 * begins a new run leaves the one before as it was, and undo() goes back to it.
 */
import { SETTINGS } from "../core/config.js";
import { tokensOf } from "../core/text/tokens.js";
import { askedSettings, needText } from "./run/beginning.js";
import { Claims } from "./run/claims.js";
import { isSameText } from "./share.js";
import { sentences } from "../views/parts/format.js";
import { settle } from "./settings/settle.js";
import { fill } from "./shell/dom.js";
import { NOTES, TEXTS, loadText, ownText, readFile } from "./text/texts.js";

const SAMPLE_LENGTH = 240;
/** What is said of one text, and not of another. */
const UNSAID = { prompt: "", probe: undefined, cursor: undefined };
const MANY = 500; // distinct tokens from which a few say as much as many characters

export class Actions {
  #page;
  /** Whether the run is to go on when the reader is back from an earlier moment. */ #goesOn = false;
  #travels = 0; // that were set out on; a later one overtakes those for which the run is still to rest
  /** Who is to take the run's place. */ claims = new Claims();
  /** What begin() began last. @type {{coming: import("./run/coming.js").Coming | null, text: string, play: boolean} | null} */
  #begun = null;
  /**
   * What else had to change while there was no text yet, to be said of the run that begins with it.
   * @type {import("./settings/settle.js").Told[]}
   */
  #settled = [];
  /**
   * The text a link speaks of and does not carry.
   * @type {Extract<import("./share.js").TextSource, {kind: "hash"}> | null}
   */
  awaited = null;

  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.#page = page;
    page.run.addEventListener("left", (event) => this.#offerUndo(/** @type {CustomEvent} */ (event).detail.run));
    page.run.addEventListener("forgotten", () => page.notices.clear("undo"));
    page.run.addEventListener("run", () => {
      this.#note();
      this.#arrive();
    });
  }

  // ---- The run

  /** Run or pause. From an earlier moment it goes back to the present first. */
  async toggle() {
    const { run, moment, work } = this.#page;
    if (work.current) return work.stop();
    this.#arrive();
    if (run.running) return run.pause();
    if (moment.past !== null) await moment.go(null);
    this.#page.notices.clear("stopped");
    await run.play();
  }

  async step() {
    const { run, moment } = this.#page;
    this.#arrive();
    if (moment.past !== null) await moment.go(null);
    await run.step();
  }

  /** The same initial weights again. */
  async reset() {
    const { run, notices } = this.#page;
    if (run.at === 0 && !run.running) return;
    needText(run.text);
    this.claims.drop();
    this.#putBack();
    if (await run.reset()) notices.clear("run");
  }

  /** To an earlier moment, for which the run rests, or back to the present. @param {number | null} step */
  async travel(step) {
    const { run, moment } = this.#page;
    const turn = ++this.#travels;
    this.#goesOn ||= step !== null && run.running;
    if (step !== null && run.running) await run.pause();
    if (turn === this.#travels) await moment.go(step);
    if (turn !== this.#travels || step !== null) return;
    const goesOn = this.#goesOn;
    this.#arrive();
    if (goesOn && !run.running) await run.play();
  }

  /** There is nothing to go back from any more. */
  #arrive() {
    this.#travels++;
    this.#goesOn = false;
  }

  /** Trains on from the moment that is looked at, as another run, by the rates that are shown. */
  async branch() {
    const { run, moment, state } = this.#page;
    if (moment.past === null) return;
    const settings = Object.fromEntries(Object.entries(state.settings).filter(([name]) => SETTINGS[name].live));
    this.claims.drop();
    this.#putBack();
    state.set({ settings });
    await run.branch(moment.past, { settings });
  }

  /** Back to a moment, to wait there with the settings it had. @param {number} step */
  async restore(step) {
    const { run, state } = this.#page;
    this.claims.drop();
    this.#putBack();
    if (!(await run.branch(step, { play: false }))) return;
    state.set({ settings: askedSettings(/** @type {any} */ (run.client)) });
    this.#note();
    this.#page.showSettings();
  }

  /** Back to the run whose place was taken. */
  async undo() {
    const { run, state } = this.#page;
    const { left } = run;
    if (!left) return;
    this.claims.drop();
    const { settings, text, prompt, probe } = left.state;
    this.awaited = null;
    for (const about of ["undo", "text"]) this.#page.notices.clear(about);
    state.set({ settings, text, prompt, probe });
    left.sampling = this.#sampling(left.state, left.client); // at the temperature that is shown now
    await run.swap();
    this.#page.showSettings();
  }

  /** @param {any} left */
  #offerUndo({ client }) {
    const { notices, strings, format } = this.#page;
    notices?.show(fill(strings.notice.left, { step: format.integer(client.progress.step) }), {
      about: "undo",
      action: { label: strings.notice.undo, run: () => this.#page.attempt(() => this.undo()) },
    });
  }

  // ---- Text and settings

  /** Learns a text of the reader's own, if it can be learnt. @param {string} text */
  takeText(text) {
    return this.#take(() => ownText(text));
  }

  /** Learns what is in a file. @param {File} file @param {(text: string) => void} show it where it can be changed */
  takeFile(file, show) {
    return this.#take(
      async () => {
        const { text, cut } = await readFile(file, this.#page.language);
        return { ...(await ownText(text, cut)), read: text };
      },
      ({ read }) => show(read),
    );
  }

  /** @param {string} name */
  takeSample(name) {
    return this.#take(
      async () => ({
        text: await loadText(name, this.#page.assets),
        source: /** @type {const} */ ({ kind: "sample", name }),
        notes: [],
      }),
      () => void (this.awaited = null),
    );
  }

  /**
   * @template {Awaited<ReturnType<typeof ownText>>} T
   * @param {() => Promise<T>} load @param {(loaded: T) => void} [then] before it is learnt
   */
  #take(load, then) {
    const { notices, strings, format, state, run } = this.#page;
    const take = async (/** @type {T} */ loaded) => {
      then?.(loaded);
      const { text, source, notes } = loaded;
      state.set({ text: source, ...UNSAID });
      const stands = await this.begin(text, true);
      if (!stands) return stands;
      for (const { name, count = 0 } of notes)
        notices.show(fill(/** @type {any} */ (strings.notice)[name], { count: format.integer(count) }), {
          about: name,
        });
      if (!this.awaited) return;
      const same = await isSameText(text, this.awaited);
      if (run.text !== text) return;
      notices.show(strings.notice[same ? "sameText" : "otherText"], { about: "text" });
      if (same) this.awaited = null;
    };
    const taken = this.claims.make(load, take).finally(() => this.#page.showSettings()); // whatever was chosen
    return this.#page.try(() => taken, "text");
  }

  /** @param {string} name of a setting @param {any} value */
  async change(name, value) {
    await this.takeSettings({ [name]: value });
    this.#page.advise(name);
  }

  /**
   * Live settings hold at once, others with a new run.
   * @param {Record<string, any>} changes flat
   * @returns {Promise<boolean>} whether they hold
   */
  async takeSettings(changes) {
    const { run, state } = this.#page;
    const { coming } = run;
    const begun = coming && this.#begun?.coming === coming ? this.#begun : null;
    const { text, play } = begun ?? { text: run.text, play: run.running || !run.client || run.at === 0 };
    let hold = true;
    await this.#page.try(async () => {
      const settled = settle(state.settings, changes);
      state.set({ settings: settled.changes });
      if ((coming ?? run.client) && Object.keys(changes).every((name) => SETTINGS[name].live)) {
        const note = () => this.#note({ settings: { ...run.state?.settings, ...changes } });
        if (!coming) note(); // at once: when the answer is there, another run may be
        hold = await run.configure(changes);
        if (!hold) return;
        if (coming) note();
        if (coming && !run.coming) state.set({ settings: changes }); // one that could not be made has put back others
      } else if (text || run.client) {
        hold = (await this.begin(text, play)) === true;
        if (hold) this.#tellSettled(settled.told);
      } else this.#settled = settled.told;
      this.#page.showSettings();
    }, "settings");
    return hold;
  }

  /** What else had to change, in one notice. @param {import("./settings/settle.js").Told[]} told */
  #tellSettled(told) {
    const { notices, strings, format } = this.#page;
    const said = told.map(({ name, values }) =>
      fill(
        strings.notice[name],
        Object.fromEntries(Object.entries(values ?? {}).map(([key, n]) => [key, format.integer(n)])),
      ),
    );
    if (said.length) notices.show(sentences(...said), { about: "settings" });
  }

  /** When the run stops by itself. @param {{epochs?: number, patience?: number}} changes */
  takeLimits(changes) {
    return this.#page.try(async () => {
      this.#page.state.set(Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, String(value)])));
      await this.#page.run.limit(changes);
    }, "settings");
  }

  /** @param {{prompt?: string, temperature?: number}} changes */
  resample({ prompt, temperature }) {
    const { run, state, moment, notices } = this.#page;
    return this.#page.try(async () => {
      if (prompt !== undefined) {
        state.set({ prompt });
        this.#note({ prompt });
      }
      if (temperature !== undefined) state.set({ temperature: String(temperature) });
      notices.clear("sample");
      await run.sampleWith(this.#sampling((run.coming && run.state) || state), this.#sampling());
      moment.look({ now: true });
    }, "sample");
  }

  /** @param {string} text to look into: the reader's, or "" for a piece of the text that is held back */
  takeProbe(text) {
    const probe = text || undefined;
    this.#page.state.set({ probe, cursor: undefined });
    this.#note({ probe });
  }

  /** A prompt without the tokens the network does not know. @param {Set<string>} unknown */
  dropUnknown(unknown) {
    const tokens = tokensOf(this.prompt, /** @type {any} */ (this.#page.state.settings));
    const known = [...tokens].filter((token) => !unknown.has(token));
    this.#page.showPrompt(known.join(""));
    return this.resample({ prompt: known.join("") });
  }

  // ---- Beginning a run

  /**
   * A new run over a text; when it cannot be made, the one before goes on, and the state says so again.
   * @param {string} text @param {boolean} play
   * @returns {Promise<boolean | null>} whether it stands; null: it was refused, which is told
   */
  async begin(text, play) {
    const { run, state, notices } = this.#page;
    const other = text !== run.text;
    try {
      needText(text);
      run.limits = { epochs: state.epochs, patience: state.patience };
      const start = run.start(state.settings, text, { play, sampling: this.#sampling() });
      this.#begun = { coming: run.coming, text, play };
      if (!(await start)) return false;
      for (const about of ["run", "text", "settings", "stopped", ...(other ? NOTES : [])]) notices.clear(about);
      this.#page.showPrompt(this.prompt);
      this.#tellSettled(this.#settled.splice(0));
      return true;
    } catch (error) {
      const { settings, text: source, prompt, probe } = state;
      if (run.state && run.client) state.set(run.state);
      this.#page.showSettings();
      this.#page.failures.refuse(error, (fits) =>
        this.#retry({ settings: { ...settings, ...fits }, text: source, prompt, probe }, text, play),
      );
      return null;
    }
  }

  /**
   * Goes on with a saved run. Throws when it cannot be read, and the run before goes on.
   * @param {() => Promise<import("./run/beginning.js").Saved>} load
   * @returns {Promise<{step: number} | false>} where it goes on; false where another has the place
   */
  resume(load) {
    return this.claims.make(load, async ({ checkpoint, text, source, play = true, ...more }) => {
      this.#putBack();
      const { run, state, panels } = this.#page;
      const { settings } = state;
      const sampling = this.#sampling(source ? { settings, text: source, prompt: "" } : state);
      const start = { ...more, play: false, checkpoint, sampling };
      const stands = await run.start({}, text, start).catch((error) => {
        if (source || !text || error.code !== "unknown-token") throw error; // it was not saved with this text
        return run.start({}, (text = undefined), start);
      });
      if (!stands) return false;
      if (this.awaited) this.#page.notices.clear("text"); // nobody asks for a link's text any more
      this.awaited = null;
      this.#settled = []; // it has settings of its own
      const step = run.at; // once it plays, it is further
      if (source) state.set({ text: source, ...UNSAID });
      state.set({ settings: askedSettings(/** @type {any} */ (run.client)) });
      run.sampling = this.#sampling();
      run.limits = { epochs: state.epochs, patience: state.patience };
      this.#note();
      this.#page.showPrompt(this.prompt);
      panels.takeRun(); // it was shown as the state said it before
      if (play && text) await run.play();
      return { step };
    });
  }

  get prompt() {
    return this.#sampling().prompt;
  }

  /**
   * How a run writes.
   * @param {Pick<import("./state.js").State, "settings" | "text" | "prompt">} [said] of it
   * @param {{vocabulary: readonly string[]} | null} [client] that knows its tokens, as far as one does
   */
  #sampling({ settings, text, prompt } = this.#page.state, client = this.#page.run.client) {
    const sample = text.kind === "sample" ? TEXTS[text.name] : undefined;
    const few = (client?.vocabulary.length ?? 0) > MANY;
    return {
      prompt: prompt || (sample?.prompt ?? ""),
      length: sample?.sampleLength ?? (few ? SAMPLE_LENGTH / 4 : SAMPLE_LENGTH),
      temperature: this.#page.state.temperature,
      seed: settings.seed,
    };
  }

  /** The state belongs to the present run. @param {object} [part] of it, where the rest may belong to one on its way */
  #note(part) {
    const { settings, text, prompt, probe } = this.#page.state;
    const { run } = this.#page;
    if (!part) run.state = { settings: { ...settings }, text, prompt, probe };
    else if (run.state) run.state = { ...run.state, ...part };
  }

  /** The state says again what is true of the present run, not of one on its way. */
  #putBack() {
    const { run, state } = this.#page;
    if (!run.state) return;
    state.set(run.state);
    this.#page.showSettings();
  }

  /**
   * With settings that fit, instead of those that did not.
   * @param {Record<string, any>} said of the run
   * @param {string} text
   * @param {boolean} play
   */
  #retry(said, text, play) {
    return this.#page.try(async () => {
      this.claims.drop();
      this.#page.state.set(said);
      await this.begin(text, play);
      this.#page.showSettings();
    });
  }
}
