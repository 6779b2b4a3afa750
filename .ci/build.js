/* Builds what is shipped: node .ci/build.js [section …], all of them when none is named.
 *   wasm    dist/wasm/unrolled-{simd,baseline,relaxed}.wasm
 *   lists   web/core/text/stoplists.js, the stop words
 *   types   dist/types/, the .d.ts files of the JSDoc
 *   site    dist/site/, the page; it works from any folder of any static host
 *   inline  dist/unrolled-inline.js, the package's core with its modules inside
 *   element dist/unrolled-element.js, dist/anywidget.js and the site's embed.js, with worker and modules inside
 *   onefile dist/unrolled.html, the page in one file
 * A section is a function in this folder that can be run again at any time. */
import { buildElement, buildOneFile } from "./build-embedded.js";
import { buildInline } from "./build-inline.js";
import { buildLists } from "./build-lists.js";
import { buildSite } from "./build-site.js";
import { buildTypes } from "./build-types.js";
import { buildWasm } from "./build-wasm.js";

/** In the order in which they need one another. @type {Record<string, () => void | Promise<void>>} */
const sections = {
  wasm: buildWasm,
  lists: buildLists,
  types: buildTypes,
  site: buildSite,
  inline: buildInline,
  element: buildElement,
  onefile: buildOneFile,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (sections[name]) continue;
  console.error(`build: there is no section "${name}"; there are ${Object.keys(sections).join(", ")}`);
  process.exit(1);
}
for (const [name, build] of Object.entries(sections)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const start = performance.now();
  try {
    await build();
  } catch (error) {
    console.error(`build: ${name} failed: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
  console.log(`build: ${name} ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
