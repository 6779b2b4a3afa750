/* One runner at work: it runs tools one after the other, keeps what they say, and counts the tests they tell of. */
import { spawn } from "node:child_process";
import { root } from "./paths.js";

/** @typedef {import("node:stream").Readable} Readable */

/* Closing lines of node:test and of ctest. */
const COUNTS = [
  /^ℹ pass (?<passed>\d+)$/gm,
  /^ℹ fail (?<failed>\d+)$/gm,
  /^ℹ cancelled (?<failed>\d+)$/gm,
  /^ℹ skipped (?<skipped>\d+)$/gm,
];
const CTEST = /^\d+% tests passed, (\d+) tests failed out of (\d+)$/gm;

export class Job {
  tests = { passed: 0, failed: 0, skipped: 0 };
  #live;
  #held = "";

  /** @param {boolean} live whether its output is shown as it comes, or when it has ended: others say something too */
  constructor(live) {
    this.#live = live;
  }

  /** @param {string} words */
  say(words) {
    if (this.#live) process.stdout.write(words);
    else this.#held += words;
  }

  /** Shows what was held back. */
  end() {
    process.stdout.write(this.#held);
    this.#held = "";
  }

  /**
   * Runs a tool from the project's root. What a quiet one says is told when it fails.
   * @param {string} command @param {string[]} args
   * @param {{quiet?: boolean, minutes?: number, hand?: () => string | undefined}} [options] minutes: after which it
   * hangs, and is ended; hand: what it is handed each time it asks for something
   */
  async run(command, args, { quiet = false, minutes = 0, hand } = {}) {
    let all = "";
    const child = /** @type {import("node:child_process").ChildProcessByStdio<null, Readable, Readable>} */ (
      spawn(command, args, {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe", ...(hand ? [/** @type {const} */ ("ipc")] : [])],
        timeout: minutes * 60e3,
      })
    );
    if (hand) child.on("message", () => child.send(hand() ?? null));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (words) => {
        all += words;
        if (!quiet) this.say(words);
      });
    }
    const code = await new Promise((done, fail) =>
      child.on("error", fail).on("close", (code, signal) => done(code ?? signal)),
    );
    this.#count(all);
    if (code === 0) return;
    if (quiet) this.say(all);
    throw new Error(`${[command, ...args].join(" ")} ended with ${code}`);
  }

  /** Counts the tests of a part. @param {Job} part */
  add({ tests }) {
    for (const kind of /** @type {const} */ (["passed", "failed", "skipped"])) this.tests[kind] += tests[kind];
  }

  /** @param {string} words */
  #count(words) {
    for (const line of COUNTS)
      for (const { groups } of words.matchAll(line))
        for (const [kind, count] of Object.entries(groups ?? {}))
          this.tests[/** @type {"passed" | "failed" | "skipped"} */ (kind)] += Number(count);
    for (const [, failed, all] of words.matchAll(CTEST)) {
      this.tests.failed += Number(failed);
      this.tests.passed += Number(all) - Number(failed);
    }
  }
}
