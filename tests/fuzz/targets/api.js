/** The API called with anything: refused with a sentence, or finite numbers, and a trainer that still works and saves. */
import assert from "node:assert/strict";
import { SETTINGS } from "../../../web/core/config.js";
import { Trainer, loadCore } from "../../../web/core/index.js";
import { attempt, Bytes, mustBeFinite } from "../js/bytes.js";

const TEXT = "to be, or not to be\n";
const SMALL = { hidden: 3, batch: 1, seqLen: 4, validation: 0.3 };
/** The largest of each that a run of many inputs has time and room for. @type {Record<string, number>} */
const MOST = { hidden: 9, embedding: 9, batch: 9, seqLen: 20, layers: 3, length: 50, n: 3 };
const NAMES = [
  ...Object.keys(SETTINGS),
  "clip",
  "mode",
  "threshold",
  "text",
  "ids",
  "vocabulary",
  "documents",
  "unknown",
  "drop",
  "throw",
  "prompt",
  "length",
  "temperature",
  "temprature",
  "topK",
  "probabilities",
  "flow",
  "input",
  "target",
  "h0",
  "c0",
  "head.bias",
  "head.weight",
  "rnn.weight_ih_l0",
  "rnn.bias_hh_l0",
  "starts",
  "to be",
  "norm",
  "lstm",
  "gru",
  "adam",
];
export const words = NAMES;
export const seeds = () =>
  [1, 5, 23, 77, 130].map((n) => Uint8Array.from({ length: 80 }, (_, i) => (i * n * 31) % 256));

/** @type {import("../../../web/core/wasm/module.js").Core} */ let core;
export async function begin() {
  core = await loadCore({ variant: "simd" });
}

/** What was asked for, but never so much that it takes long. @param {any} given */
function modest(given) {
  for (const [name, most] of Object.entries(MOST)) {
    if (Object(given) === given && typeof given[name] === "number" && given[name] > most && given[name] <= 1e7)
      given[name] = most;
  }
  return given;
}

/** @param {Trainer} trainer @param {Bytes} bytes @returns {ArrayLike<number>[]} numbers it gave */
function call(trainer, bytes) {
  const given = () => modest(bytes.byte() % 4 ? bytes.object(NAMES) : bytes.value(NAMES));
  const text = () => (bytes.byte() % 2 ? TEXT.slice(0, bytes.below(20)) : bytes.value(NAMES));
  const batch = () => {
    const ids = [Int32Array.from({ length: 2 * 4 }, () => bytes.below(6))];
    const target = [ids[0].map((id) => (id + 1) % 6)];
    return { input: ids, target, ...(bytes.byte() % 2 ? bytes.object(NAMES) : {}) };
  };
  switch (bytes.below(10)) {
    case 0: {
      const { ids, probabilities } = trainer.sample(given() ?? { length: 3 });
      return [ids, probabilities];
    }
    case 1: {
      const { probabilities, loss, hidden, flow } = trainer.probe(text(), given());
      return [probabilities, loss, hidden, flow ?? []];
    }
    case 2: {
      const { loss, accuracy, perplexity, tokens } = trainer.evaluate(text(), given());
      return [[loss, accuracy, tokens], perplexity === Infinity ? [] : [perplexity]];
    }
    case 3:
      return [trainer.encode(text(), given())];
    case 4:
      assert.equal(typeof trainer.decode(bytes.byte() % 2 ? [0, 1, bytes.number()] : bytes.value(NAMES)), "string");
      return [];
    case 5: {
      const gradients = trainer.gradients(/** @type {any} */ (batch()));
      return [[gradients.loss], ...Object.values(gradients.params)];
    }
    case 6:
      trainer.setParameters(bytes.byte() % 2 ? bytes.object(NAMES) : hostile(trainer, bytes));
      return [];
    case 7:
      trainer.configure(given());
      return [];
    case 8: {
      const report = trainer.trainOn(/** @type {any} */ (batch()));
      return [[report.loss, report.gradNorm, report.clippedNorm]];
    }
    default: {
      const n = bytes.byte() % 4 ? 1 + bytes.below(3) : bytes.value(NAMES);
      const report = trainer.step(typeof n === "number" ? Math.min(n, MOST.n) : n);
      return [[report.loss, report.gradNorm, report.clippedNorm]];
    }
  }
}

/** Weights of the right shape and any size. @param {Trainer} trainer @param {Bytes} bytes */
function hostile(trainer, bytes) {
  const scale = bytes.number();
  return Object.fromEntries(Object.entries(trainer.parameters()).map(([name, w]) => [name, w.map((x) => x * scale)]));
}

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const options = bytes.byte() % 2 ? modest(bytes.object(NAMES)) : {};
  const trainer = attempt(() => new Trainer(core, { text: TEXT, ...SMALL, ...options }));
  if (!trainer) return;
  try {
    for (let count = 0; count < 4 && bytes.left; count++) {
      const numbers = attempt(() => call(/** @type {any} */ (trainer), bytes));
      for (const list of numbers ?? []) mustBeFinite(list, "what came back");
    }
    for (const [name, numbers] of Object.entries(trainer.parameters())) mustBeFinite(numbers, name);
    const again = Trainer.load(core, trainer.save());
    assert.deepEqual(again.progress, trainer.progress);
    again.dispose();
  } finally {
    trainer.dispose();
  }
}
