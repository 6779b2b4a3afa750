/** The experiments in a page: their list, or one of them, with the way to the others. */
import { fill, h } from "../shell/dom.js";
import { LESSONS } from "../../lessons/catalog.js";
import { Player } from "./player.js";
import { noteProgress, readProgress } from "./progress.js";
import { PageWorld } from "./world.js";
import { WORDS } from "./words.js";

/**
 * @typedef {import("./world.js").Host & {
 *   language: "en" | "zh",
 *   openLab: ((network: any) => void) | null,
 *   go: ((name: string) => void) | null,
 * }} LearnHost openLab: null where there is no lab; go: shows a lesson, or the list for ""; null where there is one lesson alone
 */

/**
 * @param {HTMLElement} root is filled
 * @param {string} name of a lesson; "" for the list
 * @param {LearnHost} host
 * @returns {{ setHidden: (hidden: boolean) => void, recolour: () => void, focus: () => void, dispose: () => void,
 *   speak: (language: "en" | "zh") => void }} speak: the same in another language, wherever the reader is in it
 */
export function mountLearn(root, name, host) {
  let { language } = host;
  const at = LESSONS.findIndex((each) => each.name === name);
  if (at < 0 && !host.go) {
    const show = () => root.replaceChildren(list(host, language, fill(WORDS[language].noSuch, { name })));
    show();
    const speak = (/** @type {"en" | "zh"} */ other) => {
      language = other;
      show();
    };
    return { setHidden() {}, recolour() {}, focus: () => heading(root).focus(), dispose() {}, speak };
  }
  const world = new PageWorld(host);
  const lesson = LESSONS[Math.max(0, at)];
  let player = new Player({
    lesson,
    language,
    world,
    ahead: at < 0,
    note: (changes) => noteProgress(lesson.name, changes),
    openLab: host.openLab,
  });
  const show = () => {
    const own = WORDS[language];
    const place = fill(own.place, { n: at + 1, all: LESSONS.length });
    if (at < 0) root.replaceChildren(...front(host, language, name, player.root));
    else
      root.replaceChildren(
        h("p", { class: "l-place small" }, host.go ? link(own.list, "", host) : null, h("span", {}, place)),
        player.root,
        host.go ? ways(at, host, language) : "",
      );
  };
  const follow = () =>
    player.root.addEventListener("replaced", (/** @type {CustomEvent} */ event) => {
      player = event.detail;
      follow();
    });
  follow();
  show();
  return {
    setHidden: (hidden) => player.setHidden(hidden),
    recolour: () => player.recolour(),
    focus: () => (at < 0 ? heading(root).focus() : player.focus()),
    dispose() {
      player.dispose();
      world.dispose();
    },
    speak(other) {
      language = other;
      player.speak(language);
      follow();
      show();
    },
  };
}

/** @param {HTMLElement} root */
const heading = (root) => /** @type {HTMLElement} */ (root.querySelector("h2"));

/** @param {string} text @param {string} name @param {LearnHost} host */
function link(text, name, host) {
  return h(
    "a",
    {
      href: `#lesson=${name || "all"}`,
      onclick: (/** @type {Event} */ event) => {
        event.preventDefault();
        host.go?.(name);
      },
    },
    text,
  );
}

/** @param {number} at @param {LearnHost} host @param {"en" | "zh"} language */
function ways(at, host, language) {
  const own = WORDS[language];
  const way = (
    /** @type {import("../../lessons/lesson.js").Lesson | undefined} */ lesson,
    /** @type {string} */ words,
  ) => lesson && link(fill(words, { title: lesson.words[language].title }), lesson.name, host);
  return h(
    "nav",
    { class: "l-ways", "aria-label": own.lessons },
    way(LESSONS[at - 1], own.previous),
    way(LESSONS[at + 1], own.next),
  );
}

/**
 * What stands behind the door: the first experiment, which has begun, and the way to the others.
 * @param {LearnHost} host @param {"en" | "zh"} language @param {string} wanted @param {HTMLElement} first
 */
function front(host, language, wanted, first) {
  const own = WORDS[language];
  const place = h("p", { class: "l-place small" }, fill(own.place, { n: 1, all: LESSONS.length }));
  const lead = wanted === "all" ? own.lead : fill(own.noSuch, { name: wanted });
  return [
    h("div", { class: "l-front" }, h("h2", { tabindex: "-1" }, own.lessons), h("p", { class: "lead" }, lead)),
    ...(wanted === "all"
      ? [place, first, list(host, language, own.rest)]
      : [list(host, language, own.rest), place, first]),
  ];
}

/** @param {LearnHost} host @param {"en" | "zh"} language @param {string} title */
function list(host, language, title) {
  const own = WORDS[language];
  const progress = readProgress();
  return h(
    "div",
    { class: "l-list" },
    h("h2", { tabindex: "-1" }, title),
    h(
      "ol",
      {},
      ...LESSONS.map((lesson) => {
        const { title, question } = lesson.words[language];
        return h(
          "li",
          {},
          h(
            "h3",
            {},
            link(title, lesson.name, host),
            progress[lesson.name]?.done ? h("span", { class: "l-done" }, ` ✓ ${own.done}`) : null,
          ),
          h("p", {}, question),
        );
      }),
    ),
  );
}
