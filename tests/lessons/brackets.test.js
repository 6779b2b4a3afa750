/* The brackets of the sample are learnt by the usual network within a minute, as the text panel says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer, loadCore, makeText, placeAccuracy } from "../../web/core/index.js";
import { whole } from "./support.js";

const core = await loadCore({ variant: "simd" });
const { text, chance } = makeText("brackets");
const fresh = makeText("brackets", { lines: 40, seed: 4711 }); // as the page asks it

for (const seed of whole ? [1, 2, 3] : [1]) {
  const [steps, least] = whole ? [450, 0.85] : [150, 0.55];
  test(`the usual network closes brackets rightly after ${steps} updates, seed ${seed}`, (t) => {
    const trainer = new Trainer(core, { text, seed });
    t.after(() => trainer.dispose());
    const start = performance.now();
    trainer.step(steps);
    const seconds = (performance.now() - start) / 1000;
    const { accuracy } = placeAccuracy(trainer.probe(fresh.text, { flow: false }), fresh);
    t.diagnostic(
      `brackets | ${seed} | ${seconds.toFixed(1)} s | accuracy > ${least} after ${steps} updates (accuracy ${Number(accuracy.toPrecision(3))}, chance ${chance})`,
    );
    assert.ok(accuracy > least, `${accuracy} right, chance is ${chance}`);
  });
}
