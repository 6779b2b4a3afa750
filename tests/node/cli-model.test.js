import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { Trainer } from "../../web/core/index.js";
import { sandbox, small, text } from "./cli-support.js";
import { core } from "./support.js";

const { folder, hosted: run, refuses, bytesOf } = sandbox();

before(async () => {
  const { code, err } = await run(
    ...["train", "book.txt", "-o", "m.safetensors", ...small, "--cell", "gru", "--steps", "250"],
  );
  assert.equal(code, 0, err);
});

test("sample writes the prompt and what follows, the same for the same seed", async () => {
  const { code, out } = await run(
    "sample",
    "m.safetensors",
    "--prompt",
    "the ",
    "--length",
    "30",
    "--seed",
    "3",
    "--temperature",
    "0.5",
    "--top-k",
    "5",
  );
  assert.equal(code, 0);
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  assert.equal(out, `the ${trainer.sample({ prompt: "the ", length: 30, seed: 3, temperature: 0.5, topK: 5 }).text}\n`);
  trainer.dispose();
  const cold = await run("sample", "m.safetensors", "--temperature", "0", "--seed", "3", "-n", "2");
  assert.equal(cold.err, "--top-k and --seed do nothing at --temperature 0: the most probable token is taken.\n");
  await refuses(
    1,
    /does not know "Ω": it was not in its text\. Take it out, or pass --unknown drop\.\n$/,
    "sample",
    "m.safetensors",
    "--prompt",
    "Ω",
  );
  assert.equal((await run("sample", "m.safetensors", "--prompt", "Ω", "--unknown", "drop", "-n", "4")).code, 0);
});

test("probe, sample and eval hold what they are told to", async () => {
  const hold = [
      { gate: "z", value: 0.5 },
      { unit: 1, value: -0.5, from: 2, to: 4 },
    ],
    told = "gate=z value=0.5; unit=1,value=-0.5,from=2,to=4";
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  const ask = (/** @type {string[]} */ ...args) => run(...args, "--hold", told, "--variant", "simd");
  const { out } = await ask("probe", "m.safetensors", "--text", "the cat", "--json");
  assert.deepEqual(JSON.parse(out).hidden, [...trainer.probe("the cat", { hold }).hidden]);
  const sampled = await ask("sample", "m.safetensors", "--prompt", "the ", "--length", "20", "--seed", "5");
  assert.equal(sampled.out, `the ${trainer.sample({ prompt: "the ", length: 20, seed: 5, hold }).text}\n`);
  for (const [quoted, token] of /** @type {const} */ ([
    ['token=" " from=2', " "],
    ["from=2;token=e", "e"],
    ['gate=z,value=.5; token=";" from=2;', ";"],
  ])) {
    const read = await run(
      "probe",
      "m.safetensors",
      "--text",
      "the cat",
      "--json",
      "--hold",
      quoted,
      "--variant",
      "simd",
    );
    const more = quoted.startsWith("gate") ? [{ gate: "z", value: 0.5 }] : [];
    const wanted = quoted.startsWith("from") ? [{ from: 2 }, { token }] : [...more, { token, from: 2 }];
    assert.deepEqual(JSON.parse(read.out).hidden, [...trainer.probe("the cat", { hold: wanted }).hidden], quoted);
  }
  for (const wrong of ["gate", "gate=f gate=i", "=3", "a=b=c", "", ";", 'token="', "gate=f;;unit=1"])
    assert.match(
      (await run("probe", "m.safetensors", "--text", "the", "--hold", wrong)).err,
      /unrolled: --hold (must be like|has gate twice)/,
    );
  assert.match(
    (await run("probe", "m.safetensors", "--text", "the", "--hold", "unit=x")).err,
    /hold\[0\]\.unit must be an integer from 0 to \d+, got "x"/,
  );
  trainer.dispose();
});

test("probe prints the trace as JSON, or a table", async () => {
  const { out } = await run("probe", "m.safetensors", "--text", "the cat", "--json", "--variant", "simd");
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  const trace = trainer.probe("the cat");
  const got = JSON.parse(out);
  assert.deepEqual(Object.keys(got), Object.keys(trace));
  assert.deepEqual(got.sizes, trace.sizes);
  for (const name of ["probabilities", "loss", "hidden", "hiddenGrad", "flow"])
    assert.deepEqual(Float32Array.from(got[name]), trace[name], name);
  assert.deepEqual(Float32Array.from(got.gates.z), trace.gates.z);
  trainer.dispose();
  assert.equal(
    "flow" in JSON.parse((await run("probe", "m.safetensors", "--text", "the cat", "--json", "--no-flow")).out),
    false,
  );
  const table = (await run("probe", "m.safetensors", "--text", "the cat")).out.trim().split("\n");
  assert.equal(table.length, 8);
  assert.match(table[2], /^"h"\t\d\.\d{3}\t"." \d+ %/);
});

test("eval measures a model on a text", async () => {
  const { out } = await run("eval", "m.safetensors", "book.txt", "--json", "--variant", "simd");
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  assert.deepEqual(JSON.parse(out), trainer.evaluate(text));
  trainer.dispose();
  assert.match(
    (await run("eval", "m.safetensors", "book.txt", "--batch", "1")).out,
    /^loss \d\.\d{4} nats \| \d\.\d{4} bits\/token \| perplexity .* 3999 tokens\n$/,
  );
});

test("tokens are counted in a table, with stop words taken out on request", async () => {
  writeFileSync(join(folder, "whale.txt"), "The whale and the sea. The whale!\n");
  const table = await run("tokens", "whale.txt", "--tokens", "word", "--lower-case");
  assert.equal(table.code, 0, table.err);
  assert.deepEqual(table.out.split("\n").slice(0, 4), ["token\tcount", '" "\t6', '"the"\t3', '"whale"\t2']);
  assert.match(table.err, /16 tokens, 8 different/);
  const without = await run("tokens", "whale.txt", "--stop-words", "en", "--json");
  assert.deepEqual(
    JSON.parse(without.out).rows.filter(({ token }) => /\w/.test(token)),
    [
      { token: "whale", count: 2 },
      { token: "sea", count: 1 },
    ],
  );
  assert.match(without.err, /for counting and classifying/);
  writeFileSync(join(folder, "stop.txt"), "and the and the");
  await refuses(1, /Every word of this text is a stop word/, "tokens", "stop.txt", "--stop-words", "en");
});

test("eval gives one number for a text, whatever the batch, and the one that a single reading gives", async () => {
  writeFileSync(join(folder, "short.txt"), text.slice(1000, 1300));
  const measure = async (...args) => {
    const { code, out, err } = await run("eval", "m.safetensors", "short.txt", "--json", "--variant", "simd", ...args);
    assert.equal(code, 0, err);
    assert.equal(
      err,
      args.includes("--batch") ? "--batch does nothing any more: the result does not depend on it.\n" : "",
    );
    return JSON.parse(out);
  };
  const want = await measure();
  for (const batch of ["1", "32", "4096"]) assert.deepEqual(await measure("--batch", batch), want);
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  const { loss } = trainer.probe(text.slice(1000, 1300), { flow: false });
  trainer.dispose();
  assert.equal(want.tokens, 299);
  assert.ok(Math.abs(want.loss - loss.reduce((sum, one) => sum + one, 0) / 299) < 1e-5);
  const parted = await measure("--separator", "|");
  assert.ok(Math.abs(parted.loss - want.loss) < 1e-6);
  writeFileSync(join(folder, "two.txt"), "it");
  assert.match((await run("eval", "m.safetensors", "two.txt")).out, / \| 1 token\n$/);
});

test("a prompt may have line feeds", async () => {
  writeFileSync(join(folder, "lines.txt"), text.replaceAll(". ", ".\n"));
  await run("train", "lines.txt", ...small, "--steps", "20");
  const { out, err } = await run("sample", "lines.safetensors", "--prompt", "gone.\\nthe ", "-n", "5");
  assert.match(out, /^gone\.\nthe /, err);
  const probed = await run("probe", "lines.safetensors", "--text", ".\\nt");
  assert.deepEqual(
    probed.out.split("\n").map((line) => line.split("\t")[0]),
    ["token", '"."', '"\\n"', '"t"', ""],
  );
});

test("export writes the ONNX file that toONNX gives, beside the model", async () => {
  mkdirSync(join(folder, "models"));
  copyFileSync(join(folder, "m.safetensors"), join(folder, "models/net.safetensors"));
  const { code, out, err } = await run("export", "models/net.safetensors", "--onnx");
  assert.deepEqual([code, out, err], [0, "", "Saved models/net.onnx, ONNX of opset 14.\n"]);
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  assert.ok(bytesOf("models/net.onnx").equals(await trainer.toONNX()));
  trainer.dispose();
  await refuses(2, /models\/net\.onnx is already there/, "export", "models/net.safetensors", "--onnx");
  await refuses(2, /--pytorch writes a script that reads the model/, "export", "-", "--pytorch");
});

test("export writes a PyTorch script that finds the model from where it stands, and checks one loss", async () => {
  const { code, err } = await run("export", "m.safetensors", "--pytorch", "-o", "models/script.py");
  assert.deepEqual([code, err.split(":")[0]], [0, "Saved models/script.py, which reads m.safetensors"]);
  const script = bytesOf("models/script.py").toString();
  assert.ok(script.includes('pathlib.Path(__file__).parent / "../m.safetensors"'));
  const ids = JSON.parse(/^CHECK_IDS = (.*)$/m.exec(script)[1]);
  const trainer = Trainer.load(core, bytesOf("m.safetensors"));
  const { loss } = trainer.probe(trainer.decode(ids), { flow: false });
  const mean = loss.reduce((sum, one) => sum + one, 0) / (ids.length - 1);
  assert.equal(ids.length, 120);
  assert.ok(Math.abs(mean - Number(/^CHECK_LOSS = (\S+)/m.exec(script)[1])) < 1e-6);
  trainer.dispose();
  await run("export", "m.safetensors", "--pytorch");
  assert.ok(bytesOf("m.py").toString().includes('pathlib.Path(__file__).parent / "m.safetensors"'));
});
