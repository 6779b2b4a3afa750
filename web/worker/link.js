/** The way to a worker, for any number of clients: calls that are answered by promises, and events. */
import { UnrolledError } from "../core/errors.js";
import { openWorker, workerScript } from "./place.js";

/** @typedef {import("./client.js").WorkerOptions} WorkerOptions */

/** A worker with a core in it. Several clients can share one; they take turns. */
export class WorkerLink {
  #worker;
  #last = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #pending = new Map();
  /** @type {Map<number, (data: any) => void>} */
  #listeners = new Map();
  /** @type {UnrolledError | null} */
  #crash = null;

  /** @param {Pick<WorkerOptions, "workerUrl" | "workerType">} options */
  constructor({ workerUrl, workerType = "module" }) {
    this.#worker = workerUrl ? new Worker(workerUrl, { type: workerType }) : openWorker();
    this.#worker.onmessage = ({ data }) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "the worker could not be loaded");
    };
    this.#worker.onmessageerror = () => this.#fail("a message of the worker could not be read");
  }

  /**
   * @param {WorkerOptions & { settle?: number }} options settle: milliseconds in which it leaves half of its core's time
   * to a page that is being made beside it
   */
  static async open(options) {
    const link = new WorkerLink(options);
    try {
      await link.call(0, "open", [
        {
          ...options.core,
          module: resolve(options.core?.module),
          script: options.workerUrl ? undefined : workerScript,
          settle: options.settle,
        },
      ]);
    } catch (error) {
      link.close();
      throw error;
    }
    return link;
  }

  /** @returns {number} a key for one more session */
  join(/** @type {(data: any) => void} */ listener) {
    this.#listeners.set(++this.#last, listener);
    return this.#last;
  }

  /** @param {number} session */
  leave(session) {
    this.#listeners.delete(session);
  }

  /** @param {number} session @param {string} method @param {any[]} args @param {Transferable[]} [transfer] */
  call(session, method, args, transfer = []) {
    return new Promise((resolve, reject) => {
      if (this.#crash) return reject(this.#crash);
      const id = ++this.#last;
      try {
        this.#worker.postMessage({ id, session, method, args }, transfer);
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        return reject(
          new UnrolledError("bad-argument", `${method}() was given what no worker can be sent: ${message}`),
        );
      }
      this.#pending.set(id, { resolve, reject });
    });
  }

  close() {
    this.#worker.terminate();
    this.#end(new UnrolledError("disposed", "the worker was closed"));
  }

  /** @param {any} data */
  #receive(data) {
    if (data.event) return this.#listeners.get(data.session)?.(data);
    const asked = this.#pending.get(data.id); // nobody waits for what a closed worker still says
    this.#pending.delete(data.id);
    if (data.error) asked?.reject(revive(data.error));
    else asked?.resolve(data.result);
  }

  /** @param {string} reason */
  #fail(reason) {
    if (this.#crash) return;
    this.#worker.terminate();
    const error = new UnrolledError("worker-crashed", `the training worker stopped: ${reason}`);
    this.#end(error);
    for (const listener of [...this.#listeners.values()]) listener({ event: "crashed", error });
  }

  /** @param {UnrolledError} error */
  #end(error) {
    this.#crash = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** A worker from a Blob has no address of its own to start from. @param {any} source @returns {any} */
function resolve(source) {
  if (typeof source === "string" || source instanceof URL) return new URL(source, globalThis.document?.baseURI).href;
  if (!source || Object.getPrototypeOf(source) !== Object.prototype) return source;
  return Object.fromEntries(Object.entries(source).map(([name, each]) => [name, resolve(each)]));
}

/** @param {{code: import("../core/errors.js").UnrolledErrorCode, message: string, details: object}} plain */
export const revive = ({ code, message, details }) => new UnrolledError(code, message, details);
