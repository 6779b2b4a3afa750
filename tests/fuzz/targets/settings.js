/** Settings as text and as values: one by one, and whole, nested or flat. */
import assert from "node:assert/strict";
import { SETTINGS, checkSetting, checkSettings, flatten, readSetting, unflatten } from "../../../web/core/config.js";
import { attempt, Bytes } from "../js/bytes.js";

const NAMES = [...Object.keys(SETTINGS), "clip", "mode", "threshold", "__proto__", "toString"];
export const words = ["1e3", "-0", "+1", ".5", "0x10", "1_000", "Infinity", "true", "norm", ...NAMES];
export const seeds = () =>
  ["hidden=64", "learningRate=2e-3", "cell=gru", "stateful=0"].map((text) => new TextEncoder().encode(`\0${text}`));

/** @param {string} name @param {any} value */
function mustBeAllowed(name, value) {
  const { type, min = -Infinity, max = Infinity, values } = SETTINGS[name];
  if (type === "choice") assert.ok(values?.includes(value));
  else if (type === "boolean") assert.equal(typeof value, "boolean");
  else assert.ok(value >= min && value <= max && (type === "number" || Number.isInteger(value)), `${name} ${value}`);
}

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  if (bytes.byte() % 2 === 0) {
    const [name, text = ""] = bytes.text().split("=");
    const value = attempt(() => readSetting(name, text));
    if (value === undefined) return;
    mustBeAllowed(name, value);
    assert.equal(readSetting(name, String(value)), value);
    assert.equal(checkSetting(name, value), value);
    return;
  }
  const given = bytes.object(NAMES);
  const settings = attempt(() => checkSettings(given));
  if (!settings) return;
  const flat = flatten(settings);
  assert.deepEqual(Object.keys(flat).sort(), Object.keys(SETTINGS).sort());
  for (const [name, value] of Object.entries(flat)) mustBeAllowed(name, value);
  assert.deepEqual(checkSettings(unflatten(flat)), settings);
}
