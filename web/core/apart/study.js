/**
 * Studies of a network at rest: each reads a text without learning from it, and answers one question about the inside.
 * They yield how much of them is done, 0 to 1, so that others have their turn between two steps and can call them off.
 */
import { checkFunction, checkOptions, checkSignal, unknownName } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { TRACE } from "../wasm/engine.js";
import { nextTurn } from "../wasm/platform.js";
import { CELLS } from "../cells.js";
import { holdsOf } from "../inside/hold.js";
import { contextUse } from "./memory.js";
import { project } from "./places.js";
import { makeStep } from "./step.js";
import { PROPERTIES, bracketDepth, followUnits, linePosition, passagesOf, rankUnits } from "./units.js";

/** @typedef {import("../wasm/engine.js").Engine} Engine */
/**
 * @typedef {object} Subject what is studied
 * @property {Engine} engine
 * @property {Readonly<import("../config.js").Settings>} settings
 * @property {import("../text/tokens.js").Vocabulary} vocabulary
 * @property {Int32Array} ids of the text that is read
 */
/**
 * @template R
 * @typedef {Generator<number, R, void>} Study
 */

const CHUNK = 256; // tokens between two yields
const TURN = 30; // milliseconds between two turns of others
const MOST_STATES = 2 ** 25; // numbers that are kept of a text

/** @param {string} message */
const refuse = (message) => new UnrolledError("bad-argument", message);

/**
 * What units were over a text, read once from a state of zeros.
 * @param {Subject} subject
 * @param {{ layer?: number, what?: string }} options what: "h", "c" of an LSTM, or a gate
 * @returns {Study<Float32Array>} [T,H]
 */
function* readStates({ engine, settings, ids }, { layer = 0, what = "h" }) {
  const { hidden: H, layers: L, cell } = settings;
  const code = codeOf(cell, what);
  if (!Number.isInteger(layer) || layer < 0 || layer >= L) {
    throw refuse(`layer must be a whole number from 0 to ${L - 1}, got ${quote(layer)}.`);
  }
  if (ids.length * H > MOST_STATES) {
    throw refuse(
      `A study keeps ${MOST_STATES} numbers; ${ids.length} tokens of ${H} units are more: take a shorter text.`,
    );
  }
  const states = new Float32Array(ids.length * H);
  let last = { h: new Float32Array(L * H), c: new Float32Array(L * H) };
  for (let from = 0; from < ids.length; from += CHUNK) {
    const T = Math.min(CHUNK, ids.length - from);
    const pass = engine.openPass(1, T, 0);
    try {
      pass.setState(last.h, last.c);
      pass.run(ids.subarray(from, from + T), new Int32Array(T).fill(-1), { backward: false });
      states.set(pass.copy(code).subarray(layer * T * H, (layer + 1) * T * H), from * H);
      last = pass.state(L, H);
    } finally {
      pass.dispose();
    }
    yield (from + T) / ids.length;
  }
  return states;
}

/** @param {import("../cells.js").CellName} cell @param {string} what */
function codeOf(cell, what) {
  const known = ["h", ...(cell === "lstm" ? ["c"] : []), ...CELLS[cell].gates];
  if (!known.includes(what)) {
    throw refuse(
      `what must be one of ${known.map((name) => quote(name)).join(", ")} for this cell, got ${quote(what)}.`,
    );
  }
  if (what === "h" || what === "c") return what === "h" ? TRACE.HIDDEN : TRACE.CELL;
  return TRACE.GATE + CELLS[cell].gates.indexOf(what);
}

/**
 * @typedef {object} UnitsFound
 * @property {import("./units.js").Told[] | null} told   by how well a threshold tells the property; null: see above
 * @property {{ unit: number, fitted: number, correlation: number }[] | null} followed by how well they follow the number
 * @property {number} share of the tokens that have the property
 */

/** What is a number at each token, not a property. */
const NUMBERS = { depth: bracketDepth, position: linePosition };

/**
 * Which unit tells a property, or follows a number.
 * @param {Subject} subject
 * @param {{ property?: string, stretches?: [number, number][], layer?: number, what?: string }} options property: one of
 * PROPERTIES, or "depth" or "position", which are numbers; or stretches of the text, [from, to), that have it
 * @returns {Study<UnitsFound>}
 */
function* units(subject, { property, stretches, layer = 0, what = "h" }) {
  const { ids, vocabulary, settings } = subject;
  const tokens = Array.from(ids, (id) => vocabulary.tokens[id]);
  const [T, H] = [ids.length, settings.hidden];
  const numbers = Object.hasOwn(NUMBERS, property ?? "") ? NUMBERS[/** @type {"depth"} */ (property)](tokens) : null;
  const isKnown = numbers || stretches || Object.hasOwn(PROPERTIES, property ?? "");
  if (!isKnown) {
    const known = [...Object.keys(PROPERTIES), ...Object.keys(NUMBERS)].map((name) => quote(name)).join(", ");
    throw refuse(`property must be one of ${known}, got ${quote(property)}; or give stretches of the text.`);
  }
  const states = yield* readStates(subject, { layer, what });
  if (numbers) return { told: null, followed: followUnits(states, T, H, numbers), share: 1 };
  const labels = stretches
    ? Uint8Array.from(tokens, (_, t) => Number(stretches.some(([from, to]) => t >= from && t < to)))
    : PROPERTIES[/** @type {keyof typeof PROPERTIES} */ (property)](tokens);
  const told = rankUnits(states, T, H, labels);
  return { told, followed: null, share: labels.reduce((sum, x) => sum + x, 0) / T };
}

/**
 * A unit's strongest and weakest passages.
 * @param {Subject} subject
 * @param {{ unit?: number, layer?: number, what?: string, count?: number, around?: number }} options
 * @returns {Study<{ strongest: Shown[], weakest: Shown[], tokens: number }>}
 */
function* passages(subject, { unit = 0, layer = 0, what = "h", count, around }) {
  const { ids, vocabulary, settings } = subject;
  const H = settings.hidden;
  if (!Number.isInteger(unit) || unit < 0 || unit >= H) {
    throw refuse(`unit must be a whole number from 0 to ${H - 1}, got ${quote(unit)}.`);
  }
  const states = yield* readStates(subject, { layer, what });
  const values = Float32Array.from(ids, (_, t) => states[t * H + unit]);
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
 * @param {{ kept?: number[], ends?: number[], seed?: number }} options see memory.js
 * @returns {Study<import("./memory.js").ContextUse>}
 */
function* context({ engine, ids }, options) {
  const steps = contextUse(engine, ids, options);
  for (let done = 0; ; done++) {
    const { value, done: ended } = steps.next();
    if (ended) return value;
    yield (done + 1) / value.kept.length;
  }
}

/**
 * @typedef {object} Costs
 * @property {number} loss nats a token, with nothing held
 * @property {Float32Array} cost [H] what holding each unit adds to it
 * @property {{ token: string, cost: number }[][]} at [H] the tokens whose guesses lose most in all, by what holding the
 * unit adds to them on average
 * @property {number} tokens that were guessed
 */

const SIDE_BY_SIDE = 32; // units that are held at once, each in a stream of its own
const WORST = 3; // tokens named for each unit

/**
 * What each unit is worth: every one is held in turn while the text is read, and the loss compared (ablation).
 * @param {Subject} subject
 * @param {{ layer?: number, gate?: string, value?: number | "mean" }} options see hold.js; h at 0 unless told otherwise
 * @returns {Study<Costs>}
 */
function* costs(subject, { layer = 0, gate = "h", value = 0 }) {
  const { engine, settings, vocabulary, ids } = subject;
  const H = settings.hidden;
  const wanted = Array.from({ length: H }, (_, unit) => ({ layer, unit, gate, value }));
  const holds = holdsOf(wanted, { engine, settings, vocabulary }, () => ids);
  const base = yield* lossesOf(subject, [[]], 0, 1 / (H + 1));
  const found = {
    loss: mean(base[0]),
    cost: new Float32Array(H),
    at: /** @type {Costs["at"]} */ ([]),
    tokens: base[0].length,
  };
  for (let from = 0; from < H; from += SIDE_BY_SIDE) {
    const group = holds.slice(from, from + SIDE_BY_SIDE);
    const losses = yield* lossesOf(
      subject,
      group.map((hold) => [hold]),
      (1 + from) / (H + 1),
      group.length / (H + 1),
    );
    losses.forEach((held, i) => {
      const added = held.map((loss, t) => loss - base[0][t]);
      found.cost[from + i] = mean(added);
      found.at[from + i] = worstTokens(added, ids, vocabulary.tokens);
    });
  }
  return found;
}

/**
 * Loss of each guess, with something else held in each stream.
 * @param {Subject} subject
 * @param {readonly import("../wasm/pass.js").HoldEntry[][]} streams
 * @param {number} done how much of the study is done before @param {number} share of it that this is
 * @returns {Study<Float32Array[]>} by stream, [T-1]
 */
function* lossesOf({ engine, ids }, streams, done, share) {
  const B = streams.length;
  const count = ids.length - 1;
  const losses = streams.map(() => new Float32Array(count));
  const width = Math.min(CHUNK, count);
  const pass = engine.openPass(B, width, 0);
  try {
    pass.hold(streams.flatMap((holds, stream) => holds.map((hold) => ({ ...hold, stream }))));
    for (let from = 0; from < count; from += width) {
      const input = new Int32Array(B * width);
      const target = new Int32Array(B * width).fill(-1);
      for (let b = 0; b < B; b++) {
        input.set(ids.subarray(from, Math.min(from + width, count)), b * width);
        target.set(ids.subarray(from + 1, Math.min(from + width, count) + 1), b * width);
      }
      if (from) pass.carry();
      pass.run(input, target, { backward: false });
      const of = pass.copy(TRACE.LOSS); // [T,B]
      for (let t = 0; t < Math.min(width, count - from); t++) {
        for (let b = 0; b < B; b++) losses[b][from + t] = of[t * B + b];
      }
      yield done + (share * Math.min(count, from + width)) / count;
    }
  } finally {
    pass.dispose();
  }
  return losses;
}

/** @param {Float32Array} values */
const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** @param {Float32Array} added [T-1] @param {Int32Array} ids @param {readonly string[]} vocabulary */
function worstTokens(added, ids, vocabulary) {
  const [sums, counts] = [new Float64Array(vocabulary.length), new Int32Array(vocabulary.length)];
  added.forEach((x, t) => {
    sums[ids[t + 1]] += x;
    counts[ids[t + 1]]++;
  });
  const worst = Array.from(sums.keys())
    .filter((id) => sums[id] > 0)
    .sort((a, b) => sums[b] - sums[a] || a - b);
  return worst.slice(0, WORST).map((id) => ({ token: vocabulary[id], cost: sums[id] / counts[id] }));
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

/**
 * The whole state after some tokens: h of all layers, then an LSTM's c.
 * @param {Subject} subject @param {number[]} places
 * @returns {Study<Float64Array[]>}
 */
function* statesAt({ engine, settings: { layers: L, hidden: H, cell }, ids }, places) {
  const out = [];
  for (const place of places) {
    const T = Math.max(1, Math.min(CHUNK, place));
    const pass = engine.openPass(1, T, 0);
    try {
      pass.run(ids.slice(Math.max(0, place - T), Math.max(0, place - T) + T), new Int32Array(T).fill(-1), {
        backward: false,
      });
      const { h, c } = pass.state(L, H);
      out.push(Float64Array.from(cell === "lstm" ? [...h, ...c] : h));
    } finally {
      pass.dispose();
    }
    yield 0;
  }
  return out;
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
  units: ["property", "stretches", "layer", "what"],
  passages: ["unit", "layer", "what", "count", "around"],
  context: ["kept", "ends", "seed"],
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
    if (signal?.aborted) {
      steps.return(/** @type {any} */ (undefined));
      throw signal.reason;
    }
  }
}
