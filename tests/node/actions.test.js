/** What a reader does to the run, with no page around. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Actions } from "../../web/app/actions.js";
import { Run } from "../../web/app/run/run.js";
import { State } from "../../web/app/state.js";
import { format } from "../../web/app/shell/format.js";
import en from "../../web/app/strings/en/index.js";
import { checkSettings } from "../../web/core/config.js";
import { UnrolledError } from "../../web/core/errors.js";

Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 }, configurable: true });

/** A run that trains, and rests when it is let. */
function travelling() {
  let release = () => {};
  const held = new Promise((done) => (release = /** @type {any} */ (done)));
  const run = Object.assign(new EventTarget(), {
    running: true,
    async pause() {
      run.running = false;
      await held;
    },
    async play() {
      run.running = true;
    },
  });
  const moment = {
    past: /** @type {number | null} */ (null),
    async go(/** @type {number | null} */ step) {
      moment.past = step;
    },
  };
  const page = { run, moment, work: { current: null }, notices: { clear() {} }, state: { settings: {} } };
  return { run, moment, release, actions: new Actions(/** @type {any} */ (page)) };
}

test("a scrubber that is dragged while the run trains ends where it was let go, and back at the present the run goes on", async () => {
  const { run, moment, release, actions } = travelling();
  const moved = [actions.travel(5), actions.travel(3)];
  release();
  await Promise.all(moved);
  assert.deepEqual([moment.past, run.running], [3, false]);
  await actions.travel(null);
  assert.deepEqual([moment.past, run.running], [null, true]);
});

test("a reader who is back before the run rests has it go on, and is not taken away again", async () => {
  const { run, moment, release, actions } = travelling();
  const moved = [actions.travel(5), actions.travel(null)];
  release();
  await Promise.all(moved);
  assert.deepEqual([moment.past, run.running], [null, true]);
});

for (const [name, act] of Object.entries({
  "is paused by hand": async ({ run, actions }) => {
    await actions.toggle(); // from the earlier moment on
    await actions.toggle();
    assert.equal(run.running, false);
  },
  "makes a step by hand": ({ run, actions }) => ((run.step = async () => {}), actions.step()),
  "gave its place to another": ({ run, moment }) => {
    moment.past = null;
    run.dispatchEvent(new Event("run"));
  },
}))
  test(`a run that ${name} after an earlier moment was looked at does not go on when the next one was`, async () => {
    const hand = travelling();
    const { run, release, actions } = hand;
    release();
    await actions.travel(5);
    await act(hand);
    await actions.travel(3);
    await actions.travel(null);
    assert.equal(run.running, false);
  });

/** A page without a run, and what its notices say. */
async function opening(/** @type {object} */ run) {
  const [state] = await State.of("#v=1&text=brackets&hidden=18&heads=5");
  const said = /** @type {Map<string, string>} */ (new Map());
  const notices = {
    show: (/** @type {string} */ sentence, /** @type {{about: string}} */ { about }) => said.set(about, sentence),
    clear: (/** @type {string} */ about) => said.delete(about),
  };
  const page = {
    ...{ run, state, notices, strings: en, format },
    panels: { takeRun() {} },
    try: (/** @type {() => any} */ work) => work(),
    showPrompt() {},
    showSettings() {},
  };
  const actions = new Actions(/** @type {any} */ (page));
  return { actions, page, state, said };
}

test("what had to change before the text was there is said of the run that begins with it", async () => {
  const run = Object.assign(new EventTarget(), {
    client: null,
    coming: null,
    text: "",
    at: 0,
    start: async () => true,
  });
  const { actions, state, said } = await opening(run);
  assert.equal(await actions.takeSettings({ cell: "attention" }), true);
  assert.equal(said.size, 0, "there is no run yet");
  await actions.begin("a text", true);
  assert.deepEqual([state.settings.cell, state.settings.heads], ["attention", "auto"]);
  assert.match(said.get("settings") ?? "", /5 heads cannot share 18 evenly, so there are 3\./);
  await actions.begin("another text", true);
  assert.equal(said.has("settings"), false, "once");
});

test("what had to change before is not said of a run that comes after a saved one", async () => {
  const client = { settings: checkSettings({ hidden: 4 }), auto: [], vocabulary: ["a", "b"] };
  const start = async () => ((run.client = client), true);
  /** @type {any} */ const run = Object.assign(new EventTarget(), {
    client: null,
    coming: null,
    text: "",
    at: 0,
    start,
  });
  const { actions, said } = await opening(run);
  await actions.takeSettings({ cell: "attention" });
  await actions.resume(async () => ({ checkpoint: new Uint8Array(8), text: "a text", play: false }));
  await actions.begin("another text", true);
  assert.equal(said.has("settings"), false);
});

test("a network that does not know the page's text is opened without it, and what was chosen meanwhile comes after", async () => {
  const client = { settings: checkSettings({ hidden: 4 }), auto: [], vocabulary: ["a", "b"] };
  const tried = /** @type {any[]} */ ([]);
  const start = async (/** @type {any} */ _, /** @type {string | undefined} */ text) => {
    tried.push(text);
    if (text === "the page's") throw new UnrolledError("unknown-token", "It knows no p.");
    return ((run.client = client), (run.text = text ?? ""), true);
  };
  /** @type {any} */ const run = Object.assign(new EventTarget(), {
    ...{ client: null, coming: null, text: "the page's", at: 7, start },
  });
  const { actions } = await opening(run);
  actions.awaited = /** @type {any} */ ({ kind: "hash", digest: "", length: 9 });
  const opened = actions.resume(async () => ({ checkpoint: new Uint8Array(8), text: run.text }));
  const chosen = actions.takeText("chosen meanwhile");
  assert.deepEqual(await opened, false, "the place is the other's");
  await chosen;
  assert.deepEqual(tried, ["chosen meanwhile"]);
  run.text = "the page's";
  assert.deepEqual(await actions.resume(async () => ({ checkpoint: new Uint8Array(8), text: run.text })), {
    step: 7,
  });
  assert.deepEqual(tried.slice(1), ["the page's", undefined]);
  assert.equal(actions.awaited, null, "no link waits for its text any more");
});

test("a text that is refused leaves the place to the one that was still on its way", async () => {
  const tried = /** @type {string[]} */ ([]);
  const start = async (/** @type {any} */ _, /** @type {string} */ text) => {
    tried.push(text);
    if (text === "short") throw new UnrolledError("few-tokens", "It is too short.");
    return ((run.text = text), true);
  };
  /** @type {any} */ const run = Object.assign(new EventTarget(), {
    ...{ client: null, coming: null, text: "", at: 0, start },
  });
  const { actions, page } = await opening(run);
  Object.assign(page, { failures: { refuse() {} } });
  await Promise.all([actions.takeSample("brackets"), actions.takeText("short")]);
  assert.equal(tried[0], "short");
  assert.match(tried[1].slice(0, 9), /^[<([{][a-h]/, "the sample");
});

test("a saved run goes on at the step it was saved at, however far it is by the time it is said", async () => {
  const run = Object.assign(new EventTarget(), {
    client: { settings: checkSettings({ hidden: 4 }), auto: [], vocabulary: ["a", "b"] },
    at: 0,
    start: async () => ((run.at = 40), true),
    play: async () => void run.at++,
  });
  const { actions } = await opening(run);
  assert.deepEqual(await actions.resume(async () => ({ checkpoint: new Uint8Array(8), text: "a text" })), {
    step: 40,
  });
});

/** A network of 4 units that came without a text into a page that trained one of 8. */
async function textless() {
  const asked = [];
  const about = { progress: { step: 5, window: 0, tokens: 0 }, windows: 1, vocabulary: ["a", "b"], auto: [] };
  const link = {
    join: () => 1,
    leave() {},
    async call(_, method, [{ checkpoint, settings, source } = /** @type {any} */ ({})] = []) {
      asked.push(method);
      if (method === "create" && checkpoint) asked.push(`of ${source.text}`);
      return { ...about, settings: checkSettings({ hidden: checkpoint ? 4 : settings?.hidden }) };
    },
  };
  const run = new Run({ openLink: async () => /** @type {any} */ (link) }, false);
  const [state] = await State.of("#v=1&hidden=8");
  const told = [];
  const page = {
    run,
    state,
    notices: { show() {}, clear() {} },
    failures: { refuse: (error) => told.push(error.code) },
    panels: { takeRun() {} },
    try: (work) => work(),
    showSettings() {},
    showPrompt() {},
  };
  const actions = new Actions(/** @type {any} */ (page));
  await actions.begin("春眠不觉晓", true);
  asked.length = 0;
  await actions.resume(async () => ({ checkpoint: new Uint8Array(8) }));
  return { run, state, told, actions, asked };
}

test("a network that came without a text does not train, and is loaded without one", async () => {
  const { run, state, asked, actions } = await textless();
  assert.deepEqual([run.text, run.running, state.settings.hidden], ["", false, 4]);
  assert.deepEqual(asked, ["create", "of undefined", "dispose", "baselines"]);
  await assert.rejects(actions.reset(), { code: "no-text" });
});

test("a setting that begins anew is refused where there is no text, and stays as it was; a live one holds", async () => {
  const { run, state, told, actions } = await textless();
  const { client } = run;
  assert.equal(await actions.takeSettings({ hidden: 20 }), false);
  assert.deepEqual([told, state.settings.hidden, run.client], [["no-text"], 4, client]);
  assert.equal(await actions.takeSettings({ learningRate: 0.1 }), true);
  assert.equal(state.settings.learningRate, 0.1);
});
