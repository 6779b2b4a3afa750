import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { readCheckpoint } from "../../web/core/index.js";
import { COMMAND, sandbox, small, text } from "./cli-support.js";

const { path, start, run, shell, bytesOf, parts } = sandbox();
const endless = (out) => ["train", "book.txt", "-o", out, ...small, "--steps", "100000000"];

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  test(`${signal} saves and ends with its own exit code`, async () => {
    const out = `${signal}.safetensors`;
    const going = start(endless(out));
    await going.says(/\nstep /);
    going.child.kill(signal);
    const { code, signal: by, err } = await going.ended;
    assert.deepEqual([code, by], [128 + constants.signals[signal], null], err);
    const [, step] = /Interrupted; saved \S+ after step (\d+)\.\n$/.exec(err) ?? assert.fail(err);
    assert.equal(readCheckpoint(bytesOf(out)).progress.step, Number(step));
    assert.deepEqual(parts(), []);
  });
}

test("signals that came while none could be heard count as one", async () => {
  const going = start(endless("many.safetensors"));
  await going.says(/\nstep /);
  for (const signal of /** @type {const} */ (["SIGSTOP", "SIGINT", "SIGHUP", "SIGTERM", "SIGINT", "SIGCONT"]))
    going.child.kill(signal);
  const { code, err } = await going.ended;
  assert.ok([129, 130, 143].includes(Number(code)), err);
  assert.match(err, /Interrupted; saved many\.safetensors after step \d+\.\n$/);
});

test("a second signal ends what the first could not", async () => {
  spawnSync("mkfifo", [path("pipe")]);
  const going = start(endless("pipe"));
  await going.says(/\nstep /);
  going.child.kill("SIGINT");
  await going.says(/Waits until somebody reads pipe/);
  const again = setInterval(() => going.child.kill("SIGTERM"), 50);
  const { code } = await going.ended;
  clearInterval(again);
  assert.equal(code, 130);
});

test("a run goes on to its end when nobody reads what it says", async () => {
  const whole = await run(
    "train",
    "book.txt",
    "-o",
    "whole.safetensors",
    ...small,
    "--steps",
    "400",
    "--eval-every",
    "50",
  );
  assert.equal(whole.code, 0, whole.err);
  const going = start([
    "train",
    "book.txt",
    "-o",
    "unread.safetensors",
    ...small,
    "--steps",
    "400",
    "--eval-every",
    "50",
  ]);
  await going.says(/module "simd"/);
  going.child.stderr?.destroy();
  going.child.stdout?.destroy();
  assert.equal((await going.ended).code, 0);
  assert.ok(bytesOf("unread.safetensors").equals(bytesOf("whole.safetensors")));
  const head = await shell(
    `unrolled train book.txt -o head.safetensors ${small.join(" ")} --steps 400 --eval-every 50 2>&1 | head -1; exit \${PIPESTATUS[0]}`,
  );
  assert.deepEqual([head.code, head.out.split("\n").length], [0, 2]);
  assert.ok(bytesOf("head.safetensors").equals(bytesOf("whole.safetensors")));
  assert.deepEqual(parts(), []);
});

test("a run goes on to its end where nothing can be said", async (t) => {
  if (!existsSync("/dev/full")) return t.skip("there is no /dev/full");
  const { code } = await shell(
    `unrolled train book.txt -o mute.safetensors ${small.join(" ")} --steps 400 --eval-every 50 2> /dev/full`,
  );
  assert.equal(code, 0);
  assert.ok(bytesOf("mute.safetensors").equals(bytesOf("whole.safetensors")));
});

test("what only prints ends quietly when nobody reads on, and says so when it cannot print", async (t) => {
  const quiet = await shell(`unrolled sample whole.safetensors -n 200000 | head -c 5; exit \${PIPESTATUS[0]}`);
  assert.deepEqual([quiet.code, quiet.out.length, quiet.err], [0, 5, ""]);
  if (!existsSync("/dev/full")) return t.skip("there is no /dev/full");
  const full = await shell("unrolled sample whole.safetensors > /dev/full");
  assert.deepEqual([full.code, full.err], [1, "unrolled: Standard output cannot be written: the disk is full.\n"]);
});

test("a sweep that is ended keeps the runs that were finished", async () => {
  const going = start([
    "sweep",
    "book.txt",
    "--hidden",
    "8,9,10,1000",
    "--budget",
    "20000",
    "--workers",
    "1",
    "-o",
    "s.csv",
    "--variant",
    "simd",
  ]);
  await going.says(/--hidden 8: validation/);
  going.child.kill("SIGHUP");
  const { code, out, err } = await going.ended;
  assert.equal(code, 129, err);
  assert.match(err, /Interrupted: \d of 4 runs were finished\.\n$/);
  const rows = bytesOf("s.csv").toString().trim().split("\r\n");
  assert.deepEqual([rows.length, rows[1].split(",")[1], rows[4].split(",")[1]], [5, "done", "cancelled"]);
  assert.match(out, /^hidden .*\n8 /);
});

/** A line of a shell on a terminal of its own, or of the shell that is asked for; ending the child closes that. */
function onTerminal(line) {
  const child = spawn("script", ["-qfec", line, "/dev/null"], { cwd: path("."), stdio: ["pipe", "pipe", "ignore"] });
  let shown = "";
  child.stdout.on("data", (data) => (shown += data));
  const ended = new Promise((done) => child.on("close", (code) => done({ code, shown })));
  /** Until it shows something after the first `from` signs. @param {RegExp} pattern */
  const shows = async (pattern, from = 0) => {
    while (!pattern.test(shown.slice(from))) await setTimeout(20);
    return shown.length;
  };
  return { child, ended, shows, shown: () => shown };
}
/** As words of a shell. @param {string[]} args */
const unrolledBy = (args) => [process.execPath, COMMAND, ...args].map((word) => `'${word}'`).join(" ");
const [SHOWN, HIDDEN] = ["\x1b[?25h", "\x1b[?25l"]; // the cursor
const noTerminal = spawnSync("script", ["--version"]).status === 0 ? false : "script is not installed";

test("Ctrl-C on a terminal saves, and gives the cursor back", { skip: noTerminal }, async () => {
  const { child, ended, shows } = onTerminal(unrolledBy(endless("typed.safetensors")));
  await shows(/loss \d/);
  child.stdin.write("\x03\x03\x03");
  const { code, shown } = await ended;
  assert.equal(code, 130, shown);
  assert.match(shown, /Interrupted; saved typed\.safetensors after step \d+\.\r\n$/);
  assert.ok(shown.lastIndexOf(SHOWN) > shown.lastIndexOf(HIDDEN), "the cursor is shown again");
});

test("Ctrl-Z gives the shell its cursor back, and fg draws the bar again", { skip: noTerminal }, async () => {
  const { child, ended, shows, shown } = onTerminal("HISTFILE= exec bash --norc --noprofile -i");
  child.stdin.write(`${unrolledBy(endless("rested.safetensors"))}\n`);
  await shows(/loss \d/);
  child.stdin.write("\x1a");
  const rested = await shows(/Stopped/);
  assert.ok(shown().lastIndexOf(SHOWN) > shown().lastIndexOf(HIDDEN), "the cursor is shown again");
  child.stdin.write("fg\n");
  await shows(/\[\?25l.*loss \d/s, rested);
  child.stdin.write("\x03");
  await shows(/Interrupted; saved rested/, rested);
  child.stdin.write("echo code=$?; exit\n");
  assert.match((await ended).shown, /code=130/);
});

test("Ctrl-Z where no shell could go on with a run does not stop it", { skip: noTerminal }, async () => {
  const { child, ended, shows } = onTerminal(`exec ${unrolledBy(endless("alone.safetensors"))}`);
  const begun = await shows(/loss \d/);
  child.stdin.write("\x1a");
  await shows(/\[\?25h.*\[\?25l.*loss \d/s, begun);
  child.stdin.write("\x03");
  assert.equal((await ended).code, 130);
});

test("a terminal that is closed leaves a saved model", { skip: noTerminal }, async () => {
  const args = [...endless("closed.safetensors"), "--eval-every", "100000000"];
  const { child, ended, shows } = onTerminal(unrolledBy(args));
  await shows(/loss \d/);
  child.kill("SIGKILL");
  await ended;
  while (!existsSync(path("closed.safetensors"))) await setTimeout(20);
  assert.ok(readCheckpoint(bytesOf("closed.safetensors")).progress.step > 0);
});

test("an evaluation is broken off by a signal, and what was learnt is saved", async () => {
  writeFileSync(path("long.txt"), text.repeat(300));
  const going = start([
    ...["train", "long.txt", "-o", "long.safetensors", "--hidden", "256", "--validation", "0.99"],
    ...["--steps", "100000000", "--eval-every", "1", "--save-every", "0", "--variant", "simd"],
  ]);
  while (!existsSync(path("long.safetensors"))) await setTimeout(20);
  going.child.kill("SIGINT");
  const { code, err } = await going.ended;
  assert.equal(code, 130, err);
  assert.match(err, /module "simd"\nInterrupted; saved long\.safetensors after step 1\.\n$/);
});
