/**
 * All that a link can repeat, as one object: settings under their flat names, the text's source, what is sampled and
 * probed, language and theme. Its way to the URL's hash and back is app/share.js.
 */
import { SETTINGS, checkSettings, flatten, unflatten } from "../core/config.js";
import { UnrolledError } from "../core/errors.js";
import { decodeShare, encodeShare, readHold, textSource } from "./share.js";
import { chooseLanguage } from "./strings/index.js";
import { TEXTS } from "./text/texts.js";

/** @typedef {import("./share.js").TextSource} TextSource */

/** Names of a link that are the page's own, each with its default and what may be said. */
const OWN = {
  prompt: { default: "", read: (/** @type {string} */ text) => text.slice(0, 200) },
  temperature: {
    default: "0.8",
    read: (/** @type {string} */ text) => (/^[012](\.\d+)?$/.test(text) && Number(text) <= 2 ? text : null),
  },
  epochs: { default: "0", read: wholeNumber },
  patience: { default: "6", read: wholeNumber },
  lang: { default: "auto", read: oneOf("auto", "en", "zh") },
  view: { default: "score", read: (/** @type {string} */ text) => (/^[a-z]{1,20}$/.test(text) ? text : null) },
  theme: { default: "auto", read: oneOf("auto", "light", "dark") },
  hold: { default: "", read: (/** @type {string} */ text) => (text === "" || readHold(text) ? text : null) },
  lesson: { default: "", read: (/** @type {string} */ text) => (/^[\w-]{0,40}$/.test(text) ? text : null) },
  core: { default: "auto", read: oneOf("auto", "simd") }, // "simd" computes the same bits in every browser
};

/** @param {string} text @returns {string | null} */
function wholeNumber(text) {
  return /^\d{1,6}$/.test(text) ? text : null;
}

/** @param {...string} values @returns {(text: string) => string | null} */
function oneOf(...values) {
  return (text) => (values.includes(text) ? text : null);
}

const DEFAULT_TEXT = Object.keys(TEXTS)[0];

/** What a first visit sets otherwise than the API: on the sample text it learns faster than the API's careful default.
 * At 5e-3 the text that is looked into, read from a zero state, is lost for some thirty steps after step 120. A link
 * that names a setting, or its version, means the API's for the others. */
const FIRST_VISIT = { learningRate: 4e-3 };

/** The text a first visit begins with. A link that names none means the default. @param {"auto" | "en" | "zh"} lang */
const firstText = (lang) =>
  /** @type {TextSource} */ ({
    kind: "sample",
    name: chooseLanguage(lang) === "zh" ? "tang" : DEFAULT_TEXT,
  });

/** @param {Record<string, any>} [settings] */
function defaults(settings = FIRST_VISIT) {
  return {
    settings: {
      ...Object.fromEntries(
        Object.entries(SETTINGS).map(([name, { default: value, auto }]) => [name, auto ? "auto" : value]),
      ),
      ...settings,
    },
    /** @type {TextSource} */ text: { kind: "sample", name: DEFAULT_TEXT },
    /** @type {string | undefined} */ probe: undefined,
    /** @type {number | undefined} */ cursor: undefined,
    ...Object.fromEntries(Object.entries(OWN).map(([name, field]) => [name, field.default])),
  };
}

export class State extends EventTarget {
  /** @type {any} */
  #values = defaults();

  /** @param {string} hash @returns {Promise<[State, UnrolledError[]]>} what it says, and what was refused */
  static async of(hash) {
    const state = new State();
    return [state, await state.read(hash)];
  }

  /** Flat and complete. @returns {Record<string, any>} */
  get settings() {
    return this.#values.settings;
  }
  /** @returns {TextSource} */
  get text() {
    return this.#values.text;
  }
  /** The sample text's name, or "own". @returns {string} */
  get textName() {
    return this.text.kind === "sample" ? this.text.name : "own";
  }
  /** @returns {string} */
  get prompt() {
    return this.#values.prompt;
  }
  /** @returns {number} */
  get temperature() {
    return Number(this.#values.temperature);
  }
  /** Epochs to learn at most; 0: no end. @returns {number} */
  get epochs() {
    return Number(this.#values.epochs);
  }
  /** Evaluations without a better one before it stops at the best; 0: any number. @returns {number} */
  get patience() {
    return Number(this.#values.patience);
  }
  /** @returns {"auto" | "en" | "zh"} */
  get lang() {
    return this.#values.lang;
  }
  /** @returns {"auto" | "light" | "dark"} */
  get theme() {
    return this.#values.theme;
  }
  /** The figure of the dock that is in view. @returns {string} */
  get view() {
    return this.#values.view;
  }
  /** What is held in the network that is looked into, as readHold() takes it; "": nothing. @returns {string} */
  get hold() {
    return this.#values.hold;
  }
  /** The lesson that is open; "": the lab. @returns {string} */
  get lesson() {
    return this.#values.lesson;
  }
  /** @returns {"auto" | "simd"} */
  get core() {
    return this.#values.core;
  }
  /** The text that is looked into. @returns {string | undefined} */
  get probe() {
    return this.#values.probe;
  }
  /** @returns {number | undefined} */
  get cursor() {
    return this.#values.cursor;
  }

  /** What it says beside the run's settings and text. @returns {Record<string, any>} */
  get own() {
    const { settings, text, ...own } = this.#values;
    return own;
  }

  /** @param {Record<string, any>} changes checked already; `settings` may be a part */
  set({ settings, ...changes }) {
    Object.assign(this.#values, changes);
    if (settings) this.#values.settings = { ...this.#values.settings, ...settings };
    this.dispatchEvent(new CustomEvent("change", { detail: { settings, ...changes } }));
  }

  /** Says what another says, which is not used any more. @param {State} other */
  become(other) {
    this.#values = other.#values;
  }

  /** A text of the user's own. @param {string} text */
  async setOwnText(text) {
    this.set({ text: await textSource(text) });
  }

  /**
   * Takes what a link says; what it may not say is left at its default.
   * @param {string} hash
   * @returns {Promise<UnrolledError[]>} what was refused
   */
  async read(hash) {
    const { settings = {}, extra = {}, problems, ...rest } = await decodeShare(hash, { allow: Object.keys(OWN) });
    const first = !Object.keys(settings).length && !/(^#?|&)v=/.test(hash);
    const next = defaults(first ? FIRST_VISIT : {});
    const { weightDecay } = checkSettings(settings); // its default hangs on the optimizer
    Object.assign(next.settings, { weightDecay }, flatten(settings));
    Object.assign(next, rest);
    if (next.text.kind === "sample" && !Object.hasOwn(TEXTS, next.text.name)) {
      problems.push(refusal("text", next.text.name));
      next.text = { kind: "sample", name: DEFAULT_TEXT };
    }
    for (const [name, text] of Object.entries(extra)) {
      const value = OWN[/** @type {keyof typeof OWN} */ (name)].read(text);
      if (value === null) problems.push(refusal(name, text));
      else Object.assign(next, { [name]: value });
    }
    if (first && !rest.text) next.text = firstText(/** @type {any} */ (next).lang);
    this.#values = next;
    return problems;
  }

  /**
   * The link of a run alone: its settings and its text.
   * @param {{settings: Record<string, any>, text: TextSource}} [run]
   */
  runLink({ settings, text } = this.#values) {
    return encodeShare({ settings: unflatten(settings), text });
  }

  /** @returns {Promise<string>} without the "#"; "" where all is at its default */
  async toHash() {
    const { settings, text, probe, cursor, ...own } = this.#values;
    const extra = Object.fromEntries(
      Object.entries(own)
        .map(([name, value]) => [name, String(value)])
        .filter(([name, value]) => value !== OWN[/** @type {keyof typeof OWN} */ (name)].default),
    );
    const hash = await encodeShare({ settings: unflatten(settings), probe, cursor, text: named(text), extra });
    const first = { settings: unflatten(defaults().settings), text: named(firstText(this.lang)) };
    return hash === (await encodeShare(first)) ? "" : hash;
  }
}

/** @param {TextSource} text @returns {TextSource | undefined} what a link says of it */
const named = (text) => (text.kind === "sample" && text.name === DEFAULT_TEXT ? undefined : text);

/** @param {string} name @param {string} text */
function refusal(name, text) {
  return new UnrolledError("bad-link", `The link says ${name}=${text.slice(0, 40)}, which this page does not have.`, {
    name,
  });
}
