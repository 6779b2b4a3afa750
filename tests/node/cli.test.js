import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { Trainer, readCheckpoint } from "../../web/core/index.js";
import { Progress } from "../../web/cli/terminal/progress.js";
import { sandbox, small, text } from "./cli-support.js";
import { core } from "./support.js";

const { folder, start, hosted: run, shell, refuses, bytesOf } = sandbox();

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
    /^unrolled: --workers must be an integer from 1 to 64 or "auto", got 0\.\n$/,
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

test("patience that finds nothing better keeps the model that was gone on from", async () => {
  const { loss } = JSON.parse((await run("eval", "m.safetensors", "book.txt", "--json")).out);
  const worse = ["--resume", "m.safetensors", "--learning-rate", "30", "--eval-every", "1", "--patience", "2"];
  const { code, err } = await run("train", "book.txt", ...worse, "--out", "kept.safetensors", "--steps", "9");
  assert.equal(code, 0, err);
  assert.match(err, /\nBegins at \d\.\d{4} nats on the validation part\.\n/);
  assert.match(err, /No better validation loss in 2 evaluations\.\nSaved kept\.safetensors: the weights of step 250, /);
  assert.equal(JSON.parse((await run("eval", "kept.safetensors", "book.txt", "--json")).out).loss, loss);
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
    "--hidden",
    "16", // as it is
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
    /^unrolled: --hidden is part of a saved trainer and cannot change: leave it out, or begin anew without --resume\.\n$/,
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

test("a run that goes on in another text counts its epochs from that text's beginning", async () => {
  writeFileSync(join(folder, "again.txt"), text.slice(0, 3000));
  const { code, err } = await run(
    ...["train", "again.txt", "--resume", "m.safetensors", "--out", "again.safetensors"],
    ...["--steps", "1", "--eval-every", "1", "--variant", "simd"],
  );
  assert.equal(code, 0, err);
  assert.match(err, /after step 250, at the beginning of the text\.\n/);
  assert.match(err, /^step 251 \(1 of 1\) \| epoch 0\.0\d \|/m);
});

test("a run that goes on from a step between two evaluations is evaluated at the same steps", async () => {
  await run("train", "book.txt", "-o", "odd.safetensors", ...small, "--steps", "7");
  const { code, err } = await run(
    ...["train", "book.txt", "--resume", "odd.safetensors", "--steps", "25", "--eval-every", "10", "--variant", "simd"],
  );
  assert.equal(code, 0, err);
  assert.deepEqual(
    [...err.matchAll(/^step (\d+) \((\d+) of 25\).* validation/gm)].map(([, step, done]) => [step, done].map(Number)),
    [
      [10, 3],
      [20, 13],
      [30, 23],
      [32, 25],
    ],
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

test("standard input is one text, and several files are documents", async () => {
  writeFileSync(join(folder, "one.txt"), text.slice(0, 1500));
  writeFileSync(join(folder, "two.txt"), text.slice(1500));
  const { err } = await run("train", "one.txt", "two.txt", "-o", "parts.safetensors", ...small, "--steps", "5");
  assert.match(err, /^2 documents, each read from a zero state\./);
  await run("train", "book.txt", "-o", "single.safetensors", ...small, "--steps", "5");
  assert.ok(!bytesOf("parts.safetensors").equals(bytesOf("single.safetensors")));
  const piped = await shell(`cat book.txt | unrolled train - -o piped.safetensors ${small.join(" ")} --steps 5`);
  assert.equal(piped.code, 0, piped.err);
  assert.ok(bytesOf("piped.safetensors").equals(bytesOf("single.safetensors")));
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
  await refuses(1, /needs a text of \d+ tokens, and this one has 9/, ...train("short.txt", "--seq-len", "64"));
  await refuses(1, /latin1.txt is not UTF-8 text/, ...train("latin1.txt"));
  await refuses(1, /^unrolled: cut\.safetensors .*cut off/, "sample", "cut.safetensors");
  await refuses(1, /^unrolled: book\.txt cannot be opened: it is not a safetensors file/, "sample", "book.txt");
  await refuses(1, /nowhere\.st cannot be read: there is no such file/, "train", "book.txt", "--resume", "nowhere.st");
  const piped = await shell("unrolled train - -o x.safetensors < .");
  assert.deepEqual([piped.code, piped.err], [1, "unrolled: standard input cannot be read: it is a directory.\n"]);
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
    /unrolled: The loss or its gradient is no longer finite at step 251\. .* Saved in last\.safetensors is what it was after step 250\.\n$/,
  );
  assert.ok(bytesOf("last.safetensors").equals(bytesOf("huge.safetensors")));
});

test("on a terminal a bar shows loss, validation, speed and time left", async () => {
  let written = "";
  const terminal = Object.assign(new Writable({ write: (chunk, _, done) => ((written += chunk), done()) }), {
    isTTY: true,
    columns: 120,
  });
  const bar = await Progress.open(200, "char", terminal);
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

test("a text that changes while it is read ends training, and what was learnt is saved", async () => {
  writeFileSync(join(folder, "changing.txt"), text.repeat(50));
  const going = start(["train", "changing.txt", "-o", "changing.safetensors", ...small, "--eval-every", "20"]);
  await going.says(/\nstep 20 /);
  writeFileSync(join(folder, "changing.txt"), "");
  const { code, err } = await going.ended;
  assert.equal(code, 1, err);
  const [, step] =
    /unrolled: changing\.txt changed while it was read: begin again\. Saved in changing\.safetensors is what it was after step (\d+)\.\n$/.exec(
      err,
    ) ?? assert.fail(err);
  assert.equal(readCheckpoint(bytesOf("changing.safetensors")).progress.step, Number(step));
});

test("what cannot begin leaves the model that is there", async () => {
  const model = bytesOf("m.safetensors");
  await refuses(
    2,
    /--patience waits for a better validation loss, and the validation part has 1 token: take a larger --validation/,
    ...["train", "book.txt", "-o", "m.safetensors", "--force", "--patience", "2", "--validation", "0.0002", ...small],
  );
  assert.ok(bytesOf("m.safetensors").equals(model));
});

test("a paragraph is learnt, and measured, without a word about batches", async () => {
  const paragraph = "It is not down on any map; true places never are. It is not down on any map.";
  writeFileSync(join(folder, "paragraph.txt"), paragraph.repeat(3));
  const { code, err } = await run("train", "paragraph.txt", "--variant", "simd");
  assert.equal(code, 0, err);
  assert.match(err, /\nA text so short is read by --batch \d+( and --seq-len \d+)?\.\n/);
  assert.match(err, /\nstep 500 \(500 of 500\).* loss 0\.\d+ \| validation \d+\.\d+ bits\/char, \d+\.\d % right/);
  assert.match(
    (await run("sample", "paragraph.safetensors", "-p", "It is not ", "-n", "20", "-t", "0")).out,
    /down on any map/,
  );
});

test("a text in UTF-16 trains to the bits of the same text in UTF-8, whatever its tokens are", async () => {
  for (const [how, bytes] of Object.entries({
    utf8: Buffer.from(`\ufeff${text}`),
    utf16: Buffer.from(text, "utf16le"),
    piped: Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  }))
    writeFileSync(join(folder, `${how}.txt`), bytes);
  for (const tokens of ["char", "word"]) {
    const train = (file, out) =>
      `unrolled train ${file} -o ${out} ${small.join(" ")} --steps 5 --tokens ${tokens} --force`;
    const runs = await Promise.all([
      shell(train("book.txt", "plain.st")),
      shell(train("utf8.txt", "utf8.st")),
      shell(train("utf16.txt", "utf16.st")),
      shell(`cat piped.txt | ${train("-", "piped.st")}`),
    ]);
    for (const { code, err } of runs) assert.equal(code, 0, err);
    for (const how of ["utf8", "utf16", "piped"])
      assert.ok(bytesOf(`${how}.st`).equals(bytesOf("plain.st")), `${how}, ${tokens}`);
  }
  writeFileSync(join(folder, "book.txt.gz"), gzipSync(text));
  for (const [file, what] of [
    ["book.txt.gz", "is compressed: unpack it first, with gzip -d"],
    ["plain.st", "is a safetensors file, a model and no text"],
  ]) {
    await refuses(1, new RegExp(`^unrolled: ${file} ${what}\\.\\n$`), "train", file, "-o", "x.safetensors");
    await refuses(1, new RegExp(`^unrolled: ${file} ${what}\\.\\n$`), "tokens", file);
  }
});
