/** Where this code runs: the one place that tells Node from a browser. */

export const inNode = typeof process === "object" && Boolean(process.versions?.node);

/** A module of Node's, hidden from bundlers. @param {`node:${string}`} name @returns {Promise<any>} */
export const nodeModule = (name) => import(/* webpackIgnore: true */ /* @vite-ignore */ name);
