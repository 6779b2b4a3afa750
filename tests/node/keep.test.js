/** What is saved as a run goes on, over a store in memory and elements that only know what was put into them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeper } from "../../web/app/keep/keep.js";
import { RunStore } from "../../web/app/keep/store.js";
import { format } from "../../web/app/shell/format.js";
import en from "../../web/app/strings/en/index.js";
import enShare from "../../web/app/strings/en/share.js";
import { checkSettings } from "../../web/core/config.js";
import { UnrolledError } from "../../web/core/errors.js";
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

/** What a page stands in; each has its own, and so hears nothing of another's. */
const makeDocument = () =>
  Object.assign(new EventTarget(), { createElement: (/** @type {string} */ tag) => new Element(tag) });
Object.assign(globalThis, { document: makeDocument(), addEventListener() {} });

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
  Object.assign(globalThis, { document: makeDocument() });
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
  let accept = () => {};
  const said = /** @type {string[]} */ ([]);
  const resumed = /** @type {any[]} */ ([]);
  const page = /** @type {any} */ (
    Object.assign(new EventTarget(), {
      run,
      strings: { ...en, shelf: enShare },
      format,
      language: "en",
      moment: { step: 5 },
      state: { ...state, runLink: async () => "a link" },
      notices: {
        show(sentence, { action }) {
          said.push(sentence);
          accept = action?.run;
        },
        clear() {},
      },
      actions: { resume: async (load) => resumed.push(await load()) },
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
    client,
    run,
    keeper,
    said,
    /** Takes what was offered. */ accept: () => accept(),
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
  await until(() => (pass(), record().step === 6), "the next step, without its moments");
  assert.equal(said.length, 1);
  await press(enShare.keep.keep);
  await until(() => said.length === 2, "another try, and what is said of it");
  memory.refuses = () => false;
  await press(`${enShare.keep.delete}: another`);
  await until(() => !record("other"), "the other's end");
  goTo(7);
  await until(() => (pass(), record().step === 7), "the next step in the store");
  await until(() => memory.records.has("moment mine 3"), "its moments");
  assert.equal(said.length, 2);
});

test("a moment that is thinned out while it is written down is left out, and the others stay", async (t) => {
  const { memory, client, said, pass } = await keeping(t);
  client.saveAt = async (/** @type {number} */ step) => {
    if (step === 1) throw new UnrolledError("no-snapshot", "there is no snapshot of step 1");
    return new Uint8Array(8);
  };
  pass();
  await until(() => memory.records.has("moment mine 3"), "the other moment");
  assert.equal(memory.records.has("moment mine 1"), false);
  assert.deepEqual(said, []);
});

test("a list of saved runs that cannot be read keeps no page from beginning", async (t) => {
  const { keeper } = await keeping(t);
  const broken = new Keeper(
    /** @type {any} */ (Object.assign(new EventTarget(), { run: new EventTarget() })),
    Promise.resolve(
      /** @type {any} */ ({ list: () => Promise.reject(new UnrolledError("storage-failed", "It failed.")) }),
    ),
  );
  assert.equal(await broken.offers(), false);
  assert.equal(await keeper.offers(), false);
});

test("that saving by itself fails is said once until it succeeds, and whoever asks for it is told each time", async (t) => {
  const { client, said, press, goTo, pass, record } = await keeping(t);
  const { save } = client;
  let tries = 0;
  const fail = async () => {
    tries++;
    throw new UnrolledError("storage-failed", "It failed.");
  };
  client.save = fail;
  for (let n = 1; n <= 3; n++) await until(() => (pass(), tries >= n), `try ${n}`);
  assert.equal(said.length, 1);
  await press(enShare.keep.keep);
  await until(() => said.length === 2, "what is said to who asked");
  client.save = save;
  await until(() => (pass(), record()?.step === 5), "the run in the store");
  client.save = fail;
  goTo(6);
  tries = 0;
  await until(() => (pass(), tries >= 2), "two tries more");
  assert.equal(said.length, 3);
});

/** Where a write of a run can be under way for long: what holds it there until it is told to go on. */
const HOLDS = {
  "its weights are copied": ({ client }, promise, reached) => {
    const { save } = client;
    client.save = async () => {
      reached();
      await promise;
      return save();
    };
  },
  "it is written": ({ memory }, promise, reached) => {
    memory.refuses = (key) => (key === "info mine" && reached(), false);
    memory.held = promise;
  },
};

/** A run that was saved at step 5, and is being saved at step 6 until `goOn`. */
async function midway(t, hold) {
  const all = await keeping(t);
  const { goTo, pass, record, memory } = all;
  pass();
  await until(() => memory.records.has("moment mine 3"), "the first write");
  let goOn = () => {};
  let under = false;
  const promise = new Promise((done) => (goOn = () => done(undefined)));
  HOLDS[hold](all, promise, () => (under = true));
  goTo(6);
  pass();
  await until(() => under, "the second to be under way");
  assert.deepEqual([record().step, record().kept], [5, false]);
  return { ...all, goOn };
}

for (const hold of Object.keys(HOLDS)) {
  test(`a run that is asked to be kept while ${hold} is kept`, async (t) => {
    const { section, press, goOn, record } = await midway(t, hold);
    await press(enShare.keep.keep);
    goOn();
    await until(() => section.text.includes("” is kept."), "the page to say so");
    assert.deepEqual([record().step, record().kept], [6, true]);
  });

  test(`a run that is named while ${hold} has that name from then on`, async (t) => {
    const { section, press, goOn, goTo, pass, record } = await midway(t, hold);
    const name = record().name;
    await press(`${enShare.keep.rename}: ${name}`);
    const box = section.all.find(({ tag }) => tag === "input");
    box.value = "my best";
    box.tell("keydown", { key: "Enter" });
    goOn();
    await until(() => section.text.includes("my best"), "the name in the list");
    const known = () => [record().name, record().kept, record().step];
    assert.deepEqual(known(), ["my best", true, 6]);
    goTo(7);
    pass();
    await until(() => record().step === 7, "the next write");
    assert.deepEqual(known(), ["my best", true, 7]);
  });
}

test("a run that is named while it is offered goes on with that name", async (t) => {
  const { keeper, run, section, resumed, press, accept, goTo, pass, record } = await keeping(t);
  await keeper.offers();
  await keeper.offer();
  await press(`${enShare.keep.rename}: another`);
  const box = section.all.find(({ tag }) => tag === "input");
  box.value = "my best";
  box.tell("keydown", { key: "Enter" });
  await until(() => section.text.includes("my best"), "the name in the list");
  accept();
  await until(() => resumed.length, "it to go on");
  run.id = "other";
  goTo(10);
  pass();
  await until(() => record("other").step === 10, "the next write");
  assert.equal(record("other").name, "my best");
});

test("a run that could not be written is not said to be kept", async (t) => {
  const { memory, section, said, press } = await keeping(t);
  memory.refuses = () => true;
  memory.refusal = "UnknownError";
  await press(enShare.keep.keep);
  await until(() => said.length, "what is said");
  await new Promise(setImmediate);
  assert.deepEqual(said, [enShare.errors["storage-failed"]]);
  assert.doesNotMatch(section.text, /” is kept/);
});

test("a run that was deleted comes back as it was, with its moments and of its day", async (t) => {
  const { memory, section, resumed, press, pass, record } = await keeping(t);
  const before = new Map(memory.records);
  pass();
  await press(`${enShare.keep.delete}: another`);
  await until(() => section.text.includes("“another” is deleted."), "the page to say so");
  assert.deepEqual(
    [...memory.records.keys()].filter((key) => key.includes("other")),
    [],
  );
  await press(enShare.keep.undo);
  await until(() => record("other") && !section.text.includes("is deleted"), "it to be back");
  for (const [key, value] of before) assert.deepEqual(memory.records.get(key), value, key);
  await press(`${enShare.keep.open}: another`);
  await until(() => resumed.length, "it to go on");
  const [{ id, moments }] = resumed;
  assert.deepEqual([id, moments.map(({ step }) => step)], ["other", [1, 7]]);
});
