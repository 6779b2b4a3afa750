/** The text that is looked into: a piece of what is learnt, until the user writes another. */
import { UNKNOWN, makeTokenizer } from "../../core/text/tokens.js";
import { fill, h } from "../shell/dom.js";

const LONGEST = 400; // characters; the picture of gradients grows with the square
const RESPONSE = 600; // characters for the map of what units answer to
const LEAST = 3; // tokens
const DELAY = 300; // ms after the last key

export class ProbeText {
  element;
  #strings;
  #length;
  #box;
  #note;
  #own;
  #chosen;
  #learnt = "";
  /** @type {Set<string>} */ #known = new Set();
  #tokenizer = makeTokenizer("char");
  #timer = 0;

  /**
   * @param {any} strings
   * @param {{length: number, chosen: string | undefined}} options length: characters of the piece; chosen: the user's
   * text
   * @param {(text: string) => void} change "" for the piece of the learnt text
   */
  constructor(strings, { length, chosen }, change) {
    this.#strings = strings;
    this.#length = length;
    this.#chosen = chosen ?? "";
    this.#box = h("textarea", {
      id: "u-probe",
      rows: 2,
      maxlength: LONGEST,
      spellcheck: "false",
      "aria-describedby": "u-probe-note",
      oninput: () => {
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => {
          this.#chosen = this.#box.value;
          this.#tell();
          change(this.#chosen);
        }, DELAY);
      },
    });
    this.#own = h(
      "button",
      {
        type: "button",
        class: "quiet",
        onclick: () => {
          this.#chosen = "";
          this.#fill();
          change("");
        },
      },
      strings.probeOwn,
    );
    this.#note = h("p", { id: "u-probe-note", class: "small", role: "status" });
    this.element = h(
      "div",
      { class: "u-probe" },
      h("label", { for: "u-probe" }, strings.probe),
      this.#box,
      h("div", { class: "u-probe-foot" }, this.#note, this.#own),
    );
  }

  /**
   * A run's text and what its network knows.
   * @param {string} learnt
   * @param {{vocabulary: readonly string[], settings: {tokens: string, lowerCase?: boolean}}} client
   */
  show(learnt, { vocabulary, settings }) {
    this.#learnt = learnt;
    this.#known = new Set(vocabulary);
    this.#tokenizer = makeTokenizer(/** @type {"char" | "grapheme" | "word"} */ (settings.tokens), {
      lowerCase: settings.lowerCase,
    });
    this.#fill();
  }

  #fill() {
    if (document.activeElement !== this.#box || !this.#chosen)
      this.#box.value = this.#chosen || this.#piece(this.#length);
    this.#tell();
  }

  /** From the text's beginning. @param {number} length */
  #piece(length) {
    return [...this.#learnt.slice(0, 2 * length)].slice(0, length).join("");
  }

  /** What is probed; "" where there is too little. */
  get text() {
    const text = this.#chosen || this.#piece(this.#length);
    return this.#tokensOf(text).filter((token) => this.#knows(token)).length < LEAST ? "" : text;
  }

  get longText() {
    return this.#piece(RESPONSE);
  }

  /** @param {string} text */
  #tokensOf(text) {
    return [...this.#tokenizer.split(text)];
  }

  /** @param {string} token */
  #knows(token) {
    return this.#known.has(token) || this.#known.has(UNKNOWN);
  }

  /** When its page goes. */
  dispose() {
    clearTimeout(this.#timer);
  }

  #tell() {
    const { probeHint, probeUnknown, probeShort } = this.#strings;
    const unknown = [...new Set(this.#tokensOf(this.#chosen).filter((token) => !this.#knows(token)))];
    this.#own.hidden = !this.#chosen;
    this.#note.textContent = !this.text
      ? probeShort
      : unknown.length
        ? fill(probeUnknown, { tokens: unknown.join(" ") })
        : probeHint;
  }
}
