/** The run that a page shows, over a worker that is told what to answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UnrolledError } from "../../web/core/errors.js";
import { Actions } from "../../web/app/actions.js";
import { Opening } from "../../web/app/opening.js";
import { Run } from "../../web/app/run/run.js";
import { State } from "../../web/app/state.js";
import { checkSettings } from "../../web/core/config.js";

Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 }, configurable: true });
Object.defineProperty(globalThis, "requestAnimationFrame", { value: setImmediate, configurable: true });

/** A worker that makes a run, and leaves what it is asked then without an answer until it is closed. */
function slowLink() {
  const waiting = [];
  return {
    join: () => 1,
    leave() {},
    call: (_, method) =>
      method === "create" || method === "dispose"
        ? Promise.resolve({ progress: { step: 0, window: 0, tokens: 0 }, windows: 1 })
        : new Promise((_, refuse) => waiting.push(refuse)),
    close: () => waiting.forEach((refuse) => refuse(new UnrolledError("disposed", "the worker was closed"))),
    fail: (error) => waiting.forEach((refuse) => refuse(error)),
  };
}

/** A run at its beginning. */
async function begun() {
  const link = slowLink();
  const run = new Run({ openLink: async () => /** @type {any} */ (link) }, false);
  await run.start({ hidden: 4 }, "a text", { play: false });
  return { run, link };
}

const ASKED = {
  pause: (run) => run.pause(),
  play: (run) => run.play(),
  step: (run) => run.step(),
  configure: (run) => run.configure({ learningRate: 0.1 }),
  "sample otherwise": (run) => run.sampleWith({ prompt: "a" }),
};

for (const [name, ask] of Object.entries(ASKED))
  test(`a run that ends before it has answered fails nobody who asked it to ${name}; another failure is told`, async () => {
    const ended = await begun();
    const asked = ask(ended.run);
    ended.run.dispose();
    ended.link.close();
    await asked;
    const { run, link } = await begun();
    const failing = ask(run);
    link.fail(new UnrolledError("bad-setting", "no such rate"));
    await assert.rejects(failing, { code: "bad-setting" });
    assert.equal(run.pausing, false, "nothing is still to be told");
  });

for (const [judged, ends] of /** @type {const} */ ([
  [6, false],
  [50, true],
]))
  test(`a validation part of ${judged} tokens ${ends ? "ends a run that gets no better" : "is too small to end a run"}`, async () => {
    let hear = (/** @type {any} */ _) => {};
    const about = { progress: { step: 0, window: 0, tokens: 0 }, windows: 1, validationTargets: judged };
    const link = {
      join: (/** @type {any} */ listener) => ((hear = listener), 1),
      leave() {},
      call: async (_, method) => (method === "pause" ? about.progress : about),
    };
    const run = new Run({ openLink: async () => /** @type {any} */ (link) }, false);
    run.limits = { epochs: 0, patience: 2 };
    await run.start({ hidden: 4 }, "a text", { play: true });
    for (const loss of [2, 3, 3]) hear({ event: "evaluation", session: 1, step: loss, loss });
    await new Promise(setImmediate);
    assert.equal(run.running, !ends);
    assert.equal(run.ending?.ended, ends ? "patience" : undefined);
  });

/** A run whose worker says how much it has read, and stands when it is told to. */
function reading() {
  let resolve = () => {};
  const promise = new Promise((done) => (resolve = /** @type {any} */ (done)));
  let hear = (/** @type {any} */ _) => {};
  const link = {
    join: (/** @type {any} */ listener) => ((hear = listener), 1),
    leave() {},
    call: (_, method) =>
      method === "create"
        ? promise.then(() => ({ progress: { step: 0, window: 0, tokens: 0 }, windows: 1 }))
        : Promise.resolve(),
  };
  const run = new Run({ openLink: async () => /** @type {any} */ (link) }, false);
  const seen = [];
  run.addEventListener("reading", () => seen.push(run.reading));
  const start = run.start({ hidden: 4 }, "a text", { play: false });
  return { run, seen, start, stand: () => resolve(), tell: (done) => hear({ event: "reading", session: 1, done }) };
}

test("a run tells how much of a long text is read, and of one that is read at once nothing", async () => {
  const long = reading();
  await new Promise(setImmediate);
  for (const done of [0.04, 0.4, 0.9]) long.tell(done);
  long.stand();
  assert.equal(await long.start, true);
  assert.deepEqual(long.seen, [0.04, 0.4, 0.9, null]);
  const short = reading();
  await new Promise(setImmediate);
  for (const done of [0.3, 0.7]) short.tell(done);
  short.stand();
  assert.equal(await short.start, true);
  assert.deepEqual(short.seen, []);
});

test("a start that another overtakes is told of no more", async () => {
  const { run, seen, start, tell } = reading();
  await new Promise(setImmediate);
  tell(0.05);
  run.dispose();
  tell(0.5);
  assert.equal(await Promise.race([start, new Promise((done) => setImmediate(done, "waits"))]), "waits");
  assert.deepEqual(seen, [0.05, null]);
});

/** A worker of runs, each of which stands when it is told to: what it was asked is kept, with the run it was asked of. */
function handLink() {
  const asked = [],
    making = [],
    standing = new Map();
  let sessions = 0;
  const settings = checkSettings({ hidden: 4 });
  const about = { progress: { step: 5, window: 0, tokens: 0 }, windows: 1, vocabulary: [], auto: [], settings };
  return {
    asked,
    about,
    /** Tells of the worker, by run. @type {((data: any) => void)[]} */ listeners: [],
    get made() {
      return making.length;
    },
    /** What is to come before it answers what was set. */ delay: /** @type {Promise<void> | null} */ (null),
    stand: () => making.shift().resolve(),
    fail: () => making.shift().reject(new UnrolledError("no-snapshot", "there is no snapshot of step 3")),
    join(listener) {
      this.listeners.push(listener);
      return ++sessions;
    },
    leave() {},
    close() {},
    call(session, method, args) {
      if (method === "create")
        return new Promise((resolve, reject) => {
          const stand = () => {
            standing.set(session, about.progress);
            resolve({ ...about });
          };
          making.push({ resolve: stand, reject });
        });
      asked.push({ session, method, args });
      if (method === "configure" && this.delay) return this.delay;
      if (method === "pause") return Promise.resolve(standing.get(session));
      return Promise.resolve(method === "describe" ? { ...about } : null);
    },
  };
}

/** Runs that stand, by hand; of what was asked the rates and the beginnings: "run 2 has 0.1". */
async function handRun() {
  const link = handLink();
  const run = new Run({ openLink: async () => /** @type {any} */ (link) });
  const told = () =>
    link.asked
      .filter(({ method }) => method === "configure" || method === "run")
      .map(({ session, method, args }) =>
        method === "run" ? `run ${session} goes on` : `run ${session} has ${args[0].learningRate}`,
      );
  const turn = () => new Promise(setImmediate);
  const started = run.start({ hidden: 4 }, "a text", { play: false });
  await turn();
  link.stand();
  await started;
  return { run, link, told, turn };
}

for (const [name, replace] of Object.entries({
  "goes back": (run) => run.branch(3),
  "begins anew": (run) => run.start({ hidden: 8 }, "a text"),
}))
  test(`a rate that is set while a run ${name} is that of the run to come, from its first step on`, async () => {
    const { run, link, told, turn } = await handRun();
    const replaced = replace(run);
    await turn();
    const configured = run.configure({ learningRate: 0.1 });
    await turn();
    assert.deepEqual(told(), [], "the run that is left keeps its own");
    link.stand();
    assert.equal(await replaced, true);
    assert.equal(await configured, true);
    assert.deepEqual(told(), ["run 2 has 0.1", "run 2 goes on"]);
  });

test("a rate that is set for a run that never comes is that of the run that goes on", async () => {
  const { run, link, told, turn } = await handRun();
  const replaced = run.branch(3);
  await turn();
  const configured = run.configure({ learningRate: 0.1 });
  link.fail();
  await assert.rejects(replaced, { code: "no-snapshot" });
  assert.equal(await configured, true);
  assert.deepEqual(told(), ["run 1 has 0.1"]);
});

test("a rate that was set for a run that another overtook is no other's", async () => {
  const { run, link, told, turn } = await handRun();
  const overtaken = run.branch(3);
  await turn();
  const configured = run.configure({ learningRate: 0.1 });
  const next = run.start({ hidden: 8 }, "a text", { play: false });
  assert.equal(await configured, false);
  await turn();
  link.stand();
  link.stand();
  assert.equal(await overtaken, false);
  assert.equal(await next, true);
  assert.deepEqual(told(), []);
});

/** What a reader does to it, with no page around. */
async function acting() {
  const hand = await handRun();
  const [state] = await State.of("#hidden=4");
  /** What is said at the moment, by what it is about. @type {Map<string, {action?: {run: () => any}}>} */
  const said = new Map();
  const notices = {
    show: (_, options) => said.set(options.about, options),
    clear: (about) => said.delete(about),
  };
  const page = /** @type {any} */ ({
    run: hand.run,
    state,
    notices,
    strings: { notice: { left: "", undo: "", needText: "{bytes} bytes" }, text: { "moby-dick": "" } },
    format: { integer: String },
    moment: { past: 3, look() {}, forget() {} },
    failures: { refuse() {} },
    panels: { async build() {}, showBar() {}, openSheet() {}, takeRun() {} },
    speak: async () => {},
    try: (work) => work(),
    attempt: (work) => work(),
    showSettings() {},
    showPrompt() {},
  });
  const actions = (page.actions = new Actions(page));
  return { ...hand, state, said, actions, page };
}

test("a run that trains on from an earlier moment does so by the rate that is shown, and undo shows that of the other", async () => {
  const { link, told, turn, state, actions } = await acting();
  const begun = actions.begin("a text", false);
  await turn();
  link.stand();
  await begun;
  await actions.takeSettings({ learningRate: 0.1 });
  const branched = actions.branch();
  await turn();
  const changed = actions.takeSettings({ learningRate: 0.2 });
  await turn();
  link.stand();
  await Promise.all([branched, changed]);
  assert.deepEqual(told(), ["run 2 has 0.1", "run 3 has 0.2", "run 3 goes on"]);
  assert.equal(state.settings.learningRate, 0.2);
  await actions.undo();
  assert.equal(state.settings.learningRate, 0.1);
});

test("what is set while a run begins anew with other settings leaves the one before as it was", async () => {
  const { link, told, turn, state, actions } = await acting();
  const begun = actions.begin("a text", false);
  await turn();
  link.stand();
  await begun;
  const restarted = actions.takeSettings({ hidden: 8 });
  await turn();
  const changed = actions.takeSettings({ learningRate: 0.2 });
  await turn();
  link.stand();
  await Promise.all([restarted, changed]);
  assert.deepEqual(told(), ["run 3 has 0.2"]);
  assert.deepEqual([state.settings.hidden, state.settings.learningRate], [8, 0.2]);
  await actions.undo();
  assert.deepEqual([state.settings.hidden, state.settings.learningRate], [4, 2e-3]);
});

test("a second setting that begins anew does so with the text that is on its way, not with the one before", async () => {
  const { run, link, turn, actions } = await acting();
  const first = actions.begin("another text", true);
  await turn();
  const second = actions.takeSettings({ hidden: 8 });
  await turn();
  link.stand();
  link.stand();
  await Promise.all([first, second]);
  assert.equal(run.text, "another text");
});

/** Lets turns pass until something holds. */
async function until(/** @type {() => any} */ holds) {
  while (!holds()) await new Promise(setImmediate);
}

/** A run that learns a first text and writes on from "The ", and another text on its way, whose first word is not known. */
async function between() {
  const hand = await acting();
  const { link, turn, state, actions } = hand;
  const begun = actions.begin("a text", false);
  await turn();
  link.stand();
  await begun;
  state.set({ text: { kind: "sample", name: "tang" } });
  const coming = actions.begin("another text", true);
  await turn();
  return { ...hand, coming };
}

for (const [name, act] of Object.entries({
  "begins anew": (actions) => actions.reset(),
  "trains on from an earlier moment": (actions) => actions.branch(),
  "goes back to an earlier moment": (actions) => actions.restore(3),
}))
  test(`a run that ${name} while another text is on its way writes on from its own prompt`, async () => {
    const { run, link, turn, state, actions, coming } = await between();
    const acted = act(actions);
    await turn();
    link.stand();
    link.stand();
    await Promise.all([coming, acted]);
    assert.deepEqual([state.textName, run.text, run.sampling.prompt], ["moby-dick", "a text", "The "]);
  });

for (const outcome of ["stand", "fail"])
  test(`a saved run of the same text that is gone on with while another text is on its way calls it off, also where it can only ${outcome}`, async () => {
    const { run, link, state, actions, coming } = await between();
    const resumed = actions.resume(async () => ({ checkpoint: new Uint8Array(8), text: run.text, play: false }));
    const settled = resumed.catch(({ code }) => code);
    await until(() => link.made === 2);
    link.stand();
    link[outcome]();
    assert.deepEqual(await settled, outcome === "stand" ? { step: 5 } : "no-snapshot");
    await coming;
    assert.deepEqual([state.textName, run.text, run.sampling.prompt], ["moby-dick", "a text", "The "]);
  });

test("what the reader looks into is looked into again where another text is refused", async () => {
  const { link, state, actions } = await between();
  link.stand();
  actions.takeProbe("to be");
  const taken = actions.takeText("to be or not to be");
  await until(() => link.made && state.textName === "own");
  assert.equal(state.probe, undefined);
  link.fail();
  await taken;
  assert.deepEqual([state.probe, state.textName], ["to be", "tang"]);
});

test("what two texts on their way would have written is not what the run writes that goes on", async () => {
  const { run, link, turn, state, actions, coming } = await between();
  const second = actions.takeSettings({ hidden: 8 });
  await turn();
  link.stand();
  link.fail();
  await Promise.all([coming, second]);
  assert.deepEqual([state.textName, run.text, run.sampling.prompt], ["moby-dick", "a text", "The "]);
});

test("a prompt that is typed while another text is on its way is that of the run that stands then, whichever", async () => {
  for (const outcome of ["stand", "fail"]) {
    const { run, link, state, actions, coming } = await between();
    await actions.resample({ prompt: "Call" });
    assert.equal(run.sampling.prompt, "Call");
    link[outcome]();
    await coming;
    assert.deepEqual([state.prompt, run.sampling.prompt], ["Call", "Call"], outcome);
  }
});

test("a temperature that is set while another text is on its way leaves each run its own prompt", async () => {
  const { run, link, actions, coming } = await between();
  await actions.resample({ temperature: 1.5 });
  assert.deepEqual([run.sampling.prompt, run.sampling.temperature], ["The ", 1.5]);
  link.stand();
  await coming;
  assert.deepEqual([run.sampling.prompt, run.sampling.temperature], ["春", 1.5]);
});

test("a run that is taken up again, or gone back to, writes on from its own prompt from the first", async () => {
  const { run, link, turn, state, actions } = await acting();
  const begun = actions.begin("a text", false);
  await turn();
  link.stand();
  await begun;
  const prompts = [];
  run.addEventListener("run", () => prompts.push(run.sampling.prompt));
  const source = /** @type {const} */ ({ kind: "sample", name: "tang" });
  const resumed = actions.resume(async () => ({
    checkpoint: new Uint8Array(8),
    text: "another text",
    source,
    play: false,
  }));
  await turn();
  link.stand();
  await resumed;
  state.set({ temperature: "1.5" });
  await actions.undo();
  assert.deepEqual(prompts, ["春", "The "]);
  assert.equal(run.sampling.temperature, 1.5);
});

test("a text that is pasted while that of the link is on its way is what is learnt", async () => {
  const { run, link, state, actions, page } = await acting();
  let find = (/** @type {boolean} */ _) => {};
  const store = new Promise((done) => (find = done));
  const opened = new Opening(page).open("#v=1&hidden=4&text=recall", { first: () => store });
  await until(() => state.textName === "recall");
  const pasted = actions.takeText("to be or not to be");
  await until(() => link.made);
  link.stand();
  await pasted;
  find(false);
  await opened;
  assert.deepEqual([run.text, state.textName, link.made], ["to be or not to be", "own", 0]);
});

test("the link's text is learnt after all where nothing can be learnt of what was pasted meanwhile", async () => {
  const { run, link, state, actions, page } = await acting();
  const opened = new Opening(page).open("#v=1&hidden=4&text=recall");
  await until(() => state.textName === "recall");
  await assert.rejects(actions.takeText("x"), { code: "one-character" });
  await until(() => link.made);
  link.stand();
  await opened;
  assert.match(run.text, /^[A-Z0-9]+/);
  assert.equal(state.textName, "recall");
});

test("a link whose text has to be asked for has the run before rest, and undo goes back to it", async () => {
  const { run, link, turn, state, said, actions, page } = await acting();
  const begun = actions.begin("a text", true);
  await turn();
  link.stand();
  await begun;
  const { client } = run;
  await new Opening(page).open(`#v=1&hidden=16&text=sha256.${"0".repeat(64)}.9000`);
  assert.deepEqual([run.client, run.running, run.at, run.text], [null, false, 0, ""]);
  await run.play();
  assert.equal(run.running, false, "there is nothing to be played");
  await actions.takeSettings({ cell: "gru" });
  assert.equal(link.made, 0, "nothing begins with another text");
  assert.deepEqual([run.left?.client, run.left?.state.text.name], [client, "moby-dick"]);
  assert.ok(said.has("text"));
  await said.get("undo").action.run();
  assert.deepEqual([run.client, run.text, state.textName, state.settings.hidden], [client, "a text", "moby-dick", 4]);
  assert.deepEqual([actions.awaited, said.has("text")], [null, false]);
});

for (const [name, answer] of Object.entries({
  "cannot be fetched": () => Promise.reject(new TypeError("Failed to fetch")),
  "breaks off": async () => ({ ok: true, text: () => Promise.reject(new TypeError("network error")) }),
  "is not there": async () => ({ ok: false, status: 404 }),
}))
  test(`a text that ${name} is told of, and nothing is said to be on its way any more`, async (t) => {
    const { run, state, actions, page } = await acting();
    t.mock.method(globalThis, "fetch", answer);
    const told = [];
    Object.assign(page, { assets: "http://localhost/", failures: { tell: ({ code }) => told.push(code) } });
    const opening = new Opening(page);
    await opening.open("#v=1&hidden=4&text=tang");
    assert.deepEqual([told, opening.pending], [["no-text-file"], false]);
    state.set({ text: { kind: "sample", name: "moby-dick" } });
    const names = [];
    page.showSettings = () => names.push(state.textName);
    await assert.rejects(actions.takeSample("tang"), { code: "no-text-file" });
    assert.deepEqual([names, run.text], [["moby-dick"], "a text"], "the name that is shown is that of the run again");
  });

/** A run that stands, of a link, and the page's address that is followed then. */
async function followed(/** @type {string} */ first, /** @type {string} */ then) {
  const hand = await acting();
  const { link, page } = hand;
  const shown = [];
  page.panels.build = async () => shown.push("all");
  Object.assign(page, { dock: { show: async () => shown.push("view") }, recolour() {} });
  const opening = new Opening(page);
  const opened = opening.open(first);
  await until(() => link.made);
  link.stand();
  await opened;
  shown.length = 0;
  const following = opening.follow(then);
  return { ...hand, shown, following };
}

test("a link of the same run is followed in all that it says, and the run goes on", async () => {
  const same = "#v=1&hidden=4&text=recall";
  const probing = await followed(`${same}&probe=aaa`, `${same}&probe=bbb&view=gates`);
  await probing.following;
  assert.deepEqual([probing.state.probe, probing.state.view, ...probing.shown], ["bbb", "gates", "view"]);
  const writing = await followed(same, `${same}&prompt=B&temperature=1.5&epochs=3&patience=0&lang=zh`);
  await writing.following;
  const { run, link, state, shown } = writing;
  assert.deepEqual([run.sampling.prompt, run.sampling.temperature, state.lang], ["B", 1.5, "zh"]);
  assert.deepEqual([run.limits, ...shown, link.made], [{ epochs: 3, patience: 0 }, "all", 0]);
});

test("a link that speaks of the longer text that is learnt already learns it, and asks for none", async () => {
  const { run, link, state, said, actions, page } = await acting();
  const long = "to be or not to be; ".repeat(500);
  const taken = actions.takeText(long);
  await until(() => link.made);
  link.stand();
  await taken;
  assert.equal(state.text.kind, "hash");
  const followed = new Opening(page).follow(`#v=1&hidden=8&text=sha256.${state.text.sha256}.${long.length}`);
  await until(() => link.made || said.has("text"));
  link.stand();
  await followed;
  assert.deepEqual([run.text === long, state.settings.hidden, actions.awaited], [true, 8, null]);
});

test("a link that asks for another core is opened", async () => {
  const { link, state, following } = await followed("#v=1&hidden=4&text=recall", "#v=1&hidden=4&text=recall&core=simd");
  await until(() => link.made);
  link.stand();
  await following;
  assert.equal(state.core, "simd");
});

test("of two addresses that follow one upon the other the last holds", async () => {
  const { link, state, page } = await acting();
  const opening = new Opening(page);
  const same = "#v=1&hidden=4&text=recall";
  const opened = opening.open(same);
  await until(() => link.made);
  link.stand();
  await opened;
  page.dock = { show: async () => {} };
  await Promise.all([opening.follow("#v=1&hidden=8&text=recall"), opening.follow(`${same}&probe=bbb`)]);
  assert.deepEqual([state.settings.hidden, state.probe, link.made], [4, "bbb", 0]);
});

/** A file that is read when it is told to. */
function slowFile(name, text) {
  let read = () => {};
  const bytes = new Promise((done) => (read = () => done(new TextEncoder().encode(text).buffer)));
  return { read, file: /** @type {any} */ ({ name, size: text.length, slice: () => ({ arrayBuffer: () => bytes }) }) };
}

test("of two files the one that was opened last is learnt, whichever is read first", async () => {
  const { run, link, actions } = await acting();
  const [first, last] = [slowFile("a.txt", "the first of two"), slowFile("b.txt", "the last of two")];
  const shown = [];
  const taken = [first, last].map(({ file }) => actions.takeFile(file, (text) => shown.push(text)));
  last.read();
  await until(() => link.made);
  link.stand();
  first.read();
  await Promise.all(taken);
  assert.deepEqual([run.text, ...shown], ["the last of two", "the last of two"]);
});

for (const [name, act] of Object.entries({
  "begins anew": (actions) => actions.reset(),
  "goes back to an earlier moment": (actions) => actions.restore(3),
  "goes on where it was saved": (actions) =>
    actions.resume(async () => ({ checkpoint: new Uint8Array(8), text: "a text", play: false })),
}))
  test(`a text that is still looked at does not take the place of a run that ${name} after it`, async () => {
    const { run, link, actions } = await acting();
    const taken = actions.takeText("to be or not to be");
    const acted = act(actions);
    await until(() => link.made);
    link.stand();
    await Promise.all([taken, acted]);
    assert.deepEqual([run.text, link.made], ["a text", 0]);
  });

test("a rate that the worker answers when another run is shown is not said of that one, but of its own", async () => {
  const { link, turn, state, actions } = await acting();
  for (const text of ["a text", "another text"]) {
    const begun = actions.begin(text, false);
    await turn();
    link.stand();
    await begun;
  }
  let answer = () => {};
  link.delay = new Promise((done) => (answer = done));
  const changed = actions.takeSettings({ learningRate: 0.2 });
  await actions.undo();
  answer();
  await changed;
  assert.equal(state.settings.learningRate, 2e-3);
  await actions.undo();
  assert.equal(state.settings.learningRate, 0.2);
});

test("a run that begins anew waits, even if no step of it was heard of yet", async () => {
  const { run, link, turn, actions } = await acting();
  link.about.progress.step = 0;
  const begun = actions.begin("a text", true);
  await turn();
  link.stand();
  await begun;
  assert.deepEqual([run.at, run.running], [0, true]);
  const reset = actions.reset();
  await turn();
  link.stand();
  await reset;
  assert.equal(run.running, false);
});

/** A run that was left at step 5 for one that waits at its beginning. */
async function waiting() {
  const hand = await acting();
  const { run, link, turn, actions } = hand;
  const begin = async () => {
    const begun = actions.begin("a text", false);
    await turn();
    link.stand();
    await begun;
  };
  await begin();
  const first = run.client;
  link.about.progress = { ...link.about.progress, step: 0 };
  await begin();
  return { ...hand, begin, first };
}

test("a run that was left stays in reach when the one in its place waits at its beginning and another begins", async () => {
  const { run, link, said, begin, first } = await waiting();
  const told = [];
  run.addEventListener("left", (event) => told.push(event.detail.run.client));
  await begin();
  assert.equal(run.left?.client, first);
  assert.deepEqual(told, [], "it was told when it was left");
  const disposed = link.asked.filter(({ method }) => method === "dispose").map(({ session }) => session);
  assert.deepEqual(disposed, [1, 3], "the one that had been left before, and the one that waited");
  await said.get("undo").action.run();
  assert.equal(run.client, first);
  assert.equal(run.at, 5);
});

for (const [name, end] of Object.entries({
  "all ends": ({ run }) => run.dispose(),
  "the worker crashes": ({ link }) => link.listeners.at(-1)({ event: "crashed", error: new Error("gone") }),
}))
  test(`nothing offers to go back any more when ${name}`, async () => {
    const hand = await waiting();
    assert.ok(hand.said.has("undo"));
    end(hand);
    assert.equal(hand.run.left, null);
    assert.equal(hand.said.has("undo"), false);
  });
