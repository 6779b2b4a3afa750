/* The few protobuf messages of an ONNX file, written with pbf. Field numbers are those of onnx.proto.
 * Writing only: nothing here reads a model or knows what a graph means. */
import { PbfWriter } from "pbf";

/**
 * @typedef {{name: string, dims: number[], data: Float32Array | number[]}} Tensor  Float32Array: float; number[]: int64
 * @typedef {{name: string, type: "float" | "int64", shape: (number | string)[]}} Value  a string is the name of a free
 * size
 * @typedef {{op: string, inputs: string[], outputs: string[], attributes?: Record<string, Attribute>}} Node
 * @typedef {{nodes: Node[], initializers: Tensor[], inputs: Value[], outputs: Value[]}} Graph
 * @typedef {{opset: number, graph: Graph, metadata: Record<string, string>, doc: string}} Model
 */

/** @typedef {number | string | string[] | number[] | Float32Array} Attribute  number: int; Float32Array: floats */

/** Version of the file format itself; 7 came with opset 14. */
const IR_VERSION = 7;
const ELEMENT = { float: 1, int64: 7 };
const ATTRIBUTE = { int: 2, string: 3, floats: 6, ints: 7, strings: 8 };

/** Numbers of a `repeated int64` field, one by one: proto2 does not pack them.
 * @param {PbfWriter} pbf @param {number} tag @param {number[]} values */
function writeIntegers(pbf, tag, values) {
  for (const value of values) pbf.writeVarintField(tag, value);
}

/** @param {PbfWriter} pbf @param {number} tag @param {string[]} values */
function writeStrings(pbf, tag, values) {
  for (const value of values) pbf.writeStringField(tag, value);
}

/** @param {Tensor} tensor @param {PbfWriter} pbf */
function writeTensor({ name, dims, data }, pbf) {
  writeIntegers(pbf, 1, dims);
  const float = data instanceof Float32Array;
  pbf.writeVarintField(2, float ? ELEMENT.float : ELEMENT.int64);
  pbf.writeStringField(8, name);
  if (float) pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  else pbf.writePackedVarint(7, data);
}

/** @param {number | string} size @param {PbfWriter} pbf */
function writeDimension(size, pbf) {
  if (typeof size === "number") pbf.writeVarintField(1, size);
  else pbf.writeStringField(2, size);
}

/** @param {(number | string)[]} shape @param {PbfWriter} pbf */
function writeShape(shape, pbf) {
  for (const size of shape) pbf.writeMessage(1, writeDimension, size);
}

/** @param {Value} value @param {PbfWriter} pbf */
function writeTensorType({ type, shape }, pbf) {
  pbf.writeVarintField(1, ELEMENT[type]);
  pbf.writeMessage(2, writeShape, shape);
}

/** @param {Value} value @param {PbfWriter} pbf */
function writeType(value, pbf) {
  pbf.writeMessage(1, writeTensorType, value);
}

/** @param {Value} value @param {PbfWriter} pbf */
function writeValue(value, pbf) {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(2, writeType, value);
}

/** @param {[string, Attribute]} attribute @param {PbfWriter} pbf */
function writeAttribute([name, value], pbf) {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  pbf.writeStringField(1, name);
  const kind = attributeKind(value);
  if (kind === "int") pbf.writeVarintField(3, /** @type {number} */ (value));
  else if (kind === "string") pbf.writeBytesField(4, bytes(/** @type {string} */ (value)));
  else if (kind === "floats") for (const x of /** @type {Float32Array} */ (value)) pbf.writeFloatField(7, x);
  else if (kind === "ints") writeIntegers(pbf, 8, /** @type {number[]} */ (value));
  else for (const text of /** @type {string[]} */ (value)) pbf.writeBytesField(9, bytes(text));
  pbf.writeVarintField(20, ATTRIBUTE[kind]);
}

/** @param {Attribute} value @returns {keyof typeof ATTRIBUTE} */
function attributeKind(value) {
  if (typeof value === "number") return "int";
  if (typeof value === "string") return "string";
  if (value instanceof Float32Array) return "floats";
  return typeof value[0] === "number" ? "ints" : "strings";
}

/** @param {Node} node @param {PbfWriter} pbf */
function writeNode({ op, inputs, outputs, attributes = {} }, pbf) {
  writeStrings(pbf, 1, inputs);
  writeStrings(pbf, 2, outputs);
  pbf.writeStringField(3, outputs.find((name) => name) ?? op);
  pbf.writeStringField(4, op);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

/** @param {Graph} graph @param {PbfWriter} pbf */
function writeGraph({ nodes, initializers, inputs, outputs }, pbf) {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, "unrolled");
  for (const tensor of initializers) pbf.writeMessage(5, writeTensor, tensor);
  for (const value of inputs) pbf.writeMessage(11, writeValue, value);
  for (const value of outputs) pbf.writeMessage(12, writeValue, value);
}

/** @param {number} version @param {PbfWriter} pbf */
function writeOpset(version, pbf) {
  pbf.writeStringField(1, "");
  pbf.writeVarintField(2, version);
}

/** @param {[string, string]} entry @param {PbfWriter} pbf */
function writeEntry([key, value], pbf) {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

/** @param {Model} model @returns {Uint8Array<ArrayBuffer>} the bytes of an .onnx file */
export function encodeModel({ opset, graph, metadata, doc }) {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, "unrolled");
  pbf.writeStringField(6, doc);
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, writeOpset, opset);
  for (const entry of Object.entries(metadata)) pbf.writeMessage(14, writeEntry, entry);
  return pbf.finish().slice();
}
