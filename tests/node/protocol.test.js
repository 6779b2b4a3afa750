import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameEnd, readFrameMessage, readPageMessage } from "../../web/embed/protocol.js";

/** A window that keeps what is posted to it, and can be made to hear something. */
class FakeWindow {
  posted = [];
  #listeners = new Set();
  parent = this;
  addEventListener(_, listener) {
    this.#listeners.add(listener);
  }
  removeEventListener(_, listener) {
    this.#listeners.delete(listener);
  }
  postMessage(data, origin) {
    this.posted.push({ data, origin });
  }
  hear(data, { source = this.parent, origin = "https://book.example" } = {}) {
    for (const listener of this.#listeners) listener({ data, source, origin });
  }
}

function frame(options = {}) {
  const page = new FakeWindow(),
    window = new FakeWindow();
  window.parent = page;
  const commands = [];
  let hellos = 0;
  const end = new FrameEnd(window, {
    onHello: () => hellos++,
    onCommand: (command, value) => commands.push([command, value]),
    ...options,
  });
  return { page, window, end, commands, hellos: () => hellos };
}

const to = (message, channel = "") => ({ unrolled: 1, channel, ...message });

test("a frame says ready to anyone, and its state only to the origin that said hello", () => {
  const { page, window, end } = frame();
  const state = { step: 1, epoch: 0, loss: 4, running: true };
  end.send({ type: "state", state });
  assert.deepEqual(page.posted.splice(0), [{ data: to({ type: "ready" }), origin: "*" }]);
  window.hear(to({ type: "hello" }));
  end.send({ type: "state", state });
  assert.deepEqual(page.posted, [
    { data: to({ type: "hello", version: 1 }), origin: "https://book.example" },
    { data: to({ type: "state", state }), origin: "https://book.example" },
  ]);
});

test("a frame obeys its parent after a hello, and nobody else", () => {
  const { page, window, commands } = frame();
  window.hear(to({ type: "command", command: "start" }));
  assert.deepEqual(commands, [], "no hello yet");
  window.hear(to({ type: "hello" }), { source: new FakeWindow() });
  window.hear(to({ type: "command", command: "start" }));
  assert.deepEqual(commands, [], "the hello came from elsewhere");
  window.hear(to({ type: "hello" }));
  window.hear(to({ type: "command", command: "start" }));
  window.hear(to({ type: "command", command: "pause" }), { source: new FakeWindow() });
  window.hear(to({ type: "command", command: "set", value: { hidden: "8" } }));
  assert.deepEqual(commands, [
    ["start", undefined],
    ["set", { hidden: "8" }],
  ]);
  assert.equal(page.posted.length, 2, "ready and one hello");
});

test("a frame told its parent's origin listens to that one only", () => {
  const { window, hellos } = frame({ parentOrigin: "https://book.example" });
  window.hear(to({ type: "hello" }), { origin: "https://evil.example" });
  window.hear(to({ type: "hello" }), { origin: "null" });
  assert.equal(hellos(), 0);
  window.hear(to({ type: "hello" }));
  assert.equal(hellos(), 1);
});

test("a page without a nameable origin is answered too", () => {
  const { page, window } = frame();
  window.hear(to({ type: "hello" }), { origin: "null" });
  assert.equal(page.posted.at(-1).origin, "*");
});

test("channels tell frames apart", () => {
  const { window, hellos } = frame({ channel: "b" });
  window.hear(to({ type: "hello" }, "a"));
  window.hear(to({ type: "hello" }));
  assert.equal(hellos(), 0);
  window.hear(to({ type: "hello" }, "b"));
  assert.equal(hellos(), 1);
});

test("a height is told once, and again when it differs by 2 px or more, also in Canvas's words", () => {
  const { page, end } = frame();
  page.posted.length = 0;
  for (const height of [400, 400.5, 401, 402.2, 300]) end.height(height, "lti");
  const heights = page.posted.filter(({ data }) => data.type === "height").map(({ data }) => data.height);
  assert.deepEqual(heights, [400, 403, 300]);
  assert.equal(page.posted[1].data, '{"subject":"lti.frameResize","height":400}');
});

test("a frame at the top of its own tab posts nothing and hears nothing", () => {
  const window = new FakeWindow();
  let heard = 0;
  const end = new FrameEnd(window, { onHello: () => heard++, onCommand: () => heard++ });
  window.hear(to({ type: "hello" }), { source: window });
  end.height(400);
  assert.deepEqual([window.posted, heard], [[], 0]);
});

test("what is not a message of this protocol is read as nothing", () => {
  const strange = [
    null,
    undefined,
    1,
    "hello",
    [],
    {},
    { unrolled: 2, channel: "", type: "hello" },
    { unrolled: 1, type: "hello" },
    to({ type: "command", command: "eval" }),
    to({ type: "command", command: "set" }),
    to({ type: "command", command: "set", value: { a: 1 } }),
    to({ type: "command", command: "set", value: ["a"] }),
    to({ type: "constructor" }),
  ];
  for (const data of strange) assert.equal(readPageMessage(data, ""), null, JSON.stringify(data));
  for (const data of [
    ...strange,
    to({ type: "height", height: "9" }),
    to({ type: "height", height: Infinity }),
    to({ type: "state", state: {} }),
  ])
    if (data?.type !== "hello") assert.equal(readFrameMessage(data, ""), null, JSON.stringify(data));
});
