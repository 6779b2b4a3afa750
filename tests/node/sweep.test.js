import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  answerAlike,
  answerOf,
  planSweep,
  planSweepOf,
  runSweep,
  sweepTable,
  trainerBytes,
} from "../../web/core/train/sweep.js";
import { operationsPerToken, runTrial } from "../../web/core/train/trial.js";
import { Trainer, UnrolledError, checkSettings } from "../../web/core/index.js";
import { countParameters, widthFor } from "../../web/core/shapes.js";
import { assertRefused, core, prose } from "./support.js";

const CLI = fileURLToPath(new URL("../../web/cli/unrolled.js", import.meta.url));
const text = prose(4000);
const V = new Set(text).size;
const shared = { cell: "rnn", hidden: 8, batch: 4, seqLen: 8 };
const plan = (more = {}) =>
  planSweep(core, {
    settings: shared,
    axes: [{ name: "seqLen", values: [4, 8, 32] }],
    budget: 4000,
    count: 4000,
    V,
    workers: 2,
    memory: 1e9,
    ...more,
  });
test("what all runs share is checked with what each has of its own", () => {
  const wanted = {
    settings: { cell: "attention", heads: 3, seqLen: 8, batch: 4 },
    budget: 1000,
    workers: 1,
    memory: 1e9,
  };
  const { runs } = planSweepOf(core, text, { ...wanted, axes: [{ name: "hidden", values: [9, 12] }] });
  assert.deepEqual(
    runs.map(({ settings }) => settings.hidden),
    [9, 12],
  );
  assertRefused(
    () => planSweepOf(core, text, { ...wanted, axes: [{ name: "hidden", values: [9, 10] }] }),
    "bad-setting",
    /10 hidden units cannot be shared by 3/,
  );
});

/** Runs trials in this thread. */
const here = async () => ({ run: async (trial, tell) => runTrial(core, trial, tell), close: () => {} });

test("the runs of a sweep train on the same number of tokens, to the nearest window", () => {
  const { runs } = plan();
  assert.deepEqual(
    runs.map((run) => [run.settings.seqLen, run.steps, run.tokens]),
    [
      [4, 250, 4000],
      [8, 125, 4000],
      [32, 31, 3968],
    ],
  );
  for (const { settings } of runs) assert.equal(settings.hidden, 8);
});

test("two settings make a grid, the second running fastest", () => {
  const { runs } = plan({
    axes: [
      { name: "cell", values: ["rnn", "gru"] },
      { name: "clipThreshold", values: [1, 5] },
    ],
  });
  assert.deepEqual(
    runs.map((run) => [run.settings.cell, run.settings.clip.threshold]),
    [
      ["rnn", 1],
      ["rnn", 5],
      ["gru", 1],
      ["gru", 5],
    ],
  );
});

test("a plan knows the bytes a trainer will hold", (t) => {
  for (const { settings, bytes } of plan().runs) {
    const trainer = new Trainer(core, { ...settings, text });
    t.after(() => trainer.dispose());
    assert.ok(Math.abs(trainer.memoryBytes - bytes) < 1000, `${trainer.memoryBytes} held, ${bytes} planned`);
  }
  assert.equal(
    trainerBytes(core, checkSettings({ layers: 4, hidden: 2048, batch: 4096, seqLen: 4096 }), 100),
    Infinity,
  );
});

test("a sweep larger than memory is refused with what it plans and what fits", () => {
  const axes = [{ name: "hidden", values: [8, 512] }];
  const { bytes } = plan({ axes });
  assert.ok(bytes > 60e6 && bytes < 120e6, `${bytes}`);
  assertRefused(
    () => plan({ axes, memory: bytes - 1 }),
    "no-memory",
    /^The 2 largest runs at a time would hold \d+ MB, \d+ MB of it the one with hidden 512, and there are \d+ MB: 1 at a time fits\.$/,
  );
  assertRefused(() => plan({ axes, memory: 40e6 }), "no-memory", /: the runs with hidden 8 fit\.$/);
  assertRefused(
    () =>
      plan({
        axes: [{ name: "hidden", values: [8, 2048] }],
        settings: { ...shared, cell: "lstm", layers: 4, seqLen: 900 },
        count: 1e6,
        memory: 1e12,
      }),
    "no-memory",
    /^The run with hidden 2048 would hold .* one run can hold 2.1 GB: the runs with hidden 8 fit\.$/,
  );
});

test("what cannot be swept is refused before anything runs", () => {
  assertRefused(() => plan({ axes: [] }), "bad-argument", /one setting or two, got 0/);
  assertRefused(
    () => plan({ axes: [{ name: "tokens", values: ["char", "word"] }] }),
    "bad-argument",
    /tokens cannot be swept/,
  );
  for (const name of ["lowerCase", "minCount"])
    assertRefused(
      () => plan({ axes: [{ name, values: [1, 2] }] }),
      "bad-argument",
      new RegExp(`${name} cannot be swept`),
    );
  assertRefused(() => plan({ axes: [{ name: "hidden", values: [8, 8] }] }), "bad-argument", /hidden has 8 twice/);
  assertRefused(
    () => plan({ axes: [{ name: "hidden", values: [0, 8] }] }),
    "bad-setting",
    /hidden must be an integer from 1/,
  );
  assertRefused(() => plan({ axes: [{ name: "hidden", values: [] }] }), "bad-argument", /has no values/);
  assertRefused(
    () => plan({ budget: 100 }),
    "bad-argument",
    /budget is 100 tokens, and the run with seqLen 32 reads 128/,
  );
  assertRefused(
    () => plan({ axes: [{ name: "seqLen", values: [8, 3000] }] }),
    "too-few-tokens",
    /^The run with seqLen 3000: /,
  );
  assertRefused(
    () => plan({ settings: { ...shared, validation: 0 } }),
    "no-validation",
    /seqLen 4 would be measured on 0 tokens/,
  );
});

test("runs of about as many parameters are as wide as that takes, in multiples of the heads that are given", () => {
  const settings = { heads: 3, batch: 4, seqLen: 8 };
  const wanted = plan({ settings, axes: [{ name: "cell", values: ["lstm", "attention"] }], parameters: 5000 });
  const [lstm, attention] = wanted.runs.map((run) => run.settings.hidden);
  assert.equal(lstm, widthFor(checkSettings({ ...settings, cell: "lstm" }), V, 5000));
  assert.equal(attention % 3, 0);
  const rows = wanted.runs.map((run) => ({ ...run, state: "waiting", done: 0, outcome: null, error: null }));
  const table = sweepTable(wanted, rows).map((row) => row.slice(0, 3));
  assert.deepEqual(table, [
    ["cell", "hidden", "state"],
    ["lstm", lstm, "waiting"],
    ["attention", attention, "waiting"],
  ]);
});

test("a number of parameters that no width comes near is refused with the nearest", () => {
  const axes = [{ name: "cell", values: ["lstm", "rnn"] }];
  const at = (hidden) => countParameters(checkSettings({ ...shared, cell: "lstm", hidden }), V);
  for (const [parameters, hidden] of [
    [10, 1],
    [1e9, 2048],
  ])
    assertRefused(
      () => plan({ axes, parameters }),
      "bad-argument",
      new RegExp(
        `the run with cell lstm about ${parameters} parameters: the nearest is hidden ${hidden} with ${at(hidden)}\\.$`,
      ),
    );
});

test("a trial measures what the same trainer, trained by hand, measures", async (t) => {
  const trainer = new Trainer(core, { ...shared, text });
  t.after(() => trainer.dispose());
  trainer.step(30);
  const outcome = await runTrial(core, { text, settings: shared, steps: 30 });
  assert.equal(outcome.loss, trainer.evaluate().loss);
  assert.equal(outcome.parameters, trainer.parameterCount);
  assert.equal(outcome.tokens, 30 * 32);
  assert.ok(outcome.reach >= 1 && outcome.probed === 160);
});

test("lengths are compared after as many updates as well, those of the middle run, and both are told", async (t) => {
  const wanted = plan();
  assert.equal(wanted.alike, 125);
  assert.equal(plan({ axes: [{ name: "hidden", values: [4, 8] }] }).alike, null, "all make as many anyway");
  const rows = await runSweep(wanted, text, here);
  const trainers = wanted.runs.map(({ settings }) => new Trainer(core, { ...settings, text }));
  t.after(() => trainers.forEach((trainer) => trainer.dispose()));
  for (const [i, trainer] of trainers.entries()) {
    const { outcome, steps } = rows[i];
    const { alike } = outcome;
    trainer.step(Math.min(steps, alike.steps));
    const first = trainer.evaluate().loss;
    if (steps !== alike.steps) trainer.step(Math.abs(alike.steps - steps));
    const last = trainer.evaluate().loss;
    assert.deepEqual([outcome.loss, alike.loss], steps < alike.steps ? [first, last] : [last, first]);
    assert.equal(alike.steps, 125);
    assert.equal(alike.tokens, 125 * trainer.settings.batch * trainer.settings.seqLen);
  }
  const least = (of) => rows.reduce((a, b) => (of(b.outcome) < of(a.outcome) ? b : a));
  assert.equal(
    answerOf(rows).best,
    least(({ loss }) => loss),
  );
  assert.equal(
    answerAlike(rows).best,
    least(({ alike }) => alike.loss),
  );
  const [names, first] = sweepTable(wanted, rows);
  assert.equal(first[names.indexOf("alike.loss")], rows[0].outcome.alike.loss);
});

test("multiply-adds are those of the cell's products and the head", () => {
  const count = (settings) => operationsPerToken(checkSettings({ hidden: 10, ...settings }), 50);
  assert.equal(count({ cell: "rnn" }), 100 + 500);
  assert.equal(count({ cell: "lstm" }), 400 + 500);
  assert.equal(count({ cell: "gru", embedding: 7 }), 3 * 10 * 17 + 500);
  assert.equal(count({ cell: "lstm", layers: 2 }), 400 + 800 + 500);
});

test("a sweep gives the same losses however many workers share it, and a failing run does not end it", async () => {
  const wanted = plan({ axes: [{ name: "learningRate", values: [0.002, 1, 0.01] }] });
  const breaking = async () => ({
    run: async (trial) => {
      if (trial.settings.learningRate === 1) throw new UnrolledError("diverged", "The loss is no longer finite.");
      return runTrial(core, trial);
    },
    close: () => {},
  });
  const rows = await runSweep(wanted, text, breaking);
  const alone = await runSweep({ ...wanted, workers: 1 }, text, breaking);
  assert.deepEqual(
    rows.map(({ state }) => state),
    ["done", "failed", "done"],
  );
  assert.equal(rows[1].error.code, "diverged");
  assert.deepEqual(
    rows.map(({ outcome }) => outcome?.loss),
    alone.map(({ outcome }) => outcome?.loss),
  );
  const [names, ...table] = sweepTable(wanted, rows);
  assert.deepEqual(names.slice(0, 5), ["learningRate", "state", "steps", "tokens", "loss"]);
  assert.equal(table[0][4], rows[0].outcome.loss);
  assert.match(String(table[1].at(-1)), /no longer finite/);
});

test("a sweep that is called off keeps what was done", async () => {
  const off = new AbortController();
  const rows = await runSweep(plan({ workers: 1 }), text, here, {
    signal: off.signal,
    change: (row) => row.state === "done" && off.abort(),
  });
  assert.deepEqual(
    rows.map(({ state }) => state),
    ["done", "cancelled", "cancelled"],
  );
});

test("a run whose thread ends fails alone: the next one has a thread of its own", async () => {
  const opened = [];
  const mortal = async () => {
    const worker = {
      ended: false,
      run: async (trial) => {
        assert.ok(!worker.ended, "it was asked after its end");
        worker.ended = trial.settings.seqLen === 8;
        if (worker.ended) throw new UnrolledError("disposed", "The thread was ended.");
        return runTrial(core, trial);
      },
      close: () => {},
    };
    opened.push(worker);
    return worker;
  };
  const rows = await runSweep(plan({ workers: 1 }), text, mortal);
  assert.deepEqual(
    rows.map(({ state, error }) => [state, error?.code]),
    [
      ["done", undefined],
      ["failed", "disposed"],
      ["done", undefined],
    ],
  );
  assert.equal(opened.length, 2);
});

test("unrolled sweep ends, with its table, when every thread does", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "unrolled-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "a.txt"), text);
  const mortal = join(folder, "mortal.mjs");
  await writeFile(mortal, 'import { isMainThread } from "node:worker_threads";\nif (!isMainThread) process.exit(1);\n');
  const args = ["--hidden", "8", "--batch", "4", "--budget", "2000", "--seq-len", "8,16,32", "--workers", "1"];
  const { code, stderr } = await new Promise((resolve) =>
    execFile(
      process.execPath,
      [CLI, "sweep", "a.txt", ...args, "--out", "r.csv"],
      { cwd: folder, env: { ...process.env, NODE_OPTIONS: `--import ${pathToFileURL(mortal)}` } },
      (error, _, stderr) => resolve({ code: error?.code ?? 0, stderr }),
    ),
  );
  assert.equal(code, 1, stderr);
  assert.match(stderr, /unrolled: No run of the sweep was finished\.\n$/);
  const rows = (await readFile(join(folder, "r.csv"), "utf8")).trim().split("\r\n");
  assert.deepEqual(
    rows.map((row) => row.split(",").slice(0, 2).join(" ")),
    ["seqLen state", "8 failed", "16 failed", "32 failed"],
  );
  for (const row of rows.slice(1)) assert.match(row, /The thread was ended\.$/);
});

test("the answer is the lowest loss, and the quickest that is as good", () => {
  const row = (loss, seconds) => ({ outcome: { loss, seconds } });
  const rows = [row(2, 1), row(1.5, 3), row(1.495, 9), { outcome: null }];
  assert.deepEqual(answerOf(rows), { best: rows[2], enough: rows[1] });
  assert.equal(answerOf([{ outcome: null }]), null);
});

test("unrolled sweep and compare write table, CSV and picture of real runs", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "unrolled-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "a.txt"), text);
  const unrolled = (...args) =>
    new Promise((resolve) =>
      execFile(process.execPath, [CLI, ...args], { cwd: folder }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      ),
    );
  const small = ["--hidden", "8", "--batch", "4", "--budget", "2000", "--variant", "simd"];
  const swept = await unrolled(
    "sweep",
    "a.txt",
    ...small,
    "--seq-len",
    "4,8",
    "--cell",
    "rnn,gru",
    "--workers",
    "2",
    "--out",
    "r.csv",
    "--plot",
    "r.svg",
  );
  assert.equal(swept.code, 0, swept.stderr);
  const rows = (await readFile(join(folder, "r.csv"), "utf8"))
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));
  assert.deepEqual(
    rows.map((row) => row.slice(0, 4).join(" ")),
    ["cell seqLen state steps", "rnn 4 done 125", "rnn 8 done 63", "gru 4 done 125", "gru 8 done 63"],
  );
  const want = await runTrial(core, { text, settings: { ...shared, cell: "gru", seqLen: 4 }, steps: 125 });
  assert.equal(Number(rows[3][5]), want.loss);
  assert.match(swept.stdout, new RegExp(`gru +4 +125 +${want.loss.toFixed(4)}`));
  assert.match(await readFile(join(folder, "r.svg"), "utf8"), /^<svg .*Validation loss \(nats\).*<\/svg>$/);
  const again = await unrolled("sweep", "a.txt", ...small, "--seq-len", "4,8", "--out", "r.csv");
  assert.equal(again.code, 2);
  assert.match(again.stderr, /r\.csv is already there/);
  const compared = await unrolled("compare", "a.txt", ...small, "--seq-len", "8");
  assert.equal(compared.code, 0, compared.stderr);
  assert.deepEqual(
    compared.stdout
      .trim()
      .split("\n")
      .slice(1)
      .map((line) =>
        line
          .split(/ +/)
          .slice(0, 4)
          .map((word) => Number(word) || word),
      ),
    await Promise.all(
      ["rnn", "lstm", "gru"].map(async (cell) => {
        const { parameters, operations } = await runTrial(core, { text, settings: { ...shared, cell }, steps: 1 });
        return [cell, 8, parameters, operations];
      }),
    ),
  );
  const sized = ["compare", "a.txt", ...small.slice(2), "--seq-len", "8", "--cells", "lstm,attention"];
  const alike = await unrolled(...sized, "--parameters", "3000");
  assert.equal(alike.code, 0, alike.stderr);
  for (const cell of /** @type {const} */ (["lstm", "attention"])) {
    const kind = checkSettings({ ...shared, cell, seqLen: 8 });
    const hidden = widthFor(kind, V, 3000);
    const parameters = countParameters({ ...kind, hidden }, V);
    assert.match(alike.stdout, new RegExp(`^${cell} +${hidden} +${parameters} `, "m"));
  }
  const both = await unrolled(...sized, "--parameters", "3000", "--hidden", "8");
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--hidden 8 and --parameters 3000 both say how wide the networks are: leave one out/);
});
