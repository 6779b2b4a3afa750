import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Trainer, loadCore } from "../../web/core/index.js";
import { small } from "./support.js";

const index = JSON.stringify(new URL("../../web/core/index.js", import.meta.url).href);

test("1,000 trainers made and disposed of leave the memory where it was", async () => {
  const core = await loadCore({ variant: "simd" });
  const use = () => {
    const trainer = new Trainer(core, small);
    trainer.step();
    trainer.evaluate();
    trainer.probe("the cat sat");
    trainer.sample({ length: 5 });
    trainer.gradients({ input: [[0, 1]], target: [[1, 2]] });
    Trainer.load(core, trainer.save(), { text: small.text }).dispose();
    trainer.dispose();
  };
  use();
  const before = core.memoryBytes;
  for (let i = 0; i < 1000; i++) use();
  assert.equal(core.memoryBytes, before);
});

test("a sample takes no memory but for what it hands out, however long it is", async () => {
  const PAGE = 65_536;
  for (const cell of /** @type {const} */ (["rnn", "lstm", "gru", "mingru"])) {
    const core = await loadCore({ variant: "simd" });
    const trainer = new Trainer(core, { ...small, cell });
    trainer.sample({ length: 1, probabilities: false });
    const before = core.memoryBytes;
    for (const length of [1000, 10_000, 100_000]) {
      assert.equal(trainer.sample({ length, probabilities: false }).ids.length, length);
      const more = core.memoryBytes - before;
      assert.ok(more <= 4 * length + 2 * PAGE, `${cell}: ${more} bytes more for ${length} ids`);
    }
    trainer.dispose();
  }
});

test("1,000 trainers that fail on the way leave the memory where it was", async () => {
  const core = await loadCore({ variant: "simd" });
  const trainer = new Trainer(core, { ...small, batch: 1, seqLen: 2 });
  const fail = () => {
    assert.throws(() => trainer.probe("ÄÖ"), { code: "unknown-token" });
    assert.throws(() => trainer.gradients({ input: [[99]], target: [[0]] }), { code: "bad-argument" });
    assert.throws(
      () =>
        new Trainer(core, {
          ...small,
          hidden: 2048,
          layers: 4,
          batch: 32,
          seqLen: 65536,
          text: undefined,
          vocabulary: ["a", "b"],
        }),
      { code: "no-memory" },
    );
  };
  fail();
  const before = core.memoryBytes;
  for (let i = 0; i < 1000; i++) fail();
  assert.equal(core.memoryBytes, before);
});

test("1,000 trainers dropped without a word are freed by the finalizer", () => {
  const script = `
    import { Trainer, loadCore } from ${index};
    const core = await loadCore({ variant: "simd" });
    const collect = async () => { gc(); await new Promise((done) => setTimeout(done, 2)); };
    const options = ${JSON.stringify(small)};
    const drop = async (times) => {
      for (let i = 1; i <= times; i++) {
        new Trainer(core, options).step();
        if (i % 20 === 0) await collect();
      }
    };
    await drop(200);
    const before = core.memoryBytes;
    await drop(1000);
    console.log(JSON.stringify([core.memoryBytes - before, new Trainer(core, options).memoryBytes]));`;
  const [grown, one] = JSON.parse(
    execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], { encoding: "utf8" }),
  );
  assert.ok(
    grown <= 20 * one,
    `memory grew by ${grown}, and a trainer takes ${one}: more than the 20 that may await collection`,
  );
});
