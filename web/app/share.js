/* A run as the part of an address behind "#", and back: settings, seed, probe text, cursor, and the text itself.
 *
 * `v=1&cell=gru&seed=7&probe=to%20be&cursor=3&text=deflate.…`: names are the flat ones of SETTINGS, and those at their
 * default are left out. The text travels compressed when it has 8 kB or less, else as SHA-256 and size, so that the
 * receiver can be asked for the same one. A link is from anywhere: unknown names, values out of range, and texts that
 * unpack to more than 8 kB are refused, each with a sentence, and the rest is used; nothing here touches a document. */
import { checkSettings, flatten, readSetting, SETTINGS, unflatten } from "../core/config.js";
import { quote, UnrolledError } from "../core/errors.js";
import { hashTextAsync } from "../core/text/sha256.js";

/**
 * @typedef {{kind: "inline", text: string} | {kind: "sample", name: string} | {kind: "hash", sha256: string, bytes:
 * number}} TextSource
 * @typedef {{settings?: import("../core/config.js").PartialSettings, probe?: string, cursor?: number, text?:
 * TextSource,
 *   extra?: Record<string, string>}} Shared  extra: names of the caller's own, see `allow`
 * @typedef {Shared & {problems: UnrolledError[]}} ReadLink  problems: what was refused, and why
 */

export const SHARE_VERSION = 1;
/** UTF-8 bytes of a text that a link carries whole. */
export const INLINE_BYTES = 8192;
/** Characters of a probe text. */
export const PROBE_LENGTH = 2000;
/** Deflate's worst case is 5 bytes for every 64 kB more than its input, base64 a third more. */
const PACKED_LENGTH = Math.ceil(((INLINE_BYTES + 64) * 4) / 3);
const LINK_LENGTH = 1 << 16;
/** Settings that defaults of others hang on. */
const DECIDE = ["optimizer", "cell", "hidden"];

/** @param {string} message */
const badLink = (message) => new UnrolledError("bad-link", message);

/**
 * The text itself when it is short, else what tells it from others.
 * @param {string} text @returns {Promise<TextSource>}
 */
export async function textSource(text) {
  const bytes = new TextEncoder().encode(text).length;
  // UTF-8 has no bytes for half a surrogate pair
  if (bytes <= INLINE_BYTES && !/\p{Surrogate}/u.test(text)) return { kind: "inline", text };
  return { kind: "hash", sha256: await hashTextAsync(text), bytes };
}

/**
 * Whether a text is the one a link speaks of.
 * @param {string} text
 * @param {Extract<TextSource, {kind: "hash"}>} source
 */
export async function isSameText(text, { sha256, bytes }) {
  return new TextEncoder().encode(text).length === bytes && (await hashTextAsync(text)) === sha256;
}

/** @param {BlobPart} data @param {CompressionStream | DecompressionStream} transform */
const through = (data, transform) => new Blob([data]).stream().pipeThrough(transform);

/** @param {string} text @returns {Promise<string>} */
async function pack(text) {
  const bytes = new Uint8Array(await new Response(through(text, new CompressionStream("deflate-raw"))).arrayBuffer());
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** @param {string} packed @returns {Promise<string>} */
async function unpack(packed) {
  if (packed.length > PACKED_LENGTH || !/^[\w-]*$/.test(packed))
    throw badLink(
      `The link's text must be base64url of at most ${PACKED_LENGTH} characters, got ${packed.length}: ${quote(packed)}.`,
    );
  const out = new Uint8Array(INLINE_BYTES);
  let filled = 0;
  try {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const stream = through(
      Uint8Array.from(binary, (byte) => byte.charCodeAt(0)),
      new DecompressionStream("deflate-raw"),
    );
    const reader = /** @type {ReadableStream<Uint8Array>} */ (stream).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (filled + read.value.length > INLINE_BYTES) {
        reader.cancel().catch(() => {});
        throw badLink(`The link's text unpacks to more than ${INLINE_BYTES} bytes, which no link of ours does.`);
      }
      out.set(read.value, filled);
      filled += read.value.length;
    }
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(out.subarray(0, filled));
  } catch (error) {
    if (error instanceof UnrolledError) throw error;
    throw badLink(
      "The link's text is damaged: it was probably cut off. Ask for the link again, or paste the text yourself.",
    );
  }
}

/** @param {TextSource} source */
async function writeSource(source) {
  if (source.kind === "inline") return `deflate.${await pack(source.text)}`;
  if (source.kind === "sample") return source.name;
  return `sha256.${source.sha256}.${source.bytes}`;
}

/** @param {string} value @returns {Promise<TextSource>} */
async function readSource(value) {
  if (/^[\w-]{1,40}$/.test(value)) return { kind: "sample", name: value };
  const [kind, ...rest] = value.split(".");
  if (kind === "deflate" && rest.length === 1) return { kind: "inline", text: await unpack(rest[0]) };
  if (kind === "sha256" && rest.length === 2 && /^[0-9a-f]{64}$/.test(rest[0]) && /^\d{1,12}$/.test(rest[1]))
    return { kind: "hash", sha256: rest[0], bytes: Number(rest[1]) };
  throw badLink(`The link's text must be the name of a sample, deflate.… or sha256.….…, got ${quote(value)}.`);
}

/** @param {string} value */
function readCursor(value) {
  if (!/^\d{1,7}$/.test(value))
    throw badLink(`The link's cursor must be a position in the probe text, got ${quote(value)}.`);
  return Number(value);
}

/** @param {string} value */
function readProbe(value) {
  if (value.length > PROBE_LENGTH)
    throw badLink(`The link's probe text must have at most ${PROBE_LENGTH} characters, got ${value.length}.`);
  return value;
}

const HOLD_VALUE = /^-?\d{1,3}(\.\d{1,6})?$/;

/**
 * What is held, as the command line's --hold writes one thing: "gate=f unit=3 value=0".
 * @param {string} text
 * @returns {import("../core/inside/hold.js").Hold | null} null: it says no such thing
 */
export function readHold(text) {
  /** @type {Record<string, any>} */
  const hold = { layer: 0, gate: "h", value: 0 };
  const parts = text.split(/[\s,]+/).filter(Boolean);
  for (const part of parts) {
    const [name, value = "", ...more] = part.split("=");
    if (more.length) return null;
    if (name === "gate" && /^[a-z]$/.test(value)) hold.gate = value;
    else if (name === "value" && (value === "mean" || (HOLD_VALUE.test(value) && Math.abs(Number(value)) <= 100)))
      hold.value = value === "mean" ? value : Number(value);
    else if ((name === "unit" || name === "layer") && /^\d{1,4}$/.test(value)) hold[name] = Number(value);
    else return null;
  }
  return parts.length ? hold : null;
}

/** @param {import("../core/inside/hold.js").Hold | null} hold @returns {string} as readHold() takes it; "": nothing */
export function writeHold(hold) {
  if (!hold) return "";
  const { layer = 0, unit, gate = "h", value = 0 } = hold;
  const said = { layer: layer || undefined, gate, unit, value };
  return Object.entries(said)
    .flatMap(([name, each]) => (each === undefined ? [] : [`${name}=${each}`]))
    .join(" ");
}

/** @param {Shared} shared @returns {Promise<string>} what goes behind "#" */
export async function encodeShare({ settings = {}, probe, cursor, text, extra = {} }) {
  const query = new URLSearchParams({ v: String(SHARE_VERSION) });
  // Against what a link without the name would give: the default may hang on others.
  const given = flatten(checkSettings(settings));
  const others = Object.fromEntries(DECIDE.map((name) => [name, given[name]]));
  const usual = flatten(checkSettings(others));
  for (const [name, { default: value }] of Object.entries(SETTINGS)) {
    const left = name in others ? value : usual[name];
    if (given[name] !== left) query.set(name, String(given[name]));
  }
  if (probe !== undefined) query.set("probe", readProbe(probe));
  if (cursor !== undefined) query.set("cursor", String(cursor));
  for (const [name, value] of Object.entries(extra)) query.set(name, value);
  if (text) query.set("text", await writeSource(text)); // last: it is the long one
  return query.toString();
}

/** Reads one name of a link into what is known so far. Throws an UnrolledError for what it cannot take.
 * @param {Shared} shared @param {Record<string, any>} flat settings @param {string} name @param {string} value
 * @param {readonly string[]} allow */
async function readField(shared, flat, name, value, allow) {
  if (name === "v") {
    if (value !== String(SHARE_VERSION))
      throw badLink(`The link is of version ${quote(value)}, and this page reads version ${SHARE_VERSION}.`);
  } else if (allow.includes(name)) shared.extra = { ...shared.extra, [name]: value };
  else if (name === "text") shared.text = await readSource(value);
  else if (name === "probe") shared.probe = readProbe(value);
  else if (name === "cursor") shared.cursor = readCursor(value);
  else flat[name] = readSetting(name, value);
}

/**
 * Takes out what does not go with the rest, and says so.
 * @param {Record<string, any>} flat settings @param {UnrolledError[]} problems
 */
function dropStrange(flat, problems) {
  try {
    checkSettings(unflatten(flat));
  } catch (error) {
    const { code, message, details } = /** @type {UnrolledError} */ (error);
    problems.push(new UnrolledError(code, message, { ...details, name: details.setting }));
    if (!(details.setting in flat)) return;
    delete flat[details.setting];
    dropStrange(flat, problems); // it may hide another
  }
}

/**
 * @param {string} hash with or without its "#"
 * @param {{allow?: readonly string[]}} [options] allow: names beside ours that are handed through in `extra`
 * @returns {Promise<ReadLink>} its settings are checked, those the link names and no others
 */
export async function decodeShare(hash, { allow = [] } = {}) {
  /** @type {ReadLink} */
  const link = { problems: [] };
  /** @type {Record<string, any>} */
  const flat = {};
  const body = hash.replace(/^#/, "");
  if (body.length > LINK_LENGTH)
    return { problems: [badLink(`A link has at most ${LINK_LENGTH} characters behind its #, got ${body.length}.`)] };
  const seen = new Set();
  for (const [name, value] of new URLSearchParams(body)) {
    try {
      if (seen.has(name)) throw badLink(`The link says ${quote(name)} twice.`);
      seen.add(name);
      await readField(link, flat, name, value, allow);
    } catch (error) {
      if (!(error instanceof UnrolledError)) throw error;
      link.problems.push(new UnrolledError(error.code, error.message, { ...error.details, name }));
    }
  }
  dropStrange(flat, link.problems);
  if (Object.keys(flat).length) link.settings = unflatten(flat);
  return link;
}
