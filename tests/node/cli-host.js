/**
 * The command line in a process that stays, for what is refused before anything is done: most of such a run is Node's own
 * beginning. Each message is the arguments of one, each answer what its process would have ended with.
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

let runs = 0;
process.on("message", async (/** @type {string[]} */ args) => {
  Object.assign(said, { out: "", err: "" });
  process.argv = [process.execPath, command, ...args];
  process.exitCode = undefined;
  await import(`${pathToFileURL(command).href}?run=${runs++}`); // the entry anew, what it stands on as it is
  process.send?.({ code: process.exitCode ?? 0, ...said });
});
