import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Trainer } from "../../web/core/index.js";
import { HOLE, compareFillings, fillHoles, lossOf, punchHoles, readHoles } from "../../web/core/inside/fill.js";
import { assertRefused, core, prose } from "./support.js";

/** Sentences whose first letter only their last one tells: "x is 1." and "y is 2.". */
function riddles(count) {
  let x = 5,
    text = "";
  for (let i = 0; i < count; i++) {
    x = (x * 48271) % 2147483647;
    const k = x % 5;
    text += `${"pqrst"[k]} is ${"12345"[k]}. `;
  }
  return text;
}

/** @type {Trainer} */ let reader;
/** @type {Trainer} */ let solver;
before(() => {
  reader = new Trainer(core, { text: prose(20_000), hidden: 48, batch: 16, seqLen: 32, learningRate: 0.01 });
  reader.step(300);
  solver = new Trainer(core, {
    text: riddles(2500),
    cell: "gru",
    hidden: 32,
    batch: 16,
    seqLen: 32,
    learningRate: 0.01,
  });
  solver.step(300);
});
after(() => {
  reader.dispose();
  solver.dispose();
});
const right = ({ fillings }) => Object.fromEntries(fillings.map(({ method, right }) => [method, right]));

test("a mark stands for one missing token each, also at both ends and beside another", () => {
  const ids = readHoles(reader, "_the __at_", "_");
  assert.deepEqual([...ids].map((id) => (id === HOLE ? "?" : reader.vocabulary[id])).join(""), "?the ??at?");
});

test("a share is removed by a seed, the same at each call, another for another seed", () => {
  const ids = reader.encode(prose(1000));
  const holed = punchHoles(ids, 0.1, 7);
  assert.equal(holed.filter((id) => id === HOLE).length, 100);
  assert.ok(holed.every((id, i) => id === HOLE || id === ids[i]));
  assert.deepEqual(punchHoles(ids, 0.1, 7), holed);
  assert.notDeepEqual(punchHoles(ids, 0.1, 8), holed);
});

test("holes are left out, or get the token that is most frequent around them", () => {
  const ids = readHoles(reader, "a_aab_b", "_");
  assert.equal(reader.decode(fillHoles(reader, ids, "drop")), "aaabb");
  assert.equal(reader.decode(fillHoles(reader, ids, "frequent")), "aaaabab");
});

test("forward filling takes what is most probable after what came before, its own guesses included", () => {
  const start = "the cat sat ",
    ids = readHoles(reader, `${start}____`, "_");
  const { text } = reader.sample({ prompt: start, length: 4, temperature: 0 });
  assert.equal(reader.decode(fillHoles(reader, ids, "forward")), start + text);
  const { text: first } = reader.sample({ length: 1, temperature: 0 });
  assert.equal(reader.decode(fillHoles(reader, readHoles(reader, "_at", "_"), "forward"))[0], first);
});

test("a beam of one reading is forward filling", () => {
  const ids = punchHoles(reader.encode(prose(500)), 0.2, 3);
  assert.deepEqual(fillHoles(reader, ids, "beam", { beam: 1 }), fillHoles(reader, ids, "forward"));
});

test("a beam that is wide enough finds the filling the network finds most probable of all", () => {
  const ids = readHoles(solver, "q is 2. _ is _. r", "_"),
    V = solver.vocabulary.length;
  const beam = fillHoles(solver, ids, "beam", { beam: V * V });
  const best = { loss: Infinity, ids: [0, 0] };
  for (let a = 0; a < V; a++)
    for (let b = 0; b < V; b++) {
      const tried = Int32Array.from(ids);
      tried[8] = a;
      tried[13] = b;
      const loss = lossOf(solver, tried);
      if (loss < best.loss) Object.assign(best, { loss, ids: [a, b] });
    }
  assert.deepEqual([beam[8], beam[13]], best.ids);
});

test("the network fills more holes rightly than the most frequent token, and a beam at least as many as forward filling", () => {
  const counts = right(compareFillings(reader, { text: prose(3000).slice(1000), share: 0.1, seed: 1 }));
  assert.equal(counts.drop, null);
  assert.ok(counts.forward > 2 * counts.frequent, JSON.stringify(counts));
  assert.ok(counts.beam >= counts.forward, JSON.stringify(counts));
});

test("where only what follows tells, the beam finds what forward filling can but guess", () => {
  const truth = riddles(100),
    text = truth.replace(/[pqrst] is/g, "_ is");
  const result = compareFillings(solver, { text, mark: "_", truth });
  const counts = right(result);
  assert.equal(result.holes, 100);
  assert.ok(counts.forward < 50, JSON.stringify(counts));
  assert.equal(counts.beam, 100, JSON.stringify(counts));
  assert.ok(result.fillings[3].loss < result.fillings[2].loss);
  assert.equal(result.fillings[3].text, truth);
  assert.equal(result.fillings[3].loss, result.truthLoss);
});

test("without a truth nothing is said to be right", () => {
  const { truth, truthLoss, fillings } = compareFillings(solver, { text: "_ is 1. q is _. ", mark: "_" });
  assert.deepEqual([truth, truthLoss, ...fillings.map(({ right }) => right)], [null, null, null, null, null, null]);
  assert.equal(fillings[3].text, "p is 1. q is 2. ");
});

test("what cannot be filled is refused by a sentence", () => {
  const ids = reader.encode("the cat");
  assertRefused(() => fillHoles(reader, ids, "beam"), "bad-argument", /has no hole/);
  assertRefused(() => fillHoles(reader, Int32Array.of(HOLE, HOLE), "beam"), "bad-argument", /nothing but holes/);
  assertRefused(() => fillHoles(reader, Int32Array.of(1, HOLE), "magic"), "bad-argument", /not by "magic"/);
  assertRefused(
    () => fillHoles(reader, Int32Array.of(1, HOLE), "beam", { beam: 0 }),
    "bad-argument",
    /beam must be an integer from 1/,
  );
  assertRefused(() => punchHoles(ids, 1, 1), "bad-argument", /above 0 and below 1, got 1/);
  assertRefused(() => punchHoles(ids.slice(0, 1), 0.5, 1), "bad-argument", /too short/);
  assertRefused(() => readHoles(reader, "a", ""), "bad-argument", /mark must not be empty/);
  assertRefused(() => readHoles(reader, "a_€", "_"), "unknown-token", /"€"/);
  assertRefused(
    () => compareFillings(reader, { text: "a_a", mark: "_", truth: "a" }),
    "bad-argument",
    /truth has 1 tokens/,
  );
  assertRefused(
    () => compareFillings(reader, { text: "a_a", mark: "_", truth: "aab" }),
    "bad-argument",
    /differs from the text at token 3/,
  );
});

test("unrolled fill writes the table of all ways, and the text that one of them gives", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "unrolled-"));
  t.after(() => rm(folder, { recursive: true }));
  const truth = riddles(20),
    text = truth.replace(/[pqrst] is/g, "_ is");
  for (const [name, content] of Object.entries({
    "model.safetensors": solver.save(),
    "holes.txt": text,
    "truth.txt": truth,
  }))
    await writeFile(join(folder, name), content);
  const unrolled = (...args) =>
    new Promise((resolve) =>
      execFile(
        process.execPath,
        [fileURLToPath(new URL("../../web/cli/unrolled.js", import.meta.url)), "fill", "model.safetensors", ...args],
        { cwd: folder },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
      ),
    );
  const marked = await unrolled("holes.txt", "--mark", "_", "--truth", "truth.txt", "--out", "filled.txt");
  assert.equal(marked.code, 0, marked.stderr);
  assert.match(marked.stdout, /^20 holes in 160 tokens\n/);
  assert.match(marked.stdout, /^beam +20 +100\.0 % /m);
  assert.match(marked.stdout, /^drop +– +– /m);
  assert.equal(await readFile(join(folder, "filled.txt"), "utf8"), truth);
  const removed = await unrolled("truth.txt", "--share", "0.1", "--json");
  assert.deepEqual(
    right(JSON.parse(removed.stdout)),
    right(compareFillings(solver, { text: truth, share: 0.1, seed: 1 })),
  );
  const neither = await unrolled("truth.txt");
  assert.equal(neither.code, 2);
  assert.match(neither.stderr, /--mark _ for a text that has them, or --share 0\.1/);
});

test("a vocabulary of 130,000 tokens is filled as a small one is", (t) => {
  const vocabulary = Array.from({ length: 130_000 }, (_, i) => `w${i}`);
  const trainer = new Trainer(core, { vocabulary, tokens: "word", hidden: 1, embedding: 1, batch: 1, seqLen: 1 });
  t.after(() => trainer.dispose());
  const ids = Int32Array.of(129_999, 5, HOLE, 129_999, 7);
  assert.equal(fillHoles(trainer, ids, "frequent")[2], 129_999);
  assert.equal(fillHoles(trainer, ids, "beam", { beam: 2, after: 1 }).length, 5);
});
