import assert from "node:assert/strict";
import { spawnSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Target } from "../../web/cli/files/target.js";
import { readCheckpoint } from "../../web/core/index.js";
import { COMMAND, sandbox, small } from "./cli-support.js";
import { assertRefused } from "./support.js";

const { path, start, run, shell, bytesOf, parts, refuses, asNobody } = sandbox();
const learn = (out, ...more) => ["train", "book.txt", "-o", out, ...small, "--steps", "5", ...more];
/** The model that `learn` makes. @type {Buffer} */
let model;

/** Where a model went that could not be saved. @param {string} err */
const rescued = (err) =>
  readFileSync(
    / What this run has learnt is in (\S+): move it, or go on from it by --resume\.\n$/.exec(err)?.[1] ??
      assert.fail(err),
  );

before(async () => {
  process.chdir(path("."));
  const { code, err } = await run(...learn("model.safetensors"));
  assert.equal(code, 0, err);
  model = bytesOf("model.safetensors");
});

test("a text alone is enough: its model has its name, and is never replaced unasked", async () => {
  mkdirSync(path("texts"));
  writeFileSync(path("texts/Moby Dick.v2.txt"), bytesOf("book.txt"));
  const first = await run("train", "texts/Moby Dick.v2.txt", ...small, "--steps", "5");
  assert.equal(first.code, 0, first.err);
  assert.match(first.err, /\nSaves to Moby Dick\.v2\.safetensors at each evaluation and at the end\.\n/);
  assert.ok(bytesOf("Moby Dick.v2.safetensors").equals(model));
  await refuses(
    2,
    /^unrolled: Moby Dick\.v2\.safetensors is already there: name another file by --out, go on from it by --resume Moby Dick\.v2\.safetensors, or replace it by --force\.\n$/,
    "train",
    "texts/Moby Dick.v2.txt",
  );
  const second = await run("train", "texts/Moby Dick.v2.txt", "--resume", "Moby Dick.v2.safetensors", "--steps", "5");
  assert.match(second.err, /Goes on from .* after step 5\.\nSaves to Moby Dick\.v2\.safetensors at/);
  assert.equal(readCheckpoint(bytesOf("Moby Dick.v2.safetensors")).progress.step, 10);
});

test("what cannot be written to is told at once, before anything is learnt", async (t) => {
  mkdirSync(path("adir"));
  symlinkSync("adir", path("linkdir"));
  symlinkSync("loop", path("loop"));
  symlinkSync("missing/x.safetensors", path("lost"));
  const server = createServer().listen("socket");
  t.after(() => server.close());
  await once(server, "listening");
  for (const [out, pattern] of /** @type {[string, RegExp][]} */ ([
    ["", /^--out must name a file, got an empty name\.$/],
    ["adir", /^adir cannot be written: it is a directory, so name a file in it, such as adir\/model\.safetensors\.$/],
    ["adir/", /^adir\/ cannot be written: it is a directory/],
    [".", /^\. cannot be written: it is a directory/],
    ["linkdir", /^linkdir cannot be written: it is a directory/],
    ["nowhere/", /^nowhere\/ cannot be written: there is no directory of that name\.$/],
    [
      "lost",
      /^lost cannot be written: it leads to \S*missing\/x\.safetensors, and there is no directory \S*missing\.$/,
    ],
    ["loop", /^loop cannot be written: its links lead in a circle\.$/],
    ["book.txt/x", /^book\.txt\/x cannot be written: a part of the path is not a directory\.$/],
    ["x".repeat(300), /^x+ cannot be written: its name is too long\.$/],
    ["socket", /^socket cannot be written: it is a socket, so name a file/],
    ["--patience", /^--out must name a file, got --patience: say \.\/--patience/],
  ]))
    assertRefused(() => new Target(out, { force: true }), "bad-argument", pattern);
  assertRefused(
    () => new Target("model.safetensors"),
    "bad-argument",
    /^model\.safetensors is already there: .*--force\.$/,
  );
  assert.ok(new Target("x".repeat(250)).isFile, "a name that is nearly too long leaves room for a name beside it");
  await refuses(2, /^unrolled: adir cannot be written: it is a directory/, ...learn("adir", "--force"));
  await refuses(2, /there is no directory nowhere\.\n$/, ...learn("nowhere/x.safetensors"));
  assert.ok(bytesOf("model.safetensors").equals(model));
  assert.deepEqual(parts(), []);
});

test("a file that is read is not written to, whatever it is called", async () => {
  symlinkSync("book.txt", path("other-name.txt"));
  linkSync(path("book.txt"), path("hard.txt"));
  const text = bytesOf("book.txt");
  for (const out of ["book.txt", "other-name.txt", "hard.txt", "./adir/../book.txt"])
    assertRefused(
      () => new Target(out, { force: true, inputs: ["model.safetensors", "book.txt"] }),
      "bad-argument",
      /--out is .*, and book\.txt is read from there: name another file\./,
    );
  for (const args of [
    learn("book.txt"),
    ["export", "book.txt", "--onnx", "-o", "book.txt"],
    ["fill", "model.safetensors", "book.txt", "--share", "0.1", "-o", "book.txt"],
    ["fill", "book.txt", "model.safetensors", "--share", "0.1", "-o", "book.txt"],
    ["sweep", "book.txt", "--hidden", "8,9", "--plot", "book.txt"],
  ])
    await refuses(
      2,
      /--(out|plot) is book\.txt, and book\.txt is read from there: name another file\./,
      ...args,
      "--force",
    );
  const piped = await shell(`unrolled train - -o book.txt --force < book.txt`);
  assert.equal(piped.code, 2);
  assert.match(piped.err, /--out is book\.txt, and standard input is read from there/);
  assert.ok(bytesOf("book.txt").equals(text));
  assert.ok(bytesOf("model.safetensors").equals(model));
  await refuses(2, /- is standard input, which can be read once/, "train", "-", "-", "-o", "x");
});

test("two results have two files", async () => {
  symlinkSync("x.csv", path("x.svg"));
  const csv = new Target("x.csv");
  for (const plot of ["x.csv", "x.svg", "adir/../x.csv"]) assert.ok(new Target(plot).equals(csv), plot);
  assert.ok(!new Target("y.svg").equals(csv));
  await refuses(
    2,
    /--out and --plot are both x\.csv: name two files/,
    ...["sweep", "book.txt", "--seq-len", "4,8", "-o", "x.csv", "--plot", "x.csv"],
  );
  assert.ok(!existsSync(path("x.csv")));
});

test("links are followed, also several, and also to what is not there yet", async () => {
  mkdirSync(path("disk"));
  writeFileSync(path("disk/old.safetensors"), "old");
  symlinkSync("disk/old.safetensors", path("link"));
  symlinkSync("link", path("chain"));
  symlinkSync("disk/new.safetensors", path("dangling"));
  for (const [out, target] of [
    ["chain", "disk/old.safetensors"],
    ["dangling", "disk/new.safetensors"],
  ]) {
    const { code, err } = await run(...learn(out, "--force"));
    assert.equal(code, 0, err);
    assert.ok(bytesOf(target).equals(model), out);
    assert.ok(lstatSync(path(out)).isSymbolicLink(), out);
  }
  assert.equal(readlinkSync(path("link")), "disk/old.safetensors");
  assert.deepEqual([...parts(), ...parts("disk")], []);
});

test("a file keeps its mode, and its other names", async () => {
  writeFileSync(path("kept"), "old");
  chmodSync(path("kept"), 0o640);
  await run(...learn("kept", "--force"));
  assert.equal(statSync(path("kept")).mode & 0o777, 0o640);
  assert.ok(bytesOf("kept").equals(model));
  linkSync(path("kept"), path("twin"));
  writeFileSync(path("twin"), Buffer.alloc(model.length + 1000));
  const { ino } = statSync(path("twin"));
  assert.equal((await run(...learn("kept", "--force"))).code, 0);
  assert.ok(bytesOf("twin").equals(model));
  assert.deepEqual([statSync(path("kept")).ino, statSync(path("kept")).nlink], [ino, 2]);
  assert.deepEqual(parts(), []);
});

test("a pipe gets the model whole, and stays a pipe", async () => {
  spawnSync("mkfifo", [path("pipe")]);
  const reader = spawn("cat", [path("pipe")]);
  const chunks = [];
  reader.stdout.on("data", (data) => chunks.push(data));
  const read = new Promise((done) => reader.on("close", done));
  const { code, err } = await run(...learn("pipe", "--eval-every", "1"));
  assert.equal(code, 0, err);
  assert.match(err, /\nSaved pipe after step 5\.\n$/);
  await read;
  assert.ok(Buffer.concat(chunks).equals(model));
  assert.ok(statSync(path("pipe")).isFIFO());
});

test("a model for a pipe waits until somebody reads it", async () => {
  spawnSync("mkfifo", [path("later")]);
  const waiting = start(learn("later"));
  await waiting.says(/Waits until somebody reads later/);
  const { stdout } = spawnSync("cat", [path("later")]);
  assert.ok(stdout.equals(model));
  assert.equal((await waiting.ended).code, 0);
});

test("while a model waits for a pipe's reader, the first signal ends it", async () => {
  spawnSync("mkfifo", [path("never")]);
  const waiting = start(learn("never"));
  await waiting.says(/Waits until somebody reads never; a signal ends it/);
  waiting.child.kill("SIGTERM");
  assert.equal((await waiting.ended).code, 143);
});

test("standard output is written to, wherever it leads", async () => {
  const piped = await shell(`unrolled ${learn("-").join(" ")} | cat > piped.bin`);
  assert.equal(piped.code, 0, piped.err);
  assert.ok(bytesOf("piped.bin").equals(model));
  for (const out of ["/dev/stdout", "/dev/fd/1"]) {
    const sent = await shell(`printf before > o.bin; unrolled ${learn(out, "--force").join(" ")} >> o.bin`);
    assert.equal(sent.code, 0, sent.err);
    assert.ok(bytesOf("o.bin").equals(Buffer.concat([Buffer.from("before"), model])), out);
  }
  const third = await shell(`unrolled ${learn("/dev/fd/3").join(" ")} 3> third.bin`);
  assert.equal(third.code, 0, third.err);
  assert.ok(bytesOf("third.bin").equals(model));
  for (const [out, reason] of [
    ["/dev/stdin", "it is not open for that"],
    ["/dev/fd/9999", "it is not open for that"],
    ["/dev/stderr", "it is standard error, where it is told how it goes"],
  ]) {
    const refused = await shell(`unrolled ${learn(out).join(" ")} < book.txt`);
    assert.deepEqual([refused.code, refused.err], [2, `unrolled: ${out} cannot be written: ${reason}.\n`]);
  }
  const gone = await shell(`unrolled ${learn("-").join(" ")} | true; exit \${PIPESTATUS[0]}`);
  assert.equal(gone.code, 1);
  assert.match(gone.err, /unrolled: standard output cannot be written: nobody reads it\. Nothing of this run/);
  assert.ok(rescued(gone.err).equals(model));
});

test("results that go to standard output stand there alone", async () => {
  const sweep = await run(
    "sweep",
    "book.txt",
    "--seq-len",
    "4,8",
    "--hidden",
    "8",
    "--batch",
    "4",
    "--budget",
    "500",
    "-o",
    "-",
  );
  assert.equal(sweep.code, 0, sweep.err);
  assert.equal(sweep.out.trim().split("\r\n").length, 3);
  assert.match(sweep.err, /^seq-len +steps/m);
  const fill = await run(
    "fill",
    "model.safetensors",
    "book.txt",
    "--share",
    "0.01",
    "--method",
    "frequent",
    "-o",
    "/dev/stdout",
  );
  assert.equal(fill.out.length, 4000);
  assert.match(fill.err, /^frequent /m);
});

test("devices are written to and never replaced", async (t) => {
  const nothing = await asNobody(learn("/dev/null", "--force"));
  if (!nothing) return t.skip("the package cannot be read by somebody without rights");
  assert.equal(nothing.code, 0, nothing.err);
  assert.match(nothing.err, /\nSaved \/dev\/null after step 5\.\n$/);
  assert.ok(statSync("/dev/null").isCharacterDevice());
  const full = await asNobody(learn("/dev/full"));
  assert.equal(full.code, 1);
  assert.match(
    full.err,
    /unrolled: \/dev\/full cannot be written: the disk is full\. Nothing of this run is saved there\./,
  );
  assert.ok(rescued(full.err).equals(model));
});

test("what one may not write to is told at once", async (t) => {
  mkdirSync(path("closed"));
  for (const [name, mode] of /** @type {const} */ ([
    ["closed/mine", 0o400],
    ["closed/everybodys", 0o666],
    ["protected", 0o444],
  ])) {
    writeFileSync(path(name), "old");
    chmodSync(path(name), mode);
  }
  chmodSync(path("closed"), 0o555);
  t.after(() => chmodSync(path("closed"), 0o755));
  const beside = "no file can be made beside it, where it is made whole first: ";
  for (const [out, reason] of [
    ["closed/x", ""],
    ["closed/mine", ""],
    ["closed/everybodys", beside],
    ["protected", ""],
  ]) {
    const refused = await asNobody(learn(out, "--force"));
    if (!refused) return t.skip("the package cannot be read by somebody without rights");
    assert.deepEqual(
      [refused.code, refused.err],
      [2, `unrolled: ${out} cannot be written: ${reason}it is not permitted.\n`],
    );
    if (out !== "closed/x") assert.equal(readFileSync(path(out), "utf8"), "old");
  }
});

test("a disk that can only be read is told at once", async (t) => {
  mkdirSync(path("ro"));
  const mounted = 'mount -t tmpfs -o size=1m none ro && touch ro/old && mount -o remount,ro ro && unrolled "$@"';
  const isolated = (line) => `unshare -m bash -c '${line}'`;
  if (spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", path("ro")]).status !== 0)
    return t.skip("nothing can be mounted here");
  const unrolled = `unrolled() { "${process.execPath}" "${COMMAND}" "$@"; }`;
  for (const out of ["ro/x", "ro/old"]) {
    const { code, err } = await shell(isolated(`${unrolled}; set -- ${learn(out, "--force").join(" ")}; ${mounted}`));
    assert.equal(code, 2, err);
    assert.match(err, /^unrolled: ro\/\w+ cannot be written: (no file .*: )?the disk can only be read\.\n$/);
  }
});

test("a save that fails is told and tried again, and what was saved before stays", async (t) => {
  if (spawnSync("prlimit", ["--version"]).status !== 0) return t.skip("prlimit is not installed");
  writeFileSync(path("good.safetensors"), model);
  const going = start(
    [
      "train",
      "book.txt",
      "--resume",
      "good.safetensors",
      "--steps",
      "100000000",
      "--eval-every",
      "50",
      "--variant",
      "simd",
    ],
    {},
  );
  const limit = (bytes) => spawnSync("prlimit", [`--fsize=${bytes}:`, "--pid", String(going.child.pid)]);
  await going.says(/\nstep 50 /);
  limit(model.length >> 1);
  await going.says(
    /good\.safetensors cannot be written: it is larger than a file may be here\. (What is saved there is of step \d+|Nothing of this run is saved there)\. It is tried again at the next evaluation\.\n/,
  );
  const kept = Number(/saved there is of step (\d+)/.exec(going.err)?.[1] ?? 5);
  assert.equal(readCheckpoint(bytesOf("good.safetensors")).progress.step, kept);
  limit("unlimited");
  const told = going.err.length;
  await going.says(new RegExp(`^[\\s\\S]{${told}}[\\s\\S]*\\nstep [\\s\\S]*\\nstep `));
  going.child.kill("SIGINT");
  const { code, err } = await going.ended;
  assert.equal(code, 130, err);
  assert.equal(
    readCheckpoint(bytesOf("good.safetensors")).progress.step,
    Number(/Interrupted; saved \S+ after step (\d+)/.exec(err)[1]),
  );
  assert.deepEqual(parts(), [], "saves that failed leave nothing");
});

test("where the last save fails the run says so, and the file of before is whole", async (t) => {
  if (spawnSync("prlimit", ["--version"]).status !== 0) return t.skip("prlimit is not installed");
  for (const [out, patience] of [
    ["better.safetensors", []],
    ["patient.safetensors", ["--patience", "50"]],
  ]) {
    writeFileSync(path(out), model);
    const { code, err } = await shell(
      `prlimit --fsize=1000: -- "${process.execPath}" "${COMMAND}" train book.txt --resume ${out} --steps 20 --eval-every 5 ${patience.join(" ")}`,
    );
    assert.equal(code, 1, err);
    assert.match(
      err,
      /It is tried again at the next evaluation\.\n[\s\S]*\nunrolled: \S+ cannot be written: it is larger than a file may be here\. Nothing of this run is saved there\.\n$/,
    );
    assert.ok(bytesOf(out).equals(model));
  }
  assert.deepEqual(parts(), []);
});

test("the best weights that could not be saved are saved later, also when none are better", async (t) => {
  if (spawnSync("prlimit", ["--version"]).status !== 0) return t.skip("prlimit is not installed");
  const going = start(
    [
      ...["train", "book.txt", "-o", "held.safetensors", ...small, "--learning-rate", "1e-30"],
      ...["--steps", "100000000", "--eval-every", "20", "--patience", "1000000"],
    ],
    { by: ["prlimit", "--fsize=1000:", "--"] },
  );
  await going.says(/It is tried again at the next evaluation\.\n[\s\S]*It is tried again at the next evaluation\.\n/);
  assert.ok(!existsSync(path("held.safetensors")));
  spawnSync("prlimit", ["--fsize=unlimited:", "--pid", String(going.child.pid)]);
  while (!existsSync(path("held.safetensors"))) await setTimeout(20);
  assert.equal(readCheckpoint(bytesOf("held.safetensors")).progress.step, 20);
  going.child.kill("SIGINT");
  const { code, err } = await going.ended;
  assert.equal(code, 130);
  assert.match(err, /Interrupted; saved held\.safetensors: the weights of step 20, /);
});

test("two runs with one file both come to their end", async () => {
  const runs = Array.from({ length: 2 }, () => run(...learn("shared.safetensors", "--force", "--eval-every", "1")));
  for (const { code, err } of await Promise.all(runs)) assert.equal(code, 0, err);
  assert.ok(bytesOf("shared.safetensors").equals(model));
  assert.deepEqual(parts(), []);
});

test("a directory that goes away and comes back takes the next save", async () => {
  mkdirSync(path("usb"));
  const going = start([
    "train",
    "book.txt",
    "-o",
    "usb/m.safetensors",
    ...small,
    "--steps",
    "100000000",
    "--eval-every",
    "20",
  ]);
  await going.says(/\nstep 20 /);
  renameSync(path("usb"), path("away"));
  await going.says(/usb\/m\.safetensors cannot be written: there is no directory usb\. /);
  renameSync(path("away"), path("usb"));
  const told = going.err.length;
  await going.says(new RegExp(`^[\\s\\S]{${told}}[\\s\\S]*\\nstep [\\s\\S]*\\nstep `));
  going.child.kill("SIGTERM");
  assert.equal((await going.ended).code, 143);
  assert.ok(readCheckpoint(bytesOf("usb/m.safetensors")).progress.step > 20);
  assert.deepEqual(parts("usb"), []);
});

test("a directory that goes away in the middle of a save keeps nothing of it when it comes back", () => {
  mkdirSync(path("stick"));
  writeFileSync(
    path("goes.mjs"),
    `import fs from "node:fs";
     import { syncBuiltinESMExports } from "node:module";
     const { fsyncSync } = fs;
     fs.fsyncSync = (file) => {
       if (fs.existsSync("stick") && !fs.existsSync("stick/m.bin")) fs.renameSync("stick", "gone");
       fsyncSync(file);
     };
     syncBuiltinESMExports();
     const { Target } = await import(${JSON.stringify(new URL("../../web/cli/files/target.js", import.meta.url).href)});
     const target = new Target("stick/m.bin");
     await target.write(Buffer.from("lost")).catch((error) => console.log(error.message));
     fs.fsyncSync = fsyncSync;
     syncBuiltinESMExports();
     fs.renameSync("gone", "stick");
     await target.write(Buffer.from("kept"));`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, ["goes.mjs"], { cwd: path("."), encoding: "utf8" });
  assert.match(stdout, /stick\/m\.bin cannot be written/, stderr);
  assert.deepEqual(readdirSync(path("stick")), ["m.bin"]);
  assert.equal(bytesOf("stick/m.bin").toString(), "kept");
});

test("a signal in the middle of a save ends the program after it", async () => {
  writeFileSync(path("before.bin"), "before");
  writeFileSync(
    path("ends.mjs"),
    `import { Target } from ${JSON.stringify(new URL("../../web/cli/files/target.js", import.meta.url).href)};
     const writing = new Target("before.bin", { force: true }).write(Buffer.alloc(1 << 20));
     process.kill(process.pid, "SIGTERM");
     await writing;
     setInterval(() => {}, 1000);`,
  );
  assert.equal(spawnSync(process.execPath, ["ends.mjs"], { cwd: path(".") }).signal, "SIGTERM");
  assert.ok(bytesOf("before.bin").equals(Buffer.alloc(1 << 20)));
  assert.deepEqual(parts(), []);
});

test("a long way between evaluations is saved on the way", async () => {
  const going = start([
    ...["train", "book.txt", "-o", "often.safetensors", ...small],
    ...["--steps", "100000000", "--eval-every", "100000000", "--save-every", "0"],
  ]);
  await going.says(/module "simd"/);
  while (!existsSync(path("often.safetensors"))) await setTimeout(20);
  going.child.kill("SIGKILL");
  await going.ended;
  assert.ok(readCheckpoint(bytesOf("often.safetensors")).progress.step > 0);
  await refuses(
    2,
    /--save-every <minutes>' cannot be used with option '--patience <n>'/,
    ...["train", "book.txt", "-o", "x", "--patience", "2", "--save-every", "1"],
  );
});

test("whenever a run is killed, its file is a whole model", async () => {
  for (let round = 1; round <= 6; round++) {
    const going = start([
      "train",
      "book.txt",
      "-o",
      "killed.safetensors",
      "--force",
      ...small,
      "--eval-every",
      "1",
      "--steps",
      "100000000",
    ]);
    await going.says(new RegExp(`\nstep ${5 * round} `));
    going.child.kill("SIGKILL");
    await going.ended;
    assert.ok(readCheckpoint(bytesOf("killed.safetensors")).progress.step >= 5 * round - 1);
  }
});
