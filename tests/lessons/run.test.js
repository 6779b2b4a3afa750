/* The run of a lesson, on networks that are made up: rounds, ends, events, changes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UnrolledError } from "../../web/core/errors.js";
import { Experiment } from "../../web/lessons/run/experiment.js";

/** A network whose loss falls by one with each step, and that breaks at a step. */
function pretended(settings, breaksAt = Infinity) {
  const learner = {
    settings,
    vocabulary: ["a", "b"],
    progress: { step: 0 },
    disposed: false,
    step(n) {
      for (let i = 0; i < n; i++) {
        if (learner.progress.step >= breaksAt) throw new UnrolledError("diverged", "The loss is not a number.");
        learner.progress.step++;
      }
      return { loss: 10 - learner.progress.step, gradNorm: 1 };
    },
    dispose() {
      learner.disposed = true;
    },
  };
  return learner;
}

const lesson = {
  networks: {
    quick: { text: { sample: "x" }, settings: { cell: "rnn" }, steps: 8, until: "quick.loss < 6" },
    slow: { text: { sample: "x" }, settings: { cell: "gru", learningRate: 0.1 }, steps: 8 },
  },
  look: 3,
  measures: [],
  moments: { half: "slow.loss <= 5" },
  events: [
    { when: "slow.loss < 8", say: "first" },
    { when: "quick.step > 0", say: "second" },
    { when: "over", say: "last" },
  ],
};

/** @param {object} [options] */
async function start({ breaksAt, ...options } = {}) {
  const opened = [];
  const world = {
    open(settings) {
      opened.push(pretended(settings, settings.cell === "gru" ? breaksAt : undefined));
      return opened.at(-1);
    },
    read: () => "abababab",
  };
  const experiment = new Experiment(lesson, world, options);
  await experiment.open();
  return { experiment, opened };
}

test("rounds are counted in steps, and a network ends by its limit or its condition", async () => {
  const { experiment } = await start();
  const steps = [];
  do steps.push(experiment.networks.map(({ step }) => step));
  while (await experiment.round());
  steps.push(experiment.networks.map(({ step }) => step));
  assert.deepEqual(steps, [
    [0, 0],
    [3, 3],
    [6, 6],
    [6, 8],
  ]);
  assert.equal(experiment.values.get("quick.loss"), 4);
  assert.equal(experiment.values.get("half"), 6);
  assert.equal(experiment.values.get("over"), 1);
});

test("sentences are opened in their order, with the numbers of their moment", async () => {
  const { experiment } = await start();
  assert.deepEqual(experiment.said, []);
  await experiment.round();
  assert.deepEqual(
    experiment.said.map(({ say, values }) => [say, values.get("slow.step")]),
    [
      ["first", 3],
      ["second", 3],
    ],
  );
  while (await experiment.round());
  assert.equal(experiment.said.at(-1).say, "last");
  assert.equal(experiment.said[0].values.get("slow.step"), 3);
});

test("a network that breaks has ended, and the others go on", async () => {
  const { experiment } = await start({ breaksAt: 4 });
  while (await experiment.round());
  assert.equal(experiment.values.get("slow.broken"), 1);
  assert.equal(experiment.values.get("slow.step"), 4);
  assert.equal(experiment.values.get("quick.broken"), 0);
  assert.equal(experiment.values.get("quick.step"), 6);
});

test("a change keeps what it does not name, leaves the other networks out, and says nothing of the first run", async () => {
  const { experiment, opened } = await start({
    change: { networks: { slow: { settings: { learningRate: 0.5 }, steps: 3 } } },
  });
  assert.deepEqual(
    experiment.networks.map(({ name }) => name),
    ["slow"],
  );
  assert.equal(opened[0].settings.learningRate, 0.5);
  assert.equal(opened[0].settings.cell, "gru");
  assert.equal(await experiment.round(), false);
  assert.equal(experiment.networks[0].step, 3);
  assert.deepEqual(experiment.said, []);
  experiment.dispose();
  assert.ok(opened[0].disposed);
});

test("the seed of a run is the seed of every network and of every text", async () => {
  const { opened } = await start({ seed: 7 });
  assert.deepEqual(
    opened.map(({ settings }) => settings.seed),
    [7, 7],
  );
});
