/* The run of a lesson, on networks that are made up: rounds, ends, events, changes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UnrolledError } from "../../web/core/errors.js";
import { paceOf } from "../../web/app/lessons/pace.js";
import { namesAfter } from "../../web/app/lessons/verdict.js";
import { Waiting } from "../../web/app/lessons/waiting.js";
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
    save: () => new Uint8Array(1),
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

test("what is taken to the lab has the losses that were looked at, at the steps its network counts", async () => {
  const { experiment, opened } = await start();
  opened[1].progress.step = 100; // made warm before
  while (await experiment.round());
  const { told, text, broken } = await experiment.save("slow");
  assert.deepEqual(told, { stride: 3, steps: [103, 106, 108], losses: [-93, -96, -98] });
  assert.deepEqual([text, broken], ["abababab", false]);
});

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

test("a still network is only looked at, after the updates that it has made before", async () => {
  const opened = [];
  const world = {
    open: (settings) => {
      opened.push(pretended(settings));
      return opened[0];
    },
    read: () => "abababab",
  };
  const told = { ...lesson, look: 1, moments: {}, events: [{ when: "net.step >= 2", say: "third" }] };
  const networks = { net: { text: { sample: "x" }, settings: { cell: "rnn" }, warm: 5, still: true, steps: 3 } };
  const experiment = new Experiment({ ...told, networks }, world);
  await experiment.open();
  const parts = [];
  for (let going = true; going; ) {
    going = await experiment.round();
    parts.push([experiment.values.get("net.step"), opened[0].progress.step, experiment.said.length]);
  }
  assert.deepEqual(parts, [
    [1, 5, 0],
    [2, 5, 1],
    [3, 5, 1],
  ]);
});

test("a run waits for the reader, and a press before it waits is not lost", async () => {
  const waiting = new Waiting();
  let rounds = 0;
  const run = (async () => {
    for (; rounds < 2; rounds++) await waiting.until(() => true, { led: true, ahead: false });
  })();
  const settled = () => new Promise((done) => setImmediate(done));
  waiting.begin();
  await settled();
  assert.equal(rounds, 0, "there was a bet, and nobody went on");
  waiting.ask();
  await settled();
  assert.equal(rounds, 1);
  waiting.setHidden(true);
  waiting.ask();
  await settled();
  assert.equal(rounds, 1, "what is not seen waits");
  waiting.setHidden(false);
  await run;
  assert.equal(rounds, 2);
});

test("a network that is not warm yet is disposed of with its experiment", async () => {
  const spec = { text: { sample: "x" }, settings: { cell: "rnn" }, steps: 8, warm: 5 };
  const learner = pretended({});
  let warm;
  learner.step = () => new Promise((done) => (warm = done));
  const experiment = new Experiment({ ...lesson, networks: { only: spec } }, { open: () => learner, read: () => "ab" });
  const opened = experiment.open();
  await new Promise(setImmediate);
  experiment.dispose();
  assert.ok(learner.disposed);
  warm({ loss: 1 });
  await opened;
  assert.equal(experiment.networks.length, 0);
});

test("a single network that a change trains otherwise is called by it", () => {
  const words = { networks: { a: "10 dots", b: "40 dots" }, change: { five: "5" }, changed: { five: "5 dots" } };
  const called = (changed, networks) => namesAfter({ ...words, changed }, { name: "five", change: { networks } });
  assert.deepEqual(called(words.changed, { b: { steps: 1 } }), { a: "10 dots", b: "5 dots" });
  assert.deepEqual(called(undefined, { a: {}, b: { steps: 1 } }), { a: "10 dots", b: "5" });
  assert.deepEqual(called(words.changed, { a: { steps: 1 }, b: { steps: 1 } }), words.networks);
  assert.deepEqual(called(words.changed, undefined), words.networks);
});

test("an early round is given more time than a late one", () => {
  assert.deepEqual(
    [0, 4, 50].map((n) => paceOf({ pace: 100 }, n)),
    [1000, 200, 100],
  );
  assert.equal(paceOf({}, 0), paceOf({}, 50));
});
