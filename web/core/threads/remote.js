/**
 * The lead's side of a helper: one thread, one buffer that goes to and fro, and how fast it has been.
 */
import { Thread } from "./thread.js";

/** @typedef {import("./thread.js").ThreadSource} ThreadSource */
/** @typedef {import("./helper.js").Answer} Answer */

const OPENING_TIME = 20_000; // ms
const RECENT = 5;

/** How long something took the last few times. */
export class Pace {
  /** @type {number[]} */
  #recent = [];

  /** @param {number} milliseconds */
  add(milliseconds) {
    this.#recent.push(milliseconds);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  /** What it takes when nothing is in the way. Infinite before the first time. */
  get least() {
    return Math.min(...this.#recent);
  }

  /** What it takes as things are; 0 before it can be told. */
  get typical() {
    return this.#recent.length * 2 > RECENT ? [...this.#recent].sort((a, b) => a - b)[this.#recent.length >> 1] : 0;
  }
}

/** A thread that runs slices. It knows nothing of its owner, so a finalizer may hold it. */
export class RemoteHelper {
  /** @type {Thread | null} */
  #thread = null;
  /** @type {((answer: Answer | null) => void) | null} */
  #answered = null;
  #buffer = new ArrayBuffer(0);
  #task = 0;
  #closed = false;
  #opened = performance.now();
  ready = false;
  /** Of a slice. */
  pace = new Pace();
  /** Updates in a row in which it had no share. */
  idle = 0;

  /** @param {ThreadSource | undefined} source @param {import("./helper.js").Opening} opening */
  constructor(source, opening) {
    Thread.open(
      source,
      (message) => this.#hear(message),
      () => this.close(),
    )
      .then((thread) => {
        this.#thread = thread;
        if (this.#closed) thread.close();
        else thread.post({ open: opening });
      })
      .catch(() => this.close());
  }

  get closed() {
    return this.#closed;
  }

  /** Whether it should have been ready long since. */
  get overdue() {
    return !this.ready && performance.now() - this.#opened > OPENING_TIME;
  }

  /** @param {any} message */
  #hear(message) {
    if (message?.ready === true && !this.#task) this.ready = true;
    else if (this.#answered && message?.task === this.#task) this.#answered(message);
    else this.close();
  }

  close() {
    this.#closed = true;
    this.#thread?.close();
    this.#answered?.(null);
  }

  /** The buffer at hand, of so many bytes or more. @param {number} bytes */
  room(bytes) {
    if (this.#buffer.byteLength < bytes) this.#buffer = new ArrayBuffer(bytes);
    return this.#buffer;
  }

  /**
   * Sends what room() holds.
   * @param {Omit<import("./helper.js").Task, "task" | "buffer">} task
   * @returns {(patience: number) => Promise<Answer | null>} waits for the answer; null: none came that can be used
   */
  send(task) {
    const buffer = this.#buffer,
      { byteLength } = buffer;
    /** @type {Promise<Answer | null>} */
    const answer = new Promise((resolve) => {
      this.#answered = resolve;
    });
    try {
      this.#thread?.post({ ...task, task: ++this.#task, buffer }, [buffer]);
    } catch {
      this.close();
    }
    return async (patience) => {
      /** @type {any} */
      let timer;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, patience, null);
      });
      const heard = await Promise.race([answer, late]);
      clearTimeout(timer);
      this.#answered = null;
      const slices = task.bounds.length - 1;
      const whole =
        heard?.buffer instanceof ArrayBuffer &&
        heard.buffer.byteLength === byteLength &&
        Array.isArray(heard.losses) &&
        heard.losses.length === slices &&
        heard.losses.every(Number.isFinite) &&
        heard.busy >= 0;
      if (!whole) return (this.close(), null);
      this.#buffer = heard.buffer;
      return heard;
    };
  }
}
