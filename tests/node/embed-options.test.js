import assert from "node:assert/strict";
import { test } from "node:test";
import { SETTINGS } from "../../web/core/config.js";
import en from "../../web/app/strings/en/demo.js";
import zh from "../../web/app/strings/zh/demo.js";
import {
  ATTRIBUTES,
  attributeOf,
  NAMES,
  nameOf,
  optionOf,
  PRESETS,
  propertyOf,
  readAttributes,
  readOptions,
  textOf,
  typeOf,
} from "../../web/embed/options.js";
import { policySentence, refusal } from "../../web/embed/demo/words.js";

const SAMPLES = ["moby-dick", "brackets", "tang"];

/** An element that has nothing but attributes. */
const tag = (attributes) => ({ getAttribute: (name) => attributes[name] ?? null });

test("every option can be said by attribute, with dashes or run together", () => {
  for (const name of NAMES) {
    assert.deepEqual(readAttributes(tag({ [attributeOf(name)]: "1" })), { [name]: "1" });
    assert.deepEqual(readAttributes(tag({ [name.toLowerCase()]: "1" })), { [name]: "1" });
  }
  assert.equal(ATTRIBUTES.get("seq-len"), "seqLen");
});

test("every setting is an option under its own name but for hidden, which is units", () => {
  for (const name of Object.keys(SETTINGS)) assert.ok(NAMES.includes(nameOf(name)), name);
  assert.equal(nameOf("hidden"), "units");
  assert.ok(!NAMES.includes("hidden"));
});

test("units had other names, which are read where they are a number and units does not say otherwise", () => {
  assert.deepEqual(readAttributes(tag({ units: "64" })), { units: "64" });
  assert.deepEqual(readAttributes(tag({ hidden: "64" })), { units: "64" });
  assert.deepEqual(readAttributes(tag({ hidden: "" })), {});
  assert.deepEqual(readAttributes(tag({ hidden: "until-found" })), {});
  assert.deepEqual(readAttributes(tag({ "hidden-units": "32" })), { units: "32" });
  assert.deepEqual(readAttributes(tag({ "hidden-units": "32", hidden: "9", units: "8" })), { units: "8" });
});

test("an address and a trait name an option as anyone may spell it", () => {
  for (const spelling of ["seqLen", "seq_len", "seq-len", "seqlen"]) assert.equal(optionOf(spelling), "seqLen");
  for (const spelling of ["units", "hidden", "hiddenUnits", "hidden_units"]) assert.equal(optionOf(spelling), "units");
  for (const spelling of ["onclick", "style", "constructor", "__proto__", ""])
    assert.equal(optionOf(spelling), undefined, spelling);
});

test("no attribute of HTML that runs a script or moves the element is read", () => {
  assert.deepEqual(readAttributes(tag({ onclick: "x", style: "x", id: "x", class: "x", src: "x", is: "x" })), {});
});

test("a property says the same as its attribute, in the type a framework hands over", () => {
  const told = { units: 64, learningRate: 0.01, stateful: false, autoplay: true, cell: "gru", caption: "12" };
  for (const [name, value] of Object.entries(told)) assert.equal(propertyOf(name, textOf(value)), value, name);
  assert.equal(textOf(["score", "flow"]), "score flow");
  assert.equal(textOf(null), null);
  assert.equal(textOf(undefined), null);
  assert.equal(propertyOf("autoplay", ""), true, "as HTML and React 19 write a true one");
  assert.equal(propertyOf("units", "many"), "many", "what is no number is refused later, with a sentence");
  assert.equal(typeOf("units"), "integer");
  assert.equal(typeOf("prompt"), "text");
});

test("attributes become checked settings, over those of a preset", () => {
  const { settings, sample, problems } = readOptions(
    { preset: "memory", units: "20", seed: "9", sample: "tang" },
    SAMPLES,
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(settings, { cell: "lstm", hidden: 20, seqLen: 96, batch: 16, seed: 9 });
  assert.equal(sample, "tang");
  assert.equal(readOptions({ preset: "memory" }, SAMPLES).sample, "brackets");
});

test("every preset holds options that pass the check", () => {
  for (const preset of Object.keys(PRESETS)) assert.deepEqual(readOptions({ preset }, SAMPLES).problems, [], preset);
});

test("what is said is a demo of what is named, as high as usual, and still until it is started", () => {
  const { views, hide, height, autoplay, problems } = readOptions({}, SAMPLES);
  assert.deepEqual([views, hide, height, autoplay, problems], [["unrolled"], [], undefined, false, []]);
  assert.equal(readOptions({ height: "480px" }, SAMPLES).height, 480);
  assert.equal(readOptions({ height: "auto" }, SAMPLES).height, "auto");
  assert.equal(readOptions({ autoplay: "false" }, SAMPLES).autoplay, false);
});

test("the names that hide once took are still taken", () => {
  const hide = "numbers text controls captions probe transport hidden cell";
  assert.deepEqual(readOptions({ hide }, SAMPLES).problems, []);
  const spelt = readOptions({ hide: "learning-rate, seqlen hidden transport" }, SAMPLES);
  assert.deepEqual([spelt.hide, spelt.problems], [["learningRate", "seqLen", "units", "transport"], []]);
});

test("what a demo cannot take is left out, and said in both languages by the attribute's name", () => {
  const { settings, views, problems } = readOptions(
    {
      cell: "<img>",
      units: "0",
      seqLen: "1.5",
      learningRate: "0",
      validation: "1",
      stateful: "perhaps",
      views: "loss skore",
      hide: "all",
      preset: "__proto__",
      theme: "pink",
      height: "100%",
      temperature: "3",
      epochs: "-1",
      sample: "constructor",
      probe: "x".repeat(3000),
    },
    SAMPLES,
  );
  assert.deepEqual([settings, views], [{}, ["loss"]]);
  const said = problems.map((problem) => refusal(en, problem));
  for (const sentence of [
    "sample is moby-dick, brackets or tang; “constructor” is none of them.",
    "units is a whole number from 1 to 2048; “0” is not.",
    "seq-len is “auto”, or a whole number from 1 to 65536; “1.5” is not.",
    "learning-rate is a number above 0, up to 1000; “0” is not.",
    "validation is a number from 0 to below 1; “1” is not.",
    "stateful is true or false, and “perhaps” is neither.",
    "theme is auto, light or dark; “pink” is none of them.",
    "height is “auto”, or CSS pixels from 10 to 9999; “100%” is neither.",
    "temperature is a number from 0 to 2; “3” is not.",
    "epochs is a whole number from 0 to 999999; “-1” is not.",
    "probe has 3000 characters; it takes 2000 at most.",
    "preset is small, memory, exploding or document; “__proto__” is none of them.",
  ])
    assert.ok(said.includes(sentence), `${sentence} in\n${said.join("\n")}`);
  assert.equal(said.length, 15);
  assert.match(said.join("\n"), /cell is rnn, lstm, .+; “<img>” is none of them/);
  assert.match(said.join("\n"), /views is unrolled, sample, loss, .+; “skore” is none of them/);
  assert.match(said.join("\n"), /hide is transport, .+; “all” is none of them/);
  for (const problem of problems) assert.match(refusal(zh, problem), /。$/);
});

test("a policy's sentence names what it forbids and what to add", () => {
  assert.match(policySentence(en, { worker: true }), /forbids workers\..+: worker-src blob:$/);
  assert.match(
    policySentence(en, { worker: true, wasm: true }),
    /forbids workers and WebAssembly\..+: worker-src blob:; script-src 'wasm-unsafe-eval'$/,
  );
  assert.match(policySentence(zh, { wasm: true }), /script-src 'wasm-unsafe-eval'$/);
});

test("the demo's words are there in both languages, with the same holes", () => {
  const shape = (value) =>
    typeof value === "string"
      ? (value.match(/\{\w+\}/g) ?? []).sort().join()
      : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]));
  assert.deepEqual(shape(zh), shape(en));
});

test("what is held is said as the command line says it, and what says nothing of the kind is refused", () => {
  assert.equal(readOptions({ hold: "gate=f value=0" }, SAMPLES).hold, "gate=f value=0");
  assert.deepEqual(readOptions({ views: "held costs passages memory context path difference" }, SAMPLES).problems, []);
  for (const hold of ["f", "gate=f value=high", "gate=f gate", "unit=-1", "value=101", "from=3"]) {
    const { hold: taken, problems } = readOptions({ hold }, SAMPLES);
    assert.equal(taken, undefined);
    assert.equal(refusal(en, problems[0]), en.refused.hold.replace("{name}", "hold").replace("{value}", hold));
  }
});
