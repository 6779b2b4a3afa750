/** The moment that a page shows: how often a network is looked into while it trains, and that nothing is of two moments. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Moment } from "../../web/app/run/moment.js";
import { Story } from "../../web/app/run/story.js";

/** A run whose worker answers at once, at a cost of so many ms. */
function makeRun({ cost = 1 } = {}) {
  const run = /** @type {any} */ (new EventTarget());
  const asked = /** @type {any[]} */ ([]);
  Object.assign(run, {
    at: 0,
    running: true,
    story: new Story(),
    client: {
      look: async (/** @type {any} */ wanted) => {
        asked.push(wanted);
        const step = wanted.step ?? run.at;
        return {
          step,
          trace: null,
          response: null,
          parameters: null,
          norms: null,
          sample: null,
          moments: [0],
          milliseconds: cost,
        };
      },
    },
  });
  const tell = (/** @type {string} */ name) => run.dispatchEvent(new Event(name));
  return { run, asked, tell };
}

/** Reports come every 10 ms for a while. @returns {Promise<number>} how often it looked */
async function watch({ calm = false, cost = 1, seconds = 20 } = {}) {
  let now = 1000;
  const clock = mock.method(performance, "now", () => now);
  Object.assign(globalThis, { matchMedia: () => ({ matches: calm }) });
  const { run, asked, tell } = makeRun({ cost });
  new Moment(run, () => ({ text: "to be" }));
  tell("run");
  for (const end = now + 1000 * seconds; now < end; now += 10) {
    run.at++;
    tell("report");
    for (let i = 0; i < 6; i++) await null;
  }
  clock.mock.restore();
  return asked.length;
}

test("looking takes a twentieth of the time at most, however dear a look is", async () => {
  for (const cost of [1, 10, 40, 200]) {
    const looks = await watch({ cost, seconds: 60 });
    const share = (looks * cost) / 60_000;
    assert.ok(share < 0.056, `a look of ${cost} ms takes ${(100 * share).toFixed(2)} % of the time`);
    assert.ok(looks >= 10, `${looks} looks of ${cost} ms`);
  }
});

test("where less motion is wanted a look is taken a fifth as often", async () => {
  const [usual, calm] = [await watch(), await watch({ calm: true })];
  assert.ok(usual > 90, `${usual} in 20 s`);
  assert.ok(calm <= usual / 4.5, `${calm} of ${usual}`);
});

test("an earlier moment stands still while the run goes on, and what was under way before is dropped", async () => {
  Object.assign(globalThis, { matchMedia: () => ({ matches: false }) });
  const { run, tell } = makeRun();
  const moment = new Moment(run, () => ({}));
  const shown = /** @type {number[]} */ ([]);
  moment.addEventListener("change", () => shown.push(moment.step));
  run.at = 7;
  tell("run");
  const gone = moment.go(3); // the look at 7 is under way
  await gone;
  assert.equal(moment.step, 3);
  run.at = 9;
  tell("report");
  await moment.settled;
  assert.equal(moment.step, 3);
  await moment.go(null);
  assert.equal(moment.step, 9);
  assert.deepEqual(shown.slice(1), [3, 9]);
});

test("many asks at once end at the newest step", async () => {
  const { run, asked, tell } = makeRun();
  const moment = new Moment(run, () => ({}));
  run.running = false;
  tell("run");
  for (run.at = 1; run.at < 6; run.at++) tell("report");
  for (let i = 0; i < 20; i++) await null;
  assert.equal(moment.step, 6);
  assert.ok(asked.length <= 3, `${asked.length} looks`);
});

test("a prompt that is refused after another took its place is told to nobody", async () => {
  const { run, tell } = makeRun();
  const { look } = run.client;
  run.client.look = async (/** @type {any} */ wanted) => {
    const { prompt } = wanted.sample;
    const sample = prompt === "whale 鲸" ? { error: { code: "unknown-token" } } : { prompt, text: "s" };
    return { ...(await look(wanted)), sample };
  };
  run.sampling = { prompt: "whale 鲸" };
  const moment = new Moment(run, () => ({ sample: run.sampling }));
  const told = /** @type {any[]} */ ([]);
  moment.addEventListener("change", () => moment.seen && told.push(moment.seen.sample));
  tell("run");
  await null; // it is looked at
  run.sampling = { prompt: "whale " };
  moment.look({ now: true });
  for (let i = 0; i < 20; i++) await null;
  assert.deepEqual(told, [null, { prompt: "whale ", text: "s" }]);
  run.sampling = { prompt: "whale 鲸" };
  moment.look({ now: true });
  for (let i = 0; i < 20; i++) await null;
  assert.deepEqual(told.at(-1), { error: { code: "unknown-token" } }, "it is told of what is asked");
});
