/** Any attributes on an element: each is an option within its limits, or a sentence in both languages. */
import assert from "node:assert/strict";
import en from "../../../web/app/strings/en/demo.js";
import zh from "../../../web/app/strings/zh/demo.js";
import { checkSetting } from "../../../web/core/config.js";
import { ATTRIBUTES, PRESETS, propertyOf, readAttributes, readOptions, VIEWS } from "../../../web/embed/options.js";
import { refusal } from "../../../web/embed/demo/words.js";
import { Bytes } from "../js/bytes.js";

const NAMES = [...ATTRIBUTES.keys()];
const SAMPLES = ["moby-dick", "brackets", "tang"];
export const words = [...NAMES, ...VIEWS, ...Object.keys(PRESETS), ...SAMPLES, "true", "1e3", "auto", "320px"];
export const seeds = () => [
  Uint8Array.of(NAMES.indexOf("cell"), 3, 103, 114, 117, NAMES.indexOf("views"), 5, 115, 99, 111, 114, 101),
  Uint8Array.of(NAMES.indexOf("hidden"), 2, 54, 52, NAMES.indexOf("preset"), 5, 115, 109, 97, 108, 108),
];

/** @param {Uint8Array} input pairs of an attribute's number and a text with its length before it */
export function fuzz(input) {
  const bytes = new Bytes(input);
  /** @type {Map<string, string>} */
  const set = new Map();
  while (bytes.left) set.set(bytes.of(NAMES), bytes.text(bytes.byte()));
  const element = { getAttribute: (/** @type {string} */ name) => set.get(name) ?? null };
  const given = readAttributes(/** @type {any} */ (element));
  const options = readOptions(given, SAMPLES);
  for (const [name, value] of Object.entries(options.settings))
    if (value !== "auto") assert.equal(checkSetting(name, value), value);
  const { temperature, epochs, patience, cursor = 0, height, views, prompt, sample, problems } = options;
  assert.ok(
    temperature >= 0 && temperature <= 2 && prompt.length <= 200 && views.every((view) => VIEWS.includes(view)),
  );
  for (const count of [epochs, patience, cursor]) assert.ok(Number.isInteger(count) && count >= 0 && count < 1e7);
  assert.ok(height === undefined || height === "auto" || (height >= 10 && height < 10_000), `height ${height}`);
  assert.ok(sample === undefined || SAMPLES.includes(sample));
  for (const problem of problems) {
    assert.match(refusal(en, problem), /^.{10,}\.$/s);
    assert.match(refusal(zh, problem), /^.{5,}。$/s);
  }
  for (const [name, text] of Object.entries(given))
    assert.ok(["string", "number", "boolean"].includes(typeof propertyOf(name, text)));
}
