/**
 * One lesson in a page: a question and a bet, the run with its sentences, the answer over the bet, one thing to change,
 * a question to check. Everything it says comes from the lesson's file, every number from the run.
 */
import { fill, h } from "../shell/dom.js";
import { between, scrollTo } from "../shell/motion.js";
import { Experiment } from "../../lessons/run/experiment.js";
import { say, written } from "../../lessons/run/sentence.js";
import { Choices } from "./choices.js";
import { Drawn } from "./drawn.js";
import { FIGURES } from "./figures/index.js";
import { OwnText } from "./owntext.js";
import { paceOf } from "./pace.js";
import { first, namesAfter, verdictOf } from "./verdict.js";
import { Waiting } from "./waiting.js";
import { WORDS } from "./words.js";

/** @typedef {import("../../lessons/lesson.js").Lesson} Lesson */
/** @typedef {import("../../lessons/lesson.js").Change} Change */

/**
 * @typedef {object} Played what a player is given
 * @property {Lesson} lesson
 * @property {"en" | "zh"} language
 * @property {import("../../lessons/run/experiment.js").World} world
 * @property {(changes: object) => void} note of the reader's progress
 * @property {boolean} [ahead] it begins before the bet, and waits for it after its first round
 * @property {((network: { checkpoint: Uint8Array, text: string, spec: import("../../lessons/lesson.js").NetworkSpec, broken: boolean }) => void) | null} openLab null: there is no lab beside it
 */

export class Player {
  #played;
  #words;
  #own;
  /** Of the networks, as they are called now. @type {Record<string, string>} */ #names;
  /** @type {import("../../lessons/run/experiment.js").Experiment | null} */ #experiment = null;
  /** The lesson's own run, once it is over. @type {Experiment | null} */ #first = null;
  /** @type {{ root: HTMLElement, draw: (scene: any) => void }[]} */ #figures;
  /** @type {any} */ #bet;
  /** @type {any} */ #parts;
  /** @type {object | null} */ #turn = null;
  /** @type {OwnText | null} */ #text = null;
  #waiting = new Waiting();
  #told = 0;
  /** The run that did not wait for the bet to begin. @type {Promise<boolean> | null} */ #ahead = null;

  /** @param {Played} played */
  constructor(played) {
    this.#played = played;
    const { lesson, language } = played;
    this.#words = lesson.words[language];
    this.#own = WORDS[language];
    this.#names = { ...this.#words.networks };
    const words = this.#words;
    this.#figures = lesson.figures.map(
      (spec) =>
        new FIGURES[spec.kind]({
          spec,
          words: words.figures[spec.name],
          names: this.#names,
          language,
          own: this.#own,
          speak: (sentence, values) => this.#speakWhole(sentence, values),
        }),
    );
    this.#lay();
    if (played.ahead) this.#ahead = this.#run({});
  }

  /** @param {boolean} hidden a run that is not seen waits */
  setHidden(hidden) {
    this.#waiting.setHidden(hidden);
  }

  recolour() {
    this.#draw();
    this.#bet.draw?.();
  }

  dispose() {
    this.#turn = null;
    this.#waiting.wake();
    this.#experiment?.dispose();
    if (this.#first !== this.#experiment) this.#first?.dispose();
  }

  // ---- Laid out

  #lay() {
    const { lesson, language } = this.#played;
    const words = this.#words;
    const own = this.#own;
    const button = (/** @type {string} */ text, /** @type {() => void} */ run, kind = "") =>
      h("button", { type: "button", class: kind, onclick: run }, text);
    const ready = () => {
      skip.disabled = this.#text?.fits === false;
      start.disabled = skip.disabled || this.#bet.value === null;
    };
    const reads = Object.values(lesson.networks).some(({ text }) => text.reader);
    this.#text = reads ? new OwnText(own, language, ready) : null;
    this.#bet = lesson.bet.axis
      ? new Drawn(
          lesson.bet.axis,
          { title: words.question, hint: own.draw, x: words.bet.x, y: words.bet.y },
          language,
          ready,
        )
      : new Choices(
          words.question,
          (lesson.bet.options ?? []).map((value) => ({ value, text: words.bet[value] })),
          ready,
        );
    const start = button(own.start, () => this.#begin(true), "primary");
    start.disabled = true;
    const skip = button(own.noBet, () => this.#begin(false), "quiet");
    const asking = h("div", { class: "buttons" }, start, skip);
    const status = h("p", { class: "l-status num" });
    const pause = button(lesson.byHand ? own.step : own.pause, () => this.#press());
    pause.hidden = true;
    const said = h("ol", { class: "l-said", "aria-live": "polite" });
    const verdict = h("p", { class: "l-verdict" });
    const answer = h("p", { class: "l-answer" });
    const published = h("p", { class: "small l-published" });
    const conclusion = h(
      "section",
      { class: "l-box", hidden: true, "aria-live": "polite" },
      h("h3", {}, own.answer),
      verdict,
      answer,
      published,
    );
    const changed = h("p", { class: "l-changed", "aria-live": "polite" });
    const options = lesson.change.options.map((option) =>
      button(words.change[option.name], () => this.#change(option)),
    );
    const changing = h(
      "section",
      { class: "l-box", hidden: true },
      h("h3", {}, own.change),
      h("p", {}, words.change.label),
      h("div", { class: "buttons", role: "group", "aria-label": words.change.label }, ...options),
      changed,
    );
    const live = h(
      "section",
      { class: "l-live", hidden: !this.#played.ahead },
      h("div", { class: "l-words" }, h("div", { class: "l-bar" }, status, pause), said, conclusion, changing),
      h("div", { class: "l-figures" }, ...this.#figures.map(({ root }) => root)),
    );
    const check = new Choices(
      words.check.question,
      lesson.check.options.map((value) => ({ value, text: words.check[value] })),
      () => this.#check(),
    );
    const reply = h("p", { class: "l-reply", "aria-live": "polite" });
    const failed = h("p", { class: "l-failed", role: "alert" });
    const lab = this.#played.openLab ? button(own.lab, () => this.#toLab(), "quiet") : null;
    const title = h("h2", { tabindex: "-1" }, words.title);
    const after = h(
      "div",
      { class: "l-after", hidden: true },
      h("section", { class: "l-box" }, h("h3", {}, own.check), check.element, reply),
      h(
        "div",
        { class: "buttons" },
        lab,
        button(own.again, () => this.restart()),
      ),
    );
    this.root = h(
      "article",
      { class: "lesson", "data-lesson": lesson.name },
      title,
      ...words.intro.map((text) => h("p", { class: "l-intro" }, ...this.#withExample(text))),
      h("section", { class: "l-box l-bet" }, h("h3", {}, own.bet), this.#bet.element, this.#text?.element, asking),
      failed,
      live,
      after,
    );
    this.#parts = {
      title,
      asking,
      live,
      changing,
      status,
      pause,
      said,
      after,
      conclusion,
      verdict,
      answer,
      published,
      changed,
      options,
      check,
      reply,
      failed,
    };
  }

  focus() {
    this.#parts.title.focus({ preventScroll: true });
  }

  /** {example} stands for a line of code. @param {string} text */
  #withExample(text) {
    const [before, after] = text.split("{example}");
    return after === undefined ? [text] : [before, h("code", {}, this.#words.example), after];
  }

  /** Everything anew. */
  restart() {
    const { root } = this;
    this.dispose();
    this.#experiment = this.#first = null;
    this.#told = 0;
    this.#figures = [];
    const again = new Player(this.#played);
    root.replaceWith(again.root);
    this.root.dispatchEvent(new CustomEvent("replaced", { detail: again }));
    again.focus();
  }

  // ---- The run

  /** @param {boolean} bet whether there is one */
  async #begin(bet) {
    const { asking, live, after, changing, conclusion, pause } = this.#parts;
    this.placed = bet ? this.#bet.value : null;
    this.#bet.close();
    this.#text?.close();
    asking.remove();
    live.hidden = false;
    live.tabIndex = -1;
    live.focus({ preventScroll: true });
    scrollTo(live, "start");
    this.#played.note({ bet: this.placed });
    this.#waiting.begin();
    if (!(await (this.#ahead ?? this.#run({})))) return;
    this.#first = this.#experiment;
    this.#answer();
    if (document.activeElement === pause) live.focus({ preventScroll: true }); // it goes
    changing.hidden = conclusion.hidden = after.hidden = false;
    this.root.classList.add("l-over");
    this.#draw();
    scrollTo(conclusion, "nearest");
    this.#played.note({ done: true });
  }

  /** @param {Change} change @returns {Promise<boolean>} whether it came to its end */
  async #run(change) {
    const turn = (this.#turn = {});
    const { lesson, world } = this.#played;
    const waiting = this.#waiting;
    const led = Boolean(lesson.byHand) && !this.#first; // what is changed is run through
    const experiment = new Experiment(lesson, this.#text?.laidOver(world) ?? world, { seed: change.seed, change });
    if (this.#experiment && this.#experiment !== this.#first) this.#experiment.dispose();
    this.#experiment = experiment;
    this.#told = experiment.said.length;
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
      if (this.#turn !== turn) return false;
      const message = error instanceof Error ? error.message : String(error);
      this.#parts.failed.textContent = fill(this.#own.failed, { message });
      return false;
    }
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
    for (const { say: key, values } of experiment.said.slice(this.#told))
      this.#parts.said.append(h("li", {}, this.#speak(this.#words.say[key], values)));
    this.#told = experiment.said.length;
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
    const { verdict, answer, published } = this.#parts;
    published.textContent = this.#speakWhole(this.#words.published ?? "", run.values);
    answer.textContent = this.#speak(this.#words.say[first(lesson.answer, run.values).say], run.values);
    verdict.textContent = verdictOf({ lesson, language, run, placed: this.placed, bet: this.#bet, own: this.#own });
  }

  /** @param {Lesson["change"]["options"][number]} option */
  async #change(option) {
    const { lesson } = this.#played;
    const { changed, options } = this.#parts;
    options.forEach((/** @type {HTMLElement} */ each, /** @type {number} */ i) =>
      each.setAttribute("aria-pressed", String(lesson.change.options[i] === option)),
    );
    changed.textContent = this.#own.changing;
    Object.assign(this.#names, namesAfter(this.#words, option));
    if (option.change.networks || option.change.seed) {
      if (!(await this.#run(option.change))) return;
    } else {
      const experiment = /** @type {Experiment} */ (this.#first);
      if (this.#experiment !== experiment) this.#experiment?.dispose();
      this.#experiment = experiment;
      await experiment.lookAgain(option.change);
      this.#draw();
    }
    const { values } = /** @type {Experiment} */ (this.#experiment);
    changed.textContent = this.#speak(this.#words.say[first(lesson.change.say, values).say], values);
  }

  #check() {
    const { lesson } = this.#played;
    const { check, reply } = this.#parts;
    const { right } = lesson.check;
    const words = this.#words.check;
    const verdict = check.value === right ? this.#own.checkRight : fill(this.#own.checkWrong, { right: words[right] });
    reply.textContent = `${verdict} ${words.why}`;
    this.#played.note({ checked: check.value });
  }

  async #toLab() {
    const experiment = this.#first ?? this.#experiment;
    if (experiment) this.#played.openLab?.(await experiment.save(this.#played.lesson.lab));
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
