/** Networks of any shape and vocabulary as ONNX: the bytes are protobuf throughout, and hold what went in. */
import assert from "node:assert/strict";
import { PbfReader } from "pbf";
import { parameterShapes } from "../../../web/core/shapes.js";
import { networkToONNX } from "../../../web/core/files/onnx.js";
import { Bytes } from "../js/bytes.js";

export const seeds = () => [1, 3, 17].map((n) => Uint8Array.from({ length: 40 }, (_, i) => (i * n * 53) % 256));

/** Fields of the messages that are read, by number: a function for a message, null for what is not looked into.
 * @param {any} wanted @returns {(tag: number, out: any, pbf: PbfReader) => void} */
const reader = (wanted) => (tag, out, pbf) => {
  const read = wanted[tag];
  assert.ok(read !== undefined, `field ${tag} is not ONNX's`);
  (out[tag] ??= []).push(read(pbf));
};
const text = (/** @type {PbfReader} */ pbf) => pbf.readString();
const int = (/** @type {PbfReader} */ pbf) => pbf.readVarint(true);
const raw = (/** @type {PbfReader} */ pbf) => pbf.readBytes();
const packed = (/** @type {PbfReader} */ pbf) => pbf.readPackedVarint([], true);
const message = (/** @type {any} */ fields) => (/** @type {PbfReader} */ pbf) =>
  pbf.readFields(reader(fields), {}, pbf.readVarint() + pbf.pos);
const DIMENSION = message({ 1: int, 2: text });
const TYPE = message({ 1: message({ 1: int, 2: message({ 1: DIMENSION }) }) });
const float = (/** @type {PbfReader} */ pbf) => pbf.readFloat();
const ATTRIBUTE = message({ 1: text, 3: int, 4: raw, 7: float, 8: int, 9: raw, 20: int });
const GRAPH = message({
  1: message({ 1: text, 2: text, 3: text, 4: text, 5: ATTRIBUTE }),
  2: text,
  5: message({ 1: int, 2: int, 7: packed, 8: text, 9: raw }),
  11: message({ 1: text, 2: TYPE }),
  12: message({ 1: text, 2: TYPE }),
});
const MODEL = {
  1: int,
  2: text,
  6: text,
  7: GRAPH,
  8: message({ 1: text, 2: int }),
  14: message({ 1: text, 2: text }),
};

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const settings = /** @type {any} */ ({
    cell: bytes.of(["rnn", "lstm", "gru", "mingru", "attention"]),
    gruReset: bytes.of(["before", "after"]),
    layers: 1 + bytes.below(4),
    hidden: 1 + bytes.below(5),
    embedding: bytes.below(4),
    heads: 1,
    seqLen: 1 + bytes.below(6),
  });
  const vocabulary = Array.from(
    { length: 2 + bytes.below(6) },
    (_, id) => `${id}${bytes.take(2 * bytes.below(4)).length ? bytes.text(3) : "\ud83d"}`,
  );
  /** @type {Record<string, Float32Array>} */
  const parameters = {};
  for (const [name, shape] of parameterShapes(settings, vocabulary.length))
    parameters[name] = Float32Array.from({ length: shape.reduce((size, n) => size * n, 1) }, () => bytes.number());
  const [model] = [
    new PbfReader(networkToONNX({ settings, vocabulary, parameters })).readFields(
      reader(MODEL),
      /** @type {any} */ ({}),
    ),
  ];
  const metadata = Object.fromEntries(model[14].map((/** @type {any} */ entry) => [entry[1][0], entry[2][0]]));
  assert.deepEqual(JSON.parse(metadata.vocabulary), vocabulary);
  assert.deepEqual(JSON.parse(metadata.settings), settings);
  const [graph] = model[7];
  const made = new Set([
    "",
    ...graph[11].map((/** @type {any} */ value) => value[1][0]),
    ...graph[5].map((/** @type {any} */ value) => value[8][0]),
  ]);
  for (const node of graph[1]) {
    for (const name of node[1]) assert.ok(made.has(name), `${name} is read before it is made`);
    for (const name of node[2]) made.add(name);
  }
  for (const value of graph[12]) assert.ok(made.has(value[1][0]));
  for (const tensor of graph[5]) {
    const size = (tensor[1] ?? []).reduce((/** @type {number} */ product, /** @type {number} */ n) => product * n, 1);
    assert.equal(tensor[9] ? tensor[9][0].length / 4 : tensor[7][0].length, size, tensor[8][0]);
  }
}
