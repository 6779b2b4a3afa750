/** Attention on the page, as far as it needs none: its stave, its scales, its words, what changes with it, and its links. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSettings } from "../../web/core/config.js";
import { keptShare } from "../../web/core/apart/halflife.js";
import { traceJson } from "../../web/app/keep/takeaway-files.js";
import { SvgPen } from "../../web/views/parts/svg.js";
import { layOut } from "../../web/views/unrolled/geometry.js";
import { paintUnrolled } from "../../web/views/unrolled/paint.js";
import { gradientLengths, sceneOfUpdate } from "../../web/views/unrolled/scene.js";
import { readWhole } from "../../web/app/text/places.js";
import { firstTokens } from "../../web/app/inside/probetext.js";
import { askedSettings } from "../../web/app/run/beginning.js";
import { settle } from "../../web/app/settings/settle.js";
import { explain, explainSetting } from "../../web/app/settings/explain.js";
import { decodeShare, encodeShare } from "../../web/app/share.js";
import { State } from "../../web/app/state.js";
import { instead } from "../../web/app/strings/tokens.js";
import { en, zh } from "../words.js";
import { makePalette } from "../../web/views/parts/colours.js";
import { fitScales, openScales } from "../../web/views/parts/fit.js";
import { signed } from "../../web/views/parts/format.js";
import { colourOf, makeScales } from "../../web/views/parts/heatmap.js";
import { scoreCsv } from "../../web/views/score/file.js";
import { headsOf } from "../../web/core/inside/weights.js";
import { paintWeights, strongestBefore, weightScale } from "../../web/views/score/heads.js";
import { lookOf, scaleOfMap } from "../../web/views/figures/gates.js";
import { workedOut } from "../../web/views/figures/slowtold.js";
import { keptMean } from "../../web/app/inside/flow.js";
import { describeHeads, describeUnit } from "../../web/views/score/readout.js";
import { ordersOf } from "../../web/views/score/rows.js";
import { firstStaves, stavesOf } from "../../web/views/score/staves.js";
import { makeTrainer } from "./support.js";

const palette = makePalette(false);
const ATTENTION = { cell: "attention", hidden: 12, heads: 3, layers: 2 };
const TEXT = "the cat sat";

test("the stave of attention has a row for each head, at the cursor, and nothing right of it", (t) => {
  const trace = makeTrainer(t, ATTENTION).probe(TEXT),
    { T } = trace.sizes;
  assert.equal(headsOf(trace), 3);
  const scale = weightScale(palette);
  for (const layer of [0, 1])
    for (const cursor of [0, 4, T - 1]) {
      const pixels = new Uint32Array(3 * T).fill(7);
      paintWeights(pixels, trace, scale, { layer, t: cursor });
      for (let head = 0; head < 3; head++)
        for (let s = 0; s < T; s++) {
          const weight = trace.attention[((layer * 3 + head) * T + cursor) * T + s];
          assert.equal(
            pixels[head * T + s],
            s > cursor ? 0 : colourOf(scale, weight),
            `${layer} ${head} ${cursor} ${s}`,
          );
        }
    }
});

test("the earlier character that each head looks at most is the largest weight before the cursor", (t) => {
  const trace = makeTrainer(t, ATTENTION).probe(TEXT),
    { T } = trace.sizes;
  assert.deepEqual(strongestBefore(trace, 1, 0), []);
  strongestBefore(trace, 1, 6).forEach(({ place, weight }, head) => {
    const row = Array.from(trace.attention.subarray(((3 + head) * T + 6) * T, ((3 + head) * T + 6) * T + 6));
    assert.equal(weight, Math.max(...row));
    assert.equal(place, row.indexOf(weight));
  });
  const heads = /: 1\xa0.@\d\xa00\.\d{3} {2}2\xa0.@\d\xa00\.\d{3} {2}3\xa0.@\d\xa00\.\d{3}$/;
  assert.match(describeHeads(trace, 1, 6, en.score), heads);
  assert.equal(describeHeads(trace, 1, 0, en.score), "\u00a0", "the line stays");
  assert.equal(describeHeads(makeTrainer(t).probe(TEXT), 0, 6, en.score), "");
});

test("what attention has stands in its staves, readout and file under its own names", (t) => {
  const trace = makeTrainer(t, ATTENTION).probe(TEXT),
    { T, H } = trace.sizes;
  const staves = stavesOf(trace, palette);
  assert.deepEqual(
    staves.map(({ key, symbol }) => `${key} ${symbol}`),
    ["text ", "top p", "loss −log p", "attention a", "hidden x", "gradient ∂loss/∂x"],
  );
  assert.deepEqual(firstStaves(trace), ["top", "attention", "hidden"]);
  assert.deepEqual(ordersOf(trace), ["similarity", "reaction", "index"]);
  assert.match(describeUnit(trace, 4, 2, { layer: 0, lives: false }, en.score), /^unit 2: x [+−].+ {2}∂loss\/∂x /);
  assert.equal(keptShare(trace), null);
  const rows = scoreCsv(trace, { layer: 1, palette, added: null, cursor: 4 }).trim().split("\n");
  assert.equal(rows.length, 1 + T * H);
  const head = rows[0].split(",");
  const second = head.indexOf("attention_at_4_head_2");
  const read = (/** @type {number} */ s) => Number(rows[1 + s * H].split(",")[second]);
  assert.ok(Math.abs(read(3) - trace.attention[((3 + 1) * T + 4) * T + 3]) < 1e-6);
  assert.equal(read(5), 0);
});

test("a stream, and the h of a minGRU, which nothing squeezes, are shown by a scale that holds them", (t) => {
  for (const settings of [ATTENTION, { cell: "mingru" }]) {
    const trace = makeTrainer(t, settings).probe(TEXT);
    trace.hidden[3] = 3.2;
    const { hidden } = fitScales(palette, trace);
    assert.deepEqual(hidden.ends, ["−5", "5"]);
    assert.equal(colourOf(hidden, 5), hidden.table[255]);
    assert.deepEqual(openScales(palette, trace).hidden.ends, ["−100", "100"]);
  }
  const lstm = makeTrainer(t).probe(TEXT);
  for (const scales of [fitScales(palette, lstm), openScales(palette, lstm)])
    assert.deepEqual(scales.hidden, makeScales(palette).hidden);
});

test("a minGRU's candidates, and its mean states, have scales that fit them", (t) => {
  const trace = makeTrainer(t, { cell: "mingru" }).probe(TEXT);
  trace.gates.n[5] = -7.5;
  const ends = (/** @type {any} */ of, /** @type {any} */ how) =>
    stavesOf(of, palette, how).flatMap(({ key, scale }) => (/hidden|^n$|^g$/.test(key) ? [scale?.ends[1]] : []));
  assert.deepEqual(ends(trace, {}), ["1", "10"], "h, and n that it blends");
  assert.deepEqual(ends(trace, { fixed: true }), ["100", "100"]);
  assert.deepEqual(ends(makeTrainer(t).probe(TEXT), {}), ["1", "1"], "an LSTM's h and g");
  const mean = Float32Array.of(0.2, -1.4);
  assert.deepEqual(scaleOfMap(palette, "mingru", mean).ends, ["−2", "2"]);
  assert.deepEqual(scaleOfMap(palette, "gru", mean).ends, ["−1", "1"]);
});

test("a text is cut to the tokens that the network reads at once, of which those it does not know are none", () => {
  const knows = (/** @type {string} */ token) => token !== "?";
  assert.equal(firstTokens([..."ab?cdef"], 4, knows), "ab?cd");
  assert.equal(firstTokens([..."ab?cd"], 4, knows), "ab?cd");
  assert.equal(firstTokens(["one", " ", "two"], 1, knows), "one");
});

test("choosing attention changes what it does not go with, and says so", () => {
  const lstm = { ...new State().settings, embedding: 64, hidden: 100, heads: 8 };
  assert.deepEqual(settle(lstm, { cell: "attention" }), {
    changes: { cell: "attention", heads: "auto" },
    told: [
      { name: "attention" },
      { name: "ownEmbedding", values: { embedding: 64 } },
      { name: "otherHeads", values: { wanted: 8, hidden: 100, heads: 4 } },
    ],
  });
  const attention = { ...lstm, cell: "attention", heads: 4 };
  assert.deepEqual(settle(attention, { hidden: 30 }), {
    changes: { hidden: 30, heads: "auto" },
    told: [{ name: "otherHeads", values: { wanted: 4, hidden: 30, heads: 3 } }],
  });
  assert.deepEqual(settle(attention, { seed: 2 }), { changes: { seed: 2 }, told: [] });
  assert.deepEqual(settle(attention, { cell: "gru" }), { changes: { cell: "gru" }, told: [] });
  for (const strings of [en, zh])
    for (const name of ["attention", "ownEmbedding", "otherHeads"]) assert.ok(strings.notice[name], name);
});

test("heads may be left to fit, and a saved attention leaves what it does not have as usual", () => {
  assert.equal(new State().settings.heads, "auto");
  assert.equal(checkSettings({ cell: "attention", hidden: 30, heads: "auto" }).heads, 3);
  const asked = askedSettings({ settings: checkSettings({ cell: "attention", heads: 8 }), auto: ["batch"] });
  assert.deepEqual([asked.heads, asked.stateful, asked.batch, asked.seqLen], [8, true, "auto", 64]);
  assert.equal(askedSettings({ settings: checkSettings({ cell: "gru", hidden: 30 }), auto: [] }).heads, "auto");
});

test("a link of attention says what differs from attention's own defaults, and comes back", async () => {
  assert.equal(await encodeShare({ settings: { cell: "attention" } }), "v=1&cell=attention");
  assert.equal(await encodeShare({ settings: { cell: "attention", hidden: 30 } }), "v=1&cell=attention&hidden=30");
  const settings = { cell: "attention", hidden: 48, heads: 6, layers: 2, seed: 3, optimizer: "adamw" };
  const { settings: read, problems } = await decodeShare(await encodeShare({ settings }));
  assert.deepEqual(problems, []);
  assert.deepEqual(checkSettings(read), checkSettings(settings));
});

test("of a link whose heads do not share its width, the rest is used, and the sentence says what would do", async () => {
  const { settings, problems } = await decodeShare("v=1&cell=attention&hidden=30&heads=4");
  assert.deepEqual(settings, { cell: "attention", hidden: 30 });
  assert.equal(problems.length, 1);
  assert.equal(problems[0].details.name, "heads");
  const format = { integer: String };
  assert.equal(
    explain(en, problems[0], format),
    "30 hidden units cannot be shared evenly by 4 heads: take 1, 2, 3, 6.",
  );
  assert.equal(explain(zh, problems[0], format), "30 个隐藏单元不能平分给 4 个头，可以取 1、2、3、6。");
  assert.equal(explainSetting(en, "heads", "4", problems[0]), explain(en, problems[0], format));
});

test("for attention the figures have words of their own in both languages, in the places of the others", () => {
  for (const strings of [en, zh]) {
    const { lacks, ...others } = strings.attention;
    assert.deepEqual(Object.keys(lacks), ["gates", "memory", "path", "held", "costs"]);
    const told = instead(strings, others);
    assert.equal(told.score.stave.hidden, strings.attention.score.stave.hidden);
    assert.equal(told.score.stave.loss, strings.score.stave.loss);
    const words = JSON.stringify(others);
    assert.doesNotMatch(words, /hidden state|隐藏状态|∂h/);
    /** @param {any} base @param {any} other @param {string} path */
    const held = (base, other, path) => {
      for (const [name, each] of Object.entries(other)) {
        assert.ok(base[name], `${path}.${name}`);
        if (typeof each === "object") held(base[name], each, `${path}.${name}`);
        else assert.notEqual(base[name], each, `${path}.${name}`);
      }
    };
    held(strings, others, "");
  }
});

test("a made text that is longer than its window is read all over, each token after half a window or more", async (t) => {
  const trainer = makeTrainer(t, { ...ATTENTION, seqLen: 8 });
  const client = { settings: trainer.settings, probe: async (text, options) => trainer.probe(text, options) };
  const text = "the cat sat on a mat and saw";
  const whole = await readWhole(client, text);
  assert.deepEqual([...whole.ids], [...trainer.encode(text)]);
  const V = trainer.vocabulary.length;
  for (const [from, to, skip] of [
    [0, 8, 0],
    [4, 12, 4],
    [20, 28, 4],
  ]) {
    const { probabilities } = trainer.probe(text.slice(from, to), { flow: false });
    assert.deepEqual(whole.probabilities.subarray((from + skip) * V, to * V), probabilities.subarray(skip * V));
  }
  assert.deepEqual(whole.vocabulary, trainer.vocabulary);
  const lstm = makeTrainer(t);
  const one = await readWhole({ ...client, settings: lstm.settings, probe: async (all) => lstm.probe(all) }, text);
  assert.equal(one.ids.length, text.length);
});

test("a minGRU's z takes the new, whatever a GRU's reset is set to", (t) => {
  const trainer = makeTrainer(t, { cell: "mingru", gruReset: "after" });
  const trace = trainer.probe(TEXT),
    { T, H } = trace.sizes;
  const mean = trace.gates.z.reduce((sum, z) => sum + z, 0) / (T * H);
  assert.ok(Math.abs(keptMean(trace, 0) - (1 - mean)) < 1e-6);
  const over = (/** @type {number} */ t, /** @type {number} */ unit) =>
    [0, 1, 2].reduce((share, k) => share * (1 - trace.gates.z[(t - k) * H + unit]), 1);
  const shares = Array.from({ length: (T - 2) * H }, (_, i) => over(2 + Math.floor(i / H), i % H));
  const three = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  assert.ok(Math.abs(keptMean(trace, 0, 3) - three) < 1e-6, "over three characters it is the mean of the products");
  assert.equal(keptMean(trace, 0, T + 1), null);
  assert.equal(lookOf(trace, en.gates), en.gates.lookBefore);
  assert.equal(lookOf({ cellType: "gru", gruReset: "after" }, en.gates), en.gates.lookAfter);
  const { hidden, gates } = trace;
  const at = (T - 1) * H + 3,
    [z, before, n] = [gates.z[at], hidden[at - H], gates.n[at]];
  assert.equal(
    workedOut({ ...trace, input: trace.tokens, H, hidden, gates }, 3),
    `h = ${(1 - z).toFixed(3)}·(${signed(before)}) + ${z.toFixed(3)}·(${signed(n)}) = ${signed(hidden[at])}`,
  );
});

test("attention of a window of one token has no context, and a study of it says so", async (t) => {
  await assert.rejects(makeTrainer(t, { ...ATTENTION, seqLen: 1 }).study("context", "the cat"), {
    message: "Attention that reads one token at once has no context to be measured.",
  });
});

test("in slow motion nothing goes from column to column where no state is carried", () => {
  const T = 4,
    data = /** @type {any} */ ({
      input: [..."abcd"],
      target: [..."bcde"],
      H: 2,
      hidden: new Float32Array(8),
      hiddenGrad: new Float32Array(8).fill(0.1),
      gates: {},
      probabilities: new Float32Array(T).fill(0.2),
    });
  const level = (/** @type {string} */ cellType) => {
    const scene = sceneOfUpdate({ ...data, cellType }),
      geometry = layOut(960, 1);
    const pen = new SvgPen();
    paintUnrolled(
      /** @type {any} */ (pen),
      scene,
      {
        from: 0,
        cursor: -1,
        read: T,
        back: { layer: 0, sizes: gradientLengths(data), losses: [0, 1, 2, 3] },
        open: null,
      },
      { geometry, palette, scales: makeScales(palette), strip: /** @type {any} */ ({ fill() {}, draw() {} }) },
    );
    const lines = [...pen.document(960, geometry.height, "t").matchAll(/d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/g)];
    assert.ok(lines.length > T, "arrows are lines of two points");
    return lines.filter(([, x0, y0, x1, y1]) => y0 === y1 && x0 !== x1).length;
  };
  assert.equal(level("rnn"), 6, "three steps forward, three back");
  assert.equal(level("attention"), 0);
});

test("a trace of attention as JSON has its weights with their shape", (t) => {
  const trace = makeTrainer(t, ATTENTION).probe(TEXT),
    { T } = trace.sizes;
  const { attention } = JSON.parse(traceJson(trace, 0));
  assert.deepEqual(attention.shape, [2, 3, T, T]);
  assert.deepEqual(Float32Array.from(attention.data), trace.attention);
});
