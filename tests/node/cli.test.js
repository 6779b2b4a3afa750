import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { SETTINGS, Trainer, readCheckpoint } from "../../web/core/index.js";
import { Progress } from "../../web/cli/progress.js";
import { core, prose } from "./support.js";

const command = fileURLToPath(new URL("../../web/cli/unrolled.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
after(() => rmSync(folder, { recursive: true }));

const text = prose(4000);
writeFileSync(join(folder, "book.txt"), text);
const small = ["--hidden", "16", "--batch", "8", "--seq-len", "12", "--variant", "simd"];
/** @param {string} name */
const bytesOf = (name) => readFileSync(join(folder, name));

/** Runs the command in the folder. @returns {Promise<{code: number, out: string, err: string}>} */
function run(...args) {
  return new Promise((done) => {
    execFile(process.execPath, [command, ...args], { cwd: folder }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

/** Fails with one sentence on standard error, and no stack. */
async function refuses(code, pattern, ...args) {
  const { code: got, out, err } = await run(...args);
  assert.equal(got, code, err);
  assert.equal(out, "");
  assert.match(err, pattern);
  assert.doesNotMatch(err, /\n\s+at /);
}

test("train tells how it goes in plain lines and saves a model that goes on elsewhere with the same bits", async () => {
  const { code, err } = await run(
    "train",
    "book.txt",
    "--out",
    "m.safetensors",
    ...small,
    "--cell",
    "gru",
    "--steps",
    "250",
    "--eval-every",
    "100",
    "--clip-mode",
    "value",
    "--clip-threshold",
    "0.5",
  );
  assert.equal(code, 0, err);
  const lines = err.trim().split("\n");
  assert.match(
    lines[0],
    /gru of 1 × 16, \d+ parameters, \d+ different tokens, 3200 tokens to learn and 800 to validate, module "simd"/,
  );
  for (const [i, done] of [100, 200, 250].entries()) {
    assert.match(
      lines[1 + i],
      new RegExp(
        `^step ${done} \\(${done} of 250\\) \\| epoch \\d+\\.\\d\\d \\| loss \\d\\.\\d{3} \\| validation \\d\\.\\d{3} bits/char, \\d+\\.\\d % right \\| .* chars/s \\| .* left$`,
      ),
    );
  }
  assert.equal(lines[4], "Saved m.safetensors after step 250.");

  const saved = readCheckpoint(bytesOf("m.safetensors"));
  assert.equal(saved.progress.step, 250);
  assert.deepEqual(saved.settings.clip, { mode: "value", threshold: 0.5 });
  const same = new Trainer(core, { text, ...saved.settings });
  same.step(250);
  assert.deepEqual(same.save(), new Uint8Array(bytesOf("m.safetensors")));
  same.dispose();
});

test("train gives the same model with any number of workers", async () => {
  const shape = ["--hidden", "48", "--batch", "32", "--seq-len", "20", "--steps", "40", "--variant", "simd"];
  for (const workers of ["1", "2", "auto"])
    await run("train", "book.txt", "--out", `workers-${workers}.safetensors`, ...shape, "--workers", workers);
  for (const workers of ["2", "auto"])
    assert.ok(bytesOf(`workers-${workers}.safetensors`).equals(bytesOf("workers-1.safetensors")), workers);
  await refuses(
    2,
    /workers must be an integer from 1 to 64 or "auto", got 0/,
    "train",
    "book.txt",
    "--out",
    "x.safetensors",
    "--workers",
    "0",
  );
});

test("patience ends training, and the best weights are what is saved", async () => {
  const { code, err } = await run(
    "train",
    "book.txt",
    "--out",
    "patient.safetensors",
    ...small,
    "--learning-rate",
    "1e-30",
    "--patience",
    "2",
    "--eval-every",
    "5",
    "--steps",
    "1000",
  );
  assert.equal(code, 0, err);
  const [, step] =
    /No better validation loss in 2 evaluations\.\nSaved patient.safetensors: the weights of step (\d+), \d\.\d{4} nats on the validation part\.\n$/.exec(
      err,
    ) ?? assert.fail(err);
  assert.equal(readCheckpoint(bytesOf("patient.safetensors")).progress.step, Number(step));
});

test("the usual first model is a preset, and its accuracy is told on both parts at each epoch", async () => {
  const { code, err } = await run(
    "train",
    "book.txt",
    "--out",
    "first.safetensors",
    "--preset",
    "document",
    "--cell",
    "gru",
    "--batch",
    "8",
    "--hidden",
    "16",
    "--epochs",
    "2",
    "--variant",
    "simd",
  );
  assert.equal(code, 0, err);
  const { settings } = readCheckpoint(bytesOf("first.safetensors"));
  assert.deepEqual(
    [settings.cell, settings.embedding, settings.hidden, settings.seqLen, settings.batch, settings.learningRate],
    ["gru", 128, 16, 100, 8, 1e-3],
  );
  const lines = err.split("\n").filter((line) => line.startsWith("step"));
  assert.equal(lines.length, 2);
  for (const [i, line] of lines.entries())
    assert.match(
      line,
      new RegExp(`epoch ${i + 1}\\.00 .* training \\d\\.\\d{3} bits/char, \\d+\\.\\d % right \\| validation \\d`),
    );
  await refuses(2, /--preset/, "train", "book.txt", "--out", "x.safetensors", "--preset", "nonsense");
});

test("a network of words leaves rare ones out, and many words without an embedding are remarked on", async () => {
  writeFileSync(join(folder, "many.txt"), Array.from({ length: 3000 }, (_, i) => `w${i}`).join(" "));
  const { code, err } = await run(
    "train",
    "many.txt",
    "--out",
    "many.safetensors",
    "--tokens",
    "word",
    "--lower-case",
    ...small,
    "--steps",
    "1",
  );
  assert.equal(code, 0, err);
  assert.match(err, /With 3001 different tokens, --embedding 128 takes less memory/);
  const rare = await run(
    "train",
    "book.txt",
    "--out",
    "words.safetensors",
    "--tokens",
    "word",
    "--min-count",
    "20",
    "--embedding",
    "8",
    ...small,
    "--steps",
    "1",
  );
  assert.equal(rare.code, 0, rare.err);
  assert.ok(readCheckpoint(bytesOf("words.safetensors")).vocabulary.tokens.includes("<unk>"));
  await refuses(
    1,
    /only <unk> is left/,
    "train",
    "book.txt",
    "--out",
    "x.safetensors",
    "--tokens",
    "word",
    "--min-count",
    "100000",
  );
});

test("tokens are counted in a table, with stop words taken out on request", async () => {
  writeFileSync(join(folder, "whale.txt"), "The whale and the sea. The whale!\n");
  const table = await run("tokens", "whale.txt", "--tokens", "word", "--lower-case");
  assert.equal(table.code, 0, table.err);
  assert.deepEqual(table.out.split("\n").slice(0, 4), ["token\tcount", '" "\t6', '"the"\t3', '"whale"\t2']);
  assert.match(table.err, /16 tokens, 8 different/);
  const without = await run("tokens", "whale.txt", "--stop-words", "en", "--json");
  assert.deepEqual(
    JSON.parse(without.out).rows.filter(({ token }) => /\w/.test(token)),
    [
      { token: "whale", count: 2 },
      { token: "sea", count: 1 },
    ],
  );
  assert.match(without.err, /for counting and classifying/);
  writeFileSync(join(folder, "stop.txt"), "and the and the");
  await refuses(1, /Every word of this text is a stop word/, "tokens", "stop.txt", "--stop-words", "en");
});

test("resume goes on from the place in the text, and takes what may be changed", async () => {
  const { code, err } = await run(
    "train",
    "book.txt",
    "--resume",
    "m.safetensors",
    "--out",
    "more.safetensors",
    "--steps",
    "10",
    "--learning-rate",
    "1e-3",
    "--variant",
    "simd",
  );
  assert.equal(code, 0, err);
  assert.match(err, /Goes on from m.safetensors after step 250\.\n/);
  const saved = readCheckpoint(bytesOf("more.safetensors"));
  assert.equal(saved.progress.window, 260);
  assert.deepEqual([saved.settings.learningRate, saved.settings.stateful, saved.settings.hidden], [1e-3, true, 16]);
  await refuses(
    2,
    /hidden is part of a saved trainer/,
    "train",
    "book.txt",
    "--resume",
    "m.safetensors",
    "--out",
    "x.safetensors",
    "--hidden",
    "8",
  );
});

test("a resumed run in two halves is the whole run, bit for bit", async () => {
  await run("train", "book.txt", "-o", "whole.safetensors", ...small, "--steps", "60", "--no-stateful");
  await run("train", "book.txt", "-o", "half.safetensors", ...small, "--steps", "25", "--no-stateful");
  await run(
    "train",
    "book.txt",
    "-o",
    "half.safetensors",
    "--resume",
    "half.safetensors",
    "--steps",
    "35",
    "--variant",
    "simd",
  );
  assert.equal(readCheckpoint(bytesOf("half.safetensors")).settings.stateful, false);
  assert.ok(bytesOf("half.safetensors").equals(bytesOf("whole.safetensors")));
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`${signal} saves and ends cleanly`, async () => {
    const out = `${signal}.safetensors`;
    const child = spawn(
      process.execPath,
      [command, "train", "book.txt", "--out", out, ...small, "--steps", "100000000"],
      { cwd: folder },
    );
    let err = "";
    const ended = new Promise((done) => child.on("exit", (code, by) => done([code, by])));
    for await (const chunk of child.stderr) {
      if (!err.includes("\nstep ") && `${err}${chunk}`.includes("\nstep ")) child.kill(signal);
      err += chunk;
    }
    assert.deepEqual(await ended, [0, null], err);
    const [, step] = /Interrupted; saved \S+ after step (\d+)\.\n$/.exec(err);
    assert.equal(readCheckpoint(bytesOf(out)).progress.step, Number(step));
    assert.ok(!readdirSync(folder).some((name) => name.endsWith(".part")));
  });
}

test("sample writes the prompt and what follows, the same for the same seed", async () => {
  const { code, out } = await run(
    "sample",
    "m.safetensors",
    "--prompt",
    "the ",
    "--length",
    "30",
    "--seed",
    "3",
    "--temperature",
    "0.5",
    "--top-k",
    "5",
  );
  assert.equal(code, 0);
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  assert.equal(out, `the ${trainer.sample({ prompt: "the ", length: 30, seed: 3, temperature: 0.5, topK: 5 }).text}\n`);
  trainer.dispose();
  await refuses(
    1,
    /does not know "Ω": it was not in its text\. Take it out, or pass --unknown drop\.\n$/,
    "sample",
    "m.safetensors",
    "--prompt",
    "Ω",
  );
  assert.equal((await run("sample", "m.safetensors", "--prompt", "Ω", "--unknown", "drop", "-n", "4")).code, 0);
});

test("probe prints the trace as JSON, or a table", async () => {
  const { out } = await run("probe", "m.safetensors", "--text", "the cat", "--json", "--variant", "simd");
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  const trace = trainer.probe("the cat");
  const got = JSON.parse(out);
  assert.deepEqual(Object.keys(got), Object.keys(trace));
  assert.deepEqual(got.sizes, trace.sizes);
  for (const name of ["probabilities", "loss", "hidden", "hiddenGrad", "flow"])
    assert.deepEqual(Float32Array.from(got[name]), trace[name], name);
  assert.deepEqual(Float32Array.from(got.gates.z), trace.gates.z);
  trainer.dispose();
  assert.equal(
    "flow" in JSON.parse((await run("probe", "m.safetensors", "--text", "the cat", "--json", "--no-flow")).out),
    false,
  );
  const table = (await run("probe", "m.safetensors", "--text", "the cat")).out.trim().split("\n");
  assert.equal(table.length, 8);
  assert.match(table[2], /^"h"\t\d\.\d{3}\t"." \d+ %/);
});

test("eval measures a model on a text", async () => {
  const { out } = await run("eval", "m.safetensors", "book.txt", "--json", "--variant", "simd");
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  assert.deepEqual(JSON.parse(out), trainer.evaluate(text));
  trainer.dispose();
  assert.match(
    (await run("eval", "m.safetensors", "book.txt", "--batch", "1")).out,
    /^loss \d\.\d{4} nats \| \d\.\d{4} bits\/token \| perplexity .* 3999 tokens\n$/,
  );
});

test("standard input is one text, and several files are documents", async () => {
  writeFileSync(join(folder, "one.txt"), text.slice(0, 1500));
  writeFileSync(join(folder, "two.txt"), text.slice(1500));
  const { err } = await run("train", "one.txt", "two.txt", "-o", "parts.safetensors", ...small, "--steps", "5");
  assert.match(err, /^2 documents, each read from a zero state\./);
  await run("train", "book.txt", "-o", "single.safetensors", ...small, "--steps", "5");
  assert.ok(!bytesOf("parts.safetensors").equals(bytesOf("single.safetensors")));
  const child = execFile(
    process.execPath,
    [command, "train", "-", "-o", "piped.safetensors", ...small, "--steps", "5"],
    { cwd: folder },
  );
  child.stdin.end(text);
  assert.equal(await new Promise((done) => child.on("exit", done)), 0);
  assert.ok(bytesOf("piped.safetensors").equals(bytesOf("single.safetensors")));
});

test("every setting is an option, documented", async () => {
  const { code, out } = await run("train", "--help");
  assert.equal(code, 0);
  for (const [name, { doc }] of Object.entries(SETTINGS)) {
    assert.ok(out.includes(`-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} `), name);
    assert.ok(out.replace(/\s+/g, " ").includes(doc), name);
  }
});

test("what cannot be done ends with a sentence and exit code 1", async () => {
  writeFileSync(join(folder, "empty.txt"), "");
  writeFileSync(join(folder, "short.txt"), "too short");
  writeFileSync(join(folder, "latin1.txt"), Buffer.from([0x63, 0x61, 0x66, 0xe9]));
  writeFileSync(join(folder, "cut.safetensors"), bytesOf("m.safetensors").subarray(0, 5000));
  const train = (file, ...more) => ["train", file, "--out", "x.safetensors", ...more];
  await refuses(1, /nowhere.txt cannot be read: there is no such file\.\n$/, ...train("nowhere.txt"));
  await refuses(1, /cannot be read: it is a directory/, ...train("."));
  await refuses(1, /text is empty/, ...train("empty.txt"));
  await refuses(1, /needs a text of \d+ tokens, and this one has 9/, ...train("short.txt"));
  await refuses(1, /latin1.txt is not UTF-8 text/, ...train("latin1.txt"));
  await refuses(1, /m.safetensors is already there: .*--force/, "train", "book.txt", "--out", "m.safetensors");
  await refuses(
    1,
    /nowhere\/x.safetensors cannot be written: there is no such file/,
    "train",
    "book.txt",
    "--out",
    "nowhere/x.safetensors",
  );
  await refuses(1, /cut off/, "sample", "cut.safetensors");
  await refuses(1, /not a safetensors file/, "sample", "book.txt");
  writeFileSync(join(folder, "other.txt"), `${text}ÄÖ`);
  await refuses(1, /does not know "Ä", "Ö"/, ...train("other.txt", "--resume", "m.safetensors"));
  assert.ok(!readdirSync(folder).includes("x.safetensors"));
});

test("a loss that is no longer finite ends training with the last good state saved", async () => {
  const trainer = Trainer.load(core, bytesOf("m.safetensors"), { text });
  trainer.setParameters({ "head.weight": trainer.parameters()["head.weight"].map((w) => Math.sign(w) * 3e38) });
  writeFileSync(join(folder, "huge.safetensors"), trainer.save());
  trainer.dispose();
  const { code, err } = await run(
    "train",
    "book.txt",
    "--resume",
    "huge.safetensors",
    "--out",
    "last.safetensors",
    "--variant",
    "simd",
  );
  assert.equal(code, 1);
  assert.match(
    err,
    /unrolled: The loss or its gradient is no longer finite at step 251\. .* They are saved in last\.safetensors\.\n$/,
  );
  assert.ok(bytesOf("last.safetensors").equals(bytesOf("huge.safetensors")));
});

test("on a terminal a bar shows loss, validation, speed and time left", () => {
  let written = "";
  const terminal = Object.assign(new Writable({ write: (chunk, _, done) => ((written += chunk), done()) }), {
    isTTY: true,
    columns: 120,
  });
  const bar = new Progress(200, "char", terminal);
  bar.line({
    done: 100,
    step: 100,
    epoch: 3,
    loss: 2,
    measure: /** @type {any} */ ({ bitsPerToken: 2.5, accuracy: 0.4 }),
    speed: 2.5e6,
    left: 3725,
  });
  bar.stop();
  assert.match(
    written,
    /50% \| epoch 3\.00 \| loss 2\.000 \| validation 2\.500 bits\/char, 40\.0 % right \| 2\.50M chars\/s \| 1 h 2 min left/,
  );
});

test("what is asked wrongly ends with a sentence and exit code 2", async () => {
  await refuses(2, /hidden must be an integer from 1 to 2048, got 0/, "train", "book.txt", "-o", "x", "--hidden", "0");
  await refuses(
    2,
    /learningRate must be a number above 0 .* got "nan"/,
    "train",
    "book.txt",
    "-o",
    "x",
    "--learning-rate",
    "nan",
  );
  await refuses(2, /cell must be "rnn", "lstm" or "gru", got "LSTM"/, "train", "book.txt", "-o", "x", "--cell", "LSTM");
  await refuses(2, /required option .*--out/, "train", "book.txt");
  await refuses(2, /missing required argument 'file'/, "train", "-o", "x");
  await refuses(2, /unknown option '--hiden'/, "train", "book.txt", "-o", "x", "--hiden", "3");
  await refuses(2, /unknown command 'trian'/, "trian");
  await refuses(2, /--steps must be a whole number, got "1.5"/, "train", "book.txt", "-o", "x", "--steps", "1.5");
  await refuses(2, /--length must be a whole number/, "sample", "m.safetensors", "-n", "x");
  assert.match((await run("--version")).out, /^\d+\.\d+\.\d+\n$/);
});
