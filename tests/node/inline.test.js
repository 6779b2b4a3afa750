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

test("the one-file core names no other file", () => {
  assert.doesNotMatch(readFileSync(file, "utf8"), /^import |import\.meta|\.wasm"/m);
});
