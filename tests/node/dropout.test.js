import assert from "node:assert/strict";
import { test } from "node:test";
import { assertSameBits, makeTrainer } from "./support.js";

const B = 2000;
/** Logits of one and the same token in B streams, each with its own mask. */
function logitsOf(trainer) {
  const column = Array.from({ length: B }, () => [3]);
  return trainer.gradients({ input: column, target: column }).logits;
}

test("dropout is scaled: over many masks the mean is what nothing dropped would give", (t) => {
  const dropped = makeTrainer(t, { dropout: 0.4, hidden: 32 }),
    plain = makeTrainer(t, { hidden: 32 });
  assertSameBits(dropped.parameters(), plain.parameters());
  const got = logitsOf(dropped),
    want = logitsOf(plain),
    V = plain.vocabulary.length;
  for (let v = 0; v < V; v++) {
    let mean = 0,
      squares = 0;
    for (let b = 0; b < B; b++) mean += got[b * V + v] / B;
    for (let b = 0; b < B; b++) squares += (got[b * V + v] - mean) ** 2 / B;
    assert.ok(squares > 1e-8, `logit ${v} is the same in every stream`);
    assert.ok(
      Math.abs(mean - want[v]) < 4 * Math.sqrt(squares / B),
      `logit ${v}: mean ${mean}, undropped ${want[v]}, deviation ${Math.sqrt(squares / B)}`,
    );
  }
});

test("masks hang on seed and step, and reading is without them", (t) => {
  const a = makeTrainer(t, { dropout: 0.4 }),
    b = makeTrainer(t, { dropout: 0.4 }),
    other = makeTrainer(t, { dropout: 0.4, seed: 2 });
  other.setParameters(a.parameters());
  const first = logitsOf(a);
  assert.deepEqual(logitsOf(b), first);
  assert.notDeepEqual(logitsOf(other), first);
  const weights = a.parameters();
  a.step();
  a.setParameters(weights);
  assert.notDeepEqual(logitsOf(a), first);
  const reading = b.evaluate();
  b.configure({ dropout: 0 });
  assert.deepEqual(b.evaluate(), reading);
});

test("dropout leaves the recurrent path alone: the states are those without it", (t) => {
  const dropped = makeTrainer(t, { dropout: 0.4 }),
    plain = makeTrainer(t);
  const batch = { input: [[0, 1, 2, 3, 4]], target: [[1, 2, 3, 4, 5]] };
  assert.deepEqual(dropped.gradients(batch).hidden, plain.gradients(batch).hidden);
});
