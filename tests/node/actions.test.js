/** What a reader does to the run, with no page around. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Actions } from "../../web/app/actions.js";

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
