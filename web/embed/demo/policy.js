/** Whether the page's Content-Security-Policy is why a demo cannot begin: found out by trying, alike in every browser. */

import { trustedScript } from "./trusted.js";

/** @typedef {{worker: boolean, wasm: boolean, trusted: boolean}} Forbidden */

const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** What a policy has to say, by what it forbids. */
export const NEEDED = {
  worker: "worker-src blob:",
  wasm: "script-src 'wasm-unsafe-eval'",
  trusted: "trusted-types unrolled",
};

/**
 * @param {{code: string}} error why it did not begin
 * @returns {Promise<Forbidden | null>} null: it is not the policy
 */
export async function explainPolicy({ code }) {
  if (code !== "worker-crashed" && code !== "bad-core") return null;
  const worker = await tryWorker();
  const forbidden = { worker: worker === "forbidden", wasm: !mayCompile(), trusted: worker === "not trusted" };
  return Object.values(forbidden).some(Boolean) ? forbidden : null;
}

function mayCompile() {
  try {
    return Boolean(new WebAssembly.Module(EMPTY_MODULE));
  } catch {
    return false;
  }
}

/** @returns {Promise<"opened" | "forbidden" | "not trusted">} */
async function tryWorker() {
  const address = URL.createObjectURL(new Blob(["postMessage(0)"], { type: "text/javascript" }));
  /** @type {Worker | undefined} */
  let worker;
  try {
    worker = new Worker(trustedScript(address));
    const opened = /** @type {Worker} */ (worker);
    return await new Promise((done) => {
      opened.onmessage = () => done("opened");
      opened.onerror = (event) => {
        event.preventDefault();
        done("forbidden");
      };
    });
  } catch (error) {
    return error instanceof TypeError ? "not trusted" : "forbidden";
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(address);
  }
}
