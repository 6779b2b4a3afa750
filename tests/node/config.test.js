import assert from "node:assert/strict";
import { test } from "node:test";
import {
  SETTINGS,
  Trainer,
  checkSettings,
  flatten,
  parameterShapes,
  readSetting,
  unflatten,
} from "../../web/core/index.js";
import { CONFIG_BYTES, writeConfig } from "../../web/core/config.js";
import { assertRefused, core } from "./support.js";

test("settings left out take the defaults of the contract", () => {
  const contract = {
    tokens: "char",
    lowerCase: false,
    minCount: 1,
    validation: 0.2,
    cell: "lstm",
    gruReset: "before",
    layers: 1,
    hidden: 128,
    embedding: 0,
    batch: 32,
    seqLen: 64,
    stateful: true,
    optimizer: "adam",
    learningRate: 2e-3,
    schedule: "constant",
    warmup: 0,
    decayEvery: 1000,
    decayFactor: 0.5,
    totalSteps: 10000,
    lastShare: 0.1,
    momentum: 0.9,
    alpha: 0.95,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    clip: { mode: "norm", threshold: 5 },
    l1: 0,
    l2: 0,
    dropout: 0,
    dropoutKind: "unit",
    forgetBias: 1,
    init: "uniform",
    initGain: 1,
    seed: 1,
  };
  assert.deepEqual({ ...checkSettings(), ...contract }, checkSettings());
  assert.deepEqual(checkSettings({ hidden: undefined }), checkSettings());
});

test("the core's own defaults are the same", () => {
  const pointer = core.alloc(CONFIG_BYTES);
  core.c.unroll_config_default(pointer);
  core.i32(pointer, 14)[5] = 65; // the vocabulary, which is not a setting
  const theirs = new Uint8Array(core.f64(pointer, CONFIG_BYTES / 8).slice().buffer);
  writeConfig(core, pointer, checkSettings(), 65);
  assert.deepEqual(new Uint8Array(core.f64(pointer, CONFIG_BYTES / 8).slice().buffer), theirs);
  core.free(pointer);
});

test("weight decay left out is torch's: none, but 0.01 for adamw", () => {
  assert.equal(checkSettings({ optimizer: "adamw" }).weightDecay, 0.01);
  assert.equal(checkSettings({ optimizer: "adamw", weightDecay: 0 }).weightDecay, 0);
});

test("flat and nested spelling lead into each other", () => {
  const settings = checkSettings({ clip: { mode: "value", threshold: 0.5 }, cell: "gru" });
  assert.deepEqual(checkSettings(unflatten(flatten(settings))), settings);
  assert.deepEqual(checkSettings({ clipMode: "value", clipThreshold: 0.5, cell: "gru" }), settings);
  assert.deepEqual(Object.keys(flatten(settings)).sort(), Object.keys(SETTINGS).sort());
  assert.deepEqual(unflatten({ clipMode: "none" }), { clip: { mode: "none" } });
});

test("complete settings are frozen, and checking them again changes nothing", () => {
  const settings = checkSettings({ optimizer: "adamw" });
  assert.ok(Object.isFrozen(settings) && Object.isFrozen(settings.clip));
  assert.deepEqual(checkSettings(settings), settings);
});

for (const [name, setting] of Object.entries(SETTINGS)) {
  test(`${name} refuses wrong types and values out of range by a sentence that names it`, () => {
    const wrong = [null, "x", NaN, Infinity, -Infinity, {}, [], () => 0, 10n];
    if (setting.type !== "boolean") wrong.push(true);
    if (setting.type === "integer") wrong.push(1.5, setting.min - 1, setting.max + 1, String(setting.default));
    if (setting.type === "number")
      wrong.push(setting.min - 1e-9, setting.max * 1.1, setting.open && setting[setting.open]);
    for (const value of wrong.filter((value) => value !== undefined)) {
      assertRefused(() => checkSettings({ [name]: value }), "bad-setting", new RegExp(`^${name} must be .*, got `));
    }
  });
}

test("names that are no settings are refused, those of Object's prototype too", () => {
  assertRefused(() => checkSettings({ hiden: 3 }), "bad-setting", /no setting "hiden"; there are .*hidden/);
  assertRefused(() => checkSettings(JSON.parse('{"__proto__": 1}')), "bad-setting", /"__proto__"/);
  assertRefused(() => checkSettings({ constructor: 1 }), "bad-setting", /"constructor"/);
  assertRefused(() => checkSettings({ clip: { max: 3 } }), "bad-setting", /not "max"/);
  assertRefused(() => checkSettings({ clip: 3 }), "bad-setting", /clip must be an object/);
  assertRefused(() => checkSettings(7), "bad-setting", /object, got 7/);
});

test("text is read as the type a setting has", () => {
  assert.equal(readSetting("hidden", "64"), 64);
  assert.equal(readSetting("learningRate", " 1e-3 "), 1e-3);
  assert.equal(readSetting("stateful", "false"), false);
  assert.equal(readSetting("stateful", ""), true);
  assert.equal(readSetting("cell", "gru"), "gru");
  for (const text of ["", "0x40", "6 4", "1_000", "Infinity", "NaN", "64px"])
    assertRefused(() => readSetting("hidden", text), "bad-setting", /hidden must be an integer/);
  assertRefused(() => readSetting("stateful", "maybe"), "bad-setting", /true or false, got "maybe"/);
});

for (const settings of [{ cell: "rnn" }, { cell: "lstm", embedding: 3, layers: 3 }, { cell: "gru", layers: 2 }]) {
  test(`names and shapes of ${JSON.stringify(settings)} are those of the core's table`, () => {
    const vocabulary = ["a", "b", "c"];
    const trainer = new Trainer(core, { vocabulary, hidden: 5, ...settings });
    const shapes = [...parameterShapes(trainer.settings, vocabulary.length)];
    assert.deepEqual(
      trainer.engine.tensors.map(({ name, rows, cols }) => [name, rows * cols]),
      shapes.map(([name, shape]) => [name, shape.reduce((a, b) => a * b)]),
    );
    for (const [name, shape] of shapes)
      if (shape.length === 2)
        assert.deepEqual(
          [trainer.engine.tensors.find((row) => row.name === name).rows, shape[1]],
          [shape[0], trainer.engine.tensors.find((row) => row.name === name).cols],
        );
    trainer.dispose();
  });
}
