/** The stair the sources stand on: a file imports its own folder and what lies below it, nothing above or beside. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);

/** From the bottom to the top: folders end in a slash; those in one row do not know each other. */
const WEB = [
  ["web/core/"],
  ["web/worker/", "web/sw.js"],
  ["web/views/", "web/lessons/"],
  ["web/cli/", "web/app/share.js"],
  ["web/embed/options.js"],
  ["web/app/"],
  ["web/embed/"],
];
const CORE = [
  ["web/core/errors.js", "web/core/cells.js", "web/core/random.js"],
  ["web/core/arguments.js"],
  ["web/core/schedule.js"],
  ["web/core/config.js", "web/core/presets.js"],
  ["web/core/changes.js", "web/core/shapes.js"],
  ["web/core/wasm/"],
  ["web/core/text/"],
  ["web/core/inside/", "web/core/files/", "web/core/threads/"],
  ["web/core/apart/"],
  ["web/core/makings.js"],
  ["web/core/trainer.js"],
  ["web/core/fit.js"],
  ["web/core/train/"],
  ["web/core/index.js"],
];

/** @param {string} folder @returns {string[]} */
function sourcesBelow(folder) {
  return readdirSync(new URL(folder, root)).flatMap((name) => {
    const path = `${folder}${name}`;
    if (statSync(new URL(path, root)).isDirectory()) return sourcesBelow(`${path}/`);
    return name.endsWith(".js") ? [path] : [];
  });
}

/** What a source asks for by a relative address. @param {string} file @returns {string[]} */
function importsOf(file) {
  const code = readFileSync(new URL(file, root), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
  const asked = /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s*|\bnew URL\(\s*)["'](\.[^"']+\.js)["']/gm;
  return [...code.matchAll(asked)].map(([, address]) => posix.join(posix.dirname(file), address));
}

const sources = sourcesBelow("web/").filter((file) => !file.startsWith("web/examples/"));
const imports = new Map(sources.map((file) => [file, importsOf(file)]));

/** The place on a stair: the longest entry that names the file or a folder above it. */
function placeOf(stair, file) {
  const steps = stair.flatMap((row, height) => row.map((entry) => ({ entry, height })));
  return steps
    .filter(({ entry }) => entry === file || (entry.endsWith("/") && file.startsWith(entry)))
    .sort((a, b) => b.entry.length - a.entry.length)[0];
}

/** @param {string[][]} stair @param {string} part */
function holdTo(stair, part) {
  const wrong = [];
  for (const [file, asked] of imports) {
    if (!file.startsWith(part)) continue;
    const here = placeOf(stair, file);
    assert.ok(here, `${file} has no place on the stair of ${part}`);
    for (const to of asked) {
      assert.ok(existsSync(new URL(to, root)), `${file} asks for ${to}, which is not there`);
      const there = placeOf(stair, to);
      if (there && there.entry !== here.entry && there.height >= here.height) wrong.push(`${file} imports ${to}`);
    }
  }
  assert.deepEqual(wrong, []);
}

test("the parts of the site import downwards: core knows nobody, views know no page, the page knows no element", () => {
  assert.ok(sources.length > 100);
  holdTo(WEB, "web/");
});

test("core's folders import downwards, from the module up to the trainer", () => {
  holdTo(CORE, "web/core/");
  for (const [file, asked] of imports)
    if (file.startsWith("web/core/"))
      assert.deepEqual(
        asked.filter((to) => !to.startsWith("web/core/")),
        [],
        `${file} imports from outside core`,
      );
});

test("no file imports itself by way of others", () => {
  /** @type {Map<string, "open" | "done">} */
  const state = new Map();
  const visit = (/** @type {string} */ file, /** @type {string[]} */ way) => {
    if (state.get(file) === "done") return;
    assert.notEqual(state.get(file), "open", `a ring: ${[...way, file].join(" -> ")}`);
    state.set(file, "open");
    for (const to of imports.get(file) ?? []) visit(to, [...way, file]);
    state.set(file, "done");
  };
  for (const file of sources) visit(file, []);
});

test("a folder of sources holds fifteen files at most, and a file 400 lines", () => {
  const counts = new Map();
  for (const file of sources) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1);
  for (const [folder, count] of counts) assert.ok(count <= 15, `${folder} holds ${count} files`);
  for (const file of sources) {
    const lines = readFileSync(new URL(file, root), "utf8").split("\n").length - 1;
    assert.ok(lines <= 400, `${file} has ${lines} lines`);
  }
});
