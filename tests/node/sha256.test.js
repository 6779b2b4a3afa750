import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Sha256, hashText, startHash } from "../../web/core/text/sha256.js";

test("the hash that runs everywhere, and the quick one, are Node's, however they are fed", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 127, 128, 1000, 100_003]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * i * 31 + length) & 255);
    const want = createHash("sha256").update(bytes).digest("hex");
    for (const hash of [new Sha256(), startHash()]) {
      for (let from = 0, size = 1; from < length; from += size, size = (size * 3) % 97)
        hash.update(bytes.subarray(from, from + size));
      assert.equal(hash.hex(), want, `${length} bytes`);
    }
  }
});

test("a text's hash is that of its file, and lone surrogates that differ differ", () => {
  const text = "春眠不觉晓 😀\r\n".repeat(9);
  assert.equal(hashText(text), createHash("sha256").update(text, "utf8").digest("hex"));
  assert.notEqual(hashText("\ud800"), hashText("\ud801"));
});
