/** Writing: a network draws what follows a prompt, token by token. */
import { checkInteger } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { PASS } from "../wasm/engine.js";
import { CELLS } from "../cells.js";
import { checkState } from "./batch.js";

/**
 * @typedef {object} SampleOptions
 * @property {string} [prompt] read first; when empty, a newline is, or else the vocabulary's first token
 * @property {number} [length] tokens to draw
 * @property {number} [temperature] 0 takes the most probable
 * @property {number} [topK] draw from the k most probable; 0 from all
 * @property {number} [seed] the trainer's own when left out
 * @property {import("../text/tokens.js").Unknown} [unknown] what becomes of prompt tokens the model does not know
 * @property {boolean} [probabilities] false leaves them out
 * @property {readonly import("./hold.js").Hold[]} [hold] values held while it reads and writes
 * @property {import("./batch.js").State} [h0] [L,1,H], flat or nested: the state before the prompt; zeros when left out
 * @property {import("./batch.js").State} [c0] the same for the memory of an LSTM
 */

export const SAMPLE_OPTIONS = Object.freeze([
  "prompt",
  "length",
  "temperature",
  "topK",
  "seed",
  "unknown",
  "probabilities",
  "hold",
  "h0",
  "c0",
]);

/**
 * @typedef {{ text: string, ids: Int32Array, probabilities: Float32Array }} Sample the drawn part alone; probabilities
 * [length,V] are those drawn from
 */

/**
 * @param {{ engine: import("../wasm/engine.js").Engine, settings: Readonly<import("../config.js").Settings>, vocabulary:
 *   import("../text/tokens.js").Vocabulary }} network
 * @param {Int32Array} prompt ids
 * @param {Omit<SampleOptions, "prompt" | "unknown" | "hold">} options
 * @param {readonly import("../wasm/pass.js").HoldEntry[]} [holds]
 * @returns {Sample}
 */
export function drawSample({ engine, settings, vocabulary }, prompt, options, holds = []) {
  const { length = 200, temperature = 1, topK = 0, seed = settings.seed, probabilities = true } = options;
  checkInteger("length", length, 1, 10_000_000);
  checkInteger("topK", topK, 0, 2 ** 31 - 1);
  checkInteger("seed", seed, 0, 2 ** 32 - 1);
  if (typeof temperature !== "number" || !(temperature >= 0 && temperature <= 1000))
    throw new UnrolledError("bad-argument", `temperature must be a number from 0 to 1000, got ${quote(temperature)}.`);
  if (typeof probabilities !== "boolean")
    throw new UnrolledError("bad-argument", `probabilities must be true or false, got ${quote(probabilities)}.`);
  const state = checkState(options, 1, settings);
  const read = prompt.length ? prompt : Int32Array.of(Math.max(0, vocabulary.id("\n")));
  const pass = engine.openPass(1, CELLS[settings.cell].carries ? 1 : settings.seqLen, PASS.LOGITS);
  try {
    pass.hold(holds);
    const drawing = { length, temperature, topK: Math.min(topK, engine.V), seed, probabilities };
    const drawn = pass.sample(read, state, drawing);
    return { text: vocabulary.decode(drawn.ids), ...drawn };
  } finally {
    pass.dispose();
  }
}
