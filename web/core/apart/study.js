/**
 * Studies of a network at rest: each reads a text without learning from it, and answers one question about the inside.
 * They yield how much of them is done, 0 to 1, so that others have their turn between two steps and can call them off.
 */
import { checkFunction, checkOptions, checkSignal, unknownName } from "../arguments.js";
import { checkAsked } from "./asked.js";
import { CELLS } from "../cells.js";
import { quote } from "../errors.js";
import { nextTurn } from "../wasm/platform.js";
import { costs } from "./costs.js";
import { LENGTHS, contextUse } from "./memory.js";
import { project } from "./places.js";
import { readStates, refuse, statesAt } from "./read.js";
import { makeStep } from "./step.js";
import { PROPERTIES, bracketDepth, followUnits, linePosition, passagesOf, rankUnits } from "./units.js";

/** @typedef {import("./read.js").Subject} Subject */
/**
 * @template R
 * @typedef {import("./read.js").Study<R>} Study
 */

const TURN = 30; // milliseconds between two turns of others

/**
 * @typedef {object} UnitsFound
 * @property {import("./units.js").Told[] | null} told   by how well a threshold tells the property; null: see above
 * @property {{ unit: number, fitted: number, correlation: number }[] | null} followed by how well they follow the number
 * @property {number} share of the tokens that have the property
 * @property {number} times that a phrase was found; 0 where none was looked for
 */

/** What is a number at each token, not a property. */
const NUMBERS = { depth: bracketDepth, position: linePosition };

/**
 * Which unit tells a property, or follows a number.
 * @param {Subject} subject
 * @param {{ property?: string, stretches?: [number, number][], phrase?: readonly string[], fit?: number, layer?: number, what?: string }}
 * options property: one of PROPERTIES, or "depth" or "position", which are numbers; or stretches of the text, [from, to),
 * that have it; or the tokens of a phrase, which has it wherever it stands; fit: the share of the text that chooses the threshold
 * @returns {Study<UnitsFound>}
 */
function* units(subject, { property, stretches, phrase, fit, layer = 0, what = "h" }) {
  const { ids, vocabulary, settings } = subject;
  const tokens = Array.from(ids, (id) => vocabulary.tokens[id]);
  const [T, H] = [ids.length, settings.hidden];
  const numbers = Object.hasOwn(NUMBERS, property ?? "") ? NUMBERS[/** @type {"depth"} */ (property)](tokens) : null;
  const found = phrase === undefined ? [] : placesOfPhrase(ids, vocabulary.encode(phrase));
  const marked = phrase === undefined ? stretches : found;
  const isKnown = numbers || marked || Object.hasOwn(PROPERTIES, property ?? "");
  if (!isKnown) {
    const known = [...Object.keys(PROPERTIES), ...Object.keys(NUMBERS)].map((name) => quote(name)).join(", ");
    throw refuse(
      `property must be one of ${known}, got ${quote(property)}; or give stretches of the text, or a phrase.`,
    );
  }
  const states = yield* readStates(subject, { layer, what });
  if (numbers) return { told: null, followed: followUnits(states, T, H, numbers), share: 1, times: 0 };
  const labels = marked ? within(marked, T) : PROPERTIES[/** @type {keyof typeof PROPERTIES} */ (property)](tokens);
  const told = rankUnits(states, T, H, labels, { fit });
  return { told, followed: null, share: labels.reduce((sum, x) => sum + x, 0) / T, times: found.length };
}

/** @param {readonly [number, number][]} stretches @param {number} T @returns {Uint8Array} 1 inside of one */
function within(stretches, T) {
  const labels = new Uint8Array(T);
  for (const [from, to] of stretches) labels.fill(1, Math.max(0, from), Math.max(0, to));
  return labels;
}

/** Where a phrase stands, one after another. @param {Int32Array} ids @param {ArrayLike<number>} phrase */
function placesOfPhrase(ids, phrase) {
  /** @type {[number, number][]} */
  const places = [];
  const n = phrase.length;
  for (let t = 0; n > 0 && t + n <= ids.length; t++) {
    let like = 0;
    while (like < n && ids[t + like] === phrase[like]) like++;
    if (like < n) continue;
    places.push([t, t + n]);
    t += n - 1;
  }
  return places;
}

/**
 * A unit's strongest and weakest passages.
 * @param {Subject} subject
 * @param {{ unit?: number, layer?: number, what?: string, count?: number, around?: number }} options
 * @returns {Study<{ strongest: Shown[], weakest: Shown[], tokens: number }>}
 */
function* passages(subject, { unit = 0, layer = 0, what = "h", count, around }) {
  const { ids, vocabulary } = subject;
  const values = yield* readStates(subject, { layer, what, unit });
  const { strongest, weakest } = passagesOf(values, { count, around });
  const shown = (/** @type {import("./units.js").Passage} */ passage) => ({
    ...passage,
    tokens: Array.from(ids.subarray(passage.from, passage.to), (id) => vocabulary.tokens[id]),
    values: values.slice(passage.from, passage.to),
  });
  return { strongest: strongest.map(shown), weakest: weakest.map(shown), tokens: ids.length };
}

/** @typedef {import("./units.js").Passage & { tokens: string[], values: Float32Array }} Shown */

/**
 * The loss by how much context is kept.
 * @param {Subject} subject
 * @param {{ kept?: number[], ends?: number[], seed?: number, shuffle?: boolean }} options see memory.js
 * @returns {Study<import("./memory.js").ContextUse>}
 */
function* context({ engine, settings, ids }, options) {
  const kept = CELLS[settings.cell].carries ? LENGTHS : LENGTHS.filter((length) => 2 * length <= settings.seqLen);
  if (!kept.length) throw refuse("Attention that reads one token at once has no context to be measured.");
  const steps = contextUse(engine, ids, { ...options, kept: options.kept ?? kept });
  for (let done = 0; ; done++) {
    const { value, done: ended } = steps.next();
    if (ended) return value;
    yield (done + 1) / value.kept.length;
  }
}

/**
 * The path of the state on its two principal axes.
 * @param {Subject} subject
 * @param {{ layer?: number, what?: string, before?: import("./path.js").Axes | null }} options before: axes of an earlier
 * moment, whose signs these take over
 * @param {typeof import("./path.js")} tools
 * @returns {Study<{ states: Float32Array, axes: import("./path.js").Axes, points: Float32Array }>}
 */
function* path(subject, { layer = 0, what = "h", before = null }, { principalAxes }) {
  const states = yield* readStates(subject, { layer, what });
  const axes = principalAxes(states, subject.settings.hidden, before);
  return { states, axes, points: project(states, axes) };
}

/**
 * Fixed points while single tokens are read again and again, looked for from where the text has led.
 * @param {Subject} subject
 * @param {{ tokens?: string[], starts?: number, layer?: number }} options starts: how many places of the text are begun from
 * @param {typeof import("./path.js")} tools
 * @returns {Study<{ token: string, hidden: Float64Array, radius: number, unstable: number, speed: number }[]>} hidden: h of
 * the layer
 */
function* fixed(subject, { tokens = [], starts = 4, layer = 0 }, { fixedPoints }) {
  const { engine, settings, vocabulary, ids } = subject;
  const H = settings.hidden;
  if (!CELLS[settings.cell].carries)
    throw refuse(`Fixed points are those of a state that is carried, and ${settings.cell} has none.`);
  const begun = yield* statesAt(
    subject,
    Array.from({ length: starts }, (_, i) => Math.floor(((i + 1) * ids.length) / (starts + 1))),
  );
  const found = [];
  for (const [i, token] of tokens.entries()) {
    const id = vocabulary.id(token);
    if (id < 0) throw refuse(`${quote(token)} is not a token of this network.`);
    const steps = fixedPoints(makeStep(engine, settings, id), begun);
    for (let done = 0; ; done++) {
      const { value, done: ended } = steps.next();
      if (!ended) {
        yield (i + (done + 1) / starts) / tokens.length;
        continue;
      }
      for (const { state, ...rest } of value)
        found.push({ token, hidden: state.slice(layer * H, (layer + 1) * H), ...rest });
      break;
    }
  }
  return found;
}

const STUDIES = { costs, units, passages, context, path, fixed };

/** @typedef {keyof typeof STUDIES} StudyName */
/**
 * @typedef {object} Asking how a study is asked
 * @property {AbortSignal} [signal] calls it off
 * @property {(done: number) => void} [progress] is told how much is done, 0 to 1
 * @property {import("../text/tokens.js").Unknown} [unknown] what becomes of tokens the network does not know
 */
/**
 * @template {StudyName} N
 * @typedef {Parameters<typeof STUDIES[N]>[1] & Asking} StudyOptions
 */
/**
 * @template {StudyName} N
 * @typedef {ReturnType<typeof STUDIES[N]> extends Study<infer R> ? R : never} StudyResult
 */

/** What each is told besides the text. @type {Record<StudyName, readonly string[]>} */
const OPTIONS = {
  costs: ["layer", "gate", "value"],
  units: ["property", "stretches", "phrase", "fit", "layer", "what"],
  passages: ["unit", "layer", "what", "count", "around"],
  context: ["kept", "ends", "seed", "shuffle"],
  path: ["layer", "what", "before"],
  fixed: ["tokens", "starts", "layer"],
};

/**
 * @template {StudyName} N
 * @param {N} name @param {(StudyOptions<N> & { unknown?: import("../text/tokens.js").Unknown }) | undefined} options
 * @returns {StudyOptions<N> & { unknown?: import("../text/tokens.js").Unknown }}
 */
export function checkStudy(name, options) {
  const names = Object.keys(STUDIES);
  if (!names.includes(name)) throw unknownName("There is no study by the name", name, names);
  const given = checkOptions(`study("${name}")`, options, [...OPTIONS[name], "unknown", "signal", "progress"]);
  checkSignal(given.signal);
  checkFunction("progress", given.progress);
  return given;
}

/**
 * Makes a study to its end.
 * @template {StudyName} N
 * @param {Subject} subject
 * @param {N} name
 * @param {StudyOptions<N>} options
 * @returns {Promise<StudyResult<N>>}
 */
export async function runStudy(subject, name, { signal, progress, ...options }) {
  signal?.throwIfAborted();
  checkAsked(options, subject.settings);
  if (subject.ids.length < 2) throw refuse("A study needs a text of two tokens or more that the network knows.");
  const tools = name === "path" || name === "fixed" ? await import("./path.js") : undefined;
  const steps = /** @type {any} */ (STUDIES[name])(subject, options, tools);
  for (let since = performance.now(); ; ) {
    const { value, done } = steps.next();
    if (done) return value;
    if (performance.now() - since < TURN) continue;
    progress?.(/** @type {number} */ (value));
    await nextTurn();
    since = performance.now();
    try {
      signal?.throwIfAborted();
      subject.engine.needAlive();
    } catch (error) {
      steps.return(/** @type {any} */ (undefined));
      throw error;
    }
  }
}
