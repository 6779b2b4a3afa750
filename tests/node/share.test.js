import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { checkSettings, flatten, SETTINGS } from "../../web/core/config.js";
import { decodeShare, encodeShare, INLINE_BYTES, isSameText, textSource } from "../../web/app/share.js";

/** Text of `length` characters that does not compress. */
function noise(length) {
  let state = 1;
  return Array.from({ length }, () => String.fromCharCode(33 + ((state = (state * 48271) % 2147483647) % 90))).join("");
}

async function assertRefused(hash, pattern, options) {
  const { problems, ...rest } = await decodeShare(hash, options);
  assert.equal(problems.length, 1, `problems with ${hash.slice(0, 60)}`);
  assert.equal(problems[0].name, "UnrolledError");
  assert.match(problems[0].message, pattern);
  return rest;
}

/** A link that has nothing to refuse. */
async function read(hash, options) {
  const { problems, ...shared } = await decodeShare(hash, options);
  assert.deepEqual(problems, []);
  return shared;
}

test("a link gives back every setting, the probe text, the cursor and the text", async () => {
  const shared = {
    settings: {
      cell: "gru",
      gruReset: "after",
      layers: 2,
      hidden: 37,
      optimizer: "sgd",
      learningRate: 0.1,
      stateful: false,
      clip: { mode: "value", threshold: 0.25 },
      dropout: 0.1,
      seed: 4294967295,
    },
    probe: "to be & not=to #be\n√ 😀",
    cursor: 7,
    text: { kind: "inline", text: "\uFEFFline\r\nline\n\0 <b>Ünï</b> 春眠不覺曉 😀 ".repeat(9) },
  };
  const hash = await encodeShare(shared);
  assert.match(hash, /^[\w.%*+=&-]+$/, "only characters that every mail program leaves alone");
  assert.deepEqual(await read(`#${hash}`), shared);
});

test("a link of default settings names none of them, and an empty one says nothing", async () => {
  assert.equal(await encodeShare({}), "v=1");
  assert.deepEqual(await read("#v=1"), {});
  assert.deepEqual(await read(""), {});
});

test("adamw's own default decay is what a link without weightDecay means", async () => {
  assert.equal(await encodeShare({ settings: { optimizer: "adamw" } }), "v=1&optimizer=adamw");
  for (const weightDecay of [0, 0.01, 0.5]) {
    const settings = { optimizer: "adamw", weightDecay };
    const link = await read(await encodeShare({ settings }));
    assert.deepEqual(checkSettings(link.settings), checkSettings(settings), `weightDecay ${weightDecay}`);
  }
});

test("texts up to 8 kB travel whole, longer ones as hash and size", async () => {
  const short = noise(INLINE_BYTES),
    long = noise(INLINE_BYTES + 1);
  const whole = await read(await encodeShare({ text: await textSource(short) }));
  assert.deepEqual(whole.text, { kind: "inline", text: short });

  const source = await textSource(long);
  assert.equal(source.kind, "hash");
  const other = (await read(await encodeShare({ text: source }))).text;
  assert.deepEqual(other, source);
  assert.equal(other.bytes, INLINE_BYTES + 1);
  assert.ok(await isSameText(long, other));
  assert.ok(!(await isSameText(`${long.slice(1)}x`, other)));
});

test("a text with half a surrogate pair is told by its hash, as no bytes can carry it", async () => {
  const source = await textSource("a\ud800b");
  assert.equal(source.kind, "hash");
  assert.ok(await isSameText("a\ud800b", source));
  assert.ok(!(await isSameText("a\ufffdb", source)));
});

test("a link whose text unpacks to more than 8 kB is refused before it is unpacked", async () => {
  const bomb = deflateRawSync(Buffer.alloc(8 << 20)).toString("base64url");
  assert.ok(bomb.length < 12000, `the bomb has ${bomb.length} characters`);
  await assertRefused(`text=deflate.${bomb}`, /more than 8192 bytes/);
  await assertRefused(`text=deflate.${"A".repeat(20000)}`, /at most \d+ characters, got 20000/);
});

test("a cut-off, damaged or foreign text is refused with a word", async () => {
  const hash = await encodeShare({ text: { kind: "inline", text: noise(500) } });
  await assertRefused(hash.slice(0, -20), /damaged/);
  await assertRefused("text=deflate.!!!", /base64url/);
  await assertRefused(`text=deflate.${deflateRawSync(Buffer.from([0xff, 0xfe])).toString("base64url")}`, /damaged/);
  for (const value of ["", "../../etc", "<b>", "sha256.abc.1", `sha256.${"0".repeat(64)}.-1`, "http://a.example/x.txt"])
    await assertRefused(`text=${encodeURIComponent(value)}`, /must be the name of a sample/);
});

test("unknown names and hostile values are refused with the name and what is allowed", async () => {
  await assertRefused("hiden=5", /"hiden"/);
  await assertRefused("__proto__=5", /"__proto__"/);
  await assertRefused("constructor=5", /"constructor"/);
  await assertRefused("hidden=1e9", /hidden must be an integer from 1 to 2048, got 1000000000/);
  await assertRefused("hidden=0x10", /hidden must be an integer/);
  await assertRefused("learningRate=NaN", /learningRate/);
  await assertRefused(
    "cell=<img src=x onerror=alert(1)>",
    /cell must be "rnn", "lstm", "gru", "mingru" or "attention"/,
  );
  await assertRefused("hidden=5&hidden=6", /twice/);
  await assertRefused("v=2", /version "2"/);
  await assertRefused("cursor=-1", /cursor/);
  await assertRefused(`probe=${"a".repeat(2001)}`, /at most 2000/);
  await assertRefused("a".repeat(70000), /at most 65536/);
});

test("what is refused does not take the rest of a link with it", async () => {
  const rest = await assertRefused(
    "cell=gru&hidden=0&seed=5&probe=ab",
    /hidden must be an integer from 1 to 2048, got 0/,
  );
  assert.deepEqual(rest, { settings: { cell: "gru", seed: 5 }, probe: "ab" });
});

test("a sample text goes by its name", async () => {
  const text = { kind: "sample", name: "moby-dick" };
  assert.equal(await encodeShare({ text }), "v=1&text=moby-dick");
  assert.deepEqual((await read("text=moby-dick")).text, text);
});

test("names that the caller allows are handed through as text", async () => {
  const hash = await encodeShare({ settings: { seed: 3 }, extra: { views: "score loss", lang: "zh" } });
  assert.deepEqual((await read(hash, { allow: ["views", "lang"] })).extra, { views: "score loss", lang: "zh" });
  await assertRefused(hash, /"lang"/, { allow: ["views"] });
});

test("every setting of the table survives a link at a value that is not its default", async () => {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const value =
      setting.type === "choice"
        ? setting.values.find((item) => item !== setting.default)
        : setting.type === "boolean"
          ? !setting.default
          : setting.type === "integer"
            ? setting.default + 1
            : 0.123456789;
    const { settings } = await read(await encodeShare({ settings: { [name]: value } }));
    assert.deepEqual(flatten(settings), { [name]: value });
  }
});

test("of a link that contradicts itself twice both are refused, and the rest is used", async () => {
  const { problems, settings } = await decodeShare("v=1&cell=attention&hidden=30&heads=4&schedule=cosine&warmup=20000");
  assert.deepEqual(
    problems.map(({ details }) => details.name),
    ["heads", "warmup"],
  );
  assert.deepEqual(settings, { cell: "attention", hidden: 30, schedule: "cosine" });
  checkSettings(settings);
});
