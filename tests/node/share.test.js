import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { checkSettings, flatten, SETTINGS } from "../../web/core/config.js";
import { decodeShare, encodeShare, INLINE_BYTES, isSameText, textSource } from "../../web/core/share.js";

/** Text of `length` characters that does not compress. */
function noise(length) {
  let state = 1;
  return Array.from({ length }, () => String.fromCharCode(33 + (state = (state * 48271) % 2147483647) % 90)).join("");
}

const rejectsWith = (promise, pattern) => assert.rejects(promise, (error) => {
  assert.match(error.message, pattern);
  return error.name === "UnrolledError";
});

test("a link gives back every setting, the probe text, the cursor and the text", async () => {
  const shared = {
    settings: {
      cell: "gru", gruReset: "after", layers: 2, hidden: 37, optimizer: "sgd", learningRate: 0.1, stateful: false,
      clip: { mode: "value", threshold: 0.25 }, dropout: 0.1, seed: 4294967295,
    },
    probe: "to be & not=to #be\n√ 😀", cursor: 7,
    text: { kind: "inline", text: "\uFEFFline\r\nline\n\0 <b>Ünï</b> 春眠不覺曉 😀 ".repeat(9) },
  };
  const hash = await encodeShare(shared);
  assert.match(hash, /^[\w.%*+=&-]+$/, "only characters that every mail program leaves alone");
  assert.deepEqual(await decodeShare(`#${hash}`), shared);
});

test("a link of default settings names none of them, and an empty one says nothing", async () => {
  assert.equal(await encodeShare({}), "v=1");
  assert.deepEqual(await decodeShare("#v=1"), {});
  assert.deepEqual(await decodeShare(""), {});
});

test("adamw's own default decay is what a link without weightDecay means", async () => {
  assert.equal(await encodeShare({ settings: { optimizer: "adamw" } }), "v=1&optimizer=adamw");
  for (const weightDecay of [0, 0.01, 0.5]) {
    const settings = { optimizer: "adamw", weightDecay };
    const read = await decodeShare(await encodeShare({ settings }));
    assert.deepEqual(checkSettings(read.settings), checkSettings(settings), `weightDecay ${weightDecay}`);
  }
});

test("texts up to 8 kB travel whole, longer ones as hash and size", async () => {
  const short = noise(INLINE_BYTES), long = noise(INLINE_BYTES + 1);
  const read = await decodeShare(await encodeShare({ text: textSource(short) }));
  assert.deepEqual(read.text, { kind: "inline", text: short });

  const source = textSource(long);
  assert.equal(source.kind, "hash");
  const other = (await decodeShare(await encodeShare({ text: source }))).text;
  assert.deepEqual(other, source);
  assert.equal(other.bytes, INLINE_BYTES + 1);
  assert.ok(isSameText(long, other));
  assert.ok(!isSameText(`${long.slice(1)}x`, other));
});

test("a text with half a surrogate pair is told by its hash, as no bytes can carry it", () => {
  const source = textSource("a\ud800b");
  assert.equal(source.kind, "hash");
  assert.ok(isSameText("a\ud800b", source));
  assert.ok(!isSameText("a\ufffdb", source));
});

test("a link whose text unpacks to more than 8 kB is refused before it is unpacked", async () => {
  const bomb = deflateRawSync(Buffer.alloc(8 << 20)).toString("base64url");
  assert.ok(bomb.length < 12000, `the bomb has ${bomb.length} characters`);
  await rejectsWith(decodeShare(`text=deflate.${bomb}`), /more than 8192 bytes/);
  await rejectsWith(decodeShare(`text=deflate.${"A".repeat(20000)}`), /at most \d+ characters, got 20000/);
});

test("a cut-off, damaged or foreign text is refused with a word", async () => {
  const hash = await encodeShare({ text: { kind: "inline", text: noise(500) } });
  await rejectsWith(decodeShare(hash.slice(0, -20)), /damaged/);
  await rejectsWith(decodeShare("text=deflate.!!!"), /base64url/);
  await rejectsWith(decodeShare(`text=deflate.${deflateRawSync(Buffer.from([0xff, 0xfe])).toString("base64url")}`), /damaged/);
  for (const value of ["", "x", "sha256.abc.1", `sha256.${"0".repeat(64)}.-1`, "sample.../../etc", "sample.<b>", "http://a.example/x.txt"])
    await rejectsWith(decodeShare(`text=${encodeURIComponent(value)}`), /must be deflate/);
});

test("unknown names and hostile values are refused with the name and what is allowed", async () => {
  await rejectsWith(decodeShare("hiden=5"), /"hiden"/);
  await rejectsWith(decodeShare("__proto__=5"), /"__proto__"/);
  await rejectsWith(decodeShare("constructor=5"), /"constructor"/);
  await rejectsWith(decodeShare("hidden=1e9"), /hidden must be an integer from 1 to 2048, got 1000000000/);
  await rejectsWith(decodeShare("hidden=0x10"), /hidden must be an integer/);
  await rejectsWith(decodeShare("learningRate=NaN"), /learningRate/);
  await rejectsWith(decodeShare("cell=<img src=x onerror=alert(1)>"), /cell must be "rnn", "lstm" or "gru"/);
  await rejectsWith(decodeShare("hidden=5&hidden=6"), /twice/);
  await rejectsWith(decodeShare("v=2"), /version "2"/);
  await rejectsWith(decodeShare("cursor=-1"), /cursor/);
  await rejectsWith(decodeShare(`probe=${"a".repeat(2001)}`), /at most 2000/);
  await rejectsWith(decodeShare("a".repeat(70000)), /at most 65536/);
});

test("names that the caller allows are handed through as text", async () => {
  const hash = await encodeShare({ settings: { seed: 3 }, extra: { views: "score loss", lang: "zh" } });
  assert.deepEqual((await decodeShare(hash, { allow: ["views", "lang"] })).extra, { views: "score loss", lang: "zh" });
  await rejectsWith(decodeShare(hash, { allow: ["views"] }), /"lang"/);
});

test("every setting of the table survives a link at a value that is not its default", async () => {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const value = setting.type === "choice" ? setting.values.find((item) => item !== setting.default)
      : setting.type === "boolean" ? !setting.default
      : setting.type === "integer" ? setting.default + 1 : 0.123456789;
    const { settings } = await decodeShare(await encodeShare({ settings: { [name]: value } }));
    assert.deepEqual(flatten(settings), { [name]: value });
  }
});
