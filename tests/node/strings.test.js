/** The page's words: each language is a folder of the same files, with the same keys and the same holes to fill. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { HIDEABLE, VIEWS } from "../../web/embed/options.js";

const STRINGS = new URL("../../web/app/strings/", import.meta.url);
const filesOf = (/** @type {string} */ language) => readdirSync(new URL(language, STRINGS)).sort();
const wordsOf = async (/** @type {string} */ language, /** @type {string} */ file) =>
  (await import(new URL(`${language}/${file}`, STRINGS).href)).default;

/** Keys, and what a template asks for. @param {any} value @returns {any} */
function shape(value) {
  if (typeof value === "string") return [...new Set(value.match(/\{\w+\}/g))].sort().join();
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, shape(value[key])]),
  );
}

test("both languages have the same files", () => assert.deepEqual(filesOf("zh"), filesOf("en")));

for (const file of filesOf("en"))
  test(`both languages have the same keys and the same holes to fill in ${file}`, async () => {
    assert.deepEqual(shape(await wordsOf("zh", file)), shape(await wordsOf("en", file)));
  });

test("the dialog's words name all that can be shown or left out", async () => {
  for (const language of ["en", "zh"]) {
    const { parts } = (await wordsOf(language, "share.js")).embed;
    for (const name of [...VIEWS, ...HIDEABLE.filter((each) => each !== "probe")]) assert.ok(parts[name], name);
  }
});
