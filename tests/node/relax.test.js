/* The relaxed module's making: what is fused, and that what has side effects keeps its order. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { relax } from "../../.ci/relax.js";

const A = "(v128.load (i32.const 0))",
  B = "(v128.load (i32.const 16))",
  X = "(v128.load (i32.const 32))";

/** Name, locals, the expression, and how many products it should fuse. @type {[string, string, string, number][]} */
const CASES = [
  ["x + a*b", "", `(f32x4.add ${X} (f32x4.mul ${A} ${B}))`, 1],
  ["a*b + x", "", `(f32x4.add (f32x4.mul ${A} ${B}) ${X})`, 1],
  ["x - a*b", "", `(f32x4.sub ${X} (f32x4.mul ${A} ${B}))`, 1],
  ["a*b - x, which has no fused form", "", `(f32x4.sub (f32x4.mul ${A} ${B}) ${X})`, 0],
  ["a*b + b*x", "", `(f32x4.add (f32x4.mul ${A} ${B}) (f32x4.mul ${B} ${X}))`, 1],
  [
    "((x + a*b) + b*a) - a*a",
    "",
    `(f32x4.sub (f32x4.add (f32x4.add ${X} (f32x4.mul ${A} ${B})) (f32x4.mul ${B} ${A})) (f32x4.mul ${A} ${A}))`,
    3,
  ],
  [
    "a local set in x and read in a",
    "(local $t v128)",
    `(f32x4.add (local.tee $t ${X}) (f32x4.mul (local.get $t) ${B}))`,
    1,
  ],
  [
    "a local read in x and set in a",
    "(local $t v128)",
    `(f32x4.add (local.get $t) (f32x4.mul (local.tee $t ${A}) (local.get $t)))`,
    1,
  ],
  ["calls with effects in x, a and b", "", "(f32x4.add (call $bump) (f32x4.mul (call $bump) (call $bump)))", 1],
  ["calls with effects in a difference", "", "(f32x4.sub (call $bump) (f32x4.mul (call $bump) (call $bump)))", 1],
];

const source = `(module (memory (export "memory") 1)
  (func $bump (result v128)
    (i32.store (i32.const 512) (i32.add (i32.load (i32.const 512)) (i32.const 1)))
    (f32x4.convert_i32x4_s (v128.load32_splat (i32.const 512))))
  ${CASES.map(([, locals, value], i) => `(func (export "run${i}") ${locals} (v128.store (i32.const 256) ${value}))`).join("\n")})`;

const folder = mkdtempSync(join(tmpdir(), "relax-"));
after(() => rmSync(folder, { recursive: true }));
const at = (/** @type {string} */ name) => join(folder, name);
const bin = join(dirname(createRequire(import.meta.url).resolve("binaryen/package.json")), "bin");
const tool = (/** @type {string} */ name, /** @type {string[]} */ ...args) =>
  execFileSync(process.execPath, [join(bin, name), ...args]);

writeFileSync(at("strict.wat"), source);
tool("wasm-as", "--enable-simd", at("strict.wat"), "-o", at("strict.wasm"));
const fused = relax(at("strict.wasm"), at("relaxed.wasm"));
tool("wasm-dis", "--all-features", at("relaxed.wasm"), "-o", at("relaxed.wat"));
const bytes = readFileSync(at("relaxed.wasm"));

/** Runs a case over the numbers in memory; returns the four floats it leaves.
 * @param {string} name @param {number} index @param {(i: number) => number} [number] */
function outcome(name, index, number = (i) => i + 1) {
  const { memory, [`run${index}`]: run } = /** @type {any} */ (
    new WebAssembly.Instance(new WebAssembly.Module(readFileSync(at(name)))).exports
  );
  const floats = new Float32Array(memory.buffer);
  for (let i = 0; i < 12; i++) floats[i] = number(i);
  run();
  return [...floats.subarray(64, 68)];
}

test("every product that is added or subtracted is fused, and no other", () => {
  assert.equal(
    fused,
    CASES.reduce((sum, [, , , count]) => sum + count, 0),
  );
  const text = readFileSync(at("relaxed.wat"), "utf8"); // where equal functions became one
  assert.ok(text.includes("f32x4.relaxed_madd") && text.includes("f32x4.relaxed_nmadd"));
  assert.equal(text.match(/f32x4\.mul/g)?.length, 2); // in a*b - x, and as the x of a*b + b*x
});

const skip = !WebAssembly.validate(bytes) && "this Node has no relaxed SIMD";
for (const [index, [name]] of CASES.entries()) {
  test(`${name} means what it meant`, { skip }, () => {
    // small integers: one rounding or two, both are exact
    assert.deepEqual(outcome("relaxed.wasm", index), outcome("strict.wasm", index));
  });
}

test("a fused product is within one rounding of the strict one", { skip }, () => {
  const number = (/** @type {number} */ i) => Math.fround(1 + i / 7);
  const strict = outcome("strict.wasm", 0, number);
  for (const [i, value] of outcome("relaxed.wasm", 0, number).entries())
    assert.ok(Math.abs(value - strict[i]) <= strict[i] * 2 ** -23);
});
