/**
 * Checkpoints of small networks with anything changed in them: settings, vocabulary, tensors, offsets, checksum. What
 * is opened is written again byte for byte, and makes a trainer that works.
 */
import assert from "node:assert/strict";
import { checkSettings } from "../../../web/core/config.js";
import { readCheckpoint, writeCheckpoint } from "../../../web/core/files/checkpoint.js";
import { Trainer, loadCore } from "../../../web/core/index.js";
import { attempt, Bytes, mustBeFinite, mustBeSame } from "../js/bytes.js";

const TEXT = "abcab";
const KINDS = [
  { cell: "rnn", optimizer: "sgd" },
  { cell: "lstm", optimizer: "adam" },
  { cell: "gru", optimizer: "rmsprop", embedding: 2, layers: 2, gruReset: "after" },
  { cell: "lstm", optimizer: "momentum", stateful: false, dropout: 0.5 },
  { cell: "attention", optimizer: "adamw", heads: 2 },
];
const NAMES = [
  "version",
  "settings",
  "vocabulary",
  "text",
  "step",
  "generator",
  "dtype",
  "shape",
  "data_offsets",
  "clip",
  "mode",
  "threshold",
  "hidden",
  "batch",
  "seqLen",
  "layers",
  "cell",
  "optimizer",
  "learningRate",
  "momentum",
  "sha256",
  "kind",
  "progress",
  "state.hidden",
  "head.bias",
  "unrolled",
  "__metadata__",
  "__proto__",
  "F32",
  "F64",
  "U8",
  "ids",
];

/** @type {import("../../../web/core/wasm/module.js").Core} */ let core;
/** @type {Uint8Array[]} */ const files = [];

export async function begin() {
  core = await loadCore({ variant: "simd" });
  for (const kind of KINDS) {
    const settings = { validation: 0, hidden: 2, batch: 1, seqLen: 2, ...kind };
    const trainer = new Trainer(core, /** @type {any} */ ({ text: TEXT, ...settings }));
    trainer.step(2);
    files.push(trainer.save());
    trainer.dispose();
  }
}

export const words = NAMES;
/** Each byte is a decision, so that any bytes will do. */
export const seeds = () => [1, 7, 40, 90].map((n) => Uint8Array.from({ length: 60 }, (_, i) => (i * n * 37) % 251));

/** Changes one place in a tree of JSON. @param {Bytes} bytes @param {any} root */
function edit(bytes, root) {
  if (Object(root) !== root) return;
  let node = root;
  for (let depth = bytes.below(5); depth > 0; depth--) {
    const keys = Object.keys(node);
    const next = keys.length ? node[bytes.of(keys)] : null;
    if (next === null || typeof next !== "object") break;
    node = next;
  }
  const keys = Object.keys(node);
  const key = keys.length && bytes.byte() % 8 ? bytes.of(keys) : bytes.of(NAMES);
  if (bytes.byte() % 6 === 0) delete node[key];
  else node[key] = bytes.json(NAMES);
}

/** @param {Bytes} bytes @param {Uint8Array} file */
function changed(bytes, file) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  const data = file.slice(8 + length);
  const unrolled = JSON.parse(header.__metadata__.unrolled);
  if (bytes.byte() % 8) delete header.__metadata__.sha256;
  for (let count = 1 + bytes.below(3); count > 0; count--) {
    const kind = bytes.below(4);
    if (kind === 0) edit(bytes, header);
    else if (kind === 1) edit(bytes, unrolled);
    else if (kind === 2) edit(bytes, unrolled?.settings);
    else new DataView(data.buffer).setFloat32(4 * bytes.below(data.length / 4), bytes.number(), true);
  }
  if (Object(header.__metadata__) === header.__metadata__ && bytes.byte() % 16)
    header.__metadata__.unrolled = JSON.stringify(unrolled);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(8 + json.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  out.set(data, 8 + json.length);
  return bytes.byte() % 16 ? out : out.subarray(0, bytes.below(out.length));
}

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const file = changed(bytes, bytes.of(files));
  const snapshot = attempt(() => readCheckpoint(file));
  if (!snapshot) return;
  const { settings, vocabulary, parameters, moments, hidden, cell, progress } = snapshot;
  assert.deepEqual(checkSettings(settings), settings);
  assert.ok(vocabulary.size >= 2 && new Set(vocabulary.tokens).size === vocabulary.size);
  for (const numbers of [...parameters.values(), ...moments.flatMap((m) => [...m.values()]), hidden, cell])
    mustBeFinite(numbers, "a tensor");
  for (const numbers of moments[1].values())
    assert.ok(
      numbers.every((x) => x >= 0),
      "a mean square below 0",
    );
  const written = writeCheckpoint(snapshot);
  mustBeSame(writeCheckpoint(readCheckpoint(written)), written);
  const text = bytes.byte() % 2 ? TEXT : undefined;
  const trainer = attempt(() => Trainer.load(core, file, { text }));
  if (!trainer) return;
  try {
    if (text === undefined) {
      assert.deepEqual(trainer.progress, progress);
      mustBeSame(trainer.save(), written);
    }
    const drawn = attempt(() => trainer.sample({ length: 2, prompt: "" }));
    if (drawn) mustBeFinite(drawn.probabilities, "a distribution");
    const report = attempt(() => trainer.step());
    if (report) {
      mustBeFinite([report.loss, report.gradNorm, report.clippedNorm], "a report");
      readCheckpoint(trainer.save());
    }
  } finally {
    trainer.dispose();
  }
}
