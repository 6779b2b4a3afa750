/**
 * Interventions: values held in place of those the network computes, as callers write them and as the core takes them.
 */
import { UnrolledError, quote } from "../errors.js";
import { checkInteger } from "../arguments.js";
import { CELLS } from "../cells.js";
import { TRACE } from "../wasm/pass.js";

/**
 * @typedef {object} Hold
 * @property {number} [layer] 0 when left out
 * @property {number} [unit] every unit when left out
 * @property {string} [gate] what is held: a gate by its letter, "h" (when left out) or "c"; "hPrev" or "cPrev" for the state
 *   that a step reads of the step before
 * @property {number | "mean"} [value] 0 when left out; "mean": each unit's own over the text that is read, with nothing held
 * @property {string} [token] what is read instead; then of the others only `from` and `to`
 * @property {number} [from] first step, counted from the beginning of the text or prompt; 0 when left out
 * @property {number} [to] the step after the last; without end when left out
 */

/** @typedef {{ what: number, layer: number, unit: number, from: number, to: number, value: number | "mean" }} Entry */
/** @typedef {import("../wasm/engine.js").Engine} Engine */
/** @typedef {Readonly<import("../config.js").Settings>} Settings */

/** unroll_hold_what; a gate is its place. */
const WHAT = Object.freeze({ c: 4, h: 5, hPrev: 6, cPrev: 7, token: 8 });
const FOR_EVER = 2 ** 31 - 1;
/** Tokens that means are taken over. */
export const MEAN_OVER = 2000;

/** @param {string} message */
const refuse = (message) => new UnrolledError("bad-argument", message);

/** What can be held in a cell. @param {Settings} settings */
const placesOf = ({ cell }) =>
  CELLS[cell].carries ? [...CELLS[cell].gates, "h", "hPrev", ...(cell === "lstm" ? ["c", "cPrev"] : [])] : [];

/**
 * @param {Hold} hold @param {string} name of it @param {Settings} settings
 * @param {import("../text/tokens.js").Vocabulary} vocabulary
 * @returns {Entry}
 */
function checkHold(hold, name, settings, vocabulary) {
  if (hold === null || typeof hold !== "object")
    throw refuse(`${name} must be an object like { layer: 0, unit: 3, gate: "h", value: 0 }, got ${quote(hold)}.`);
  const { layer = 0, unit, gate = "h", value = 0, token, from = 0, to = FOR_EVER, ...others } = hold;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw refuse(`${name} has layer, unit, gate, value, token, from and to, not ${quote(unknown)}.`);
  checkInteger(`${name}.from`, from, 0, FOR_EVER);
  checkInteger(`${name}.to`, to, from, FOR_EVER);
  if (token !== undefined) {
    const idle = /** @type {const} */ (["layer", "unit", "gate", "value"]).find((other) => hold[other] !== undefined);
    if (idle) throw refuse(`${name} has a token, beside which only from and to have a meaning: leave ${idle} out.`);
    const id = typeof token === "string" ? vocabulary.id(token) : -1;
    if (id < 0) throw refuse(`${name}.token must be a token the model knows, got ${quote(token)}.`);
    return { what: WHAT.token, layer: 0, unit: -1, from, to, value: id };
  }
  if (!CELLS[settings.cell].carries)
    throw refuse(`${name} must have a token: in ${settings.cell} what is read can be held, and nothing else.`);
  checkInteger(`${name}.layer`, layer, 0, settings.layers - 1);
  if (unit !== undefined) checkInteger(`${name}.unit`, unit, 0, settings.hidden - 1);
  const places = placesOf(settings);
  if (!places.includes(gate))
    throw refuse(`${name}.gate must be one of ${places.join(", ")} in this network, got ${quote(gate)}.`);
  const most = "ifozr".includes(gate) ? 1 : 100,
    least = most === 1 ? 0 : -100;
  if (value !== "mean" && !(typeof value === "number" && value >= least && value <= most))
    throw refuse(`${name}.value of ${gate} must be a number from ${least} to ${most}, or "mean", got ${quote(value)}.`);
  const place = CELLS[settings.cell].gates.indexOf(gate);
  const what = place >= 0 ? place : WHAT[/** @type {"h" | "c" | "hPrev" | "cPrev"} */ (gate)];
  return { what, layer, unit: unit ?? -1, from, to, value };
}

/**
 * Means of what an entry holds, for each unit it names, over a text that is read with nothing held.
 * @param {Entry} entry @param {import("../wasm/pass.js").Pass} pass after a run @param {Settings} settings
 * @returns {Entry[]}
 */
function atMeans(entry, pass, { hidden: H }) {
  const { what, layer, unit } = entry;
  const trace = what < WHAT.c ? TRACE.GATE + what : what === WHAT.c || what === WHAT.cPrev ? TRACE.CELL : TRACE.HIDDEN;
  const values = pass.copy(trace).subarray(layer * pass.T * H, (layer + 1) * pass.T * H);
  const units = unit < 0 ? Array.from({ length: H }, (_, j) => j) : [unit];
  return units.map((j) => {
    let sum = 0;
    for (let t = 0; t < pass.T; t++) sum += values[t * H + j];
    return { ...entry, unit: j, value: sum / pass.T };
  });
}

/**
 * Checks what is to be held and finds the means.
 * @param {readonly Hold[] | undefined} hold
 * @param {{ engine: Engine, settings: Settings, vocabulary: import("../text/tokens.js").Vocabulary }} network
 * @param {() => Int32Array} read the ids that a mean is over
 * @returns {(Entry & { value: number })[]} for the core
 */
export function holdsOf(hold, { engine, settings, vocabulary }, read) {
  if (hold === undefined) return [];
  if (!Array.isArray(hold)) throw refuse(`hold must be a list of what is held, got ${quote(hold)}.`);
  const entries = hold.map((each, i) => checkHold(each, `hold[${i}]`, settings, vocabulary));
  if (entries.every(({ value }) => value !== "mean")) return /** @type {any} */ (entries);
  const ids = read().slice(0, MEAN_OVER);
  if (!ids.length) throw refuse('A value of "mean" needs a text to take it over, and there is none: give a number.');
  const pass = engine.openPass(1, ids.length, 0);
  try {
    pass.run(ids, new Int32Array(ids.length).fill(-1), { backward: false });
    return /** @type {any} */ (
      entries.flatMap((entry) => (entry.value === "mean" ? atMeans(entry, pass, settings) : [entry]))
    );
  } finally {
    pass.dispose();
  }
}
