/** Where a lesson's networks may read the reader's own text: a box for it, before the bet. */
import { fill, h } from "../shell/dom.js";
import { written } from "../../lessons/run/sentence.js";

/** Below this, a text is learnt by heart before it shows anything. */
export const LEAST = 4000;

export class OwnText {
  #box;
  #note = h("p", { class: "small", "aria-live": "polite" });
  #own;
  #language;

  /** @param {import("./words.js").OwnWords} own @param {string} language @param {() => void} changed */
  constructor(own, language, changed) {
    this.#own = own;
    this.#language = language;
    this.#box = h("textarea", {
      dir: "auto",
      rows: "3",
      spellcheck: "false",
      autocomplete: "off",
      placeholder: own.paste,
      oninput: () => {
        this.#tell();
        changed();
      },
    });
    this.element = h("div", { class: "l-own" }, h("label", {}, own.ownText, this.#box), this.#note);
    this.#tell();
  }

  /** @returns {string | null} null: none was given */
  get text() {
    return this.#box.value || null;
  }

  set text(text) {
    this.#box.value = text ?? "";
    this.#tell();
  }

  /** Whether the run may begin with it. */
  get fits() {
    return !this.text || this.#length >= LEAST;
  }

  get #length() {
    return [...this.#box.value].length;
  }

  /** The same place, in which a reader's text is the one of the box. @param {import("../../lessons/run/experiment.js").World} world */
  laidOver(world) {
    const own = this.text;
    return {
      open: world.open,
      read: (/** @type {import("../../lessons/lesson.js").TextSpec} */ spec) =>
        spec.reader && own ? own : world.read(spec),
    };
  }

  /** What they read stays to be seen; a box without a text goes. */
  close() {
    this.#box.readOnly = true;
    this.element.hidden = !this.text;
  }

  #tell() {
    const number = (/** @type {number} */ n) => written(n, undefined, this.#language);
    const words = !this.text ? this.#own.noText : this.fits ? this.#own.textFits : this.#own.textShort;
    this.#note.textContent = fill(words, { have: number(this.#length), least: number(LEAST) });
  }
}
