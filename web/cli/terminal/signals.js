/**
 * Signals that ask a run to end: it ends with all it has learnt saved, and with the exit code that is that signal's. Also
 * files that are being written are made whole first.
 */
import { constants } from "node:os";
import { setImmediate } from "node:timers/promises";
import { isatty } from "node:tty";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
/**
 * Milliseconds until a second signal counts. npx hands on a Ctrl-C that the terminal has sent to all; and what waited while
 * the first could not be heard asks for nothing more.
 */
const SECOND = 500;

/** @param {NodeJS.Signals} name */
const codeOf = (name) => 128 + constants.signals[name];

let idle = false;
/** While a program waits and has nothing to save, the first signal ends it. @param {boolean} waits */
export function setIdle(waits) {
  idle = waits;
}

/** Listens until end(). */
export class Interrupt {
  #abort = new AbortController();
  #heard = 0;
  #answered = false;
  #terminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  /** The first signal. @type {NodeJS.Signals | null} */
  name = null;

  constructor() {
    for (const name of SIGNALS) process.on(name, this.#hear);
  }

  #hear = (/** @type {NodeJS.Signals} */ name) => {
    if (!this.name) {
      this.name = name;
      this.#heard = performance.now();
      this.#abort.abort();
      if (idle) process.exit(codeOf(name));
    } else if (this.#answered && performance.now() - this.#heard >= SECOND) process.exit(codeOf(this.name));
  };

  /** Aborted by the first signal. */
  get signal() {
    return this.#abort.signal;
  }

  /** The first signal was heard, or is not needed any more: another one ends the program at once. */
  saves() {
    this.#answered = true;
  }

  /** Listens no more. Where there was a signal, the program will end with its code. */
  end() {
    for (const name of SIGNALS) process.off(name, this.#hear);
    if (!this.name) return;
    process.exitCode ??= codeOf(this.name);
    // Node aborts when it ends and its terminal is gone; the signal itself is the same to a shell.
    if (this.name === "SIGHUP" && this.#terminal) process.kill(process.pid, this.name);
  }
}

/**
 * Does what must not be left half done: a signal that nobody else listens for ends the program after it.
 * @param {() => void} work without a pause
 */
export async function undisturbed(work) {
  const free = SIGNALS.filter((name) => process.listenerCount(name) === 0);
  /** @type {NodeJS.Signals | null} */
  let held = null;
  const hold = (/** @type {NodeJS.Signals} */ name) => {
    held ??= name;
  };
  for (const name of free) process.on(name, hold);
  try {
    work();
  } finally {
    // Signals are read between two of these.
    await setImmediate();
    await setImmediate();
    for (const name of free) process.off(name, hold);
    if (held) process.kill(process.pid, held);
  }
}
