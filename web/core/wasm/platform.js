/// <reference lib="esnext.disposable" preserve="true" />
/** Where this code runs: the one place that tells Node from a browser. */

export const inNode = typeof process === "object" && Boolean(process.versions?.node);

/** A module of Node's, hidden from bundlers. @param {`node:${string}`} name @returns {Promise<any>} */
export const nodeModule = (name) => import(/* webpackIgnore: true */ /* @vite-ignore */ name);

/**
 * Node's cryptography without waiting for it, from 20.16 on.
 * @type {{ createHash: (name: string) => { update: (bytes: Uint8Array) => any, digest: (as: "hex") => string } } | null}
 */
export const nodeCrypto = (inNode && process.getBuiltinModule?.("node:crypto")) || null;

/**
 * Symbol.dispose, which some browsers do not have yet: `using` calls it. A type that is declared keeps its identity in what
 * is shipped, where one that is cast to becomes a mere symbol.
 * @type {typeof Symbol.dispose}
 */
export const DISPOSE = /** @type {any} */ (Symbol.dispose ?? Symbol.for("Symbol.dispose"));

/** Lets others have their turn: timers, messages, signals. @returns {Promise<void>} */
export const nextTurn = () =>
  new Promise((resolve) => {
    if (inNode) return void setImmediate(resolve);
    const { port1, port2 } = new MessageChannel(); // a timer would wait 4 ms
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
