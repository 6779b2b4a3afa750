/** A thread that does nothing but help: a worker of a page, or one of Node's. */
import { inNode, nodeModule } from "../wasm/platform.js";
import { serveSlices } from "./helper.js";

if (inNode) nodeModule("node:worker_threads").then(({ parentPort }) => serveSlices(parentPort));
else serveSlices(/** @type {any} */ (self));
