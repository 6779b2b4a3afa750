/** Any text as a share link: what is taken is within its limits, and the link made of it says the same again. */
import assert from "node:assert/strict";
import { decodeShare, encodeShare, INLINE_BYTES, PROBE_LENGTH, SHARE_VERSION } from "../../../web/app/share.js";
import { checkSettings, SETTINGS } from "../../../web/core/config.js";
import { Bytes, checkRefusal } from "../js/bytes.js";

export const aside = true;
const EXTRA = ["prompt", "temperature", "lang"];
export const words = [
  "&",
  "=",
  "v=1",
  "text=deflate.",
  "text=sha256.",
  "probe=",
  "cursor=",
  "%00",
  "%F0%9F",
  ...Object.keys(SETTINGS),
];

export async function seeds() {
  const links = await Promise.all([
    encodeShare({ settings: { cell: "gru", hidden: 20, clip: { mode: "value" } }, probe: "to be", cursor: 3 }),
    encodeShare({ text: { kind: "inline", text: "to be, or not to be: 生存 😀" }, extra: { prompt: "The " } }),
    encodeShare({ text: { kind: "hash", sha256: "0".repeat(64), bytes: 12345 } }),
    encodeShare({ settings: { optimizer: "adamw" }, text: { kind: "sample", name: "tang" } }),
  ]);
  return links.map((link) => new TextEncoder().encode(`#${link}`));
}

/** @param {Uint8Array} input */
export async function fuzz(input) {
  const bytes = new Bytes(input);
  const hash = bytes.text();
  const { problems, ...link } = await decodeShare(hash, { allow: EXTRA });
  problems.forEach(checkRefusal);
  assert.ok((link.probe ?? "").length <= PROBE_LENGTH);
  assert.ok(link.cursor === undefined || (Number.isInteger(link.cursor) && link.cursor >= 0));
  for (const name of Object.keys(link.extra ?? {})) assert.ok(EXTRA.includes(name));
  const { text } = link;
  if (text?.kind === "inline") assert.ok(new TextEncoder().encode(text.text).length <= INLINE_BYTES);
  if (text?.kind === "hash") assert.ok(/^[0-9a-f]{64}$/.test(text.sha256) && Number.isSafeInteger(text.bytes));
  if (text?.kind === "sample") assert.match(text.name, /^[\w-]{1,40}$/);
  const written = await encodeShare(link).catch(checkRefusal); // a schedule's settings may not fit one another
  if (written === undefined) return;
  const again = await decodeShare(written, { allow: EXTRA });
  assert.deepEqual(again.problems, []);
  assert.equal(new URLSearchParams(written).get("v"), String(SHARE_VERSION));
  assert.deepEqual(checkSettings(again.settings), checkSettings(link.settings));
  for (const name of /** @type {const} */ (["probe", "cursor", "text"])) assert.deepEqual(again[name], link[name]);
  assert.deepEqual({ ...again.extra }, { ...link.extra });
}
