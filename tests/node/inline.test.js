/* The package's core in one file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const file = new URL("../../dist/unrolled-inline.js", import.meta.url);

test("the one-file core trains without a module beside it, to the same loss as the package's own", async () => {
  const losses = [];
  for (const entry of [file.href, "../../web/core/index.js"]) {
    const { loadCore, Trainer } = await import(entry);
    const core = await loadCore({ variant: "simd" });
    assert.equal(core.variant, "simd");
    const trainer = new Trainer(core, { text: "the cat sat on the mat. ".repeat(40), hidden: 8, batch: 2, seqLen: 8 });
    losses.push(trainer.step(5).loss);
    trainer.dispose();
  }
  assert.equal(losses[0], losses[1]);
});

test("the one-file core starts helpers without a script beside it", async () => {
  const { loadCore, Trainer } = await import(file.href);
  const core = await loadCore({ variant: "simd" });
  const settings = { text: "the cat sat on the mat. ".repeat(900), hidden: 64, batch: 64, seqLen: 40 };
  const trainer = new Trainer(core, { ...settings, workers: 2 }),
    alone = new Trainer(core, settings);
  for (let i = 0; i < 500 && trainer.workers < 2; i++)
    await Promise.all([trainer.step(), new Promise((done) => setTimeout(done, 10))]);
  assert.equal(trainer.workers, 2);
  const { step, loss } = await trainer.step(3);
  assert.equal(loss, alone.step(step).loss);
  for (const each of [trainer, alone]) each.dispose();
});

test("the one-file core names no other file", () => {
  assert.doesNotMatch(readFileSync(file, "utf8"), /^import |import\.meta|\.wasm"/m);
});
