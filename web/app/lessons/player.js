/**
 * One lesson in a page: a question and a bet, the run with its sentences, the answer over the bet, one thing to change,
 * a question to check. Everything it says comes from the lesson's file, every number from the run.
 */
import { fill, h } from "../shell/dom.js";
import { between, scrollTo } from "../shell/motion.js";
import { Experiment } from "../../lessons/run/experiment.js";
import { say, written } from "../../lessons/run/sentence.js";
import { FIGURES } from "./figures/index.js";
import { layLesson } from "./laid.js";
import { paceOf } from "./pace.js";
import { first, namesAfter, verdictOf } from "./verdict.js";
import { Waiting } from "./waiting.js";
import { WORDS } from "./words.js";

/** @typedef {import("../../lessons/lesson.js").Lesson} Lesson */
/** @typedef {import("../../lessons/lesson.js").Change} Change */
/** @typedef {Lesson["change"]["options"][number]} Option */
/** @typedef {{ option: Option, over: boolean }} Changed what was changed, and whether that has come to its end */

/**
 * @typedef {object} Played what a player is given
 * @property {Lesson} lesson
 * @property {"en" | "zh"} language
 * @property {import("../../lessons/run/experiment.js").World} world
 * @property {(changes: object) => void} note of the reader's progress
 * @property {boolean} [ahead] it begins before the bet, and waits for it after its first round
 * @property {((network: Awaited<ReturnType<Experiment["save"]>>) => void) | null} openLab null: there is no lab beside it
 */

export class Player {
  #played;
  /** @type {import("../../lessons/lesson.js").Words} */ #words = /** @type {any} */ (null);
  /** @type {import("./words.js").OwnWords} */ #own = /** @type {any} */ (null);
  /** Of the networks, as they are called now. @type {Record<string, string>} */ #names = {};
  /** @type {Experiment | null} */ #experiment = null;
  /** The lesson's own run, once it is over. @type {Experiment | null} */ #first = null;
  /** Its numbers then, which a change may measure anew. @type {ReadonlyMap<string, number>} */ #ended = new Map();
  /** @type {{ root: HTMLElement, draw: (scene: any) => void }[]} */ #figures = [];
  /** @type {any} */ #parts;
  /** @type {object | null} */ #turn = null;
  /** @type {Changed | null} */ #changed = null;
  #waiting = new Waiting();
  #told = 0;
  /** The run that did not wait for the bet to begin. @type {Promise<boolean> | null} */ #ahead = null;
  /** What was bet; null: nothing. @type {any} */ placed = null;

  /** @param {Played} played */
  constructor(played) {
    this.#played = { ...played };
    this.#lay();
    if (played.ahead) this.#ahead = this.#run({});
  }

  get root() {
    return this.#parts.root;
  }

  /** The same lesson, where it is, in another language. @param {"en" | "zh"} language */
  speak(language) {
    const { root, bet, ownText, check, failed } = this.#parts;
    this.#played.language = language;
    this.#lay();
    const parts = this.#parts;
    parts.bet.value = bet.value;
    parts.check.value = check.value;
    if (ownText) parts.ownText.text = ownText.text;
    parts.ready();
    parts.failed.textContent = failed.textContent;
    if (this.#waiting.begun) this.#showBegun();
    if (this.#waiting.paused) parts.pause.textContent = this.#own.go;
    this.#tell(); // and answer, by the names from before a change
    if (this.#first) this.#showOver();
    if (this.#changed) this.#showChange();
    if (check.value !== null) this.#reply();
    root.replaceWith(parts.root);
    this.#draw();
  }

  /** @param {boolean} hidden a run that is not seen waits */
  setHidden(hidden) {
    this.#waiting.setHidden(hidden);
  }

  recolour() {
    this.#draw();
    this.#parts.bet.draw?.();
  }

  dispose() {
    this.#turn = null;
    this.#waiting.wake();
    this.#experiment?.dispose();
    if (this.#first !== this.#experiment) this.#first?.dispose();
  }

  // ---- Laid out

  #lay() {
    const { lesson, language, ahead = false, openLab } = this.#played;
    const words = (this.#words = lesson.words[language]);
    const own = (this.#own = WORDS[language]);
    Object.assign(this.#names, words.networks);
    this.#figures = lesson.figures.map(
      (spec) =>
        new FIGURES[spec.kind]({
          spec,
          words: words.figures[spec.name],
          names: this.#names,
          language,
          own,
          speak: (sentence, values) => this.#speakWhole(sentence, values),
        }),
    );
    this.#told = 0;
    this.#parts = layLesson({
      lesson,
      language,
      own,
      figures: this.#figures,
      ahead,
      acts: {
        begin: (bet) => this.#begin(bet),
        press: () => this.#press(),
        change: (option) => this.#change(option),
        check: (value) => {
          this.#reply();
          this.#played.note({ checked: value });
        },
        again: () => this.restart(),
        toLab: openLab && (() => this.#toLab()),
      },
    });
  }

  focus() {
    this.#parts.title.focus({ preventScroll: true });
  }

  /** Everything anew. */
  restart() {
    const { root } = this;
    this.dispose();
    this.#experiment = this.#first = null;
    this.#figures = [];
    const again = new Player(this.#played);
    root.replaceWith(again.root);
    root.dispatchEvent(new CustomEvent("replaced", { detail: again }));
    again.focus();
  }

  // ---- The run

  /** @param {boolean} bet whether there is one */
  async #begin(bet) {
    this.placed = bet ? this.#parts.bet.value : null;
    this.#waiting.begin();
    this.#showBegun();
    const { live } = this.#parts;
    live.focus({ preventScroll: true });
    scrollTo(live, "start");
    this.#played.note({ bet: this.placed });
    if (!(await (this.#ahead ?? this.#run({})))) return;
    this.#first = /** @type {Experiment} */ (this.#experiment);
    this.#ended = new Map(this.#first.values);
    const { pause } = this.#parts;
    if (document.activeElement === pause) this.#parts.live.focus({ preventScroll: true }); // it goes
    this.#showOver();
    this.#draw();
    scrollTo(this.#parts.conclusion, "nearest");
    this.#played.note({ done: true });
  }

  /** There was a bet, or none is wanted: the run is seen. */
  #showBegun() {
    const { bet, ownText, asking, live } = this.#parts;
    bet.close();
    ownText?.close();
    asking.remove();
    live.hidden = false;
    live.tabIndex = -1;
  }

  /** The answer, laid over the bet, and what comes after it. */
  #showOver() {
    const { changing, conclusion, after } = this.#parts;
    this.#answer();
    changing.hidden = conclusion.hidden = after.hidden = false;
    this.root.classList.add("l-over");
  }

  /** @param {Change} change @returns {Promise<boolean>} whether it came to its end */
  async #run(change) {
    const turn = (this.#turn = {});
    const { lesson, world } = this.#played;
    const waiting = this.#waiting;
    const led = Boolean(lesson.byHand) && !this.#first; // what is changed is run through
    const experiment = new Experiment(lesson, this.#parts.ownText?.laidOver(world) ?? world, {
      seed: change.seed,
      change,
    });
    if (this.#experiment && this.#experiment !== this.#first) this.#experiment.dispose();
    this.#experiment = experiment;
    this.#parts.failed.textContent = "";
    try {
      await experiment.open();
      if (this.#turn === turn) this.#draw();
      if (led) this.#parts.pause.focus({ preventScroll: true });
      for (let going = experiment.running, n = 0; going; n++) {
        await waiting.until(() => this.#turn === turn, { led, ahead: n === 0 });
        if (this.#turn !== turn) return false;
        const start = performance.now();
        going = await experiment.round();
        if (this.#turn !== turn) return false;
        if (!waiting.begun) this.#status();
        else if (led || !going || n % Math.max(1, Math.round(between(100) / 100)) === 0) this.#draw();
        const rest = paceOf(lesson, n) - (performance.now() - start);
        await new Promise((done) => setTimeout(done, Math.max(4, rest)));
      }
      this.#draw();
      return this.#turn === turn;
    } catch (error) {
      if (this.#turn === turn) this.#tellFailure(error);
      return false;
    }
  }

  /** @param {unknown} error */
  #tellFailure(error) {
    const message = error instanceof Error ? error.message : String(error);
    this.#parts.failed.textContent = fill(this.#own.failed, { message });
  }

  #press() {
    const waiting = this.#waiting;
    if (this.#played.lesson.byHand) return waiting.ask();
    waiting.pause();
    this.#parts.pause.textContent = waiting.paused ? this.#own.go : this.#own.pause;
  }

  #draw() {
    const experiment = this.#experiment;
    if (!experiment?.networks.length) return;
    const { lesson } = this.#played;
    const changed = this.#first !== null && experiment !== this.#first;
    const { axis } = lesson.bet;
    const bet = axis && this.placed && !changed ? { at: axis.at, points: this.placed } : null;
    this.#figures.forEach((figure, i) =>
      figure.draw({
        experiment,
        before: changed ? this.#first : null,
        bet: bet && lesson.figures[i].bet ? bet : null,
      }),
    );
    this.#status();
    this.#tell();
  }

  /** Says what the lesson's own run has to say since; what is changed says its own at its end. */
  #tell() {
    const said = (this.#first ?? this.#experiment)?.said ?? [];
    for (const { say: key, values } of said.slice(this.#told))
      this.#parts.said.append(h("li", {}, this.#speak(this.#words.say[key], values)));
    this.#told = said.length;
  }

  /** How far the run is, and the button beside it. */
  #status() {
    const { networks, specs, running } = /** @type {Experiment} */ (this.#experiment);
    const { lesson, language } = this.#played;
    const { status, pause } = this.#parts;
    const from = lesson.byHand ? 1 : 0; // a part is shown before the first step
    const all = from + Math.max(...Object.values(specs).map(({ steps }) => steps));
    const done = from + Math.max(...networks.map(({ step }) => step));
    const words = lesson.byHand ? this.#own.part : this.#waiting.begun ? this.#own.running : this.#own.waiting;
    const text = running
      ? fill(words, { done: written(done, undefined, language), all: written(all, undefined, language) })
      : this.#own.ended;
    if (status.textContent !== text) status.textContent = text;
    pause.hidden = !running || !this.#waiting.begun;
  }

  // ---- After it

  #answer() {
    const { lesson, language } = this.#played;
    const run = /** @type {Experiment} */ (this.#first);
    const values = this.#ended;
    const { bet, verdict, answer, published } = this.#parts;
    published.textContent = this.#speakWhole(this.#words.published ?? "", values);
    answer.textContent = this.#speak(this.#words.say[first(lesson.answer, values).say], values);
    verdict.textContent = verdictOf({ lesson, language, run, values, placed: this.placed, bet, own: this.#own });
  }

  /** @param {Option} option */
  async #change(option) {
    /** @type {Changed} */
    const wanted = { option, over: false };
    this.#changed = wanted;
    this.#showChange();
    if (option.change.networks || option.change.seed) {
      if (!(await this.#run(option.change))) return;
    } else {
      const experiment = /** @type {Experiment} */ (this.#first);
      if (this.#experiment !== experiment) this.#experiment?.dispose();
      this.#experiment = experiment;
      try {
        await experiment.lookAgain(option.change);
      } catch (error) {
        if (this.#changed === wanted) this.#tellFailure(error);
        return;
      }
      this.#draw();
    }
    if (this.#changed !== wanted) return;
    wanted.over = true;
    this.#showChange();
  }

  /** Which change was chosen, and what came of it. */
  #showChange() {
    const { lesson } = this.#played;
    const { changed, options } = this.#parts;
    const { option, over } = /** @type {Changed} */ (this.#changed);
    Object.assign(this.#names, namesAfter(this.#words, option));
    options.forEach((/** @type {HTMLElement} */ each, /** @type {number} */ i) =>
      each.setAttribute("aria-pressed", String(lesson.change.options[i] === option)),
    );
    const { values } = /** @type {Experiment} */ (this.#experiment);
    changed.textContent = over
      ? this.#speak(this.#words.say[first(lesson.change.say, values).say], values)
      : this.#own.changing;
  }

  /** To what was answered. */
  #reply() {
    const { check, reply } = this.#parts;
    const { right } = this.#played.lesson.check;
    const words = this.#words.check;
    const verdict = check.value === right ? this.#own.checkRight : fill(this.#own.checkWrong, { right: words[right] });
    reply.textContent = `${verdict} ${words.why}`;
  }

  async #toLab() {
    const experiment = this.#first ?? this.#experiment;
    if (!experiment) return;
    try {
      this.#played.openLab?.(await experiment.save(this.#played.lesson.lab));
    } catch (error) {
      this.#tellFailure(error);
    }
  }

  /**
   * What a figure says is said when all of its numbers are known; those of a network that a change left out, from before.
   * @param {string} sentence @param {ReadonlyMap<string, number>} values
   */
  #speakWhole(sentence, values) {
    const specs = this.#experiment?.specs ?? {};
    const kept = [...(this.#first?.values ?? [])].filter(([name]) => !(name.split(".")[0] in specs));
    const spoken = this.#speak(sentence, new Map([...kept, ...values]));
    return spoken.includes("{") ? "" : spoken;
  }

  /** @param {string} sentence @param {ReadonlyMap<string, number>} values */
  #speak(sentence, values) {
    const named = sentence.replace(/\{(\w+)\.name\}/g, (hole, name) => this.#names[name] ?? hole);
    return say(named, values, this.#played.language);
  }
}
