/**
 * The module's memory at its limits: a request that does not fit is answered with 0, never with a place beyond the end.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const GB = 2 ** 30;

for (const variant of ["simd", "baseline"]) {
  const module = new WebAssembly.Module(
    readFileSync(new URL(`../../dist/wasm/unrolled-${variant}.wasm`, import.meta.url)),
  );

  for (const sizes of [
    [1.9, 1.9, 1.9],
    [1, 3.5],
    [3.9, 0.2],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
  ]) {
    test(`${variant}: blocks of ${sizes.join(", ")} GB lie within the memory or are refused`, () => {
      const { exports } = new WebAssembly.Instance(module, { env: { emscripten_notify_memory_growth() {} } });
      const { malloc, memory, _initialize } = /** @type {any} */ (exports);
      _initialize();
      let refused = 0;
      for (const size of sizes) {
        const bytes = Math.floor(size * GB),
          place = malloc(bytes) >>> 0;
        assert.ok(
          place + bytes <= memory.buffer.byteLength || !place,
          `${place} + ${bytes} of ${memory.buffer.byteLength}`,
        );
        refused += Number(!place);
      }
      assert.ok(refused > 0);
    });
  }
}
