/** Any text behind the page's "#": what the page makes of it is a state that its own address repeats. */
import assert from "node:assert/strict";
import { State } from "../../../web/app/state.js";
import { TEXTS } from "../../../web/app/text/texts.js";
import { flatten, checkSettings, SETTINGS, unflatten } from "../../../web/core/config.js";
import { Bytes, checkRefusal } from "../js/bytes.js";

export const aside = true;
const OWN = ["prompt", "temperature", "epochs", "patience", "lang", "theme", "core", "probe", "cursor", "text", "v"];
export const words = ["&", "=", ...OWN, ...Object.keys(SETTINGS), ...Object.keys(TEXTS)];
export const seeds = () =>
  [
    "#v=1&hidden=16&batch=8&seqLen=16&seed=11&core=simd",
    "#prompt=a&temperature=0.75&epochs=3&patience=2&lang=zh&theme=dark&text=tang",
    "#probe=to%20be&cursor=3&text=brackets&schedule=cosine&totalSteps=50",
  ].map((text) => new TextEncoder().encode(text));

/** @param {State} state */
const shown = (state) => ({
  settings: state.settings,
  text: state.text,
  prompt: state.prompt,
  temperature: state.temperature,
  epochs: state.epochs,
  patience: state.patience,
  lang: state.lang,
  theme: state.theme,
  core: state.core,
  probe: state.probe,
  cursor: state.cursor,
});

/** @param {Uint8Array} input */
export async function fuzz(input) {
  const state = new State();
  for (const problem of await state.read(new Bytes(input).text())) checkRefusal(problem);
  const first = shown(state);
  const left = Object.entries(first.settings).filter(([name, value]) => value === "auto" && SETTINGS[name].auto);
  assert.deepEqual(
    { ...flatten(checkSettings(unflatten(first.settings))), ...Object.fromEntries(left) },
    first.settings,
  );
  assert.ok(first.temperature >= 0 && first.temperature <= 2 && first.prompt.length <= 200);
  for (const count of [first.epochs, first.patience]) assert.ok(Number.isInteger(count) && count >= 0 && count < 1e6);
  assert.ok(first.text.kind !== "sample" || Object.hasOwn(TEXTS, first.text.name));
  const hash = await state.toHash();
  const again = new State();
  assert.deepEqual(await again.read(`#${hash}`), []);
  assert.deepEqual(shown(again), first);
  assert.equal(await again.toHash(), hash);
}
