/**
 * One lesson in a page: a question and a bet, the run with its sentences, the answer over the bet, one thing to change,
 * a question to check. Everything it says comes from the lesson's file, every number from the run.
 */
import { fill, h } from "../shell/dom.js";
import { between } from "../shell/motion.js";
import { Experiment } from "../../lessons/run/experiment.js";
import { holds } from "../../lessons/run/expression.js";
import { say, written } from "../../lessons/run/sentence.js";
import { Choices } from "./choices.js";
import { Drawn } from "./drawn.js";
import { FIGURES } from "./figures/index.js";
import { WORDS } from "./words.js";

/** @typedef {import("../../lessons/lesson.js").Lesson} Lesson */
/** @typedef {import("../../lessons/lesson.js").Change} Change */

/**
 * @typedef {object} Played what a player is given
 * @property {Lesson} lesson
 * @property {"en" | "zh"} language
 * @property {import("../../lessons/run/experiment.js").World} world
 * @property {(changes: object) => void} note of the reader's progress
 * @property {((network: { checkpoint: Uint8Array, text: string, spec: import("../../lessons/lesson.js").NetworkSpec, broken: boolean }) => void) | null} openLab null: there is no lab beside it
 */

const PLAIN_PACE = 40; // ms of a round, at least, so that a page has time to draw

export class Player {
  #played;
  #words;
  #own;
  /** @type {import("../../lessons/run/experiment.js").Experiment | null} */ #experiment = null;
  /** The lesson's own run, once it is over. @type {Experiment | null} */ #first = null;
  /** @type {{ root: HTMLElement, draw: (scene: any) => void }[]} */ #figures;
  /** @type {any} */ #bet;
  /** @type {any} */ #parts;
  /** @type {object | null} */ #turn = null;
  #hidden = false;
  /** @type {(() => void) | null} */ #wake = null;
  #told = 0;

  /** @param {Played} played */
  constructor(played) {
    this.#played = played;
    const { lesson, language } = played;
    this.#words = lesson.words[language];
    this.#own = WORDS[language];
    const words = this.#words;
    this.#figures = lesson.figures.map(
      (spec) =>
        new FIGURES[spec.kind]({
          spec,
          words: words.figures[spec.name],
          names: words.networks,
          language,
          own: this.#own,
          speak: (sentence, values) => this.#speak(sentence, values),
        }),
    );
    this.#lay();
  }

  /** @param {boolean} hidden a run that is not seen waits */
  setHidden(hidden) {
    this.#hidden = hidden;
    if (!hidden) this.#wake?.();
  }

  recolour() {
    this.#draw();
    this.#bet.draw?.();
  }

  dispose() {
    this.#turn = null;
    this.#wake?.();
    this.#experiment?.dispose();
    if (this.#first !== this.#experiment) this.#first?.dispose();
  }

  // ---- Laid out

  #lay() {
    const { lesson, language } = this.#played;
    const words = this.#words,
      own = this.#own;
    const button = (/** @type {string} */ text, /** @type {() => void} */ run, kind = "") =>
      h("button", { type: "button", class: kind, onclick: run }, text);
    const ready = () => {
      start.disabled = this.#bet.value === null;
    };
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
    const pause = button(own.pause, () => this.#toggle());
    const said = h("ol", { class: "l-said", "aria-live": "polite" });
    const verdict = h("p", { class: "l-verdict" });
    const answer = h("p", { class: "l-answer" });
    const conclusion = h(
      "section",
      { class: "l-box", hidden: true, "aria-live": "polite" },
      h("h3", {}, own.answer),
      verdict,
      answer,
      words.published ? h("p", { class: "small" }, words.published) : null,
    );
    const live = h(
      "section",
      { class: "l-live", hidden: true },
      h("div", { class: "l-words" }, h("div", { class: "l-bar" }, status, pause), said, conclusion),
      h("div", { class: "l-figures" }, ...this.#figures.map(({ root }) => root)),
    );
    const changed = h("p", { class: "l-changed", "aria-live": "polite" });
    const options = lesson.change.options.map((option) =>
      button(words.change[option.name], () => this.#change(option)),
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
      h(
        "section",
        { class: "l-box" },
        h("h3", {}, own.change),
        h("p", {}, words.change.label),
        h("div", { class: "buttons", role: "group", "aria-label": words.change.label }, ...options),
        changed,
      ),
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
      h("section", { class: "l-box l-bet" }, h("h3", {}, own.bet), this.#bet.element, asking),
      failed,
      live,
      after,
    );
    this.#parts = {
      title,
      asking,
      live,
      status,
      pause,
      said,
      after,
      conclusion,
      verdict,
      answer,
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
    const { asking, live, after, conclusion } = this.#parts;
    this.placed = bet ? this.#bet.value : null;
    this.#bet.close();
    asking.remove();
    live.hidden = false;
    live.tabIndex = -1;
    live.focus({ preventScroll: true });
    live.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    this.#played.note({ bet: this.placed });
    if (!(await this.#run({}))) return;
    this.#first = this.#experiment;
    this.#answer();
    conclusion.hidden = after.hidden = false;
    this.#draw();
    this.#played.note({ done: true });
  }

  /** @param {Change} change @returns {Promise<boolean>} whether it came to its end */
  async #run(change) {
    const turn = (this.#turn = {});
    const { lesson, world } = this.#played;
    const experiment = new Experiment(lesson, world, { seed: change.seed, change });
    if (this.#experiment && this.#experiment !== this.#first) this.#experiment.dispose();
    this.#experiment = experiment;
    this.#told = experiment.said.length;
    this.#parts.failed.textContent = "";
    try {
      await experiment.open();
      for (let going = experiment.running, n = 0; going; n++) {
        await this.#awake();
        if (this.#turn !== turn) return false;
        const start = performance.now();
        going = await experiment.round();
        if (this.#turn !== turn) return false;
        if (!going || n % Math.max(1, Math.round(between(100) / 100)) === 0) this.#draw();
        const rest = Math.max(lesson.pace ?? 0, PLAIN_PACE) - (performance.now() - start);
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

  /** Until it is seen and not paused. */
  async #awake() {
    while (this.#turn && (this.#hidden || this.paused))
      await new Promise((done) => {
        this.#wake = () => done(undefined);
      });
  }

  #toggle() {
    this.paused = !this.paused;
    this.#parts.pause.textContent = this.paused ? this.#own.go : this.#own.pause;
    this.#wake?.();
  }

  paused = false;

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
    const { status, pause, said } = this.#parts;
    const all = Math.max(...Object.values(experiment.specs).map(({ steps }) => steps));
    const done = Math.max(...experiment.networks.map(({ step }) => step));
    const text = experiment.running
      ? fill(this.#own.running, {
          done: written(done, undefined, this.#played.language),
          all: written(all, undefined, this.#played.language),
        })
      : this.#own.ended;
    if (status.textContent !== text) status.textContent = text;
    pause.hidden = !experiment.running;
    for (const { say: key, values } of experiment.said.slice(this.#told))
      said.append(h("li", {}, this.#speak(this.#words.say[key], values)));
    this.#told = experiment.said.length;
  }

  // ---- After it

  #answer() {
    const { lesson, language } = this.#played;
    const { values } = /** @type {Experiment} */ (this.#first);
    const { verdict, answer } = this.#parts;
    const { bet } = lesson;
    const words = this.#words,
      own = this.#own;
    answer.textContent = this.#speak(words.say[first(lesson.answer, values).say], values);
    if (bet.axis) {
      const { at, network, number } = bet.axis;
      const end = at[at.length - 1];
      const looks = this.#first?.networks.find(({ name }) => name === network)?.looks ?? [];
      const truth = looks.findLast((look) => look.step <= end && Number.isFinite(look[number]))?.[number] ?? Number.NaN;
      verdict.textContent = this.placed
        ? fill(own.drawn, {
            x: words.bet.x,
            n: written(end, undefined, language),
            bet: written(this.placed.at(-1), "1", language),
            truth: written(truth, "1", language),
          })
        : own.unbet;
      return;
    }
    const outcome = first(bet.outcome ?? [], values).is;
    this.#bet.mark(outcome, own.happened);
    this.#bet.mark(this.placed, own.yourBet);
    verdict.textContent =
      this.placed === null
        ? own.unbet
        : this.placed === outcome
          ? own.right
          : fill(own.wrong, { bet: words.bet[this.placed], truth: words.bet[outcome] });
  }

  /** @param {Lesson["change"]["options"][number]} option */
  async #change(option) {
    const { lesson } = this.#played;
    const { changed, options } = this.#parts;
    options.forEach((/** @type {HTMLElement} */ each, /** @type {number} */ i) =>
      each.setAttribute("aria-pressed", String(lesson.change.options[i] === option)),
    );
    changed.textContent = this.#own.changing;
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

  /** @param {string} sentence @param {ReadonlyMap<string, number>} values */
  #speak(sentence, values) {
    const named = sentence.replace(/\{(\w+)\.name\}/g, (hole, name) => this.#words.networks[name] ?? hole);
    return say(named, values, this.#played.language);
  }
}

/** The first of some cases that holds. @template {{ when?: string }} C @param {C[]} cases @param {ReadonlyMap<string, number>} values */
const first = (cases, values) => /** @type {C} */ (cases.find(({ when }) => when === undefined || holds(when, values)));
