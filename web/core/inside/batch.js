/**
 * One window given by the caller, forward and back: what `gradients` and `trainOn` share.
 *
 * The streams are worked through in the core's slices and their gradients added in order, as a training step does, so
 * the same window gives the same bits.
 */
import { checkOptions, isList, isPlain } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { ARRAY, PASS, TRACE } from "../wasm/engine.js";
import { CELLS, carryingLayers } from "../cells.js";
import { parameterShapes } from "../shapes.js";
import { checkIds } from "../text/corpus.js";
import { copyStreams, takeStreams } from "../wasm/state.js";

/** @typedef {import("../wasm/engine.js").Engine} Engine */
/** @typedef {import("../config.js").Settings} Settings */

/**
 * @typedef {object} Batch
 * @property {ArrayLike<ArrayLike<number>>} input [B][T] ids
 * @property {ArrayLike<ArrayLike<number>>} target [B][T] ids
 * @property {State} [h0] [L,B,H], flat or nested; zeros when left out
 * @property {State} [c0] the same, of an LSTM
 */
/** @typedef {ArrayLike<number> | ArrayLike<ArrayLike<number>> | ArrayLike<ArrayLike<ArrayLike<number>>>} State */

/**
 * @typedef {{ B: number, T: number, input: Int32Array, target: Int32Array, h0: Float32Array, c0: Float32Array }} Window
 */

/** @param {string} message */
const badBatch = (message) => new UnrolledError("bad-argument", message);

/**
 * @param {Batch} batch @param {Readonly<Settings>} settings @param {number} V
 * @returns {Window}
 */
export function checkBatch(batch, settings, V) {
  if (!isPlain(batch)) throw badBatch(`A batch must be an object { input, target }, got ${quote(batch)}.`);
  checkOptions("A batch", batch, ["input", "target", "h0", "c0"]);
  const input = flatIds(batch.input, "input", V),
    target = flatIds(batch.target, "target", V);
  const { B, T } = input;
  if (target.B !== B || target.T !== T)
    throw badBatch(`input is [${B}][${T}] and target [${target.B}][${target.T}]: they must be of one shape.`);
  return { B, T, input: input.ids, target: target.ids, ...checkState(batch, B, settings) };
}

/**
 * The state that a reading begins from.
 * @param {{ h0?: State, c0?: State }} given zeros where it is left out
 * @param {number} B streams
 * @param {Readonly<Settings>} settings
 * @returns {{ h0: Float32Array, c0: Float32Array }} [L,B,H]
 */
export function checkState({ h0, c0 }, B, { layers, hidden, cell }) {
  if (h0 !== undefined && !CELLS[cell].carries)
    throw badBatch(`h0 is a state that is carried, and ${cell} has none: leave it out.`);
  if (c0 !== undefined && cell !== "lstm") throw badBatch(`c0 is a state of the LSTM; the cell is "${cell}".`);
  const states = carryingLayers({ cell, layers }) * B * hidden,
    shape = `[${layers}][${B}][${hidden}]`;
  return { h0: flatState(h0, "h0", states, shape), c0: flatState(c0, "c0", states, shape) };
}

/** @param {unknown} rows @param {string} name @param {number} V */
function flatIds(rows, name, V) {
  if (!Array.isArray(rows) || !rows.length || !Array.from(rows).every(isList))
    throw badBatch(`${name} must be an array of streams, each an array of ids: [B][T].`);
  const B = rows.length,
    T = rows[0].length;
  if (!T) throw badBatch(`${name} has no time steps.`);
  const ids = new Int32Array(B * T);
  rows.forEach((row, b) => {
    if (row.length !== T)
      throw badBatch(`${name} has ${T} ids in stream 0 and ${row.length} in stream ${b}: all must be of one length.`);
    checkIds(row, V, `${name}[${b}]`);
    ids.set(row, b * T);
  });
  return { ids, B, T };
}

/** @param {State | undefined} state @param {string} name @param {number} size @param {string} shape */
function flatState(state, name, size, shape) {
  if (state === undefined) return new Float32Array(size);
  /** @type {number[]} */
  const flat = [];
  const walk = (/** @type {unknown} */ value) => {
    if (isList(value)) for (let i = 0; i < value.length; i++) walk(value[i]);
    else if (typeof value === "number" && Number.isFinite(value)) flat.push(value);
    else throw badBatch(`${name} must hold finite numbers, got ${quote(value)}.`);
  };
  if (!isList(state)) throw badBatch(`${name} must be an array ${shape}, flat or nested, got ${quote(state)}.`);
  walk(state);
  if (flat.length !== size) throw badBatch(`${name} must be ${shape}, ${size} numbers, got ${flat.length}.`);
  return Float32Array.from(flat);
}

/**
 * @param {Engine} engine @param {Window} window @param {Readonly<Settings>} settings
 * @param {(pass: import("../wasm/engine.js").Pass, first: number) => void} [look] called after each slice, with its
 * first stream
 * @param {number} [flags] of PASS
 * @returns {number} mean loss; the gradient is left in ARRAY.GRADIENT
 */
export function runBatch(engine, { B, T, input, target, h0, c0 }, settings, look = () => {}, flags = 0) {
  const L = carryingLayers(settings),
    H = settings.hidden;
  const bounds = engine.shardBounds(B);
  let loss = 0;
  for (let s = 0; s + 1 < bounds.length; s++) {
    const from = bounds[s],
      to = bounds[s + 1];
    const pass = engine.openPass(to - from, T, PASS.BACKWARD | flags);
    try {
      pass.setState(takeStreams(h0, L, B, H, from, to), takeStreams(c0, L, B, H, from, to));
      loss += pass.run(input.subarray(from * T, to * T), target.subarray(from * T, to * T), {
        scale: 1 / (B * T),
        train: true,
        firstStream: from,
      });
      engine.reduce(s === 0);
      look(pass, from);
    } finally {
      pass.dispose();
    }
  }
  return loss / (B * T);
}

/**
 * @typedef {object} Gradients
 * @property {number} loss mean, nats
 * @property {Float32Array} logits [T,B,V]
 * @property {Float32Array} hidden [L,T,B,H]
 * @property {Float32Array} [cell] [L,T,B,H], LSTM
 * @property {Record<string, Float32Array>} gates each [L,T,B,H]
 * @property {Record<string, Float32Array>} params of the loss, by parameter; zeros for what is not trained
 * @property {Float32Array} hiddenGrad [L,T,B,H]
 * @property {Float32Array} [cellGrad] [L,T,B,H], LSTM
 * @property {number} norm over all that is trained
 */

/**
 * @param {Engine} engine @param {Window} window @param {Readonly<Settings>} settings
 * @returns {Gradients}
 */
export function batchGradients(engine, window, settings) {
  const { B, T } = window,
    { layers: L, hidden: H, cell } = settings;
  const state = () => new Float32Array(L * T * B * H);
  const logits = new Float32Array(T * B * engine.V),
    hidden = state(),
    hiddenGrad = state();
  const lstm = cell === "lstm" ? { cell: state(), cellGrad: state() } : undefined;
  const gates = Object.fromEntries(CELLS[cell].gates.map((gate) => [gate, state()]));
  const look = (/** @type {import("../wasm/engine.js").Pass} */ pass, /** @type {number} */ first) => {
    /**
     * Puts a slice's [outer,n,unit] into its place, as if it were a state of `outer` layers.
     * @param {Float32Array} out
     * @param {number} what
     * @param {number} outer
     * @param {number} unit
     */
    const place = (out, what, outer, unit) =>
      copyStreams({ data: out, B, first }, { data: pass.copy(what), B: pass.B, first: 0 }, pass.B, outer, unit);
    place(logits, TRACE.LOGITS, T, engine.V);
    place(hidden, TRACE.HIDDEN, L * T, H);
    place(hiddenGrad, TRACE.HIDDEN_GRAD, L * T, H);
    CELLS[cell].gates.forEach((gate, g) => place(gates[gate], TRACE.GATE + g, L * T, H));
    if (lstm) {
      place(lstm.cell, TRACE.CELL, L * T, H);
      place(lstm.cellGrad, TRACE.CELL_GRAD, L * T, H);
    }
  };
  const applied = engine.array(ARRAY.GRADIENT).slice(); // in the last update: its norms may still be asked for
  try {
    const loss = runBatch(engine, window, settings, look, PASS.LOGITS);
    return { loss, logits, hidden, ...lstm, gates, hiddenGrad, ...parameterGradients(engine) };
  } finally {
    engine.array(ARRAY.GRADIENT).set(applied);
  }
}

/** @param {Engine} engine */
function parameterGradients(engine) {
  const flat = engine.array(ARRAY.GRADIENT);
  /** @type {Record<string, Float32Array>} */
  const params = {};
  let squares = 0;
  for (const { name, offset, rows, cols, trainedFrom } of engine.tensors) {
    const gradient = flat.slice(offset, offset + rows * cols).fill(0, 0, trainedFrom * cols);
    for (const g of gradient) squares += g * g;
    params[name] = gradient;
  }
  return { params, norm: Math.sqrt(squares) };
}

/**
 * Checks parameters that come from outside.
 * @param {unknown} parameters
 * @param {Readonly<Settings>} settings @param {number} V
 * @returns {[name: string, values: ArrayLike<number>][]}
 */
export function checkParameters(parameters, settings, V) {
  if (!isPlain(parameters))
    throw badBatch(`Parameters must be an object { name: Float32Array }, got ${quote(parameters)}.`);
  const shapes = parameterShapes(settings, V);
  return Object.entries(parameters).map(([name, values]) => {
    const shape = shapes.get(name);
    if (!shape) throw badBatch(`There is no parameter ${quote(name)}; there are ${[...shapes.keys()].join(", ")}.`);
    const size = shape.reduce((a, b) => a * b);
    if (!isList(values) || values.length !== size)
      throw badBatch(
        `${name} must be an array of ${size} numbers, [${shape}], got ${isList(values) ? values.length : quote(values)}.`,
      );
    for (let i = 0; i < size; i++)
      if (typeof values[i] !== "number" || !Number.isFinite(Math.fround(values[i])))
        throw badBatch(`${name} must hold finite numbers, got ${quote(values[i])} at position ${i}.`);
    return [name, values];
  });
}
