/**
 * Threads, alike in pages, their workers and Node: opened from an address, heard through two functions.
 */
import { UnrolledError, quote } from "../errors.js";
import { inNode, nodeModule } from "../wasm/platform.js";
import { helperScript } from "./helper-script.js";

/**
 * @typedef {string | URL | Blob | (() => any)} ThreadSource address or text of a script that serves slices, or a
 * function that opens a worker of it
 */

/** @returns {Promise<number>} what "auto" stands for */
export async function countCores() {
  return inNode ? (await nodeModule("node:os")).availableParallelism() : globalThis.navigator?.hardwareConcurrency || 1;
}

export class Thread {
  #worker;

  /** @param {unknown} source @returns {ThreadSource | undefined} */
  static checkSource(source) {
    if (
      source === undefined ||
      typeof source === "string" ||
      typeof source === "function" ||
      source instanceof URL ||
      source instanceof Blob
    ) {
      return /** @type {any} */ (source);
    }
    throw new UnrolledError(
      "bad-setting",
      `workerUrl must be an address, a Blob, or a function that opens a worker, got ${quote(source)}.`,
      { setting: "workerUrl" },
    );
  }

  /**
   * @param {ThreadSource | undefined} source the package's own script where it is left out
   * @param {(message: any) => void} hear @param {() => void} fail called when it ended by itself, once or more
   */
  static async open(source = helperScript, hear, fail) {
    const worker = typeof source === "function" ? source() : inNode ? await openNode(source) : openWeb(source);
    if (typeof worker?.postMessage !== "function" || typeof worker.terminate !== "function")
      throw new TypeError("it is no worker");
    if (typeof worker.on === "function") {
      worker.on("message", hear).on("messageerror", fail).on("error", fail).on("exit", fail);
      worker.unref(); // a program that has nothing else to do may end
    } else {
      worker.onmessage = (/** @type {MessageEvent} */ { data }) => hear(data);
      worker.onmessageerror = fail;
      worker.onerror = (/** @type {ErrorEvent} */ event) => {
        event.preventDefault(); // its owner can do without
        fail();
      };
    }
    return new Thread(worker);
  }

  /** @param {any} worker */
  constructor(worker) {
    this.#worker = worker;
  }

  /** @param {any} message @param {Transferable[]} [transfer] */
  post(message, transfer) {
    this.#worker.postMessage(message, transfer);
  }

  close() {
    this.#worker.terminate();
  }
}

/** @param {string | URL | Blob | undefined} source */
async function openNode(source) {
  const { Worker } = await nodeModule("node:worker_threads");
  const execArgv = /** @type {string[]} */ ([]); // the program's own, such as --input-type, may forbid threads
  if (source instanceof Blob) return new Worker(await source.text(), { eval: true, execArgv });
  return new Worker(source ?? new URL("./helper-thread.js", import.meta.url), { execArgv });
}

/** @param {string | URL | Blob | undefined} source */
function openWeb(source) {
  // where bundlers look for it
  if (!source) return new Worker(new URL("./helper-thread.js", import.meta.url), { type: "module" });
  if (!(source instanceof Blob)) return new Worker(source, { type: "module" });
  const address = URL.createObjectURL(source);
  try {
    return new Worker(address, { type: "module" });
  } finally {
    setTimeout(() => URL.revokeObjectURL(address), 10_000); // when it has been read
  }
}
