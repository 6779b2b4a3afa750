import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Sha256, hashAsync, hashText, hashTextAsync, startHash } from "../../web/core/text/sha256.js";

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

const content = (pieces) => () => pieces.map((piece) => Buffer.from(piece));
const pieces = ["the cat", "", "sat on a mat".repeat(200_000), "春"];
const want = createHash("sha256").update(pieces.join("")).digest("hex");

test("a browser's own hash, Node's, and the one that runs everywhere agree while others have their turn", async () => {
  let asked = 0;
  const subtle = { digest: (name, bytes) => (asked++, crypto.subtle.digest(name, bytes)) };
  assert.equal(await hashAsync(content(pieces)), want, "Node's");
  assert.equal(await hashAsync(content(pieces), { node: null, subtle }), want, "a browser's");
  assert.equal(asked, 1);
  assert.equal(await hashAsync(content(pieces), { node: null, subtle: /** @type {any} */ (null) }), want, "ours");
  assert.equal(await hashTextAsync("😀\ud800"), hashText("😀\ud800"));
});

test("where a browser's hash is missing or refuses, ours answers", async (t) => {
  const refusing = { digest: () => Promise.reject(new DOMException("not here", "OperationError")) };
  assert.equal(await hashAsync(content(pieces), { node: null, subtle: refusing }), want);
  const before = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  t.after(() => Object.defineProperty(globalThis, "crypto", /** @type {PropertyDescriptor} */ (before)));
  for (const value of [undefined, {}, { subtle: undefined }]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    assert.equal(await hashAsync(content(pieces), { node: null }), want, "on an insecure origin");
  }
});

test("hashing is called off by its signal", async () => {
  await assert.rejects(hashAsync(content(pieces), { signal: AbortSignal.abort() }), { name: "AbortError" });
  const control = new AbortController();
  const subtle = { digest: (name, bytes) => (control.abort(), crypto.subtle.digest(name, bytes)) };
  await assert.rejects(hashAsync(content(pieces), { node: null, subtle, signal: control.signal }), {
    name: "AbortError",
  });
});
