/** Anything a window may post to another: both ends of a frame's protocol, alone and at work. */
import assert from "node:assert/strict";
import { COMMANDS, FrameEnd, PageEnd, readFrameMessage, readPageMessage } from "../../../web/embed/protocol.js";
import { Bytes } from "../js/bytes.js";

const NAMES = [
  "unrolled",
  "channel",
  "type",
  "command",
  "value",
  "state",
  "step",
  "epoch",
  "loss",
  "running",
  "height",
  "version",
  "code",
  "message",
  "hello",
  "ready",
  "error",
  "set",
  ...COMMANDS,
  "hidden",
  "__proto__",
];
export const words = NAMES;
export const seeds = () =>
  [...NAMES.keys()].map((i) => Uint8Array.from({ length: 40 }, (_, k) => (k * 11 + i * 29) % 256));

/** A window that hands messages over by itself, and counts what it is sent. */
class FakeWindow extends EventTarget {
  /** @type {any[]} */ sent = [];
  parent = this;
  clientHeight = 150;
  style = { height: "" };
  get contentWindow() {
    return this;
  }
  /** @param {any} message @param {string} origin */
  postMessage(message, origin) {
    this.sent.push({ message, origin });
  }
  /** @param {any} data @param {unknown} source @param {string} origin */
  receive(data, source, origin) {
    this.dispatchEvent(Object.assign(new Event("message"), { data, source, origin }));
  }
}

/** A message that is often almost right. @param {Bytes} bytes */
function message(bytes) {
  if (bytes.byte() % 8 === 0) return bytes.value(NAMES);
  const type = bytes.of(["hello", "ready", "command", "height", "state", "error", "set"]);
  /** @type {Record<string, any>} */
  const out = { unrolled: 1, channel: "c", type, command: bytes.of(COMMANDS), height: bytes.number(), version: 1 };
  out.state = { step: bytes.number(), epoch: bytes.number(), loss: bytes.number(), running: true };
  Object.assign(out, { code: "x", message: bytes.text(bytes.byte() % 16), value: { hidden: "3" } });
  for (let count = bytes.below(4); count > 0; count--) out[bytes.of(NAMES)] = bytes.value(NAMES);
  return out;
}

/** @param {Uint8Array} input */
export function fuzz(input) {
  const bytes = new Bytes(input);
  const frame = new FakeWindow(),
    page = new FakeWindow();
  frame.parent = page;
  /** @type {any[]} */
  const commands = [];
  const parentOrigin = bytes.byte() % 2 ? "https://a.example" : "";
  const onCommand = (/** @type {string} */ command, /** @type {any} */ value) => commands.push({ command, value });
  new FrameEnd(/** @type {any} */ (frame), { channel: "c", parentOrigin, onHello: () => {}, onCommand });
  /** @type {any} */ (globalThis).window = page;
  /** @type {any[]} */
  const heard = [];
  new PageEnd(/** @type {any} */ (frame), { channel: "c", onMessage: (told) => heard.push(told) });
  for (let count = 0; bytes.left && count < 8; count++) {
    const data = message(bytes);
    for (const told of [readPageMessage(data, "c"), readFrameMessage(data, "c")])
      assert.ok(told === null || typeof told.type === "string");
    frame.receive(data, bytes.of([page, frame, null]), bytes.of(["https://a.example", "https://b.example", "null"]));
    page.receive(data, bytes.of([frame, page, null]), "https://c.example");
  }
  for (const { command, value } of commands) {
    assert.ok(COMMANDS.includes(command));
    for (const text of Object.values(value ?? {})) assert.equal(typeof text, "string");
  }
  if (commands.length)
    assert.ok(
      page.sent.some(({ message: { type } }) => type === "hello"),
      "nobody said hello before",
    );
  for (const {
    message: { type },
    origin,
  } of page.sent)
    assert.ok(origin !== "*" || ["ready", "hello"].includes(type));
  assert.match(frame.style.height, /^(|\d+(\.\d+)?px)$/);
  assert.ok(!frame.style.height || (parseFloat(frame.style.height) >= 100 && parseFloat(frame.style.height) <= 4000));
}
