/** One module told by another, as bundles carry them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { applyDelta, makeDelta } from "../../.ci/delta.js";
import { makeDraws } from "../../web/core/random.js";

const moduleOf = (/** @type {string} */ variant) =>
  readFileSync(new URL(`../../dist/wasm/unrolled-${variant}.wasm`, import.meta.url));

test("the other modules are made of the simd one, byte for byte, and told by less than they have", () => {
  const base = moduleOf("simd");
  for (const variant of ["relaxed", "baseline"]) {
    const target = moduleOf(variant);
    const delta = makeDelta(base, target);
    assert.ok(Buffer.from(applyDelta(base, delta)).equals(target), variant);
    assert.ok(delta.length < 0.6 * target.length, `${variant}: ${delta.length} of ${target.length} bytes`);
  }
});

test("whatever the two are, what comes back is the target", () => {
  const draw = makeDraws(7);
  const bytes = (/** @type {number} */ length) => Buffer.from(Array.from({ length }, () => draw(256)));
  const [one, other] = [bytes(5000), bytes(700)];
  const shuffled = Buffer.concat([one.subarray(4000), other, one.subarray(100, 2500), one.subarray(0, 30)]);
  for (const [base, target] of [
    [one, one],
    [one, other],
    [one, shuffled],
    [shuffled, one],
    [Buffer.alloc(0), other],
    [one, Buffer.alloc(0)],
    [one, one.subarray(0, 5)],
    [Buffer.alloc(300, 1), Buffer.alloc(1000, 1)],
  ])
    assert.ok(
      Buffer.from(applyDelta(base, makeDelta(base, target))).equals(target),
      `${base.length} to ${target.length}`,
    );
});
