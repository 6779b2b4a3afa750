/* The list of exports is the header, and every module exports exactly it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url));
const listed = read("src/exports.txt")
  .toString()
  .split("\n")
  .filter((line) => line && !line.startsWith("#"));

test("src/exports.txt names every function of the header, once, and besides them malloc and free", () => {
  const code = read("include/unrolled.h")
    .toString()
    .replace(/\/\*[\s\S]*?\*\//g, "");
  const declared = [...code.matchAll(/\b(unroll_\w+)\(/g)].map((match) => match[1]);
  assert.ok(declared.length > 20);
  assert.equal(new Set(declared).size, declared.length, "the header declares a function twice");
  assert.deepEqual([...listed].sort(), ["malloc", "free", ...declared].sort());
});

for (const variant of ["simd", "baseline", "relaxed"]) {
  test(`the ${variant} module exports what the list names, and imports no more than two functions of a system`, async () => {
    const bytes = read(`dist/wasm/unrolled-${variant}.wasm`);
    if (variant === "relaxed" && !WebAssembly.validate(bytes)) return; // this Node has no relaxed SIMD
    const module = await WebAssembly.compile(bytes);
    const functions = WebAssembly.Module.exports(module)
      .filter(({ kind }) => kind === "function")
      .map(({ name }) => name);
    // Emscripten's own: the start, and the stack's and errno's helpers.
    const own = /^(_initialize|__errno_location|_?_?(emscripten_)?stack\w*|stack(Save|Restore|Alloc))$/;
    assert.deepEqual(functions.filter((name) => !own.test(name)).sort(), [...listed].sort());
    assert.ok(WebAssembly.Module.imports(module).length <= 2, JSON.stringify(WebAssembly.Module.imports(module)));
  });

  test(`the ${variant} module is at most 60 kB when compressed`, async () => {
    const { gzipSync } = await import("node:zlib");
    assert.ok(gzipSync(read(`dist/wasm/unrolled-${variant}.wasm`), { level: 9 }).length <= 60_000);
  });
}
