/**
 * Every setting of a trainer in one table, and the one validator over it. The constructor, URLs, attributes, command
 * lines and widgets all check here, so what is allowed is said once.
 *
 * Settings have two spellings: nested, as the API takes them (`clip: { mode, threshold }`), and flat, for places that
 * know only names and strings (`clipMode`, `clipThreshold`).
 */
import { isPlain, unknownName } from "./arguments.js";
import { UnrolledError, quote } from "./errors.js";
import { CELLS } from "./cells.js";
import { checkSchedule } from "./schedule.js";

/**
 * @typedef {object} Setting
 * @property {"integer" | "number" | "boolean" | "choice"} type
 * @property {string | number | boolean} default
 * @property {number} [min]
 * @property {number} [max]
 * @property {"min" | "max"} [open] which end of the range is itself not allowed
 * @property {readonly string[]} [values] of a choice
 * @property {boolean} [live] may be changed in mid-training by `configure`
 * @property {string} [auto] may be "auto": the default where it fits this, else the largest that does
 * @property {string} doc
 */

/**
 * @typedef {object} Clip
 * @property {"norm" | "value" | "none"} mode
 * @property {number} threshold
 */

/**
 * @typedef {object} Settings
 * @property {"char" | "grapheme" | "word"} tokens
 * @property {boolean} lowerCase
 * @property {number} minCount
 * @property {number} validation
 * @property {import("./cells.js").CellName} cell
 * @property {"before" | "after"} gruReset
 * @property {number} layers
 * @property {number} hidden
 * @property {number} embedding
 * @property {number} batch
 * @property {number} seqLen
 * @property {boolean} stateful
 * @property {"sgd" | "momentum" | "rmsprop" | "adam" | "adamw"} optimizer
 * @property {number} learningRate
 * @property {"constant" | "step" | "cosine"} schedule
 * @property {number} warmup
 * @property {number} decayEvery
 * @property {number} decayFactor
 * @property {number} totalSteps
 * @property {number} lastShare
 * @property {number} momentum
 * @property {number} alpha
 * @property {number} beta1
 * @property {number} beta2
 * @property {number} epsilon
 * @property {number} weightDecay
 * @property {Readonly<Clip>} clip
 * @property {number} l1
 * @property {number} l2
 * @property {number} dropout
 * @property {"unit" | "variational"} dropoutKind
 * @property {number} forgetBias
 * @property {"uniform" | "orthogonal" | "identity"} init
 * @property {number} initGain
 * @property {number} seed
 * @property {number} heads
 */

/**
 * Settings as a caller may write them: any left out, `clip` in part.
 * @typedef {Partial<Omit<Settings, "clip" | "batch" | "seqLen" | "heads">> & { clip?: Partial<Clip>,
 * batch?: number | "auto", seqLen?: number | "auto", heads?: number | "auto" }} PartialSettings
 */

/** @type {(values: readonly string[], doc: string, more?: Partial<Setting>) => Setting} */
const choice = (values, doc, more) => ({ type: "choice", values, default: values[0], doc, ...more });
/** @type {(min: number, max: number, value: number, doc: string, more?: Partial<Setting>) => Setting} */
const integer = (min, max, value, doc, more) => ({ type: "integer", min, max, default: value, doc, ...more });
/** @type {(min: number, max: number, value: number, doc: string, more?: Partial<Setting>) => Setting} */
const number = (min, max, value, doc, more) => ({ type: "number", min, max, default: value, doc, ...more });

const live = { live: true };

/** The table, under flat names. @type {Readonly<Record<string, Readonly<Setting>>>} */
export const SETTINGS = Object.freeze({
  tokens: choice(["char", "grapheme", "word"], "what a token is: a Unicode code point, a grapheme or a word"),
  lowerCase: { type: "boolean", default: false, doc: "make all letters small first" },
  minCount: integer(1, 1e9, 1, "tokens that come less often in the text become <unk>"),
  validation: number(0, 1, 0.2, "share of the text, at its end, kept for validation", { open: "max" }),
  cell: choice(["rnn", "lstm", "gru", "mingru", "attention"], "recurrent cell, or attention: a causal Transformer", {
    default: "lstm",
  }),
  gruReset: choice(["before", "after"], "where the GRU's reset gate acts: before or after the recurrent product"),
  layers: integer(1, 4, 1, "recurrent layers, or blocks of attention"),
  hidden: integer(1, 2048, 128, "hidden units of a layer; attention: width of the stream"),
  embedding: integer(0, 2048, 0, "width of the embedding; 0 is one-hot input; attention has its own"),
  batch: integer(1, 4096, 32, "streams of text read side by side", { auto: "the text" }),
  seqLen: integer(1, 65536, 64, "time steps of a window, which gradients flow back through", {
    auto: "the text",
  }),
  stateful: { type: "boolean", default: true, doc: "carry the state from window to window" },
  optimizer: choice(["sgd", "momentum", "rmsprop", "adam", "adamw"], "rule of the update", { default: "adam" }),
  learningRate: number(0, 1000, 2e-3, "learning rate", { open: "min", ...live }),
  schedule: choice(
    ["constant", "step", "cosine"],
    "how the learning rate changes: not, by steps down, or along half a cosine",
    live,
  ),
  warmup: integer(0, 1e9, 0, "updates at the beginning in which the learning rate rises to its value", live),
  decayEvery: integer(1, 1e9, 1000, 'updates between two decays, of the schedule "step"', live),
  decayFactor: number(0, 1, 0.5, "what a decay multiplies the learning rate by", { open: "min", ...live }),
  totalSteps: integer(1, 1e9, 10000, 'update at which the schedule "cosine" ends', live),
  lastShare: number(0, 1, 0.1, 'share of the learning rate that "cosine" ends at', { open: "min", ...live }),
  momentum: number(0, 1, 0.9, "momentum, of the optimizer of that name", live),
  alpha: number(0, 1, 0.95, "smoothing of rmsprop's average", live),
  beta1: number(0, 1, 0.9, "decay of adam's first moment", { open: "max", ...live }),
  beta2: number(0, 1, 0.999, "decay of adam's second moment", { open: "max", ...live }),
  epsilon: number(1e-15, 1, 1e-8, "added to the denominator of rmsprop and adam", live),
  weightDecay: number(0, 1000, 0, "weight decay; 0.01 for adamw when left out", live),
  clipMode: choice(["norm", "value", "none"], "how gradients are clipped", live),
  clipThreshold: number(0, 1e9, 5, "largest norm, or largest value, a gradient keeps", { open: "min", ...live }),
  l1: number(0, 1000, 0, "L1 penalty on weights", live),
  l2: number(0, 1000, 0, "L2 penalty on weights", live),
  dropout: number(0, 1, 0, "share of each layer's output left out on its way up", { open: "max", ...live }),
  dropoutKind: choice(
    ["unit", "variational"],
    "what dropout draws anew: units at each step, or one choice of units for a whole window",
    live,
  ),
  forgetBias: number(-100, 100, 1, "the LSTM's forget bias at the start"),
  init: choice(
    ["uniform", "orthogonal", "identity"],
    "how the recurrent matrix of each gate begins: drawn, as an orthogonal matrix, or as the identity",
  ),
  initGain: number(0, 100, 1, "what the recurrent matrices are multiplied by at the start", { open: "min" }),
  seed: integer(0, 4294967295, 1, "seed of every random draw"),
  heads: integer(1, 64, 4, "attention heads, which share hidden evenly", { auto: "hidden" }),
});

/**
 * Attention has neither a state to carry nor an embedding of another width, and its heads divide the stream.
 * @param {Record<string, any>} flat changed @param {Record<string, any>} given
 */
function settleAttention(flat, given) {
  flat.stateful = false;
  flat.embedding = 0;
  const divides = (/** @type {number} */ heads) => flat.hidden % heads === 0;
  if ([undefined, "auto"].includes(given.heads)) while (!divides(flat.heads)) flat.heads--;
  if (divides(flat.heads)) return;
  const able = [1, 2, 3, 4, 6, 8, 12, 16, 32, 64].filter((heads) => heads <= flat.hidden && divides(heads));
  throw new UnrolledError(
    "bad-setting",
    `heads must divide hidden, and ${flat.hidden} hidden units cannot be shared by ${flat.heads}: take ${able.join(", ")}.`,
    { setting: "heads", heads: flat.heads, hidden: flat.hidden, able },
  );
}

/** PyTorch's default for adamw. */
const ADAMW_DECAY = 0.01;

/** @param {string} name @param {Readonly<Setting>} setting @returns {string} what is allowed, as words */
function allowed(name, setting) {
  if (setting.type === "choice") return `${name} must be ${list(setting.values ?? [])}`;
  if (setting.type === "boolean") return `${name} must be true or false`;
  const { min, max, open, auto } = setting;
  const what = setting.type === "integer" ? "an integer" : "a number";
  if (open === "min") return `${name} must be ${what} above ${min} and at most ${max}`;
  if (open === "max") return `${name} must be ${what} from ${min} to below ${max}`;
  return `${name} must be ${what} from ${min} to ${max}${auto ? ' or "auto"' : ""}`;
}

/** @param {readonly string[]} values */
function list(values) {
  const quoted = values.map((value) => `"${value}"`);
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(", ")} or ${quoted[quoted.length - 1]}` : quoted[0];
}

/** What may stand beside settings where a trainer is made: a misspelt name may mean one of them. */
const BESIDE = ["clip", "text", "ids", "documents", "vocabulary", "unknown", "workers", "workerUrl"];

/** @param {string} name @returns {Readonly<Setting>} */
function settingOf(name) {
  if (typeof name === "string" && Object.hasOwn(SETTINGS, name)) return SETTINGS[name];
  throw unknownName("There is no setting", name, Object.keys(SETTINGS), {
    code: "bad-setting",
    detail: "setting",
    others: BESIDE,
  });
}

/**
 * Checks one setting by its flat name.
 * @param {string} name
 * @param {unknown} value
 * @returns {any} the value
 */
export function checkSetting(name, value) {
  const setting = settingOf(name);
  const { min = -Infinity, max = Infinity, open } = setting;
  const ok =
    setting.type === "choice"
      ? typeof value === "string" && (setting.values ?? []).includes(value)
      : setting.type === "boolean"
        ? typeof value === "boolean"
        : (setting.auto !== undefined && value === "auto") ||
          (typeof value === "number" &&
            value >= min &&
            value <= max &&
            (setting.type !== "integer" || Number.isInteger(value)) &&
            !(open === "min" && value === min) &&
            !(open === "max" && value === max));
  if (!ok) throw new UnrolledError("bad-setting", `${allowed(name, setting)}, got ${quote(value)}.`, { setting: name });
  return value;
}

/**
 * Reads one setting from text, as it stands in a URL, an attribute or a command line.
 * @param {string} name flat
 * @param {string} text
 * @returns {any}
 */
export function readSetting(name, text) {
  const { type } = settingOf(name);
  if (typeof text !== "string") return checkSetting(name, text);
  if (type === "choice") return checkSetting(name, text);
  if (type === "boolean")
    return checkSetting(
      name,
      text === "true" || text === "1" || text === "" ? true : text === "false" || text === "0" ? false : text,
    );
  const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text);
  return checkSetting(name, decimal ? Number(text) : text);
}

/** @param {unknown} settings */
export function needSettings(settings) {
  if (!isPlain(settings)) throw new UnrolledError("bad-setting", `Settings must be an object, got ${quote(settings)}.`);
}

/**
 * Nested settings under flat names.
 * @param {PartialSettings} settings
 * @returns {Record<string, any>}
 */
export function flatten(settings) {
  needSettings(settings);
  const { clip, ...flat } = /** @type {Record<string, any>} */ (settings);
  if (clip === undefined) return flat;
  if (!isPlain(clip)) {
    throw new UnrolledError("bad-setting", `clip must be an object { mode, threshold }, got ${quote(clip)}.`, {
      setting: "clip",
    });
  }
  for (const key of Object.keys(clip)) {
    if (key === "mode") flat.clipMode = clip.mode;
    else if (key === "threshold") flat.clipThreshold = clip.threshold;
    else throw new UnrolledError("bad-setting", `clip has mode and threshold, not ${quote(key)}.`, { setting: "clip" });
  }
  return flat;
}

/**
 * The way back: settings under flat names, nested.
 * @param {Record<string, any>} flat
 * @returns {PartialSettings}
 */
export function unflatten(flat) {
  needSettings(flat);
  const { clipMode, clipThreshold, ...settings } = flat;
  if (clipMode !== undefined) settings.clip = { ...settings.clip, mode: clipMode };
  if (clipThreshold !== undefined) settings.clip = { ...settings.clip, threshold: clipThreshold };
  return settings;
}

/**
 * Completes settings by their defaults, which "auto" stands for as well until there is a text to fit. Unknown names,
 * wrong types and values out of range throw.
 * @param {PartialSettings} [settings] nested or flat; what is left out or undefined takes its default
 * @returns {Readonly<Settings>}
 */
export function checkSettings(settings = {}) {
  const given = flatten(settings);
  /** @type {Record<string, any>} */
  const flat = {};
  for (const name of Object.keys(SETTINGS)) flat[name] = SETTINGS[name].default;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) settingOf(name);
    else if (checkSetting(name, value) !== "auto") flat[name] = value;
  }
  if (flat.optimizer === "adamw" && given.weightDecay === undefined) flat.weightDecay = ADAMW_DECAY;
  if (flat.cell === "attention") settleAttention(flat, given);
  checkSchedule(/** @type {any} */ (flat));
  const complete = unflatten(flat);
  Object.freeze(complete.clip);
  return /** @type {Readonly<Settings>} */ (Object.freeze(complete));
}

/**
 * The settings that are left to fit the text: those left out, and those that are "auto".
 * @param {PartialSettings} settings @returns {("batch" | "seqLen")[]}
 */
export function autoSettings(settings) {
  return /** @type {const} */ (["batch", "seqLen"]).filter((name) =>
    [undefined, "auto"].includes(/** @type {any} */ (settings[name])),
  );
}

/** The C struct unroll_config: so many 32-bit integers, the last reserved, then so many doubles. */
const INTEGERS = 16,
  DOUBLES = 13;
export const CONFIG_BYTES = INTEGERS * 4 + DOUBLES * 8;

const OPTIMIZERS = ["sgd", "momentum", "rmsprop", "adam", "adamw"];
const CLIP_MODES = ["none", "norm", "value"];

/** @param {string} name of a choice whose values stand in the core's order @param {string} value */
const indexIn = (name, value) => (SETTINGS[name].values ?? []).indexOf(value);

/**
 * Writes settings as the C struct unroll_config.
 * @param {import("./wasm/module.js").Core} core
 * @param {number} pointer 8-byte aligned, CONFIG_BYTES long
 * @param {Readonly<Settings>} s
 * @param {number} V vocabulary
 */
export function writeConfig(core, pointer, s, V) {
  core
    .i32(pointer, INTEGERS)
    .set([
      Object.keys(CELLS).indexOf(s.cell),
      s.gruReset === "after" ? 1 : 0,
      s.layers,
      s.hidden,
      s.embedding,
      V,
      s.batch,
      s.seqLen,
      s.stateful ? 1 : 0,
      OPTIMIZERS.indexOf(s.optimizer),
      CLIP_MODES.indexOf(s.clip.mode),
      indexIn("init", s.init),
      indexIn("dropoutKind", s.dropoutKind),
      s.seed,
      s.heads,
      0,
    ]);
  core
    .f64(pointer + INTEGERS * 4, DOUBLES)
    .set([
      s.learningRate,
      s.momentum,
      s.alpha,
      s.beta1,
      s.beta2,
      s.epsilon,
      s.weightDecay,
      s.clip.threshold,
      s.l1,
      s.l2,
      s.dropout,
      s.forgetBias,
      s.initGain,
    ]);
}
