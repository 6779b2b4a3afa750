/* Test files in one process, each of them a suite: node .ci/together.js FILE …, or one after the other as a parent process
 * hands them out. */
import { once } from "node:events";
import { basename, resolve } from "node:path";
import { describe } from "node:test";
import { pathToFileURL } from "node:url";

const named = process.argv.slice(2);

/** @returns {Promise<string | null | undefined>} the file that comes next, if one does */
async function next() {
  if (!process.connected) return named.shift();
  process.send?.("next");
  return (await once(process, "message"))[0];
}

/* Not by --import, which every worker of the process would follow as well. */
for (let file = await next(); file; file = await next()) {
  const { href } = pathToFileURL(resolve(file));
  await describe(basename(file), () => import(href));
}
if (process.connected) process.disconnect();
