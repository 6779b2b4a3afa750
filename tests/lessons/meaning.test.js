import assert from "node:assert/strict";
import { test } from "node:test";
import { PROPERTIES, rankUnits } from "../../web/core/apart/units.js";
import { Trainer, loadCore, makeText } from "../../web/core/index.js";
import { shareTold, unit } from "../../web/lessons/run/measures/unit.js";
import { testClaims } from "./support.js";

testClaims("meaning", [
  "net.accuracy > 0.97",
  "net.readable > 0.9",
  "net.off < net.chance + 0.1",
  "net.otherOff > net.off + 0.15",
]);

test("where a property is rare, the share of characters that are told rightly is counted, not balanced", () => {
  const T = 200;
  const labels = Uint8Array.from({ length: T }, (_, t) => Number(t % 10 === 0));
  const values = Float32Array.from({ length: T }, (_, t) => (t % 20 === 0 || t % 10 === 5 ? 1 : 0)); // half of them, and a ninth of the rest
  const [told] = /** @type {any} */ (rankUnits(values, T, 1, labels, { fit: 0.5 }));
  let right = 0;
  for (let t = T / 2; t < T; t++) if (Number(values[t] > told.threshold === told.above) === labels[t]) right++;
  assert.deepEqual(shareTold(values, labels, told), { readable: right / 100, common: 0.9 });
  assert.equal(right, 85);
  assert.ok(told.accuracy < 0.75, `balanced ${told.accuracy}`);
});

test("the unit that is switched off is none of those it is set against", async (t) => {
  const made = makeText("quotes", { lines: 400, seed: 1 });
  const core = await loadCore({ variant: "simd" });
  const trainer = new Trainer(core, { text: made.text, tokens: made.tokens, hidden: 6, batch: 8, seqLen: 32, seed: 1 });
  t.after(() => trainer.dispose());
  /** @type {number[]} */ const held = [];
  const learner = {
    settings: trainer.settings,
    probe(/** @type {string} */ text, /** @type {any} */ options) {
      if (options.hold) held.push(options.hold[0].unit);
      return trainer.probe(text, options);
    },
  };
  const spec = /** @type {any} */ ({ property: "quotes", text: { lines: 20 }, rank: 5 });
  const { numbers, data } = await unit(/** @type {any} */ ({ made, seed: 1, learner }), spec);
  assert.equal(held.length, 4);
  assert.equal(held.filter((each) => each === numbers.unit).length, 1, `${held} for ${numbers.unit}`);
  const labels = PROPERTIES.quotes(data.tokens);
  assert.ok(numbers.common >= 0.5 && numbers.common < 1, `${numbers.common} of ${labels.length}`);
});
