/*
 * web/core/text/stoplists.js: two of the sixty lists of npm's stopword, so that who installs the package need not install
 * all of them. The file is committed, as the sources run without a build.
 */
import { writeFileSync } from "node:fs";
import { eng, zho } from "stopword";
import { at } from "./paths.js";

/** @param {string[]} words */
const list = (words) =>
  words.reduce(
    (text, word) => text + ((text + word).length - text.lastIndexOf("\n") > 110 ? "\n" : text ? " " : "") + word,
    "",
  );

export function buildLists() {
  writeFileSync(
    at("web/core/text/stoplists.js"),
    `/** Stop words, from npm's stopword (MIT): written by .ci/build-lists.js, so do not edit. */

/** @param {string} words */
const split = (words) => words.trim().split(/\\s+/);

export const eng = split(\`
${list(eng)}
\`);

export const zho = split(\`
${list(zho)}
\`);
`,
  );
}
