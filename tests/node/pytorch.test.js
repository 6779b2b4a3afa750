import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadCore, Trainer } from "../../web/core/index.js";
import { pytorchScript } from "../../web/core/files/pytorch.js";

const PYTHON = "/usr/bin/python3";
/* Looked for, not imported: importing takes seconds. */
const missing = existsSync("/usr/lib/python3/dist-packages/torch")
  ? false
  : "Debian's python3-torch is not installed: apt-get install python3-torch";

const core = await loadCore({ variant: "simd" });
const text = "To be, or not to be: that is the question; 春眠不覺曉 😀\r\n".repeat(60);

/** Mean loss over a probe's predictions. */
const meanLoss = ({ loss }) => loss.reduce((sum, each) => sum + each, 0) / (loss.length - 1);

let python, codes;
after(() => python?.stdin.end());

/** Runs a script as `python3 script …` does in a folder. @returns {Promise<string>} what it printed */
async function runPython(folder, args) {
  python ??= spawn(PYTHON, [fileURLToPath(new URL("scripts.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  codes ??= createInterface(python.stdout)[Symbol.asyncIterator]();
  python.stdin.write(`${JSON.stringify({ folder, args })}\n`);
  const { value: code } = await codes.next();
  const [stdout, stderr] = ["stdout.txt", "stderr.txt"].map((name) => readFileSync(join(folder, name), "utf8"));
  if (code !== "0") throw Object.assign(new Error(`exit code ${code}: ${stderr}`), { stderr });
  return stdout;
}

/** Exports a trainer, runs the script beside it, and returns what it printed. */
async function runExport(trainer, args, { read = text, script, ...check } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
  try {
    const trace = trainer.probe(read.slice(0, 60), { flow: false, unknown: "drop" });
    writeFileSync(join(folder, "model.safetensors"), trainer.save());
    writeFileSync(
      join(folder, "model.py"),
      pytorchScript({ file: "model.safetensors", ids: trace.ids, loss: meanLoss(trace), ...check }),
    );
    writeFileSync(join(folder, "text.txt"), read);
    if (script) writeFileSync(join(folder, "script.py"), script);
    return await runPython(folder, [script ? "script.py" : "model.py", ...args]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [name, settings] of Object.entries({
  "a two-layer LSTM with Adam": { cell: "lstm", layers: 2 },
  "an LSTM over rare characters and small letters, with a cosine schedule": {
    cell: "lstm",
    minCount: 61,
    lowerCase: true,
    schedule: "cosine",
    warmup: 50,
    totalSteps: 60,
  },
  "an RNN with an embedding, momentum and clipping by value": {
    cell: "rnn",
    embedding: 6,
    optimizer: "momentum",
    clip: { mode: "value", threshold: 0.01 },
  },
  'a "before" GRU with AdamW, L1 and L2': { cell: "gru", layers: 2, optimizer: "adamw", l1: 1e-4, l2: 1e-3 },
  "a minGRU of two layers with an embedding": { cell: "mingru", layers: 2, embedding: 5 },
  "attention of two blocks and two heads": { cell: "attention", layers: 2, heads: 2, seqLen: 64 },
  'an "after" GRU with RMSprop and clipping by norm': {
    cell: "gru",
    gruReset: "after",
    optimizer: "rmsprop",
    clip: { mode: "norm", threshold: 0.3 },
  },
})) {
  test(`the PyTorch script rebuilds ${name}, checks its loss and goes on training like the trainer`, {
    skip: missing,
  }, async () => {
    const trainer = new Trainer(core, {
      text,
      hidden: 14,
      batch: 4,
      seqLen: 20,
      learningRate: 5e-3,
      seed: 3,
      ...settings,
    });
    trainer.step(trainer.windows - 3); // the next steps pass the end of an epoch, where the state is zeroed
    const output = await runExport(trainer, ["--train", "text.txt", "--steps", "6", "--length", "30"]);
    const losses = [...output.matchAll(/^step (\d+) {2}loss ([\d.]+)$/gm)];
    assert.equal(losses.length, 6, output);
    for (const [, step, loss] of losses) {
      const report = trainer.step();
      assert.equal(Number(step), report.step);
      assert.ok(Math.abs(Number(loss) - report.loss) < 1e-5, `step ${step}: PyTorch ${loss}, trainer ${report.loss}`);
    }
    assert.match(output, /^loss [\d.]+, Unrolled said [\d.]+$/m);
    trainer.dispose();
  });
}

test("the PyTorch script samples after a prompt", { skip: missing }, async () => {
  const trainer = new Trainer(core, { text, hidden: 32, batch: 4, seqLen: 20, learningRate: 2e-2, seed: 3 });
  trainer.step(150);
  const output = await runExport(trainer, ["--prompt", "To be, or ", "--length", "40", "--temperature", "0.05"]);
  assert.ok(output.includes("To be, or not to be: that is the question"), output);
  trainer.dispose();
});

test("the PyTorch script takes the most probable token at temperature 0, as a trainer does", {
  skip: missing,
}, async () => {
  const trainer = new Trainer(core, { text, hidden: 16, batch: 4, seqLen: 20, learningRate: 1e-2, seed: 3 });
  trainer.step(40);
  const output = await runExport(trainer, ["--prompt", "To be", "--length", "30", "--temperature", "0"]);
  assert.ok(output.includes(`To be${trainer.sample({ prompt: "To be", length: 30, temperature: 0 }).text}`), output);
  trainer.dispose();
});

test("the PyTorch script refuses to cut words where rare ones are left out", { skip: missing }, async () => {
  const words = "the cat and the cathedral, the cats and a catalogue; ".repeat(60).replace("catalogue", "catacomb");
  const trainer = new Trainer(core, { text: words, tokens: "word", minCount: 2, hidden: 4, batch: 2, seqLen: 8 });
  const trace = trainer.probe("the cat and the cathedral", { flow: false });
  for (const args of [
    ["--train", "text.txt"],
    ["--prompt", "the catacomb"],
  ])
    await assert.rejects(runExport(trainer, args, { ids: trace.ids, loss: meanLoss(trace) }), ({ stderr }) =>
      /^Words are cut by rules .* train there with minCount 1\.$/m.test(stderr),
    );
  trainer.dispose();
});

const PROSE =
  "The cat can't sit; the cats sit at 3.14 or 1,000 metres.  “It’s 5 o'clock,” said Zoë\u0308 🇫🇷🇩🇪 👩‍🚀 e.g. twice_over.\r\n".repeat(
    50,
  );

for (const tokens of /** @type {const} */ (["word", "grapheme"]))
  test(`the PyTorch script cuts ${tokens}s as the trainer does, numbers, signs and flags among them`, {
    skip: missing,
  }, async () => {
    const trainer = new Trainer(core, { text: PROSE, tokens, hidden: 6, batch: 2, seqLen: 12, validation: 0, seed: 4 });
    const output = await runExport(trainer, ["--train", "text.txt", "--steps", "30", "--length", "5"], { read: PROSE });
    const losses = [...output.matchAll(/^step \d+ {2}loss ([\d.]+)$/gm)].map(([, loss]) => Number(loss));
    assert.equal(losses.length, 30, output);
    for (const loss of losses) assert.ok(Math.abs(trainer.step().loss - loss) < 1e-5);
    trainer.dispose();
  });

/** Each prompt's ids as JSON, or why there are none, a line each. */
const ENCODE = `
import json, sys, model
tensors, config, vocabulary = model.read_safetensors(model.CHECKPOINT)
encode = model.make_encoder(config, vocabulary)
for prompt in sys.argv[1:]:
    try: print(json.dumps(encode(prompt)))
    except SystemExit as refused: print(refused)
`;

test("the PyTorch script refuses words that it would cut otherwise", { skip: missing }, async () => {
  const read = "a cat sat on 3 mats, s o it can ' t . \n".repeat(40);
  const trainer = new Trainer(core, { text: read, tokens: "word", hidden: 4, batch: 2, seqLen: 8 });
  const refused = {
    "a cats sat": /has not seen all that stands in 'a cats sat'/,
    "it can't": /has not seen all that stands in "it can't"/,
    "a  cat": /has not seen all that stands in 'a {2}cat'/,
    "a cat 春": /'春' is of a script without spaces/,
  };
  const prompts = ["a cat, it sat.", ...Object.keys(refused)];
  const lines = (await runExport(trainer, prompts, { read, script: ENCODE })).trim().split("\n");
  assert.deepEqual(JSON.parse(lines[0]), Array.from(trainer.encode("a cat, it sat.")));
  Object.entries(refused).forEach(([prompt, told], i) => {
    assert.throws(() => trainer.encode(prompt), { code: "unknown-token" });
    assert.match(lines[i + 1], told);
  });
  trainer.dispose();
});

test("the PyTorch script stops with a sentence when the loss is not the one it was given", {
  skip: missing,
}, async () => {
  const trainer = new Trainer(core, { text, hidden: 4, batch: 2, seqLen: 8, seed: 1 });
  await assert.rejects(runExport(trainer, [], { loss: 1 }), ({ stderr }) => /The losses differ/.test(stderr));
  trainer.dispose();
});

test("a PyTorch script without a loss to check is refused", () => {
  assert.throws(() => pytorchScript({ file: "a", ids: [1], loss: 1 }), /two tokens or more/);
  assert.throws(() => pytorchScript({ file: "a", ids: [1, 2], loss: NaN }), /finite loss/);
});
