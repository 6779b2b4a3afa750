/** Any attributes on an element: what they ask for is a link that the page can take, or a sentence for each that is not. */
import assert from "node:assert/strict";
import { ATTRIBUTES, linkOf, PRESETS, problemsOf, readAttributes, VIEWS } from "../../../web/embed/options.js";
import { State } from "../../../web/app/state.js";
import { SETTINGS } from "../../../web/core/config.js";
import { Bytes, checkRefusal } from "../js/bytes.js";

export const aside = true;
const NAMES = [...ATTRIBUTES.keys()];
export const words = [...NAMES, ...VIEWS, ...Object.keys(PRESETS), "true", "", "1e3", "loss,score"];
export const seeds = () => [
  Uint8Array.of(NAMES.indexOf("cell"), 3, 103, 114, 117, NAMES.indexOf("views"), 5, 115, 99, 111, 114, 101),
  Uint8Array.of(NAMES.indexOf("hidden"), 2, 54, 52, NAMES.indexOf("preset"), 5, 115, 109, 97, 108, 108),
];

/** @param {Uint8Array} input pairs of an attribute's number and a text with its length before it */
export async function fuzz(input) {
  const bytes = new Bytes(input);
  /** @type {Map<string, string>} */
  const set = new Map();
  while (bytes.left) set.set(bytes.of(NAMES), bytes.text(bytes.byte()));
  const element = { getAttribute: (/** @type {string} */ name) => set.get(name) ?? null };
  const given = readAttributes(/** @type {any} */ (element));
  for (const problem of problemsOf(given)) assert.match(problem, /^.{10,}\.$/s);
  const link = linkOf(given, "en");
  const state = new State();
  for (const problem of await state.read(`#${link}`)) checkRefusal(problem);
  const asked = new URLSearchParams(link);
  for (const name of Object.keys(SETTINGS)) {
    const { type, min = -Infinity, max = Infinity } = SETTINGS[name];
    const value = state.settings[name];
    if (type === "number" || type === "integer") assert.ok(value >= min && value <= max, `${name} ${value}`);
    if (asked.get(name) === String(SETTINGS[name].default)) assert.equal(value, SETTINGS[name].default);
  }
}
