import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { before, after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Trainer, documentsInMemory, hashText } from "../../web/core/index.js";
import { openDocuments, openText } from "../../web/cli/files/documents.js";
import { assertSameBits, core, prose } from "./support.js";

/** @type {string} */ let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "unrolled-"));
});
after(() => rm(folder, { recursive: true }));

const file = async (name, content) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
/** All ids of documents, read a few at a time. */
const idsOf = ({ starts, open }, step = 7) =>
  Array.from({ length: starts.length - 1 }, (_, d) => {
    const out = new Int32Array(starts[d + 1] - starts[d]);
    const reader = open(starts[d]);
    for (let at = 0; at < out.length; at += step) reader.read(out, at, Math.min(step, out.length - at));
    return [...out];
  });
const textsOf = (documents) => idsOf(documents).map((ids) => ids.map((id) => documents.vocabulary[id]).join(""));
const CLI = fileURLToPath(new URL("../../web/cli/unrolled.js", import.meta.url));
const unrolled = (args, how = []) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...how, CLI, ...args], { cwd: folder });
    let stdout = "",
      stderr = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });

// More than a chunk of the first reading, with characters of one to four bytes across its edges.
const long = Array.from({ length: 220_000 }, (_, i) => ["a", "é", "春", "𝄞", "\n"][(i * 7 + (i >> 5)) % 5]).join("");

test("a file is read as the text it holds: every character, however many bytes it has", async (t) => {
  const want = `${long}\r\n`,
    characters = [...want],
    one = new Int32Array(1);
  for (const [name, bytes] of Object.entries({
    "plain.txt": Buffer.from(want),
    "mark.txt": Buffer.from(`\ufeff${want}`),
    "utf16.txt": Buffer.from(`\ufeff${want}`, "utf16le"),
    "big.txt": Buffer.from(want, "utf16le").swap16(),
  })) {
    const documents = await openDocuments([await file(name, bytes)]);
    t.after(() => documents.close());
    assert.equal(documents.digest.sha256, hashText(want), name);
    assert.deepEqual(documents.vocabulary, ["\n", "\r", "a", "é", "春", "𝄞"]);
    assert.deepEqual([...documents.starts], [0, 220_002]);
    assert.equal(textsOf(documents)[0], want);
    for (const position of [0, 1, 65535, 65536, 65537, 131072, 200_000, 220_001]) {
      documents.open(position).read(one, 0, 1);
      assert.equal(documents.vocabulary[one[0]], characters[position], `character ${position} of ${name}`);
    }
  }
  const marked = await file("marked.txt", Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x61]));
  await assert.rejects(openDocuments([marked]), /marked\.txt is not UTF-8 text at byte 4: /);
});

test("a separator is found wherever a chunk ends, and empty documents are none", async (t) => {
  const texts = Array.from({ length: 90_000 }, (_, i) => (i % 9 === 4 ? "" : `春${i % 7}`.repeat(1 + (i % 5))));
  const path = await file("many.txt", texts.join("<|end|>"));
  const documents = await openDocuments([path], { separator: "<|end|>" });
  t.after(() => documents.close());
  assert.deepEqual(textsOf(documents), texts.filter(Boolean));
  const held = documentsInMemory(texts, { tokens: "char", lowerCase: false, minCount: 1 });
  assert.deepEqual(documents.digest, held.digest);
  assert.deepEqual([...documents.starts], [...held.starts]);
});

test("each file is a document, an empty one none, and a byte-wise copy of the texts in memory trains to the same bits", async (t) => {
  const texts = [prose(700), "", prose(200).toUpperCase(), prose(90)];
  const paths = [];
  for (const [i, text] of texts.entries()) paths.push(await file(`${i}.txt`, text));
  const settings = { hidden: 8, batch: 4, seqLen: 9 };
  const streamed = new Trainer(core, { documents: await openDocuments(paths), ...settings });
  const held = new Trainer(core, {
    documents: documentsInMemory(texts, { tokens: "char", lowerCase: false, minCount: 1 }),
    ...settings,
  });
  t.after(() => {
    streamed.dispose();
    held.dispose();
  });
  for (let i = 0; i < 40; i++) assert.deepEqual(streamed.step(), held.step());
  assert.deepEqual(streamed.evaluate(), held.evaluate());
  assertSameBits(streamed.parameters(), held.parameters());
});

test("what is not UTF-8 is refused with its place, by the same rules as TextDecoder", async () => {
  const cases = [
    [0x61, 0x80],
    [0xc0, 0xaf],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xe6, 0x98],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xff],
    [0xc3, 0x28],
  ];
  for (const bytes of cases) {
    assert.throws(() => new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes)));
    const path = await file("bad.txt", Uint8Array.from([0x62, ...bytes]));
    await assert.rejects(
      openDocuments([path]),
      (error) =>
        error.code === "bad-text" && error.message.includes(`not UTF-8 text at byte ${bytes[0] === 0x61 ? 2 : 1}`),
      String(bytes),
    );
  }
  for (const code of [0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff]) {
    const documents = await openDocuments([await file("good.txt", `a${String.fromCodePoint(code)}`)]);
    assert.equal(documents.vocabulary[1], String.fromCodePoint(code));
    documents.close();
  }
});

test("characters the model does not know are named, or left out when asked", async () => {
  const path = await file("strange.txt", "abxab§ab");
  await assert.rejects(
    openDocuments([path], { vocabulary: ["a", "b"] }),
    (error) => error.code === "unknown-token" && /"x", "§"/.test(error.message),
  );
  const documents = await openDocuments([path], { vocabulary: ["a", "b"], unknown: "drop" });
  assert.deepEqual(idsOf(documents), [[0, 1, 0, 1, 0, 1]]);
  documents.close();
});

test("files that cannot be read, or hold nothing, are told by a sentence", async () => {
  await assert.rejects(openDocuments([join(folder, "none.txt")]), /cannot be read: there is no such file\.$/);
  await assert.rejects(openDocuments([folder]), /cannot be read: it is a directory\.$/);
  await assert.rejects(
    openDocuments([await file("empty.txt", "")]),
    /The text is empty: .*empty\.txt has no character to learn\.$/,
  );
});

test("words are cut document by document", async () => {
  const path = await file("words.txt", "one two--three one");
  const settings = { tokens: "word", lowerCase: false, minCount: 1 };
  const { documents } = await openText([path], { separator: "--" }, { settings });
  assert.deepEqual([...documents.starts], [0, 3, 6]);
  assert.deepEqual(await openText([path], {}, { settings }), { text: "one two--three one" });
});

test("unrolled train goes on from a saved run over documents, to the bytes of one that was not interrupted", async () => {
  const a = await file("a.txt", prose(900)),
    b = await file("b.txt", `${prose(200)}\n\n${prose(100).toUpperCase()}`);
  const common = ["--hidden", "8", "--batch", "4", "--seq-len", "9", "--separator", "\\n\\n", "--variant", "simd"];
  const whole = await unrolled(["train", a, b, "-o", "whole.safetensors", "--steps", "30", ...common]);
  assert.equal(whole.code, 0, whole.stderr);
  assert.match(whole.stderr, /^3 documents, each read from a zero state\./);
  await unrolled(["train", a, b, "-o", "half.safetensors", "--steps", "13", ...common]);
  const rest = await unrolled([
    "train",
    a,
    b,
    "-o",
    "half.safetensors",
    "--resume",
    "half.safetensors",
    "--steps",
    "17",
    "--separator",
    "\\n\\n",
    "--variant",
    "simd",
  ]);
  assert.equal(rest.code, 0, rest.stderr);
  assert.deepEqual(await readFile(join(folder, "half.safetensors")), await readFile(join(folder, "whole.safetensors")));
});

for (const cell of ["lstm", "attention"])
  test(`unrolled eval reads several documents from a zero state each, and one text as ever: ${cell}`, async (t) => {
    const texts = [prose(300), prose(100).toUpperCase(), prose(60)];
    const paths = [];
    for (const [i, text] of texts.entries()) paths.push(await file(`e${i}.txt`, text));
    const trainer = new Trainer(core, { text: texts.join(""), cell, hidden: 8, batch: 4, seqLen: 9 });
    t.after(() => trainer.dispose());
    trainer.step(20);
    await writeFile(join(folder, "e.safetensors"), trainer.save());
    let sum = 0,
      count = 0;
    for (const text of texts) {
      // attention reads no more than a window at once
      const losses = () => trainer.probe(text, { flow: false }).loss.reduce((a, b) => a + b, 0);
      sum += cell === "lstm" ? losses() : trainer.evaluate(text).loss * (text.length - 1);
      count += text.length - 1;
    }
    const parted = await unrolled(["eval", "e.safetensors", ...paths, "--json", "--batch", "1", "--variant", "simd"]);
    assert.equal(parted.code, 0, parted.stderr);
    const { loss, tokens } = JSON.parse(parted.stdout);
    assert.equal(tokens, count);
    assert.ok(Math.abs(loss - sum / count) < 1e-5, `${loss} and ${sum / count}`);
    const joined = await unrolled(["eval", "e.safetensors", paths[0], "--json", "--variant", "simd"]);
    assert.deepEqual(JSON.parse(joined.stdout), trainer.evaluate(texts[0]));
    const short = await file("short.txt", `${texts[2].slice(0, 5)}|`);
    const one = await unrolled(["eval", "e.safetensors", short, "--separator", "|", "--json", "--variant", "simd"]);
    assert.equal(one.code, 0, one.stderr);
    assert.deepEqual(JSON.parse(one.stdout), trainer.evaluate(texts[2].slice(0, 5)));
  });

test("tokens of several characters are not taken for their first ones, and <unk> stands for what is not known", async (t) => {
  const vocabulary = ["<unk>", "a", "b"],
    ids = Array.from({ length: 400 }, (_, i) => 1 + ((i >> 1) % 2) - (i % 7 === 0 ? 1 : 0));
  const trainer = new Trainer(core, { ids, vocabulary, hidden: 8, batch: 4, seqLen: 9 });
  t.after(() => trainer.dispose());
  trainer.step(20);
  await writeFile(join(folder, "ids.safetensors"), trainer.save());
  const path = await file("odd.txt", "ab<x");
  const { code, stdout, stderr } = await unrolled([
    "eval",
    "ids.safetensors",
    path,
    path,
    "--json",
    "--variant",
    "simd",
  ]);
  assert.equal(code, 0, stderr);
  const { loss, tokens } = JSON.parse(stdout);
  assert.equal(tokens, 6);
  assert.ok(Math.abs(loss - trainer.evaluate("ab<x").loss) < 1e-6, `${loss} and ${trainer.evaluate("ab<x").loss}`);
  const words = new Trainer(core, {
    ids: ids.map((id) => id % 2),
    vocabulary: ["the", "cat"],
    hidden: 8,
    batch: 4,
    seqLen: 9,
  });
  t.after(() => words.dispose());
  await writeFile(join(folder, "ids.safetensors"), words.save());
  const strange = await unrolled(["train", await file("tc.txt", "tctc".repeat(50)), "--resume", "ids.safetensors"]);
  assert.equal(strange.code, 1);
  assert.match(strange.stderr, /does not know "t", "c"/);
});

test("a text of 80 MB trains and is evaluated in less memory than a second copy of it would take", async () => {
  const path = join(folder, "large.txt");
  const out = createWriteStream(path),
    block = prose(1 << 20);
  for (let i = 0; i < 80; i++) if (!out.write(block)) await once(out, "drain");
  out.end();
  await once(out, "finish");
  const peak = join(folder, "peak.mjs"); // not maxRSS, which begins with what the parent had when it started the child
  await writeFile(
    peak,
    `import { readFileSync } from "node:fs";
     const status = () => readFileSync("/proc/self/status", "utf8");
     process.on("exit", () => process.stderr.write("peak " + /VmHWM:\\s*(\\d+)/.exec(status())[1] + " kB\\n"));`,
  );
  const run = await unrolled(
    [
      "train",
      path,
      "-o",
      "large.safetensors",
      "--steps",
      "20",
      "--validation",
      "0.01",
      "--hidden",
      "16",
      "--seq-len",
      "50",
    ],
    ["--import", peak],
  );
  assert.equal(run.code, 0, run.stderr);
  const [, kilobytes] = /** @type {RegExpExecArray} */ (/peak (\d+) kB/.exec(run.stderr));
  assert.match(run.stderr, /83047219 tokens to learn and 838861 to validate/);
  assert.ok(Number(kilobytes) < 160_000, `${kilobytes} kB at most, for a text of ${80 << 10} kB`);
});
