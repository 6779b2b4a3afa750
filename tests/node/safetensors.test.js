import assert from "node:assert/strict";
import { test } from "node:test";
import { readSafetensors, writeSafetensors } from "../../web/core/index.js";
import { assertRefused } from "./support.js";

/** A file with a header as it is given, and `size` bytes of data. */
function file(header, size = 0) {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = Buffer.alloc(8 + json.length + size);
  bytes.writeBigUInt64LE(BigInt(json.length));
  json.copy(bytes, 8);
  return bytes;
}
const f32 = (shape, from, to) => ({ dtype: "F32", shape, data_offsets: [from, to] });
const refuse = (bytes, pattern) => assertRefused(() => readSafetensors(bytes), "bad-file", pattern);

test("what is written is read again, aligned or not", () => {
  const tensors = {
    p: { dtype: "F64", shape: [2], data: Float64Array.of(Math.PI, -0) },
    w: { dtype: "F32", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    none: { dtype: "F32", shape: [0, 4], data: new Float32Array(0) },
    one: { dtype: "I32", shape: [], data: Int32Array.of(-7) },
  };
  const bytes = writeSafetensors(tensors, { note: 'ä"\n' });
  for (const shift of [0, 1, 3]) {
    const moved = new Uint8Array(bytes.length + shift).subarray(shift);
    moved.set(bytes);
    const { metadata, tensors: got } = readSafetensors(moved);
    assert.deepEqual(metadata, { note: 'ä"\n' });
    assert.deepEqual(Object.fromEntries(got), tensors);
  }
  assert.deepEqual(readSafetensors(Buffer.from(bytes)).tensors.get("w").data, tensors.w.data);
  assert.deepEqual(readSafetensors(bytes.buffer).tensors.size, 4);
});

test("dtypes without an array of their own are read as bytes", () => {
  const bytes = file({ h: { dtype: "BF16", shape: [2], data_offsets: [0, 4] } }, 4);
  assert.deepEqual(readSafetensors(bytes).tensors.get("h"), { dtype: "BF16", shape: [2], data: new Uint8Array(4) });
});

test("a file that is none, is cut off or lies about its header is refused", () => {
  refuse(new Uint8Array(5), /5 bytes/);
  refuse(Buffer.from("PK\x03\x04 this is a zip file, not safetensors"), /not a safetensors file/);
  refuse(file("[]"), /not a safetensors file/);
  refuse(file("{]"), /not JSON/);
  refuse(Buffer.concat([file("{}").subarray(0, 9)]), /2 bytes long and only 1 follow/);
  const long = file("{}");
  long.writeBigUInt64LE(2n ** 63n);
  refuse(long, /not a safetensors file/);
  refuse(file(Buffer.from([0x7b, 0xff, 0x7d]).toString("latin1").replace("ÿ", "\ud800")), /not JSON/);
});

test("tensors must fill the data, without overlap, gap or rest", () => {
  refuse(file({ a: f32([1], 0, 4), b: f32([1], 2, 6) }, 6), /"b" overlaps/);
  refuse(file({ a: f32([2], 0, 8), b: f32([1], 0, 4) }, 8), /overlaps/);
  refuse(file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /gap before tensor "b"/);
  refuse(file({ a: f32([1], 4, 8) }, 8), /gap before tensor "a"/);
  refuse(file({ a: f32([1], 0, 4) }, 3), /take 4 bytes and only 3/);
  refuse(file({ a: f32([1], 0, 4) }, 9), /5 bytes follow/);
});

test("sizes, dtypes and offsets must be what they say", () => {
  refuse(file({ a: f32([2], 0, 4) }, 4), /takes 8 bytes, and its offsets 0 to 4 are 4 apart/);
  refuse(file({ a: f32([1], 4, 0) }, 4), /apart/);
  refuse(file({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4), /takes/);
  refuse(file({ a: f32([-1], 0, 4) }, 4), /not a list of sizes/);
  refuse(file({ a: f32([1.5], 0, 6) }, 6), /not a list of sizes/);
  refuse(file({ a: f32("1", 0, 4) }, 4), /not a list of sizes/);
  refuse(file({ a: { dtype: "F32", shape: [1], data_offsets: [0] } }, 4), /no pair of offsets/);
  refuse(file({ a: { dtype: "F32", shape: [1], data_offsets: [-4, 0] } }, 4), /no pair of offsets/);
  refuse(file({ a: { dtype: "F32", shape: [1] } }, 4), /no pair of offsets/);
  refuse(file({ a: { dtype: "F31", shape: [1], data_offsets: [0, 4] } }, 4), /dtype "F31"/);
  refuse(file({ a: { dtype: "toString", shape: [1], data_offsets: [0, 4] } }, 4), /dtype "toString"/);
  refuse(file({ a: 3 }), /not described by an object/);
  refuse(file({ a: { ...f32([1], 0, 4), extra: 1 } }, 4), /"extra"/);
});

test("double names and wrong metadata are refused", () => {
  refuse(
    file(
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
    ),
    /a name twice/,
  );
  refuse(file('{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}', 4), /a name twice/);
  refuse(file({ __metadata__: { n: 1 } }), /only strings/);
  refuse(file({ __metadata__: [] }), /not an object/);
  const colons = { __metadata__: { 'a:b\\":': 'c:"d"' } };
  assert.deepEqual(readSafetensors(file(colons)).metadata, colons.__metadata__);
  assert.deepEqual(
    readSafetensors(file('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4)).tensors.get("__proto__")
      .shape,
    [1],
  );
  const written = writeSafetensors({ ["__proto__"]: { dtype: "F32", shape: [1], data: new Float32Array([3]) } });
  assert.deepEqual(readSafetensors(written).tensors.get("__proto__").data, new Float32Array([3]));
});
