import assert from "node:assert/strict";
import { test } from "node:test";
import { lessonOf, play, testClaims } from "./support.js";

testClaims("updating", [
  "net.gradient > 0",
  "net.moved < 0",
  "net.lossBefore < net.blind",
  "net.lossAfter < net.lossBefore",
  "net.norm < 5",
]);

test("an update is told part by part, nothing before its time, and the network stays as it was", async (t) => {
  const lesson = lessonOf("updating");
  const known = [];
  const { experiment, values } = await play(lesson, {
    each: ({ networks, values }) => {
      const names = ["before", "lossBefore", "gradient", "norm", "after", "lossAfter"];
      known.push([networks[0].data.update.part, ...names.filter((name) => values.has(`net.${name}`))].join(" "));
    },
  });
  t.after(() => experiment.dispose());
  assert.deepEqual(known, [
    "read before",
    "forward before",
    "loss before lossBefore",
    "backward before lossBefore gradient",
    "clip before lossBefore gradient norm",
    "update before lossBefore gradient norm after lossAfter",
  ]);
  const [{ learner, data }] = experiment.networks;
  assert.equal(learner.progress.step, 150);
  const weight = (await learner.parameters())["rnn.weight_hh_l0"][data.update.index];
  assert.equal(weight, values.get("net.before"));
  const moved = Number(values.get("net.moved"));
  assert.ok(Math.abs(moved + 0.3 * Number(values.get("net.gradient"))) < 1e-6, `${moved}`);
});
