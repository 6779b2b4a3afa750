/** The package's worker in a thread of Node's, for tests of what a page has: `class PageWorker` stands for a page's. */
import { Worker, isMainThread, parentPort } from "node:worker_threads";

export class PageWorker {
  onmessage;
  onerror;
  #thread = new Worker(new URL(import.meta.url));

  constructor() {
    this.#thread.on("message", (data) => this.onmessage?.({ data }));
    this.#thread.on("error", ({ message }) => this.onerror?.({ message, preventDefault() {} }));
  }

  postMessage(message, transfer) {
    this.#thread.postMessage(message, transfer);
  }

  terminate() {
    this.#thread.terminate();
  }
}

if (!isMainThread) {
  globalThis.self = { postMessage: (message, { transfer }) => parentPort.postMessage(message, transfer) };
  await import("../../web/worker/worker.js");
  parentPort.on("message", (data) => self.onmessage({ data }));
}
