/**
 * The bar that stays: the run and what is done to it, the moment that everything shows and the way to others, what holds
 * the cores, and what has to be said.
 */
import { Scrubber } from "../progress/scrubber.js";
import { fill, h, say } from "./dom.js";
import { spoken } from "../strings/tokens.js";
import { icon } from "./icons.js";

/**
 * @typedef {object} Told
 * @property {() => void} toggle
 * @property {() => void} step
 * @property {() => void} reset
 * @property {(step: number | null) => void} travel
 * @property {() => void} branch
 * @property {() => void} settings opens text and settings, where they are a sheet
 */

export class Bar {
  #strings;
  #format;
  #page;
  #buttons;
  #step = h("b", { class: "num", "data-number": "step" }, "0");
  #loss = h("b", { class: "num", "data-number": "loss" }, "–");
  #speed = h("span", { class: "num", "data-number": "speed" });
  #status = h("p", { class: "status", role: "status" });
  #badge;
  #beside;
  #chip;
  #scrubber;

  /** @param {import("../page.js").Page} page @param {Told} told */
  constructor(page, told) {
    this.#page = page;
    this.#format = page.format;
    const s = (this.#strings = page.strings.bar);
    const button = (/** @type {string} */ name, /** @type {() => void} */ onclick, /** @type {string} */ className) =>
      h(
        "button",
        { type: "button", class: className, title: /** @type {any} */ (s)[`${name}Hint`], disabled: true, onclick },
        icon(name),
        h("span", { class: "word" }, /** @type {any} */ (s)[name]),
      );
    this.#buttons = {
      toggle: button("start", told.toggle, "primary"),
      step: button("step", told.step, ""),
      reset: button("reset", told.reset, ""),
    };
    this.#scrubber = new Scrubber(s, page.format, told.travel);
    this.#badge = h(
      "p",
      { class: "badge", hidden: true },
      h("b", { class: "num" }),
      h("button", { type: "button", class: "quiet", onclick: () => told.travel(null) }, s.now),
      h("button", { type: "button", class: "quiet", onclick: told.branch }, s.branch),
    );
    this.#beside = h(
      "p",
      { class: "beside", hidden: true },
      h("span"),
      h("button", { type: "button", class: "quiet" }, s.stop),
    );
    this.#chip = h(
      "button",
      { type: "button", class: "chip", title: s.settings, onclick: told.settings },
      icon("settings"),
      h("span", { class: "word" }),
    );
    this.element = h(
      "section",
      { class: "bar", "aria-label": s.label },
      h(
        "div",
        { class: "bar-row transport" },
        ...Object.values(this.#buttons),
        h("p", { class: "count" }, h("span", {}, s.atStep, " ", this.#step), h("span", {}, s.loss, " ", this.#loss)),
        this.#scrubber.element,
        this.#badge,
        this.#beside,
        this.#status,
        this.#chip,
      ),
      page.isSite && page.notices.element,
    );
  }

  /** The way through the run. */
  get scrubber() {
    return this.#scrubber.element;
  }

  /** Shows how the run stands; what is of the moment, it shows of the moment. */
  show() {
    const { run, moment, work, format } = this.#page;
    const s = this.#strings;
    const ready = run.client !== null;
    const held = work.current;
    for (const button of Object.values(this.#buttons)) button.disabled = !ready || held !== null;
    const running = run.running;
    const [sign, word] = this.#buttons.toggle.children;
    const does = running ? s.pause : s.start;
    if (word.textContent !== does) {
      word.textContent = does;
      sign.replaceWith(icon(running ? "pause" : "start"));
    }
    const { loss } = run.story.at(moment.step);
    say(this.#step, format.integer(moment.step));
    this.element.dataset.step = String(moment.step);
    this.element.setAttribute("aria-busy", String(run.pausing || moment.busy));
    say(this.#loss, loss === null || loss === undefined ? s.none : format.fixed(loss, 3));
    this.#scrubber.show(run, moment);
    this.#badge.toggleAttribute("hidden", moment.past === null);
    if (moment.past !== null) say(this.#badge.firstElementChild, fill(s.past, { step: format.integer(moment.past) }));
    this.#sayWork();
    this.#say();
  }

  /** The text and the network, as the button to change them. @param {string} words */
  name(words) {
    this.#chip.lastElementChild.textContent = words;
  }

  #sayWork() {
    const { work } = this.#page;
    const { current, beside } = work;
    const shown = current ?? beside;
    this.#beside.toggleAttribute("hidden", !shown);
    if (!shown) return;
    const [words, stop] = this.#beside.children;
    say(words, current?.standing ? `${current.name}: ${current.standing}` : shown.name);
    stop.onclick = () => (current ? work.stop() : beside?.stop());
  }

  /** One word on the run, and its speed of the last seconds. */
  #say() {
    const { run } = this.#page;
    const word = this.#word();
    const figure = run.running && run.reading === null ? run.speed : null;
    const words = spoken({ speed: this.#strings.speed }, this.#page);
    const speed = figure ? fill(words.speed, { speed: this.#format.integer(figure) }) : "";
    if (this.#status.firstChild?.textContent !== word) this.#status.replaceChildren(word, " ", this.#speed);
    say(this.#speed, speed);
    this.#status.classList.toggle("live", run.running);
  }

  #word() {
    const { run, moment, work, opening } = this.#page;
    const s = this.#strings;
    if (run.reading !== null) return fill(s.reading, { done: this.#format.integer(100 * run.reading) });
    if (!run.client) return opening ? s.opening : s.none;
    if (work.current || moment.past !== null) return "";
    return run.running ? s.running : s.paused;
  }
}
