import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { SETTINGS, UnrolledError } from "../../web/core/index.js";
import { idleSettings, withOptions } from "../../web/cli/options/checks.js";
import { program } from "../../web/cli/commands.js";
import { sandbox, small } from "./cli-support.js";

const { run, hosted, refuses, bytesOf, path } = sandbox();

/** Options that take any words. */
const WORDS = ["--out", "--plot", "--resume", "--truth", "--text", "--prompt", "--separator", "--mark"];

/** Every command with every option of it that takes a value, none of which runs. */
const valued = () =>
  program("1").commands.flatMap((command) =>
    command.options.filter((option) => option.required).map((option) => ({ command, option })),
  );

/** What the command line answers to arguments before it does anything. */
async function answer(...args) {
  const unrolled = program("1");
  for (const command of unrolled.commands) command.action(() => {});
  try {
    await unrolled.parseAsync(["node", "unrolled", ...args]);
    return null;
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error;
    assert.ok(["bad-setting", "bad-argument"].includes(error.code), error.code);
    const names = unrolled.commands.flatMap(({ options }) => options.map((option) => option.attributeName()));
    return withOptions(error.message, names);
  }
}

test("every option of every command refuses a value that is none, names itself and says what it got", async () => {
  let tried = 0;
  for (const { command, option } of valued()) {
    if (WORDS.includes(option.long)) continue;
    for (const value of ["", "nonsense", "-1e9", "1e999", "NaN", "0x10", "1,,2"]) {
      if (option.long === "--forget-bias" && value === "-1e9") continue;
      const said = await answer(command.name(), "a", "b", option.long, value);
      assert.ok(said, `${command.name()} ${option.long} "${value}" is accepted`);
      assert.ok(said.startsWith(`${option.long} `), said);
      assert.match(said, /, got .*\.$/);
      tried++;
    }
  }
  assert.ok(tried > 700, `${tried}`);
});

test("no option stands twice", async () => {
  for (const { command, option } of valued()) {
    const [, first] = /<(\w+)/.exec(option.flags);
    const value = { integer: "2", number: option.long === "--workers" ? "2" : "0.5" }[first];
    const one = value ?? option.argChoices?.[0] ?? (option.flags.includes("|") ? first : "1");
    const usual = { "--cells": "rnn", "--share": "0.5", "--hold": "unit=1" }[option.long] ?? one;
    const args = [command.name(), "a", "b", option.long, usual];
    if (command.name() === "probe" && option.long !== "--text") args.push("--text", "t");
    if (["tokens", "train", "sweep", "compare", "eval", "fill"].includes(command.name()))
      assert.equal(await answer(...args), null, args.join(" "));
    assert.equal(
      await answer(...args, option.long, usual),
      `${option.long} stands twice, with "${usual}" and with "${usual}": say it once.`,
    );
  }
  const train = ["train", "a", "--stateful"];
  assert.equal(
    await answer(...train, "--no-stateful"),
    "--stateful and --no-stateful contradict each other: say one of them.",
  );
  assert.equal(await answer(...train, "--stateful"), null);
});

test("numbers may be written as programs write them", async () => {
  for (const [option, text, value] of [
    ["steps", "1e6", 1e6],
    ["batch", "auto", "auto"],
    ["steps", "2.5e3", 2500],
    ["evalEvery", "+20", 20],
    ["epochs", ".5", 0.5],
    ["learningRate", "1E-4", 1e-4],
  ]) {
    const unrolled = program("1");
    const train = unrolled.commands.find((command) => command.name() === "train");
    train.action(() => {});
    const flag = `--${String(option).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    await unrolled.parseAsync(["node", "unrolled", "train", "a", flag, String(text)]);
    assert.equal(train.opts()[option], value);
  }
});

test("what would be ignored is refused", async () => {
  const train = ["train", "book.txt", "-o", "x"];
  await refuses(
    2,
    /^unrolled: --eval-every must be a whole number of 1 or more, got 0\.\n$/,
    ...train,
    "--eval-every",
    "0",
  );
  await refuses(2, /^unrolled: --unknown does nothing without --resume\.\n$/, ...train, "--unknown", "drop");
  await refuses(
    2,
    /--patience waits for .* --validation 0 leaves nothing/,
    ...train,
    "--patience",
    "2",
    "--validation",
    "0",
  );
  await refuses(
    2,
    /'--epochs <n>' cannot be used with option '--steps <n>'/,
    ...train,
    "--epochs",
    "2",
    "--steps",
    "5",
  );
  await refuses(
    2,
    /'--preset <name>' cannot be used with option '--resume <model>'/,
    ...train,
    "--preset",
    "document",
    "--resume",
    "m",
  );
  await refuses(2, /--workers must be a whole number from 1 to 64, got 0/, "sweep", "book.txt", "--workers", "0");
  await refuses(2, /unknown option '--cell'/, "compare", "book.txt", "--cell", "gru");
  await refuses(2, /--cells has "rnn" twice/, "compare", "book.txt", "--cells", "rnn,rnn");
  await refuses(2, /--no-flow does nothing without --json\./, "probe", "m", "--text", "a", "--no-flow");
  await refuses(2, /--method does nothing without --out\./, "fill", "m", "book.txt", "--mark", "_", "--method", "drop");
  await refuses(2, /--seed does nothing without --share\./, "fill", "m", "book.txt", "--mark", "_", "--seed", "2");
  await refuses(2, /--onnx, a file for ONNX Runtime, or --pytorch/, "export", "m");
  await refuses(2, /--onnx, a file for ONNX Runtime, or --pytorch/, "export", "m", "--onnx", "--pytorch");
});

test("settings that do nothing beside others are remarked on", async () => {
  const say = (given, settings) => idleSettings(given, (name) => settings[name]);
  assert.deepEqual(say(["momentum", "beta1"], { optimizer: ["adam"] }), [
    "--momentum does nothing with --optimizer adam: it belongs to momentum.",
  ]);
  assert.deepEqual(say(["forgetBias"], { cell: ["rnn", "lstm"] }), []);
  assert.deepEqual(say(["dropoutKind"], { dropout: [0, 0.5] }), []);
  assert.deepEqual(say(["dropoutKind"], { dropout: [0] }), [
    "--dropout-kind does nothing with --dropout 0: it belongs to values above 0.",
  ]);
  assert.deepEqual(say(["clipThreshold"], { clipMode: ["none"] }), [
    "--clip-threshold does nothing with --clip-mode none: it belongs to norm, value.",
  ]);
  const { err } = await run(
    "train",
    "book.txt",
    ...small,
    "--steps",
    "1",
    "--cell",
    "rnn",
    "--gru-reset",
    "after",
    "--warmup",
    "3",
  );
  assert.match(err, /^--gru-reset does nothing with --cell rnn: it belongs to gru\.\nrnn of 1/);
  const swept = await run("sweep", "book.txt", "--hidden", "4,5", "--total-steps", "9", "--budget", "3000");
  assert.match(swept.err, /^--total-steps does nothing with --schedule constant: it belongs to cosine\.\n2 runs/);
});

test("a model that was trained stateless goes on stateful, and the other way", async () => {
  const train = ["train", "book.txt", "-o", "s.safetensors", ...small, "--steps", "5"];
  assert.equal((await run(...train, "--no-stateful")).code, 0);
  for (const [flag, stateful] of [
    ["--stateful", true],
    ["--no-stateful", false],
  ]) {
    const { code, err } = await run("train", "book.txt", "--resume", "s.safetensors", "--steps", "5", String(flag));
    assert.equal(code, 0, err);
    assert.equal(readSettings("s.safetensors").stateful, stateful);
  }
});
const readSettings = (name) => JSON.parse(JSON.parse(header(bytesOf(name))).__metadata__.unrolled).settings;
const header = (bytes) => bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString();

test("sentences of the core name options", () => {
  for (const [core, told] of [
    ["learningRate must be a number above 0.", "--learning-rate must be a number above 0."],
    ["hidden is part of a saved trainer and cannot change.", "--hidden is part of a saved trainer and cannot change."],
    ["take a smaller hidden, batch or seqLen.", "take a smaller --hidden, --batch or --seq-len."],
    [
      "take a longer text, a larger validation or a smaller batch.",
      "take a longer text, a larger --validation or a smaller --batch.",
    ],
    ["The run with seqLen 3000: the text has 40 tokens.", "The run with --seq-len 3000: the text has 40 tokens."],
    ["or at most batch 1 and seqLen 3199.", "or at most --batch 1 and --seq-len 3199."],
    ["the hidden state of a batch of tokens", "the hidden state of a batch of tokens"],
    ["--batch must be a whole number", "--batch must be a whole number"],
  ])
    assert.equal(withOptions(core), told);
});

test("every setting is an option, documented, and those of train stand in groups with examples below", async () => {
  const { code, out } = await hosted("train", "--help");
  assert.equal(code, 0);
  for (const [name, { doc }] of Object.entries(SETTINGS)) {
    assert.ok(out.includes(`-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} `), name);
    assert.ok(out.replace(/\s+/g, " ").includes(doc), name);
  }
  assert.deepEqual(
    [...out.matchAll(/^(\w[\w ,]*):$/gm)].map(([, group]) => group),
    [
      "Arguments",
      "What is saved, and when",
      "How long",
      "What to begin with",
      "What it learns from",
      "The network",
      "How it reads",
      "How it learns",
      "How the learning rate changes",
      "What holds it back",
      "How it computes",
      "Options",
      "Examples",
    ],
  );
  const sweep = (await hosted("sweep", "--help")).out;
  assert.match(sweep, /--hidden <integer,…> /);
  assert.match(sweep, /--validation <number> /, "in which runs that are compared cannot differ");
  for (const command of program("1").commands)
    assert.match((await hosted(command.name(), "--help")).out, /\nExamples:\n {2}\$ unrolled /, command.name());
});

test("what is asked wrongly ends with a sentence and exit code 2", async () => {
  writeFileSync(path("old.safetensors"), "");
  const train = ["train", "book.txt", "-o", "x"];
  await refuses(2, /^unrolled: --hidden must be an integer from 1 to 2048, got 0\.\n$/, ...train, "--hidden", "0");
  await refuses(
    2,
    /^unrolled: --learning-rate must be a number above 0 .* got "nan"\.\n$/,
    ...train,
    "--learning-rate",
    "nan",
  );
  await refuses(2, /--cell must be "rnn", "lstm", .*, got "LSTM"/, ...train, "--cell", "LSTM");
  await refuses(2, /--steps must be a whole number, got "1\.5"/, ...train, "--steps", "1.5");
  await refuses(
    2,
    /--warmup must be below --total-steps, which is 50/,
    ...train,
    "--schedule",
    "cosine",
    "--warmup",
    "60",
    "--total-steps",
    "50",
  );
  await refuses(2, /missing required argument 'file': unrolled train --help says/, "train", "-o", "x");
  await refuses(
    2,
    /old\.safetensors is a saved model, .*: name a text, and --resume old\.safetensors/,
    "train",
    "old.safetensors",
  );
  await refuses(2, /unknown option '--hiden' \(Did you mean --hidden\?\)/, ...train, "--hiden", "3");
  await refuses(2, /unknown command 'trian' \(Did you mean train\?\)/, "trian");
  await refuses(2, /too many arguments for 'sample'/, "sample", "m", "n");
  await refuses(2, /--length must be a whole number from 1 to 10000000, got 0/, "sample", "m", "-n", "0");
  await refuses(2, /--text must not be empty/, "probe", "m", "--text", "");
  await refuses(2, /Nothing is swept/, "sweep", "book.txt", "--hidden", "8");
  await refuses(
    2,
    /one setting or two, got --layers, --hidden, --seed: /,
    "sweep",
    "book.txt",
    "--hidden",
    "8,9",
    "--seed",
    "1,2",
    "--layers",
    "1,2",
  );
  await refuses(2, /sweep of --seq-len has 8 twice/, "sweep", "book.txt", "--seq-len", "8,8");
  await refuses(2, /tokens cannot be swept/, "sweep", "book.txt", "--tokens", "char,word");
  await refuses(2, /budget is 10 tokens/, "sweep", "book.txt", "--seq-len", "8,9", "--budget", "10");
  await refuses(2, /A file that is read must have a name/, "train", "", "-o", "x");
  await refuses(2, /A file that is read must have a name/, "sample", "");
  await refuses(2, /--out must name a file, got =x: say \.\/=x/, "train", "book.txt", "-o=x");
  assert.match((await run("--version")).out, /^\d+\.\d+\.\d+\n$/);
  const bare = await run();
  assert.deepEqual([bare.code, bare.out], [2, ""]);
});
