/**
 * The .safetensors format: 8 bytes with the header's length, a JSON header { name: { dtype, shape, data_offsets } },
 * then the numbers, little-endian. A file is never trusted: everything is checked before anything is made from it.
 */
import { isPlain } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { copying, runThrough } from "../wasm/turns.js";

/**
 * @typedef {object} Tensor
 * @property {string} dtype "F32", "F64", … as the format names them
 * @property {number[]} shape
 * @property {Float32Array | Float64Array | Int32Array | Uint8Array} data a copy; raw bytes for dtypes that JavaScript
 * has no array for
 */

/**
 * @typedef {object} SafetensorsFile
 * @property {Record<string, string>} metadata
 * @property {Map<string, Tensor>} tensors
 */

/** @type {Record<string, number>} bytes of one number */
const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
};
/** @type {Record<string, (bytes: ArrayBuffer) => Tensor["data"]>} */
const DTYPE_ARRAY = {
  F32: (bytes) => new Float32Array(bytes),
  F64: (bytes) => new Float64Array(bytes),
  I32: (bytes) => new Int32Array(bytes),
};
/** Those that are written. @type {Record<string, Function & { name: string }>} */
const WRITTEN = { F32: Float32Array, F64: Float64Array, I32: Int32Array };
/** The format's own limit. */
const HEADER_MOST = 100_000_000;

/** @param {string} why @returns {UnrolledError} */
export function badFile(why) {
  return new UnrolledError("bad-file", `This file cannot be opened: ${why}.`);
}

/**
 * @param {Uint8Array | ArrayBuffer} source
 * @returns {SafetensorsFile}
 */
export const readSafetensors = (source) => runThrough(readingSafetensors(source));

/**
 * The same in parts of some milliseconds. @param {Uint8Array | ArrayBuffer} source
 * @returns {Generator<void, SafetensorsFile>}
 */
export function* readingSafetensors(source) {
  const kind = Object.prototype.toString.call(source).slice(8, -1); // of any realm
  if (kind !== "Uint8Array" && kind !== "ArrayBuffer") {
    throw new UnrolledError(
      "bad-argument",
      `A safetensors file must be given as a Uint8Array or an ArrayBuffer, got ${quote(source)}.`,
    );
  }
  // A plain Uint8Array in any case: slice() of Node's Buffer is no copy.
  const bytes =
    "buffer" in source ? new Uint8Array(source.buffer, source.byteOffset, source.length) : new Uint8Array(source);
  const { header, begin } = readHeader(bytes);
  const metadata = readMetadata(header);
  const entries = Object.keys(header)
    .filter((name) => name !== "__metadata__")
    .map((name) => checkEntry(name, header[name]));
  checkLayout(entries, bytes.length - begin);
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  for (const { name, dtype, shape, from, to } of entries) {
    const copy = new Uint8Array(to - from);
    yield* copying(copy, bytes.subarray(begin + from, begin + to));
    tensors.set(name, { dtype, shape, data: DTYPE_ARRAY[dtype]?.(copy.buffer) ?? copy });
  }
  return { metadata, tensors };
}

/** @param {Uint8Array} bytes @returns {{ header: Record<string, unknown>, begin: number }} */
function readHeader(bytes) {
  if (bytes.length < 8)
    throw badFile(`it has ${bytes.length} bytes, and a safetensors file begins with 8 that give its header's length`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > HEADER_MOST || (length >= 2 && bytes[8] !== 0x7b)) throw badFile("it is not a safetensors file");
  if (length > bytes.length - 8)
    throw badFile(
      `its header should be ${length} bytes long and only ${bytes.length - 8} follow; the file is cut off, or not a safetensors file`,
    );
  let text, header;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
    header = JSON.parse(text);
  } catch {
    throw badFile("its header is not JSON");
  }
  if (!isRecord(header)) throw badFile("its header is not a JSON object");
  if (colons(text) !== keys(header)) throw badFile("its header has a name twice");
  return { header, begin: 8 + length };
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** JSON.parse keeps the last of two equal names in silence; valid JSON has one colon for each. @param {string} json */
function colons(json) {
  let count = 0,
    quoted = false;
  for (let i = 0; i < json.length; i++) {
    const c = json.charCodeAt(i);
    if (quoted && c === 0x5c) i++;
    else if (c === 0x22) quoted = !quoted;
    else if (c === 0x3a && !quoted) count++;
  }
  return count;
}

/**
 * How many names an object holds, at every depth; depth is bounded by JSON.parse's own stack.
 * @param {unknown} root
 * @returns {number}
 */
function keys(root) {
  let count = 0;
  const left = [root];
  while (left.length) {
    const value = left.pop();
    if (typeof value !== "object" || value === null) continue;
    const children = Object.values(value);
    if (!Array.isArray(value)) count += children.length;
    for (const child of children) left.push(child);
  }
  return count;
}

/** @param {Record<string, unknown>} header @returns {Record<string, string>} */
function readMetadata(header) {
  if (!Object.hasOwn(header, "__metadata__")) return {};
  const metadata = header.__metadata__;
  if (!isRecord(metadata)) throw badFile("its __metadata__ is not an object");
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string")
      throw badFile(`its __metadata__ has ${quote(value)} under ${quote(key)}, where only strings are allowed`);
  }
  return /** @type {Record<string, string>} */ (metadata);
}

/** @param {unknown} n @returns {n is number} */
const isCount = (n) => Number.isSafeInteger(n) && /** @type {number} */ (n) >= 0;

/** @param {string} name @param {unknown} entry */
function checkEntry(name, entry) {
  const where = `tensor ${quote(name)}`;
  if (!isRecord(entry)) throw badFile(`${where} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  for (const key of Object.keys(entry)) {
    if (!["dtype", "shape", "data_offsets"].includes(key))
      throw badFile(`${where} has ${quote(key)}, which the format does not know`);
  }
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPE_BYTES, dtype))
    throw badFile(`${where} has the dtype ${quote(dtype)}, which is none of ${Object.keys(DTYPE_BYTES).join(", ")}`);
  if (!Array.isArray(shape) || !shape.every(isCount)) throw badFile(`${where} has a shape that is not a list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw badFile(`${where} has no pair of offsets`);
  const [from, to] = /** @type {[number, number]} */ (offsets);
  const size = shape.reduce((product, n) => product * n, DTYPE_BYTES[dtype]);
  if (!isCount(size) || to - from !== size)
    throw badFile(
      `${where} of shape [${shape}] takes ${size} bytes, and its offsets ${from} to ${to} are ${to - from} apart`,
    );
  return { name, dtype, shape: /** @type {number[]} */ (shape), from, to };
}

/**
 * The tensors must fill the data: no overlap, no gap, nothing left over.
 * @param {{ name: string, from: number, to: number }[]} entries
 * @param {number} size
 */
function checkLayout(entries, size) {
  const sorted = [...entries].sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of sorted) {
    if (from < end) throw badFile(`tensor ${quote(name)} overlaps another`);
    if (from > end) throw badFile(`there is a gap before tensor ${quote(name)}`);
    end = to;
  }
  if (end > size)
    throw badFile(`its tensors take ${end} bytes and only ${size} follow the header; the file is cut off`);
  if (end < size) throw badFile(`${size - end} bytes follow its last tensor`);
}

/** @param {string} message */
const refuse = (message) => new UnrolledError("bad-argument", message);

/** @param {string} name @param {unknown} tensor */
function checkWritten(name, tensor) {
  const where = `tensor ${quote(name)}`;
  if (name === "__metadata__") throw refuse("A tensor cannot be named __metadata__: the format keeps that name.");
  if (!isPlain(tensor)) throw refuse(`${where} must be an object { dtype, shape, data }, got ${quote(tensor)}.`);
  const { dtype, shape, data } = tensor;
  const array = typeof dtype === "string" && Object.hasOwn(WRITTEN, dtype) ? WRITTEN[dtype] : undefined;
  if (!array) throw refuse(`${where} must have the dtype ${Object.keys(WRITTEN).join(" or ")}, got ${quote(dtype)}.`);
  if (!Array.isArray(shape) || !Array.from(shape).every(isCount))
    throw refuse(`${where} must have a shape that is a list of sizes, got ${quote(shape)}.`);
  if (!(data instanceof array)) throw refuse(`${where} of ${dtype} must be a ${array.name}, got ${quote(data)}.`);
  const size = shape.reduce((product, n) => product * n, 1);
  const { length } = /** @type {Float32Array} */ (data);
  if (length !== size) throw refuse(`${where} of shape [${shape}] has ${size} numbers, got ${length}.`);
}

/**
 * @typedef {Record<string, { dtype: "F32" | "F64" | "I32", shape: number[], data: Float32Array | Float64Array |
 * Int32Array }>} Written in this order; put F64 first, so that each stays aligned
 */

/**
 * @param {Written} tensors @param {Record<string, string>} [metadata]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const writeSafetensors = (tensors, metadata) => runThrough(writingSafetensors(tensors, metadata));

/**
 * The same in parts of some milliseconds.
 * @param {Written} tensors @param {Record<string, string>} [metadata]
 * @returns {Generator<void, Uint8Array<ArrayBuffer>>}
 */
export function* writingSafetensors(tensors, metadata = {}) {
  if (!isPlain(tensors))
    throw refuse(`Tensors must be an object { name: { dtype, shape, data } }, got ${quote(tensors)}.`);
  for (const [name, tensor] of Object.entries(tensors)) checkWritten(name, tensor);
  if (!isPlain(metadata)) throw refuse(`Metadata must be an object of strings, got ${quote(metadata)}.`);
  for (const [key, value] of Object.entries(metadata))
    if (typeof value !== "string") throw refuse(`Metadata must be strings, got ${quote(value)} under ${quote(key)}.`);
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
    name,
    { dtype, shape, data_offsets: [end, (end += data.byteLength)] },
  ]);
  // not name by name: one may be called "__proto__"
  const header = Object.fromEntries([["__metadata__", metadata], ...entries]);
  const json = new TextEncoder().encode(JSON.stringify(header));
  const begin = Math.ceil((8 + json.length) / 8) * 8;
  const bytes = new Uint8Array(begin + end).fill(0x20, 8, begin);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(begin - 8), true);
  bytes.set(json, 8);
  let at = begin;
  for (const { data } of Object.values(tensors)) {
    yield* copying(bytes.subarray(at), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    at += data.byteLength;
  }
  return bytes;
}
