/** How a study reads its text: what units were over it, and where it has led, piece by piece so that others have their turn. */
import { UnrolledError, quote } from "../errors.js";
import { TRACE } from "../wasm/engine.js";
import { CELLS, carryingLayers, keptOf } from "../cells.js";

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

export const CHUNK = 256; // tokens between two yields
const MOST_STATES = 2 ** 25; // numbers that are kept of a text

/** @param {string} message */
export const refuse = (message) => new UnrolledError("bad-argument", message);

/**
 * What units were over a text, read once from a state of zeros.
 * @param {Subject} subject
 * @param {{ layer?: number, what?: string, unit?: number }} options what: "h", "c" of an LSTM, or a gate; unit: the only
 * one that is kept
 * @returns {Study<Float32Array>} [T,H], of one unit [T]
 */
export function* readStates({ engine, settings, ids }, { layer = 0, what = "h", unit }) {
  const { hidden: H, cell } = settings;
  const code = codeOf(cell, what);
  const width = unit === undefined ? H : 1;
  if (ids.length * width > MOST_STATES) {
    throw refuse(
      `A study keeps ${MOST_STATES} numbers; ${ids.length} tokens of ${width} units are more: take a shorter text.`,
    );
  }
  const states = new Float32Array(ids.length * width);
  const { most, again } = chunksOf(settings),
    L0 = carryingLayers(settings);
  let last = { h: new Float32Array(L0 * H), c: new Float32Array(L0 * H) };
  for (let from = 0, done = 0; done < ids.length; from += most - again) {
    const T = Math.min(most, ids.length - from);
    const pass = engine.openPass(1, T, 0);
    try {
      pass.setState(last.h, last.c);
      pass.run(ids.subarray(from, from + T), new Int32Array(T).fill(-1), { backward: false });
      const values = pass.copy(code).subarray(layer * T * H, (layer + 1) * T * H),
        skip = done - from; // read once more as context alone
      if (unit === undefined) states.set(values.subarray(skip * H), done * H);
      else for (let t = skip; t < T; t++) states[from + t] = values[t * H + unit];
      last = pass.state(L0, H);
    } finally {
      pass.dispose();
    }
    done = from + T;
    yield done / ids.length;
  }
  return states;
}

/** Tokens that are read at once, and those of them that the next reading begins with. @param {Subject["settings"]} settings */
function chunksOf({ cell, seqLen }) {
  return CELLS[cell].carries ? { most: CHUNK, again: 0 } : { most: seqLen, again: keptOf(seqLen) };
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
 * The whole state after some tokens: h of all layers, then an LSTM's c.
 * @param {Subject} subject @param {number[]} places
 * @returns {Study<Float64Array[]>}
 */
export function* statesAt({ engine, settings: { layers: L, hidden: H, cell }, ids }, places) {
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
