/**
 * Where the worker is found when the caller does not say: beside this file. The builds that carry all in one file put
 * another in this one's place.
 */

/** The address is written inside `new Worker(…)`, where bundlers look for it. */
export const openWorker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

/** The script itself, where it has no address that its worker may open another from: a Blob's, of a page that is a
 * file.
 * @type {Blob | undefined} */
export const workerScript = undefined;
