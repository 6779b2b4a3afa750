/* Several test files in one process: node .ci/together.js FILE … */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/* Not by --import, which every worker of the process would follow as well. */
for (const file of process.argv.slice(2)) await import(pathToFileURL(resolve(file)).href);
