/** Which text is learnt: a sample, or the user's own by pasting, typing, dropping or opening a file. */
import { fill, h } from "../shell/dom.js";
import { TEXTS, TEXT_LIMIT, countCharacters } from "./texts.js";

const PREVIEW = 400;
const BOX_LIMIT = 20_000; // characters a box edits without halting the page

export class TextPanel {
  #strings;
  #format;
  #choice;
  #box;
  #note;
  #preview;
  #facts;
  #needs;
  #asked;
  #curve;
  /** @type {import("./placescurve.js").PlacesCurve | null} */ #drawn = null;
  #told;
  /** A text too long for the box, which shows its beginning. @type {string | null} */
  #held = null;

  /**
   * @param {any} strings @param {import("../shell/format.js").Format} format
   * @param {string} name of the text that is on its way
   * @param {{sample: (name: string) => void, own: (text: string) => void,
   *   file: (file: File, show: (text: string) => void) => void}} told
   */
  constructor(strings, format, name, told) {
    this.#strings = strings;
    this.#format = format;
    this.#told = told;
    this.#choice = h(
      "select",
      { id: "u-text", onchange: () => this.#choose() },
      ...[...Object.keys(TEXTS), "own"].map((each) =>
        h("option", { value: each, selected: each === name }, strings[each]),
      ),
    );
    this.#box = h("textarea", {
      dir: "auto",
      id: "u-own",
      rows: "4",
      spellcheck: "false",
      placeholder: strings.placeholder,
      autocomplete: "off",
      onpaste: (/** @type {ClipboardEvent} */ event) => this.#paste(event),
      oninput: () => this.#hold(null),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#learn();
      },
    });
    this.#note = h("p", { class: "small", hidden: true });
    this.#preview = h("p", { class: "preview", dir: "auto", "aria-hidden": "true" });
    this.#facts = h("p", { class: "small num facts" }, "\u00a0");
    this.#needs = h("p", { class: "small needs", hidden: true });
    this.#asked = h("p", { class: "small num asked", hidden: true });
    this.#curve = h("div", { class: "places" });
    const file = h("input", {
      type: "file",
      accept: ".txt,.md,.text,text/plain",
      class: "sr",
      id: "u-file",
      onchange: () => {
        this.read(file.files[0]);
        file.value = "";
      },
    });
    this.element = h(
      "details",
      { class: "group", open: true, "data-group": "text" },
      h("summary", {}, h("h2", {}, strings.title)),
      h("div", { class: "row wide" }, h("label", { for: "u-text" }, strings.choose), this.#choice),
      this.#preview,
      this.#facts,
      this.#needs,
      this.#asked,
      this.#curve,
      h("label", { for: "u-own", class: "block" }, strings.paste),
      this.#box,
      this.#note,
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", onclick: () => this.#learn() }, strings.learn),
        file,
        h("label", { for: "u-file", class: "button quiet" }, strings.file),
      ),
    );
  }

  /** @param {string} name of the text that is learnt */
  name(name) {
    this.#choice.value = name;
  }

  /**
   * @param {string} name
   * @param {string} text what is being learnt
   * @param {number} distinct tokens
   * @param {"char" | "grapheme" | "word"} tokens
   */
  show(name, text, distinct, tokens) {
    this.name(name);
    this.#preview.textContent = text.slice(0, PREVIEW);
    this.#facts.textContent = fill(this.#strings.facts[tokens], {
      count: this.#format.integer(countCharacters(text)),
      distinct: this.#format.integer(distinct),
    });
    const { made } = TEXTS[name] ?? {};
    this.#needs.hidden = !made;
    this.#asked.hidden = true;
    this.#drawn?.clear();
    if (made) this.#showNeeds(made);
  }

  /** How far back a made text asks one to remember. @param {string} made by this generator */
  async #showNeeds(made) {
    const { makeText } = await import("../../core/text/generators.js");
    const { memory } = makeText(made);
    if (TEXTS[this.#choice.value]?.made !== made) return; // another text was chosen meanwhile
    this.#needs.textContent = fill(this.#strings.needs[made], { memory: this.#format.integer(memory) });
  }

  /**
   * How it guesses at the places of a made text that need its memory.
   * @param {{accuracy: number, chance: number}} asked
   * @param {number} step
   */
  showPlaces({ accuracy, chance }, step) {
    const words = fill(this.#strings.asked, {
      right: this.#format.percent(accuracy),
      chance: this.#format.percent(chance),
      step: this.#format.integer(step),
    });
    this.#asked.hidden = false;
    this.#asked.textContent = words;
    this.#draw({ accuracy, chance }, step, words);
  }

  /** What draws is fetched for a text that asks for it. @type {(...look: [{accuracy: number, chance: number}, number, string]) => Promise<void>} */
  async #draw(...look) {
    const { PlacesCurve } = await import("./placescurve.js");
    this.#drawn ??= new PlacesCurve(this.#curve, this.#strings);
    this.#drawn.add(...look);
  }

  /** What stands in the box, to be kept over a change of language. */
  get draft() {
    return this.#held ?? this.#box.value;
  }

  set draft(text) {
    this.#put(text);
  }

  /** @param {File | undefined} file */
  read(file) {
    if (file) this.#told.file(file, (text) => this.#put(text));
  }

  #choose() {
    if (this.#choice.value !== "own") this.#told.sample(this.#choice.value);
    else if (this.#box.value) this.#learn();
    else this.#box.focus();
  }

  /** A pasted text is learnt at once; one too long for a box does not go through it. @param {ClipboardEvent} event */
  #paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length > BOX_LIMIT) {
      event.preventDefault();
      this.#put(text);
      this.#told.own(text);
    } else {
      setTimeout(() => this.#told.own(this.#box.value));
    }
  }

  #learn() {
    this.#told.own(this.#held ?? this.#box.value);
  }

  /** @param {string} text */
  #put(text) {
    const long = text.length > BOX_LIMIT;
    this.#box.value = long ? text.slice(0, PREVIEW) : text;
    this.#hold(long ? text.slice(0, TEXT_LIMIT + 1) : null);
  }

  /** @param {string | null} text */
  #hold(text) {
    this.#held = text;
    this.#note.hidden = text === null;
    this.#note.textContent =
      text === null ? "" : fill(this.#strings.held, { count: this.#format.integer(text.length) });
  }
}
