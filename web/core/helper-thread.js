/** A thread that does nothing but help: a worker of a page, or one of Node's. */
import { serveSlices } from "./helper.js";

if (typeof process !== "object" || !process.versions?.node) serveSlices(/** @type {any} */ (self));
else {
  const name = "node:worker_threads";
  import(/* webpackIgnore: true */ /* @vite-ignore */ name).then(({ parentPort }) => serveSlices(parentPort));
}
