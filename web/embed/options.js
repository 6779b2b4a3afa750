/* What an author may say of a demo, by attribute, address or widget trait: names, their spellings, and what they mean.
 * Settings themselves are checked where every link is, in core/share.js. */
import { SETTINGS } from "../core/config.js";
import { PRESETS as CORE } from "../core/presets.js";

/** Parts that are shown when `views` names them. */
export const VIEWS = [
  "sample",
  "loss",
  "travel",
  "score",
  "flow",
  "clip",
  "gates",
  "compare",
  "slow",
  "check",
  "equations",
  "learn",
];
export const DEFAULT_VIEWS = ["sample", "loss", "score"];

/** Parts that are there unless `hide` names them; any setting's name hides its control. */
export const HIDEABLE = ["transport", "numbers", "text", "controls", "captions", "probe"];

const { settings: firstModel, epochs } = CORE.document;

/** Settings by name, as one attribute. @type {Readonly<Record<string, Record<string, string>>>} */
export const PRESETS = Object.freeze({
  small: { hidden: "32", batch: "16", seqLen: "32" },
  memory: { cell: "lstm", hidden: "64", seqLen: "96", batch: "16", text: "brackets" },
  exploding: {
    cell: "rnn",
    hidden: "64",
    batch: "16",
    seqLen: "64",
    optimizer: "sgd",
    learningRate: "2",
    clipMode: "none",
  },
  document: Object.fromEntries(Object.entries({ ...firstModel, epochs }).map(([name, value]) => [name, String(value)])),
});

/** Names that go into the link a demo is opened with; `text` and `sample` become its text. */
export const LINK_NAMES = [...Object.keys(SETTINGS), "probe", "cursor", "prompt", "temperature", "epochs", "patience"];
/** Names of the demo's own. */
export const OWN_NAMES = [
  "text",
  "sample",
  "views",
  "hide",
  "autoplay",
  "lang",
  "theme",
  "height",
  "preset",
  "caption",
];

/** The words of a list. @param {string | null} text @param {readonly string[]} otherwise */
export const words = (text, otherwise) => (text === null ? [...otherwise] : text.split(/[\s,]+/).filter(Boolean));

/** @param {string} name "seqLen" @returns {string} as an attribute: "seq-len" */
export const attributeOf = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Every attribute with the name it stands for: "seq-len", and "seqlen" as HTML writes "seqLen". `hidden` is HTML's own
 * name for something else, so the units have a second one. @type {ReadonlyMap<string, string>} */
export const ATTRIBUTES = new Map([
  ...[...LINK_NAMES, ...OWN_NAMES].flatMap(
    (name) =>
      /** @type {[string, string][]} */ ([
        [attributeOf(name), name],
        [name.toLowerCase(), name],
      ]),
  ),
  ["hidden-units", "hidden"],
]);

/** What an element's attributes say, by name. @param {Element} element @returns {Record<string, string>} */
export function readAttributes(element) {
  /** @type {Record<string, string>} */
  const given = {};
  for (const [attribute, name] of ATTRIBUTES) {
    const value = element.getAttribute(attribute);
    if (value !== null && !(name === "hidden" && !/\d/.test(value))) given[name] = value;
  }
  return given;
}

/**
 * The link a demo is opened with.
 * @param {Record<string, string>} given by name
 * @param {"en" | "zh"} language
 * @returns {string}
 */
export function linkOf(given, language) {
  const preset = given.preset && Object.hasOwn(PRESETS, given.preset) ? PRESETS[given.preset] : {};
  const link = new URLSearchParams({ ...preset, lang: language });
  for (const name of LINK_NAMES) if (given[name] !== undefined) link.set(name, given[name]);
  if (given.sample !== undefined) link.set("text", given.sample);
  return link.toString();
}

/** What cannot be taken of the demo's own names, in words. @param {Record<string, string>} given @returns {string[]} */
export function problemsOf(given) {
  const problems = [];
  const unknown = (
    /** @type {string} */ name,
    /** @type {readonly string[]} */ allowed,
    /** @type {string[]} */ got,
  ) => {
    for (const word of got)
      if (!allowed.includes(word))
        problems.push(`${name} has ${JSON.stringify(word.slice(0, 40))}; there are ${allowed.join(", ")}.`);
  };
  unknown("views", VIEWS, words(given.views ?? null, []));
  unknown("hide", [...HIDEABLE, ...Object.keys(SETTINGS)], words(given.hide ?? null, []));
  if (given.preset !== undefined) unknown("preset", Object.keys(PRESETS), [given.preset]);
  if (given.theme !== undefined) unknown("theme", ["auto", "light", "dark"], [given.theme]);
  if (given.height !== undefined && !/^\d{2,4}(px)?$/.test(given.height))
    problems.push(`height must be CSS pixels, got ${JSON.stringify(given.height.slice(0, 40))}.`);
  return problems;
}
