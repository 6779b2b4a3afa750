import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, checkSettings, fit, readCheckpoint } from "../../web/core/index.js";
import { planSweepOf } from "../../web/core/train/sweep.js";
import { Session } from "../../web/worker/session.js";
import { assertRefused, core, prose } from "./support.js";

/** @param {import("node:test").TestContext} t */
function make(t, options) {
  const trainer = new Trainer(core, { hidden: 8, ...options });
  t.after(() => trainer.dispose());
  return trainer;
}
const window = ({ settings: { batch, seqLen } }) => [batch, seqLen];

test("batch and seqLen fit themselves to what is there: 32 and 64 where they can", (t) => {
  const sizes = [2, 3, 12, 30, 81, 82, 200, 1000, 2561, 2562, 30_000];
  const taken = sizes.map((length) =>
    window(make(t, { text: prose(length, "ab ba "), batch: "auto", seqLen: "auto" })),
  );
  assert.deepEqual(taken, [
    [1, 1],
    [1, 1],
    [1, 8],
    [1, 23],
    [1, 63],
    [1, 64],
    [2, 64],
    [12, 64],
    [31, 64],
    [32, 64],
    [32, 64],
  ]);
});

test("settings that are left out fit a short text as well, and say that they were chosen", async (t) => {
  for (const text of ["ab", "aab", "to be or not to be, that is it", prose(400)]) {
    const trainer = make(t, { text });
    assert.deepEqual(trainer.auto, ["batch", "seqLen"]);
    assert.ok(trainer.windows >= 1);
    assert.ok(trainer.step().loss > 0);
    await fit(trainer, { steps: 3 });
  }
  assert.deepEqual(
    make(t, { text: prose(9000) }).settings,
    make(t, { text: prose(9000), batch: 32, seqLen: 64 }).settings,
  );
  assert.deepEqual(make(t, { text: prose(400), batch: 4, seqLen: 8 }).auto, []);
  assert.equal(checkSettings({ batch: "auto" }).batch, 32);
});

test("a paragraph is learnt by heart at once", (t) => {
  const trainer = make(t, { text: "a paragraph of a few words, and no more", hidden: 64, learningRate: 0.01 });
  trainer.step(150);
  assert.ok(trainer.evaluateTraining().loss < 0.1);
});

test("a number that was named and does not fit is refused; the other fits itself to it", (t) => {
  const text = prose(200);
  assert.deepEqual(window(make(t, { text, batch: 4 })), [4, 39]);
  assert.deepEqual(window(make(t, { text, seqLen: 16 })), [9, 16]);
  for (const named of [{ batch: 200 }, { seqLen: 200 }, { batch: 32, seqLen: 64 }, { batch: 159, seqLen: "auto" }])
    if (named.batch !== 159)
      assertRefused(
        () => make(t, { text, ...named }),
        "too-few-tokens",
        /needs a text of \d+ tokens, and this one has 200/,
      );
    else assert.deepEqual(window(make(t, { text, ...named })), [159, 1]);
  assertRefused(() => make(t, { text, batch: "all" }), "bad-setting", /batch must be .* or "auto", got "all"/);
  assertRefused(() => make(t, { text, hidden: "auto" }), "bad-setting", /hidden must be/);
});

test("a saved run keeps what it took with its text, and chooses anew with another", (t) => {
  const text = prose(300);
  const first = make(t, { text, batch: "auto" });
  first.step(3);
  const bytes = first.save();
  assert.deepEqual(readCheckpoint(bytes).auto, ["batch", "seqLen"]);
  const load = (options) => {
    const trainer = Trainer.load(core, bytes, options);
    t.after(() => trainer.dispose());
    return trainer;
  };
  const same = load({ text });
  assert.deepEqual(same.step(4), first.step(4));
  assert.deepEqual(window(load({ text: prose(9000) })), [32, 64]);
  assert.deepEqual(window(load({ text: prose(30) })), [1, 23]);
  const bare = load({});
  assert.deepEqual(window(bare), window(first));
  assert.deepEqual(bare.save(), bytes);
  assert.deepEqual(load({ text: prose(9000), batch: 5 }).auto, ["seqLen"]);
  const fixed = Trainer.load(core, bytes, { text, batch: 2, seqLen: 8 });
  assertRefused(() => Trainer.load(core, fixed.save(), { text: "ab" }), "too-few-tokens", /needs a text/);
  fixed.dispose();
});

test("a session that begins anew keeps what was left to it", async (t) => {
  const session = await Session.open(core, { settings: { text: prose(300), hidden: 8 } }, () => {});
  t.after(() => session.dispose());
  assert.deepEqual(session.describe().auto, ["batch", "seqLen"]);
  assert.deepEqual((await session.reset()).auto, ["batch", "seqLen"]);
});

test("a sweep plans short texts, and its measure does not depend on the batch that is swept", () => {
  const wanted = { settings: { hidden: 8, validation: 0.1 }, budget: 3000, workers: 1, memory: 1e9 };
  const { runs } = planSweepOf(core, prose(150), { ...wanted, axes: [{ name: "batch", values: [1, 2, 8] }] });
  assert.deepEqual(
    runs.map(({ settings }) => [settings.batch, settings.seqLen]),
    [
      [1, 64],
      [2, 64],
      [8, 16],
    ],
  );
});
