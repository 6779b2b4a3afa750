/** What is saved as a run goes on, over a store in memory and elements that only know what was put into them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeper } from "../../web/app/keep/keep.js";
import { RunStore } from "../../web/app/keep/store.js";
import { makeFormat } from "../../web/app/shell/format.js";
import en from "../../web/app/strings/en/index.js";
import enShare from "../../web/app/strings/en/share.js";
import { checkSettings } from "../../web/core/config.js";
import { MemoryStore } from "./memory-store.js";

class Element {
  children = [];
  dataset = {};
  value = "";
  #listeners = {};
  /** @param {string} [tag] */
  constructor(tag) {
    this.tag = tag;
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  setAttribute(name, value) {
    this[name] = value;
  }
  addEventListener(name, listener) {
    this.#listeners[name] = listener;
  }
  /** @param {string} name @param {object} [event] */
  tell(name, event) {
    this.#listeners[name]?.(event);
  }
  querySelector() {
    return null;
  }
  contains() {
    return false;
  }
  select() {}
  /** Itself and all below. @returns {Element[]} */
  get all() {
    return [this, ...this.children.flatMap((child) => (child instanceof Element ? child.all : []))];
  }
  /** What it says. @returns {string} */
  get text() {
    return this.children.map((child) => (child instanceof Element ? child.text : child)).join("");
  }
}

Object.assign(globalThis, {
  document: Object.assign(new EventTarget(), { createElement: (/** @type {string} */ tag) => new Element(tag) }),
  addEventListener() {},
});

/** Waits until something holds, which it does before long or never. */
async function until(look, what) {
  for (let turn = 0; turn < 1000; turn++) {
    const found = await look();
    if (found) return found;
    await new Promise(setImmediate);
  }
  assert.fail(`waited for ${what}`);
}

const SETTINGS = checkSettings({ hidden: 4 });

/** A page with a run at step 5 and what keeps it; and another run that was saved before. */
async function keeping(t) {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: 0 });
  const memory = new MemoryStore();
  const store = new RunStore(memory.use);
  const data = { checkpoint: new Uint8Array(8), text: "", source: { kind: "sample", name: "tang" }, settings: {} };
  await store.save(
    { id: "other", name: "another", kept: true, cell: "gru", step: 9, loss: 1, link: "" },
    /** @type {any} */ ({ ...data, history: {} }),
  );
  await store.changeMoments(
    "other",
    [1, 7].map((step) => ({ step, bytes: Uint8Array.of(step) })),
    [],
  );
  const progress = { step: 5 };
  const client = {
    progress,
    settings: SETTINGS,
    save: async () => Uint8Array.of(progress.step),
    snapshots: async () => ({ steps: [1, 3] }),
    saveAt: async (/** @type {number} */ step) => new Uint8Array(1e6 * step),
  };
  const story = { history: { evaluations: [] }, report: { loss: 2 }, toJSON: () => ({}) };
  const state = { settings: SETTINGS, text: { kind: "sample", name: "moby-dick" } };
  const run = Object.assign(new EventTarget(), { client, text: "a text", story, id: "mine", running: true, state });
  Object.defineProperty(run, "at", { get: () => progress.step });
  const said = /** @type {string[]} */ ([]);
  const resumed = /** @type {any[]} */ ([]);
  const page = /** @type {any} */ (
    Object.assign(new EventTarget(), {
      run,
      strings: { ...en, shelf: enShare },
      format: makeFormat("en"),
      language: "en",
      moment: { step: 5 },
      state: { ...state, runLink: async () => "a link" },
      notices: { show: (/** @type {string} */ sentence) => said.push(sentence), clear() {} },
      actions: { resume: async (...asked) => resumed.push(asked) },
    })
  );
  const keeper = new Keeper(page, Promise.resolve(store));
  const section = /** @type {any} */ (keeper.build(enShare));
  /** @param {string} name */
  const press = async (name) => {
    const found = () =>
      section.all.find((each) => each.tag === "button" && [each["aria-label"], each.text].includes(name));
    (await until(found, name)).tell("click");
  };
  return {
    memory,
    store,
    said,
    resumed,
    section,
    press,
    goTo: (/** @type {number} */ step) => (progress.step = step),
    /** Time for what is saved by itself. */ pass: () => t.mock.timers.tick(5000),
    record: (id = "mine") => memory.records.get(`info ${id}`),
  };
}

test("a name that is begun while the list is read anew is not taken from under the hand", async (t) => {
  const { section, memory, press, goTo, pass, record } = await keeping(t);
  pass();
  await until(() => memory.records.has("moment mine 3"), "the first write");
  const list = section.all.find((each) => each.class === "runs scroller");
  const { list: read, changeMoments } = RunStore.prototype;
  let written = false;
  t.mock.method(RunStore.prototype, "changeMoments", async function (...what) {
    await changeMoments.apply(this, what);
    written = true;
  });
  t.mock.method(RunStore.prototype, "list", async function () {
    const runs = await read.call(this);
    if (!written) return runs; // it is not read to be shown
    await press(`${enShare.keep.rename}: ${record().name}`);
    list.contains = () => true; // the box has the focus
    return runs;
  });
  goTo(6);
  pass();
  const boxes = () => list.all.filter(({ tag }) => tag === "input").length;
  await until(boxes, "the box");
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  assert.equal(boxes(), 1);
});

test("where there is no room for a run's moments it is told once, and once there is room saving goes on", async (t) => {
  const { memory, said, press, goTo, pass, record } = await keeping(t);
  memory.refuses = (key) => key.startsWith("moment ");
  pass();
  await until(() => said.length, "what is said");
  assert.match(said[0], /no room for 1\.0 MB more: delete a saved run/);
  goTo(6);
  pass();
  await press(enShare.keep.keep);
  await until(() => record().step === 6 && said.length === 2, "another try, and what is said of it");
  memory.refuses = () => false;
  await press(`${enShare.keep.delete}: another`);
  await until(() => !record("other"), "the other's end");
  goTo(7);
  await until(() => (pass(), record().step === 7), "the next step in the store");
  await until(() => memory.records.has("moment mine 3"), "its moments");
  assert.equal(said.length, 2);
});
