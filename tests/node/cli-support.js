/** What the tests of the command line share: a directory of their own, and runs in it. */
import assert from "node:assert/strict";
import { fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { prose } from "./support.js";

export const COMMAND = fileURLToPath(new URL("../../web/cli/unrolled.js", import.meta.url));
const HOST = fileURLToPath(new URL("./cli-host.js", import.meta.url));
export const text = prose(4000);
/** A network that takes no time, with the same bits everywhere. */
export const small = ["--hidden", "16", "--batch", "8", "--seq-len", "12", "--variant", "simd"];
/** Nobody: who may write nowhere but in `open` directories. Null where this user cannot become it. */
const NOBODY = process.getuid?.() === 0 ? 65534 : null;

/** A child, what it has said until now, and how it ends. */
class Run {
  out = Buffer.alloc(0);
  err = "";
  #changed = () => {};

  /** @param {import("node:child_process").ChildProcess} child */
  constructor(child) {
    this.child = child;
    child.stdout?.on("data", (data) => (this.out = Buffer.concat([this.out, data])));
    child.stderr?.on("data", (data) => {
      this.err += data;
      this.#changed();
    });
    this.ended = new Promise((done) =>
      child.on("close", (code, signal) => {
        this.done = true;
        this.#changed();
        done({ code, signal, out: this.out.toString(), err: this.err });
      }),
    );
  }

  /** Until standard error says it. @param {RegExp} pattern */
  async says(pattern) {
    while (!pattern.test(this.err)) {
      assert.ok(!this.done, `it ended before it said ${pattern}:\n${this.err}`);
      await new Promise((done) => (this.#changed = () => done(undefined)));
    }
  }
}

/** A directory with book.txt, removed after the tests of the file. */
export function sandbox() {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
  /** @type {Run[]} */ const runs = [];
  /** @type {import("node:child_process").ChildProcess | null} */ let host = null;
  /** @type {Promise<any>} */ let gone;
  /** @type {Promise<any>} */ let turn = Promise.resolve();
  after(() => {
    host?.kill();
    for (const run of runs) if (!run.done) run.child.kill("SIGKILL"); // a test that failed did not wait for its own
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, "book.txt"), text);
  const path = (name) => join(folder, name);
  mkdirSync(path("elsewhere"), { mode: 0o777 });
  chmodSync(path("elsewhere"), 0o777);
  const env = { ...process.env, TMPDIR: path("elsewhere") };
  /** @param {string} program @param {string[]} args @param {any} [options] */
  const spawned = (program, args, options) => {
    const run = new Run(spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], ...options }));
    runs.push(run);
    return run;
  };
  /** @param {string[]} args @param {any} [options] by: what starts it, with its arguments */
  const start = (args, { by = [], ...options } = {}) => {
    const [program, ...rest] = [...by, process.execPath, COMMAND, ...args];
    return spawned(program, rest, options);
  };
  const run = (...args) => start(args).ended;
  /** Run in a process that stays, one after the other: for what neither a signal nor standard input or output has a part in. */
  const hosted = (...args) => {
    const answer = async () => {
      if (!host) {
        host = fork(HOST, [COMMAND], { cwd: folder, env, execArgv: [] });
        gone = once(host, "exit");
      }
      host.send(args);
      const [answered] = await Promise.race([once(host, "message"), gone]);
      return answered;
    };
    return (turn = turn.then(answer, answer));
  };
  return {
    folder,
    path,
    start,
    run,
    hosted,
    /** A line of the shell, where `unrolled` is the command. */
    shell: (line) => spawned("bash", ["-c", `unrolled() { "${process.execPath}" "${COMMAND}" "$@"; }; ${line}`]).ended,
    /** @param {string} name */
    bytesOf: (name) => readFileSync(path(name)),
    /** Files that a save should have taken away. */
    parts: (inside = ".") => readdirSync(path(inside)).filter((name) => name.endsWith(".part")),
    /** Fails with one sentence on standard error, and no stack. @returns {Promise<string>} what it said */
    async refuses(code, pattern, ...args) {
      const { code: got, out, err } = await hosted(...args);
      assert.equal(got, code, err);
      assert.equal(out, "");
      assert.match(err, pattern);
      assert.match(err, /^unrolled: [^\n]+\.\n$/m);
      assert.doesNotMatch(err, /\n\s+at /);
      return err;
    },
    /** The same as somebody without rights; null where that cannot be. */
    asNobody(args) {
      if (process.getuid?.() !== 0) return start(args).ended;
      chmodSync(folder, 0o755);
      const who = { uid: Number(NOBODY), gid: Number(NOBODY) };
      if (spawnSync(process.execPath, [COMMAND, "--version"], { ...who, cwd: folder }).status !== 0) return null;
      return start(args, who).ended;
    },
  };
}
