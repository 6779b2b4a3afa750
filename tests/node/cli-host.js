/**
 * The command line in a process that stays: most of a short run is Node's own beginning. Each message is the arguments of
 * one, each answer what its process would have ended with, once nothing is left that would have kept it from ending.
 */
import { pathToFileURL } from "node:url";

const [, , command] = process.argv;
const said = { out: "", err: "" };
for (const [stream, name] of /** @type {const} */ ([
  [process.stdout, "out"],
  [process.stderr, "err"],
])) {
  stream.setMaxListeners(0); // each run listens anew
  stream.write = (/** @type {any} */ text) => {
    said[name] += text;
    return true;
  };
}

/** A run that leaves something to wait for so long does not end. */
const PATIENCE = 60_000;
/** What would keep this process from ending, beside what it held before. @param {string[]} before */
function held(before) {
  const own = [...before];
  return process.getActiveResourcesInfo().filter((name) => {
    const at = own.indexOf(name);
    if (at >= 0) own.splice(at, 1);
    return at < 0;
  });
}

/** Until nothing but the host's own is waited for. @param {string[]} own */
async function ended(own) {
  const end = performance.now() + PATIENCE;
  while (held(own).length) {
    if (performance.now() > end) throw new Error(`The run does not end: it still waits for ${held(own).join()}.`);
    await new Promise((done) => setImmediate(done));
  }
}

let runs = 0;
process.on("message", async (/** @type {string[]} */ args) => {
  Object.assign(said, { out: "", err: "" });
  process.argv = [process.execPath, command, ...args];
  process.exitCode = undefined;
  const own = process.getActiveResourcesInfo();
  await import(`${pathToFileURL(command).href}?run=${runs++}`); // the entry anew, what it stands on as it is
  await ended(own);
  process.send?.({ code: process.exitCode ?? 0, ...said });
});
