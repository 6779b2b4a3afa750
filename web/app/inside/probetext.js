/** The text that is looked into: a piece of what is held back, which the network does not learn, or the reader's own. */
import { CELLS } from "../../core/cells.js";
import { UNKNOWN, makeTokenizer } from "../../core/text/tokens.js";
import { sentences } from "../../views/parts/format.js";
import { heldBackPiece } from "../text/heldback.js";
import { fill, h } from "../shell/dom.js";

const NARROW = "(max-width: 40rem)";
const PIECE = { narrow: 80, wide: 112 }; // characters

const LONGEST = 400; // characters; the picture of gradients grows with the square
const RESPONSE = 600; // characters for the map of what units answer to
const LEAST = 2; // tokens: the second is guessed
const DELAY = 300; // ms after the last key

export class ProbeText {
  element;
  #strings;
  #length;
  #box;
  #note;
  #own;
  #chosen;
  /** What pieces are of. */ #learnt = "";
  /** @type {{from: number, isHeldBack: boolean | null}} null: no text is learnt */ #piece = {
    from: 0,
    isHeldBack: null,
  };
  #most = Infinity; // tokens that the network reads at once
  /** @type {Set<string>} */ #known = new Set();
  #tokenizer = makeTokenizer("char");
  #timer = 0;

  /**
   * @param {any} strings
   * @param {{chosen: string | undefined}} options chosen: the reader's text
   * @param {(text: string) => void} change "" for the piece of the text; what holds then comes back by take()
   */
  constructor(strings, { chosen }, change) {
    this.#strings = strings;
    this.#length = matchMedia(NARROW).matches ? PIECE.narrow : PIECE.wide;
    this.#chosen = chosen ?? "";
    this.#box = h("textarea", {
      dir: "auto",
      id: "u-probe",
      rows: 2,
      maxlength: LONGEST,
      spellcheck: "false",
      "aria-describedby": "u-probe-note",
      oninput: () => {
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => change(this.#box.value), DELAY);
      },
    });
    this.#own = h(
      "button",
      {
        type: "button",
        class: "quiet",
        onclick: () => change(""),
      },
      strings.probeOwn,
    );
    this.#note = h("p", { id: "u-probe-note", class: "small", role: "status" });
    this.element = h(
      "details",
      { class: "u-probe" },
      h("summary", {}, strings.probe),
      h("label", { for: "u-probe", class: "sr" }, strings.probe),
      this.#box,
      h("div", { class: "u-probe-foot" }, this.#note, this.#own),
    );
  }

  /**
   * A run's text and what its network knows.
   * @param {string} learnt "": none; then it reads tokens as they stand in the vocabulary
   * @param {{vocabulary: readonly string[], validationTokens: number, settings: {tokens: string, lowerCase?: boolean,
   * validation: number, cell: import("../../core/cells.js").CellName, seqLen: number}}} client
   * @param {any} strings in its tokens
   */
  show(learnt, { vocabulary, validationTokens, settings }, strings) {
    this.#strings = strings;
    const known = vocabulary.filter((token) => token !== UNKNOWN).slice(0, this.#length);
    this.#learnt = learnt || known.join(settings.tokens === "word" ? " " : "");
    this.#most = CELLS[settings.cell].carries ? Infinity : settings.seqLen;
    this.#piece = learnt
      ? heldBackPiece(learnt, { settings, validationTokens }, this.#length)
      : { from: 0, isHeldBack: null };
    this.#known = new Set(vocabulary);
    this.#tokenizer = makeTokenizer(/** @type {"char" | "grapheme" | "word"} */ (settings.tokens), {
      lowerCase: settings.lowerCase,
    });
    if (document.activeElement !== this.#box || !this.#chosen) this.#fill();
    this.#tell();
  }

  /** @param {string} chosen the reader's text, or "" @returns {boolean} whether it is another than before */
  take(chosen) {
    if (chosen === this.#chosen) return false;
    clearTimeout(this.#timer);
    this.#chosen = chosen;
    if (this.#box.value !== chosen) this.#fill(); // else it was typed
    this.#tell();
    return true;
  }

  #fill() {
    this.#box.value = this.#chosen || this.#atOnce(this.#cut(this.#length));
  }

  /** @param {number} length @param {number} [from] */
  #cut(length, from = this.#piece.from) {
    return [...this.#learnt.slice(from, from + 2 * length)].slice(0, length).join("");
  }

  /** What is probed; "" where there is too little. */
  get text() {
    const text = this.#atOnce(this.#chosen || this.#cut(this.#length));
    const least = Math.min(LEAST, this.#most);
    return this.#tokensOf(text).filter((token) => this.#knows(token)).length < least ? "" : text;
  }

  /** More from there on, or from as far before the end. */
  get longText() {
    return this.#atOnce(this.#cut(RESPONSE, Math.max(0, Math.min(this.#piece.from, this.#learnt.length - RESPONSE))));
  }

  /** As much of a text as the network reads at once. @param {string} text */
  #atOnce(text) {
    return this.#most === Infinity
      ? text
      : firstTokens(this.#tokensOf(text), this.#most, (token) => this.#knows(token));
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
    const { probeUnknown, probeShort, probeCut } = this.#strings;
    const unknown = [...new Set(this.#tokensOf(this.#chosen).filter((token) => !this.#knows(token)))];
    const isCut = this.#atOnce(this.#chosen).length < this.#chosen.length;
    const told = sentences(
      isCut ? fill(probeCut, { n: this.#most }) : "",
      unknown.length ? fill(probeUnknown, { tokens: unknown.join(" ") }) : "",
    );
    this.#own.hidden = !this.#chosen;
    this.#note.textContent = !this.text ? probeShort : told || whatItIs(this.#chosen, this.#piece, this.#strings);
  }
}

/**
 * What the network has to do with the text.
 * @param {string} chosen "": it is the piece @param {{ isHeldBack: boolean | null }} piece
 * @param {Record<"probeHint" | "probeLearnt" | "probeChosen", string>} strings
 */
export function whatItIs(chosen, { isHeldBack }, { probeHint, probeLearnt, probeChosen }) {
  if (chosen) return probeChosen;
  return isHeldBack === null ? "" : isHeldBack ? probeHint : probeLearnt;
}

/**
 * The beginning of a text that holds so many tokens which a network knows.
 * @param {readonly string[]} tokens of the text @param {number} most @param {(token: string) => boolean} knows
 */
export function firstTokens(tokens, most, knows) {
  let count = 0;
  const end = tokens.findIndex((token) => knows(token) && ++count > most);
  return (end < 0 ? tokens : tokens.slice(0, end)).join("");
}
