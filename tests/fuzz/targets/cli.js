/** Arguments of the command line that are numbers, lists and escaped texts. */
import assert from "node:assert/strict";
import { words as readWords, count, number, someOf } from "../../../web/cli/options/values.js";
import { UnrolledError } from "../../../web/core/errors.js";
import { Bytes } from "../js/bytes.js";

const CELLS = ["rnn", "lstm", "gru"];
const PARSERS = [count("--steps"), number("--epochs"), someOf("--cells", CELLS), readWords("--mark")];
export const words = [
  "1e6",
  "1e400",
  "0x1",
  "1_0",
  "\\n",
  "\\\\",
  "\\t",
  "rnn,lstm",
  "Infinity",
  "auto",
  "1.",
  ".5",
  "00",
];
export const seeds = () =>
  [0, 1, 2, 3].flatMap((kind) => words.map((text) => Uint8Array.of(kind, ...new TextEncoder().encode(text))));

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const kind = bytes.below(PARSERS.length);
  const text = bytes.text();
  let value;
  try {
    value = PARSERS[kind](text);
  } catch (error) {
    assert.ok(error instanceof UnrolledError && error.code === "bad-argument", String(error));
    assert.match(error.message, /^--\w+ .*\.$/s);
    return;
  }
  if (kind === 0)
    assert.ok(Number.isSafeInteger(value) && Number(value) >= 0 && /^[\d.e+-]+$/i.test(text), `${text} is ${value}`);
  if (kind === 1) assert.ok(Number.isFinite(value) && Number(value) >= 0, `${text} is ${value}`);
  if (kind === 2)
    assert.ok(Array.isArray(value) && value.every((word) => CELLS.includes(word)) && value.join(",") === text);
  if (kind === 3) assert.ok(typeof value === "string" && value.length > 0 && value.length <= text.length);
}
