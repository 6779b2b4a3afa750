/**
 * What an author may say of a demo, and in one place: names, their spellings as attribute, property, address and
 * widget trait, what each takes, and what is said of a value it does not take.
 *
 * Nothing is named as HTML names something else: the core's `hidden` is `units` here, for a framework that sets
 * `hidden` as a property makes the element disappear. The names before that are still read.
 */
import { SETTINGS, readSetting } from "../core/config.js";
import { PRESETS as CORE } from "../core/presets.js";
import { LESSONS } from "../lessons/catalog.js";
import { PROBE_LENGTH, readHold } from "../app/share.js";

/** What `views` may name: parts that are seen, from top to bottom as they are named … */
export const PANELS = [
  "unrolled",
  "sample",
  "loss",
  "numbers",
  "score",
  "flow",
  "gates",
  "clip",
  "travel",
  "compare",
  "slow",
  "check",
  "held",
  "costs",
  "passages",
  "memory",
  "context",
  "path",
  "difference",
  "equations",
  "learn",
  "text",
  "settings",
  "probe",
];
/** … and what is seen of them: the figures' own controls, and how to read them. */
const ADDITIONS = ["tools", "captions"];
export const VIEWS = [...PANELS, ...ADDITIONS];
export const DEFAULT_VIEWS = ["unrolled"];

/** Parts that are there unless `hide` names them; a setting's name hides its control among `settings`. */
export const HIDEABLE = ["transport"];
/** What `hide` named when these were there unless it did. */
const ONCE_HIDEABLE = ["numbers", "text", "controls", "captions", "probe"];

const { settings: firstModel, epochs } = CORE.document;

/** What a demo has where its author says nothing. */
export const USUAL = Object.freeze({ prompt: "", temperature: 0.8, epochs: 0, patience: 0 });

/** Options by name, as one attribute. @type {Readonly<Record<string, Record<string, string>>>} */
export const PRESETS = Object.freeze({
  small: { units: "32", batch: "16", seqLen: "32" },
  memory: { cell: "lstm", units: "64", seqLen: "96", batch: "16", sample: "brackets" },
  exploding: {
    cell: "rnn",
    units: "64",
    batch: "16",
    seqLen: "64",
    optimizer: "sgd",
    learningRate: "2",
    clipMode: "none",
  },
  document: Object.fromEntries(
    Object.entries({ ...firstModel, epochs }).map(([name, value]) => [nameOf(name), String(value)]),
  ),
});

/** @param {string} setting @returns {string} the option's name for it */
export function nameOf(setting) {
  return setting === "hidden" ? "units" : setting;
}
/** @param {string} name of an option @returns {string} the setting's name for it */
const settingOf = (name) => (name === "units" ? "hidden" : name);

/** Options that make another run. */
const RUN_NAMES = [
  ...Object.keys(SETTINGS).map(nameOf),
  "text",
  "sample",
  "lesson",
  "preset",
  "prompt",
  "temperature",
  "epochs",
  "patience",
];
/** Options of what is shown of it. */
const LOOK_NAMES = ["probe", "cursor", "hold", "views", "hide", "autoplay", "lang", "theme", "height", "caption"];
export const NAMES = [...RUN_NAMES, ...LOOK_NAMES];

/** @param {string} name "seqLen" @returns {string} as an attribute: "seq-len" */
export const attributeOf = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** @param {string} spelling "seqLen", "seq-len", "seq_len" or "seqlen" */
const plain = (spelling) => spelling.toLowerCase().replace(/[-_]/g, "");

const BY_SPELLING = new Map([
  ...NAMES.map((name) => /** @type {[string, string]} */ ([plain(name), name])),
  ["hidden", "units"],
  ["hiddenunits", "units"],
]);

/** The option meant by a spelling, in an address or as a trait; undefined where there is none.
 * @param {string} spelling */
export const optionOf = (spelling) => BY_SPELLING.get(plain(spelling));

/**
 * Every attribute with the name it stands for: "seq-len", and "seqlen" as HTML writes "seqLen". Of two that say the
 * same, the last is taken.
 * @type {ReadonlyMap<string, string>}
 */
export const ATTRIBUTES = new Map([
  ["hidden", "units"],
  ["hidden-units", "units"],
  ...NAMES.flatMap(
    (name) =>
      /** @type {[string, string][]} */ ([
        [name.toLowerCase(), name],
        [attributeOf(name), name],
      ]),
  ),
]);

/** What an element's attributes say, by name. @param {Element} element @returns {Record<string, string>} */
export function readAttributes(element) {
  /** @type {Record<string, string>} */
  const given = {};
  for (const [attribute, name] of ATTRIBUTES) {
    const value = element.getAttribute(attribute);
    if (value !== null && !(attribute === "hidden" && !/\d/.test(value))) given[name] = value;
  }
  return given;
}

/** A value of a property or a trait as an attribute has it; null: none.
 * @param {any} value @returns {string | null} */
export function textOf(value) {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? value.join(" ") : String(value);
}

const OTHER_TYPES = /** @type {Record<string, "integer" | "number" | "boolean">} */ ({
  temperature: "number",
  epochs: "integer",
  patience: "integer",
  cursor: "integer",
  autoplay: "boolean",
});

/** What values of an option are. @param {string} name @returns {"integer" | "number" | "boolean" | "text"} */
export function typeOf(name) {
  const type = SETTINGS[settingOf(name)]?.type ?? OTHER_TYPES[name];
  return type === undefined || type === "choice" ? "text" : type;
}

/** @param {string} text */
const isFalse = (text) => text === "false" || text === "0";

/**
 * The way back: what an attribute says, as its property has it.
 * @param {string} name @param {string | null} text
 * @returns {string | number | boolean | undefined} undefined: it is not there
 */
export function propertyOf(name, text) {
  if (text === null) return undefined;
  const type = typeOf(name);
  if (type === "boolean") return text === "" || text === "true" || text === "1" ? true : isFalse(text) ? false : text;
  return type !== "text" && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** @import { Clip, PartialSettings } from "../core/config.js" */
/**
 * @typedef {Omit<Required<PartialSettings>, "hidden" | "clip"> & {units: number, clipMode: Clip["mode"], clipThreshold: number,
 *   sample: string, lesson: string, preset: string, prompt: string, temperature: number, epochs: number, patience: number,
 *   probe: string, cursor: number, hold: string, views: string | readonly string[], hide: string | readonly string[],
 *   autoplay: boolean, theme: "auto" | "light" | "dark", height: number | string, caption: string}} Said
 * @typedef {{[Name in keyof Said]?: Said[Name] | null}} DemoProperties options as properties of the element; null takes
 * one away
 */

/** The words of a list. @param {string | undefined} text @param {readonly string[]} otherwise */
const words = (text, otherwise) => (text === undefined ? [...otherwise] : text.split(/[\s,]+/).filter(Boolean));

/**
 * @typedef {object} Options
 * @property {Record<string, any>} settings flat, checked; what is left out is at its default
 * @property {string | undefined} sample  name of a sample text
 * @property {string | undefined} lesson  an experiment that is shown in place of everything else
 * @property {string} prompt
 * @property {number} temperature
 * @property {number} epochs
 * @property {number} patience
 * @property {string | undefined} probe
 * @property {number | undefined} cursor
 * @property {string | undefined} hold  what is held, "gate=f value=0"
 * @property {string[]} views
 * @property {string[]} hide
 * @property {boolean} autoplay
 * @property {number | "auto" | undefined} height CSS pixels; undefined: as high as it must be, and no higher than usual
 * @property {string} caption
 * @property {Problem[]} problems
 *
 * @typedef {{kind: string, name: string, value: string, min?: number, max?: number, allowed?: readonly string[]}}
 * Problem what could not be taken; kind: of sentence
 */

/**
 * Options as text, read and checked; what cannot be taken is a problem, and the rest is used.
 * @param {Record<string, string>} said by name
 * @param {readonly string[]} samples names of the sample texts
 * @returns {Options}
 */
export function readOptions(said, samples) {
  /** @type {Problem[]} */
  const problems = [];
  const refuse = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {string} */ value, more = {}) => {
    problems.push({ kind, name, value, ...more });
    return undefined;
  };
  const preset = said.preset;
  if (preset !== undefined && !Object.hasOwn(PRESETS, preset))
    refuse("choice", "preset", preset, { allowed: Object.keys(PRESETS) });
  /** @type {Record<string, string>} */
  const given = { ...(preset !== undefined && Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : {}), ...said };
  const settings = readSettings(given, refuse);
  /** @type {(name: string, allowed: readonly string[]) => string | undefined} */
  const oneOf = (name, allowed) =>
    given[name] === undefined || allowed.includes(given[name])
      ? given[name]
      : refuse("choice", name, given[name], { allowed });
  /** @type {(name: string, min: number, max: number, kind?: "integer" | "number") => number | undefined} */
  const number = (name, min, max, kind = "integer") => {
    const value = given[name]?.trim();
    const shape = kind === "integer" ? /^\d{1,7}$/ : /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
    if (value === undefined) return undefined;
    return shape.test(value) && Number(value) >= min && Number(value) <= max
      ? Number(value)
      : refuse(kind, name, value, { min, max });
  };
  /** @type {(name: string, most: number) => string | undefined} */
  const short = (name, most) =>
    given[name] === undefined || given[name].length <= most
      ? given[name]
      : refuse("tooLong", name, String(given[name].length), { max: most });
  const list = (/** @type {string} */ name, /** @type {readonly string[]} */ all, /** @type {string[]} */ otherwise) =>
    words(given[name], otherwise)
      .map((word) => (all.includes(word) ? word : (optionOf(word) ?? word)))
      .filter((word) => all.includes(word) || refuse("choice", name, word, { allowed: all }));
  oneOf("theme", ["auto", "light", "dark"]);
  const { height } = given;
  const high =
    height === undefined || /^(auto|[1-9]\d{1,3}(px)?)$/.test(height) ? height : refuse("height", "height", height);
  return {
    settings,
    sample: oneOf("sample", samples),
    lesson: oneOf(
      "lesson",
      LESSONS.map(({ name }) => name),
    ),
    prompt: short("prompt", 200) ?? USUAL.prompt,
    temperature: number("temperature", 0, 2, "number") ?? USUAL.temperature,
    epochs: number("epochs", 0, 999_999) ?? USUAL.epochs,
    patience: number("patience", 0, 999_999) ?? USUAL.patience,
    probe: short("probe", PROBE_LENGTH),
    cursor: number("cursor", 0, 9_999_999),
    hold: !given.hold || readHold(given.hold) ? given.hold : refuse("hold", "hold", given.hold),
    views: list("views", VIEWS, DEFAULT_VIEWS),
    hide: list("hide", [...HIDEABLE, ...Object.keys(SETTINGS).map(nameOf), ...ONCE_HIDEABLE], []),
    autoplay: given.autoplay !== undefined && !isFalse(given.autoplay),
    height: high === "auto" || high === undefined ? high : parseInt(high, 10),
    caption: given.caption ?? "",
    problems,
  };
}

/**
 * @param {Record<string, string>} given
 * @param {(kind: string, name: string, value: string, more?: object) => void} refuse
 */
function readSettings(given, refuse) {
  /** @type {Record<string, any>} */
  const settings = {};
  for (const name of RUN_NAMES) {
    const setting = settingOf(name);
    if (given[name] === undefined || !Object.hasOwn(SETTINGS, setting)) continue;
    try {
      settings[setting] = readSetting(setting, given[name]);
    } catch {
      const { type, min, max, open, auto, values } = SETTINGS[setting];
      const kind = auto ? "fitted" : type === "number" && open ? { min: "above", max: "below" }[open] : type;
      refuse(kind, name, given[name], { min, max, allowed: values });
    }
  }
  return settings;
}
