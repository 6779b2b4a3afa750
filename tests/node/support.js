/** What the tests of the package share: the core, goldens, and comparisons that say where two arrays part. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { Trainer, loadCore } from "../../web/core/index.js";

/** The strict module: the same bits everywhere. */
export const core = await loadCore({ variant: "simd" });

/** A text of `length` characters with a little order in it, the same at every call. */
export function prose(length, words = "the cat sat on a mat and saw the rat run by; then it was gone. ") {
  let state = 7,
    text = "";
  const parts = words.split(" ");
  while (text.length < length) {
    state = (state * 48271) % 2147483647;
    text += `${parts[state % parts.length]} `;
  }
  return text.slice(0, length);
}

/** What most tests train on: 3,000 characters, a small network. */
export const small = { text: prose(3000), hidden: 16, batch: 8, seqLen: 12 };

/** A small trainer for the length of a test. */
export function makeTrainer(t, settings = {}, from = core) {
  const trainer = new Trainer(from, { ...small, ...settings });
  t.after(() => trainer.dispose());
  return trainer;
}

const folder = new URL("../goldens/", import.meta.url);

/** @returns {{name: string, [key: string]: any}[]} every golden, tensors as Float64Array */
export function goldens() {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const golden = JSON.parse(readFileSync(new URL(name, folder), "utf8"), (_, value) =>
        value && typeof value === "object" && typeof value.f64 === "string" ? decode(value.f64) : value,
      );
      return { ...golden, name: name.replace(".json", "") };
    });
}

function decode(base64) {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  return new Float64Array(bytes.buffer);
}

/** `got` equals `want` within `tolerance` of want's largest value. */
export function assertClose(got, want, tolerance, name) {
  assert.equal(got.length, want.length, `${name}: length`);
  const scale = want.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  for (let i = 0; i < want.length; i++) {
    const off = Math.abs(got[i] - want[i]) / scale;
    assert.ok(off <= tolerance, `${name}[${i}]: got ${got[i]}, want ${want[i]}, ${off} of the largest value apart`);
  }
}

/** The same bits in every parameter. */
export function assertSameBits(got, want) {
  assert.deepEqual(Object.keys(got), Object.keys(want));
  for (const name of Object.keys(want)) {
    const a = new Uint32Array(got[name].buffer),
      b = new Uint32Array(want[name].buffer);
    const at = a.findIndex((bits, i) => bits !== b[i]);
    assert.equal(at, -1, `${name}[${at}]: got ${got[name][at]}, want ${want[name][at]}`);
  }
}

/** @param {() => unknown} call @param {string} code @param {RegExp} pattern what its sentence says */
export function assertRefused(call, code, pattern) {
  assert.throws(call, (error) => {
    assert.equal(error.name, "UnrolledError", error.stack);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    assert.match(error.message, /\.$/, "a sentence ends with a full stop");
    return true;
  });
}
