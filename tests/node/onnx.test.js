import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as ort from "onnxruntime-web";
import { PbfReader } from "pbf";
import { loadCore, Trainer } from "../../web/core/index.js";
import { networkToONNX } from "../../web/core/files/onnx.js";

ort.env.wasm.numThreads = 1;

const goldens = new URL("../goldens/", import.meta.url);

/** A golden tensor's numbers. */
function floats({ f64 }) {
  const bytes = Buffer.from(f64, "base64");
  return Float32Array.from(new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
}

/** [B][T] ids to [T, B] as ONNX takes them. */
function timeMajor(rows) {
  const [B, T] = [rows.length, rows[0].length];
  const ids = BigInt64Array.from({ length: T * B }, (_, i) => BigInt(rows[i % B][Math.floor(i / B)]));
  return new ort.Tensor("int64", ids, [T, B]);
}

function assertClose(got, want, tolerance, name) {
  assert.equal(got.length, want.length, `${name}: length`);
  for (let i = 0; i < want.length; i++)
    if (!(Math.abs(got[i] - want[i]) <= tolerance)) assert.fail(`${name}[${i}]: got ${got[i]}, want ${want[i]}`);
}

function goldenNetwork(golden) {
  return {
    settings: {
      cell: golden.cell,
      gruReset: golden.reset ?? "before",
      layers: golden.layers,
      hidden: golden.params["head.weight"].shape[1],
      embedding: golden.embedding,
      heads: golden.heads,
      seqLen: golden.seq,
    },
    vocabulary: Array.from({ length: golden.vocab }, (_, i) => String.fromCodePoint(97 + i)),
    parameters: Object.fromEntries(Object.entries(golden.params).map(([name, tensor]) => [name, floats(tensor)])),
  };
}

for (const file of readdirSync(goldens).filter((name) => name.endsWith(".json"))) {
  test(`ONNX Runtime gives PyTorch's logits for ${file.replace(".json", "")}`, async () => {
    const golden = JSON.parse(readFileSync(new URL(file, goldens), "utf8"));
    const network = goldenNetwork(golden);
    const { layers: L, hidden: H, cell } = network.settings;
    const session = await ort.InferenceSession.create(networkToONNX(network));
    const state = (name) => new ort.Tensor("float32", floats(golden[name]), [L, golden.batch, H]);
    const feeds = { ids: timeMajor(golden.input) };
    if (golden.h0) feeds.h0 = state("h0");
    if (cell === "lstm") feeds.c0 = state("c0");
    const out = await session.run(feeds);

    assert.deepEqual(out.logits.dims, [golden.seq, golden.batch, golden.vocab]);
    assertClose(out.logits.data, floats(golden.logits), 1e-5, "logits");
    if (golden.h0) {
      const hidden = floats(golden.hidden); // [L,T,B,H]
      const last = Array.from({ length: L }, (_, k) => {
        const size = golden.batch * H;
        return Array.from(hidden.subarray(((k + 1) * golden.seq - 1) * size, (k + 1) * golden.seq * size));
      });
      assert.deepEqual(out.hn.dims, [L, golden.batch, H]);
      assertClose(out.hn.data, last.flat(), 1e-5, "hn");
    } else assert.deepEqual(session.outputNames, ["logits", "probabilities"]);
    for (let row = 0; row < golden.seq * golden.batch; row++) {
      const sum = out.probabilities.data.slice(row * golden.vocab, (row + 1) * golden.vocab).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5, `probabilities of row ${row} sum to ${sum}`);
    }
    await session.release();
  });
}

test("an ONNX text read in two halves, the state handed over, gives the probabilities of one reading", async () => {
  const golden = JSON.parse(readFileSync(new URL("lstm-l2-h16-v13-e0-b4-t12.json", goldens), "utf8"));
  const session = await ort.InferenceSession.create(networkToONNX(goldenNetwork(golden)));
  const state = (name) => new ort.Tensor("float32", floats(golden[name]), [2, 4, 16]);
  const half = (from, to) => timeMajor(golden.input.map((row) => row.slice(from, to)));
  const first = await session.run({ ids: half(0, 5), h0: state("h0"), c0: state("c0") });
  const second = await session.run({ ids: half(5, 12), h0: first.hn, c0: first.cn });
  assertClose([...first.logits.data, ...second.logits.data], floats(golden.logits), 1e-5, "logits");
  await session.release();
});

const core = await loadCore({ variant: "simd" });
const text = "the quick brown fox jumps over the lazy dog; 春眠不覺曉 😀\n".repeat(40);

for (const [name, settings] of Object.entries({
  "an RNN": { cell: "rnn" },
  "an LSTM of two layers": { cell: "lstm", layers: 2 },
  "an LSTM with an embedding": { cell: "lstm", embedding: 6 },
  "a GRU with its reset before": { cell: "gru", layers: 2 },
  "a minGRU of two layers": { cell: "mingru", layers: 2 },
  "a GRU with its reset after and an embedding": { cell: "gru", gruReset: "after", embedding: 5, layers: 2 },
})) {
  test(`one export of ${name} gives the probabilities of probes, of one text and of three at once`, async () => {
    const trainer = new Trainer(core, {
      text,
      hidden: 12,
      batch: 4,
      seqLen: 16,
      learningRate: 0.02,
      seed: 5,
      ...settings,
    });
    trainer.step(30);
    const session = await ort.InferenceSession.create(await trainer.toONNX());
    const texts = ["the 春眠 fox 😀 dog", "lazy brown dogs", "quick; 曉 over\n😀 th"].map((each) =>
      [...each].slice(0, 15),
    );
    const traces = texts.map((each) => trainer.probe(each.join(""), { flow: false }));
    await assertProbes(session, trainer, traces.slice(0, 1));
    await assertProbes(session, trainer, traces);
    await session.release();
    trainer.dispose();
  });
}

test("a network of 60,000 words is exported whole, and read at batch 1 and 3", async () => {
  const words = Array.from({ length: 60_000 }, (_, i) => `w${i}`);
  const settings = { tokens: "word", cell: "gru", hidden: 6, embedding: 4, batch: 4, seqLen: 16, seed: 3 };
  const trainer = new Trainer(core, { text: words.join(" "), ...settings });
  assert.ok(trainer.vocabulary.length >= 60_000, `${trainer.vocabulary.length} tokens`);
  const session = await ort.InferenceSession.create(await trainer.toONNX());
  const traces = [0, 29_999, 59_990].map((at) => trainer.probe(words.slice(at, at + 5).join(" "), { flow: false }));
  await assertProbes(session, trainer, traces.slice(0, 1));
  await assertProbes(session, trainer, traces);
  await session.release();
  trainer.dispose();
});

/**
 * One reading of texts side by side, against the trainer's own of each, from zero states.
 * @param {ort.InferenceSession} session @param {Trainer} trainer @param {{ids: Int32Array, probabilities: Float32Array}[]} traces
 */
async function assertProbes(session, trainer, traces) {
  const { layers: L, hidden: H, cell } = trainer.settings;
  const [B, V, T] = [traces.length, trainer.vocabulary.length, traces[0].ids.length];
  const zeros = new ort.Tensor("float32", new Float32Array(L * B * H), [L, B, H]);
  const ids = timeMajor(traces.map((trace) => Array.from(trace.ids)));
  const { probabilities } = await session.run({ ids, h0: zeros, ...(cell === "lstm" ? { c0: zeros } : {}) });
  assert.deepEqual(probabilities.dims, [T, B, V]);
  traces.forEach((trace, b) => {
    for (let t = 0; t < T; t++) {
      const row = probabilities.data.subarray((t * B + b) * V, (t * B + b + 1) * V);
      assertClose(row, trace.probabilities.subarray(t * V, (t + 1) * V), 1e-5, `probabilities of text ${b} at ${t}`);
    }
  });
}

test("an ONNX file says its opset, its vocabulary and its settings", async () => {
  const trainer = new Trainer(core, { text, hidden: 4, batch: 2, seqLen: 8, cell: "gru", seed: 9 });
  const { opset, metadata } = readHead(await trainer.toONNX());
  assert.equal(opset, 14);
  assert.deepEqual(JSON.parse(metadata.vocabulary), trainer.vocabulary);
  assert.deepEqual(JSON.parse(metadata.settings), trainer.settings);
  trainer.dispose();
});

/** Opset (field 8) and metadata (field 14) of a ModelProto. */
function readHead(bytes) {
  const head = { opset: 0, metadata: {} };
  new PbfReader(bytes).readFields((field, _, model) => {
    if (field === 8)
      model.readMessage((tag, __, opset) => {
        if (tag === 2) head.opset = opset.readVarint();
      }, null);
    if (field !== 14) return;
    const [key, value] = model.readMessage(
      (tag, pair, entry) => {
        pair[tag - 1] = entry.readString();
      },
      ["", ""],
    );
    head.metadata[key] = value;
  }, null);
  return head;
}
