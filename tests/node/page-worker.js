/** The package's worker in a thread of Node's, for tests of what a page has: `class PageWorker` stands for a page's. */
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

export class PageWorker {
  /** Whether the page's browser has WebAssembly's SIMD. */ static simd = true;
  onmessage;
  onerror;
  #thread = new Worker(new URL(import.meta.url), { workerData: { simd: PageWorker.simd } });

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
  if (!workerData.simd) WebAssembly.validate = () => false;
  globalThis.self = { postMessage: (message, { transfer }) => parentPort.postMessage(message, transfer) };
  await import("../../web/worker/worker.js");
  parentPort.on("message", (data) => self.onmessage({ data }));
}
