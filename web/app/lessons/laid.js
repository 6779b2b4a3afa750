/** What a lesson's player shows, made of its words: nothing in it knows of a run. */
import { h } from "../shell/dom.js";
import { Choices } from "./choices.js";
import { Drawn } from "./drawn.js";
import { OwnText } from "./owntext.js";

/**
 * @typedef {object} Acts what a reader does
 * @property {(bet: boolean) => void} begin with a bet, or without
 * @property {() => void} press the button beside the run
 * @property {(option: import("../../lessons/lesson.js").Lesson["change"]["options"][number]) => void} change
 * @property {(value: string | null) => void} check
 * @property {() => void} again
 * @property {(() => void) | null} toLab null: there is no lab beside it
 */

/**
 * @param {object} of
 * @param {import("../../lessons/lesson.js").Lesson} of.lesson
 * @param {"en" | "zh"} of.language
 * @param {import("./words.js").OwnWords} of.own
 * @param {{ root: HTMLElement }[]} of.figures
 * @param {boolean} of.ahead whether its run is seen before the bet
 * @param {Acts} of.acts
 * @returns {any} its parts by name; `root` holds them
 */
export function layLesson({ lesson, language, own, figures, ahead, acts }) {
  const words = lesson.words[language];
  const button = (/** @type {string} */ text, /** @type {() => void} */ run, kind = "") =>
    h("button", { type: "button", class: kind, onclick: run }, text);

  const ready = () => {
    skip.disabled = ownText?.fits === false;
    start.disabled = skip.disabled || bet.value === null;
  };
  const reads = Object.values(lesson.networks).some(({ text }) => text.reader);
  const ownText = reads ? new OwnText(own, language, ready) : null;
  const bet = makeBet(lesson, words, own, language, ready);
  const start = button(own.start, () => acts.begin(true), "primary");
  start.disabled = true;
  const skip = button(own.noBet, () => acts.begin(false), "quiet");
  const asking = h("div", { class: "buttons" }, start, skip);

  const status = h("p", { class: "l-status num" });
  const pause = button(lesson.byHand ? own.step : own.pause, acts.press);
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
  const options = lesson.change.options.map((option) => button(words.change[option.name], () => acts.change(option)));
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
    { class: "l-live", hidden: !ahead },
    h("div", { class: "l-words" }, h("div", { class: "l-bar" }, status, pause), said, conclusion, changing),
    h("div", { class: "l-figures" }, ...figures.map(({ root }) => root)),
  );

  const check = new Choices(
    words.check.question,
    lesson.check.options.map((value) => ({ value, text: words.check[value] })),
    () => acts.check(check.value),
  );
  const reply = h("p", { class: "l-reply", "aria-live": "polite" });
  const failed = h("p", { class: "l-failed", role: "alert" });
  const after = h(
    "div",
    { class: "l-after", hidden: true },
    h("section", { class: "l-box" }, h("h3", {}, own.check), check.element, reply),
    h("div", { class: "buttons" }, acts.toLab && button(own.lab, acts.toLab, "quiet"), button(own.again, acts.again)),
  );
  const title = h("h2", { tabindex: "-1" }, words.title);
  const root = h(
    "article",
    { class: "lesson", "data-lesson": lesson.name },
    title,
    ...words.intro.map((text) => h("p", { class: "l-intro" }, ...withExample(text, words.example))),
    h("section", { class: "l-box l-bet" }, h("h3", {}, own.bet), bet.element, ownText?.element, asking),
    failed,
    live,
    after,
  );
  return {
    root,
    title,
    bet,
    ownText,
    ready,
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

/**
 * @param {import("../../lessons/lesson.js").Lesson} lesson @param {import("../../lessons/lesson.js").Words} words
 * @param {import("./words.js").OwnWords} own @param {"en" | "zh"} language @param {() => void} ready
 */
function makeBet({ bet: { axis, options = [] } }, words, own, language, ready) {
  const { question, bet } = words;
  if (axis)
    return new Drawn(axis, { title: question, hint: own.draw, point: own.point, x: bet.x, y: bet.y }, language, ready);
  return new Choices(
    question,
    options.map((value) => ({ value, text: bet[value] })),
    ready,
  );
}

/** {example} stands for a line of code. @param {string} text @param {string} [example] */
function withExample(text, example) {
  const [before, after] = text.split("{example}");
  return after === undefined ? [text] : [before, h("code", {}, example), after];
}
