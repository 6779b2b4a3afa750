/* Work shared with threads: the same bits for any number of them, whatever becomes of them. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Trainer } from "../../web/core/index.js";
import { share } from "../../web/core/threads/lead.js";
import { assertRefused, assertSameBits, core, makeTrainer, prose } from "./support.js";

const index = JSON.stringify(new URL("../../web/core/index.js", import.meta.url).href);
const script = new URL("../../web/core/threads/helper-thread.js", import.meta.url);

/** Four slices, the last two one stream larger, each long enough to be worth sending. */
const four = { text: prose(20_000), hidden: 48, batch: 66, seqLen: 30 };
const STEPS = 14; // an epoch has 8 windows

/** The parameters after STEPS plain steps, and the last report. */
function plain(settings) {
  const trainer = new Trainer(core, { ...four, ...settings });
  const report = trainer.step(STEPS),
    parameters = trainer.parameters(),
    saved = trainer.save();
  trainer.dispose();
  return { report, parameters, saved };
}
const expected = plain({});

/** Opens helpers, and counts them and what they answer. `touch` may change a worker before it is used. */
function openings(touch = () => {}) {
  const seen = { opened: 0, answers: 0, workers: /** @type {any[]} */ ([]) };
  seen.open = () => {
    const worker = new Worker(script);
    worker.on("message", ({ task }) => {
      if (task) seen.answers++;
    });
    seen.workers.push(worker);
    touch(worker, seen.opened++);
    return worker;
  };
  return seen;
}

/** The same file, byte for byte. */
const assertSameFile = (got, want, what) => assert.ok(Buffer.from(got).equals(want), what ?? "the saved files differ");

/**
 * Makes all steps, and after the third, at which helpers are started, waits until so many threads are ready.
 * @returns the last report
 */
async function stepAll(trainer, threads = 1, steps = STEPS) {
  let report;
  for (let i = 0; i < steps; i++) {
    report = await trainer.step();
    for (let waits = 0; i === 2 && trainer.workers < threads && waits < 1000; waits++) await wait(10);
  }
  return report;
}

/** Steps until something has happened, and holds the trainer to the bits of one that was alone. */
async function stepUntil(t, trainer, happened) {
  let report,
    steps = 0;
  while (!happened() && steps < 500) {
    report = await trainer.step();
    steps++;
    await wait(2);
  }
  assert.ok(happened(), `${steps} steps were not enough`);
  const alone = makeTrainer(t, four);
  assert.deepEqual(report, alone.step(steps));
  assertSameBits(trainer.parameters(), alone.parameters());
}

test("1, 2, 3 and 5 workers leave the bits that a trainer without any leaves, in every cell", async (t) => {
  const networks = [
    {},
    { cell: "gru", gruReset: "after", layers: 2, dropout: 0.2 },
    { cell: "rnn", hidden: 96, stateful: false, embedding: 9 },
    { cell: "gru", l2: 0.01, clip: { mode: "value", threshold: 1e-3 }, schedule: "cosine", warmup: 3, totalSteps: 12 },
  ];
  for (const network of networks) {
    const want = network === networks[0] ? expected : plain(network);
    for (const workers of network === networks[0] ? [1, 2, 3, 5] : [2]) {
      const seen = openings(),
        trainer = makeTrainer(t, { ...four, ...network, workers, workerUrl: seen.open });
      assert.deepEqual(await stepAll(trainer, Math.min(workers, 4)), want.report);
      assertSameBits(trainer.parameters(), want.parameters);
      assertSameFile(trainer.save(), want.saved);
      assert.equal(seen.opened, Math.min(workers, 4) - 1);
      assert.equal(trainer.workers, Math.min(workers, 4));
      if (workers > 1) assert.ok(seen.answers > 0, `${workers} workers, and no helper was asked`);
    }
  }
});

test("a trainer that is disposed of as a step begins says so, and touches nothing", async () => {
  const trainer = new Trainer(core, { ...four, workers: 2 });
  const step = trainer.step();
  await null;
  trainer.dispose();
  await assert.rejects(step, { code: "disposed" });
});

test('the package\'s own script is found without being named, and "auto" gives the same bits', async (t) => {
  for (const workers of [2, "auto"]) {
    const trainer = makeTrainer(t, { ...four, workers });
    assert.deepEqual(await stepAll(trainer, workers === 2 ? 2 : 1), expected.report);
    assertSameBits(trainer.parameters(), expected.parameters);
    if (workers === 2) assert.equal(trainer.workers, 2);
  }
});

test("a saved run goes on with workers to the same bits", async (t) => {
  const first = makeTrainer(t, { ...four, dropout: 0.1 });
  first.step(5);
  const second = Trainer.load(core, first.save(), { text: four.text, workers: 2, dropout: 0.3 });
  t.after(() => second.dispose());
  first.configure({ dropout: 0.3 });
  first.step(6);
  first.configure({ dropoutKind: "variational" });
  first.step(3);
  await stepAll(second, 2, 6);
  second.configure({ dropoutKind: "variational", learningRate: 2e-3 });
  await second.step(3);
  assertSameFile(second.save(), first.save());
});

test("a helper that dies in mid-step is replaced, and the bits stay", async (t) => {
  let deaths = 0;
  const seen = openings((worker, which) => {
    const post = worker.postMessage;
    worker.postMessage = (message, transfer) => {
      if (message.task === 2 && which < 2 && ++deaths) worker.terminate();
      post.call(worker, message, transfer);
    };
  });
  const trainer = makeTrainer(t, { ...four, workers: 2, workerUrl: seen.open });
  await stepUntil(t, trainer, () => deaths === 2 && trainer.workers === 2);
  assert.equal(deaths, 2);
  assert.equal(seen.opened, 3);
});

/** What looks like a worker, and answers a task as it is told to. */
function liar(answer) {
  return () => {
    const fake = {
      onmessage: null,
      ended: false,
      terminate() {
        fake.ended = true;
      },
      postMessage(message) {
        queueMicrotask(() => {
          if (!fake.ended) fake.hear(message.open ? { ready: true } : answer(message));
        });
      },
      hear(data) {
        if (data !== undefined) fake.onmessage({ data });
      },
    };
    return fake;
  };
}

const LIES = {
  "a word": () => "done",
  null: () => null,
  "another task's answer": ({ task, buffer }) => ({ task: task + 1, buffer, losses: [1, 1], busy: 1 }),
  "a buffer of another size": ({ task, bounds }) => ({
    task,
    buffer: new ArrayBuffer(8),
    losses: bounds.slice(1).map(() => 1),
    busy: 1,
  }),
  "no buffer": ({ task, bounds }) => ({ task, losses: bounds.slice(1).map(() => 1), busy: 1 }),
  "too few losses": ({ task, buffer }) => ({ task, buffer, losses: [], busy: 1 }),
  "losses that are not numbers": ({ task, buffer, bounds }) => ({
    task,
    buffer,
    losses: bounds.slice(1).map(() => NaN),
    busy: 1,
  }),
};
for (const [lie, answer] of Object.entries(LIES)) {
  test(`a helper that answers ${lie} is given up, a few times, and the bits stay`, async (t) => {
    let opened = 0;
    const trainer = makeTrainer(t, { ...four, workers: 2, workerUrl: () => (opened++, liar(answer)()) });
    await stepUntil(t, trainer, () => opened === 4 && trainer.workers === 1);
    await trainer.step(40);
    assert.equal(opened, 4, "one, and three in its place");
  });
}

test("a helper that falls silent is waited for once, and the bits stay", async (t) => {
  let opened = 0;
  const seen = openings();
  const trainer = makeTrainer(t, {
    ...four,
    workers: 2,
    workerUrl: () => (opened++ ? seen.open() : liar(() => undefined)()),
  });
  await stepUntil(t, trainer, () => seen.answers > 0);
  assert.equal(opened, 2);
});

test("threads that cannot be started leave the work to the trainer", async (t) => {
  const sources = [
    () => {
      throw new Error("not here");
    },
    "data:text/javascript,throw new Error('no')",
    new URL("./none.js", import.meta.url),
    () => ({}),
  ];
  for (const workerUrl of sources) {
    const trainer = makeTrainer(t, {
      ...four,
      workers: 3,
      workerUrl: typeof workerUrl === "string" ? new URL(workerUrl) : workerUrl,
    });
    assert.deepEqual(await stepAll(trainer), expected.report);
    assertSameBits(trainer.parameters(), expected.parameters);
    assert.equal(trainer.workers, 1);
  }
});

test("no thread is started for one slice, nor for a network whose exchange costs more than its work", async (t) => {
  let time = 0;
  t.mock.method(performance, "now", () => (time += 0.01)); // ms: an update's, however busy the machine is
  for (const settings of [
    { ...four, batch: 31 },
    { ...four, hidden: 2, seqLen: 2 },
  ]) {
    const seen = openings(),
      trainer = makeTrainer(t, { ...settings, workers: "auto", workerUrl: seen.open }),
      alone = makeTrainer(t, settings);
    assert.ok(trainer.step() instanceof Promise);
    await trainer.step(19);
    alone.step(20);
    assertSameBits(trainer.parameters(), alone.parameters());
    assert.equal(seen.opened, 0);
  }
});

test("dispose ends the threads, and an update under way is told", async (t) => {
  const seen = openings(),
    trainer = makeTrainer(t, { ...four, workers: 3, workerUrl: seen.open });
  await stepAll(trainer, 3, 4);
  assert.equal(trainer.workers, 3);
  const ends = seen.workers.map((worker) => once(worker, "exit"));
  const under = trainer.step(2),
    queued = trainer.step();
  await wait(0);
  trainer.dispose();
  await assert.rejects(under, { code: "disposed" });
  await assert.rejects(queued, { code: "disposed" });
  await Promise.all(ends);
  assertRefused(() => trainer.step(), "disposed", /disposed/);
});

test("a program with idle threads ends by itself, and a dropped trainer's threads end", () => {
  const program = `
    import { Worker } from "node:worker_threads";
    import { Trainer, loadCore } from ${index};
    let ended = 0;
    const open = () => new Worker(new URL(${JSON.stringify(script.href)}), { execArgv: [] }).on("exit", () => ended++);
    const core = await loadCore({ variant: "simd" });
    const use = async () => {
      const trainer = new Trainer(core, { ...${JSON.stringify(four)}, workers: 2, workerUrl: open });
      for (let i = 0; trainer.workers < 2 && i < 500; i++) await trainer.step();
      return trainer.workers;
    };
    const workers = await use();
    for (let i = 0; i < 100 && !ended; i++) { gc(); await new Promise((done) => setTimeout(done, 10)); }
    await use();
    console.log(JSON.stringify([workers, ended]));`;
  const out = execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.deepEqual(JSON.parse(out), [2, 1]);
});

test("calls made during an update take their turn, or say what is in the way", async (t) => {
  let letGo = () => {};
  /** @type {Promise<void> | undefined} */
  let held;
  const { open } = openings((worker) => {
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message, transfer) =>
      void (held ? held.then(() => post(message, transfer)) : post(message, transfer));
  });
  const trainer = makeTrainer(t, { ...four, workers: 2, workerUrl: open }),
    alone = makeTrainer(t, four);
  await stepAll(trainer, 2, 4);
  alone.step(4);
  const before = trainer.save();
  held = new Promise((resolve) => {
    letGo = resolve;
  });
  const steps = [trainer.step(3), trainer.step()];
  await wait(50);
  assertSameFile(trainer.save(), before, "a file saved meanwhile holds the last update");
  trainer.probe("the cat");
  trainer.sample({ length: 3 });
  for (const call of [
    () => trainer.gradients({ input: [[0]], target: [[1]] }),
    () => trainer.trainOn({ input: [[0]], target: [[1]] }),
    () => trainer.setParameters({}),
    () => trainer.configure({}),
    () => trainer.gradientNorms(),
  ])
    assertRefused(call, "busy", /await step/);
  letGo();
  assert.deepEqual(
    (await Promise.all(steps)).map(({ step }) => step),
    [7, 8],
  );
  alone.step(4);
  assertSameBits(trainer.parameters(), alone.parameters());
});

test("an update that diverges is refused as it is without workers, and the next one can be made", async (t) => {
  const wild = { ...four, cell: "rnn", optimizer: "sgd", clip: { mode: "none" } };
  const trainer = makeTrainer(t, { ...wild, workers: 2 }),
    alone = makeTrainer(t, wild);
  await stepAll(trainer, 2, 5);
  alone.step(5);
  for (const each of [trainer, alone]) each.configure({ learningRate: 1000, weightDecay: 1000 });
  const failure = (() => {
    try {
      alone.step(50);
    } catch (error) {
      return error;
    }
  })();
  await assert.rejects(trainer.step(50), { code: "diverged", message: failure.message });
  assertSameFile(trainer.save(), alone.save());
  for (const each of [trainer, alone])
    each.setParameters(
      Object.fromEntries(Object.entries(each.parameters()).map(([name, values]) => [name, values.fill(0.01)])),
    );
  for (const each of [trainer, alone]) each.configure({ learningRate: 0.01, weightDecay: 0 });
  assert.deepEqual(await trainer.step(2), alone.step(2));
});

test("workers and workerUrl are checked", () => {
  for (const workers of [0, 65, 1.5, "2", null, "all"]) {
    assertRefused(
      () => new Trainer(core, { ...four, workers }),
      "bad-setting",
      /workers must be an integer from 1 to 64 or "auto", got/,
    );
  }
  for (const workerUrl of [7, {}, null])
    assertRefused(
      () => new Trainer(core, { ...four, workers: 2, workerUrl }),
      "bad-setting",
      /workerUrl must be an address/,
    );
});

test("slices go to who is done first, and stay where an exchange costs more than a slice", () => {
  assert.deepEqual(share(4, [10, 10], 100_000), [2, 2]);
  assert.deepEqual(share(2, [10, 10], 100_000), [1, 1]);
  assert.deepEqual(share(3, [10, 10], 100_000), [2, 1]);
  assert.deepEqual(share(8, [10, 10, 10], 100_000), [3, 3, 2]);
  assert.deepEqual(share(8, [10, 30], 100_000), [6, 2], "a helper three times as slow");
  assert.deepEqual(share(8, [30, 10], 100_000), [2, 6]);
  assert.deepEqual(share(8, [0.05, 0.05], 1000), [5, 3], "a message costs more than two slices");
  assert.deepEqual(share(2, [0.05, 0.05], 1000), [2, 0]);
  assert.deepEqual(share(4, [1, 1], 4_000_000), [4, 0], "copying costs more than a slice");
  assert.deepEqual(share(1, [10, 10], 1000), [1, 0]);
});

for (const workers of [undefined, 2]) {
  test(`no step allocates${workers ? ", shared or not" : ""}`, async (t) => {
    const trainer = makeTrainer(t, { ...four, workers });
    await stepAll(trainer, workers, 6);
    assert.equal(trainer.workers, workers ?? 1);
    const before = [core.memoryBytes, trainer.memoryBytes];
    for (let i = 0; i < 50; i++) await trainer.step();
    assert.deepEqual([core.memoryBytes, trainer.memoryBytes], before);
  });
}
