/** Any bytes as a .safetensors file, or any text as the header of one. */
import assert from "node:assert/strict";
import { readSafetensors, writeSafetensors } from "../../../web/core/files/safetensors.js";
import { attempt, Bytes } from "../js/bytes.js";

const WRITTEN = ["F32", "F64", "I32"];

/** @param {Uint8Array} header @param {number} size of the numbers */
function file(header, size) {
  const bytes = new Uint8Array(8 + header.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

/** The first byte tells: 0 a whole file follows, else a header for so many bytes of numbers. */
export function seeds() {
  const tensors = {
    b: { dtype: /** @type {const} */ ("F64"), shape: [2], data: new Float64Array([1, -0]) },
    a: { dtype: /** @type {const} */ ("F32"), shape: [2, 2], data: new Float32Array([1, 2, 3, NaN]) },
    c: { dtype: /** @type {const} */ ("I32"), shape: [], data: new Int32Array([7]) },
  };
  const written = writeSafetensors(tensors, { format: "pt" });
  const headers = [
    '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
    '{"__metadata__":{"x":"y"},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]}}',
    '{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}, "a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}',
    "[]",
    "{}",
  ];
  return [Uint8Array.of(0, ...written), ...headers.map((text) => Uint8Array.of(8, ...new TextEncoder().encode(text)))];
}

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const size = bytes.byte();
  const given = size ? file(bytes.take(bytes.left), size) : bytes.take(bytes.left);
  const read = attempt(() => readSafetensors(given));
  if (!read) return;
  let total = 0;
  for (const { data, shape } of read.tensors.values()) {
    total += data.byteLength;
    assert.ok(shape.every((n) => Number.isSafeInteger(n) && n >= 0));
  }
  assert.ok(total <= given.length);
  if (![...read.tensors.values()].every(({ dtype }) => WRITTEN.includes(dtype))) return;
  if (read.tensors.has("__proto__")) return; // an object cannot carry it to the writer
  const again = readSafetensors(writeSafetensors(/** @type {any} */ (Object.fromEntries(read.tensors)), read.metadata));
  assert.deepEqual({ ...again.metadata }, { ...read.metadata });
  for (const [name, tensor] of read.tensors) assert.deepEqual(again.tensors.get(name), tensor);
}
