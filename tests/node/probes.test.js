/** How often a network is looked into while it trains. Time is the test's own. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Probes } from "../../web/app/inside/probes.js";

/**
 * Looks once every 10 ms for a while; every answer takes the worker so many ms.
 * @param {{calm?: boolean, drawn?: boolean, cost?: number, seconds?: number}} options
 */
async function watch({ calm = false, drawn = true, cost = 1, seconds = 20 } = {}) {
  let now = 1000;
  const clock = mock.method(performance, "now", () => now);
  Object.assign(globalThis, { matchMedia: () => ({ matches: calm }) });
  /** @type {Record<string, number>} */ const asked = { trace: 0, flow: 0, response: 0, norms: 0, blocks: 0 };
  const client = {
    probe: async (/** @type {string} */ text, /** @type {{flow: boolean}} */ { flow }) => {
      asked[text === "long" ? "response" : flow ? "flow" : "trace"]++;
      return { milliseconds: cost };
    },
    parameters: async () => {
      asked.norms++;
    },
    gradientNorms: async () => {
      asked.blocks++;
    },
  };
  const probes = new Probes();
  probes.watch(/** @type {any} */ (client), "short", "long");
  for (const end = now + 1000 * seconds; now < end; now += 10) {
    probes.look({ drawn });
    await null;
    await null;
    await null;
    await null;
  }
  clock.mock.restore();
  return asked;
}

test("looking takes no more of the time than it may, however dear a look is", async () => {
  for (const cost of [1, 10, 40]) {
    const { trace, flow, response } = await watch({ cost, seconds: 60 });
    const share = ((trace + flow + response) * cost) / 60_000;
    assert.ok(share < 0.0255, `a look of ${cost} ms takes ${(100 * share).toFixed(2)} % of the time`);
    assert.ok(trace >= 2 && flow >= 2, `${trace} traces and ${flow} flows`);
  }
});

test("where less motion is wanted a look is taken a fifth as often", async () => {
  const usual = await watch(),
    calm = await watch({ calm: true });
  assert.ok(usual.trace > 90, `${usual.trace} in 20 s`);
  assert.ok(calm.trace <= usual.trace / 4.5, `${calm.trace} of ${usual.trace}`);
});

test("what is off the screen is looked at once, and how far gradients reach goes on being told", async () => {
  const { flow, ...others } = await watch({ drawn: false });
  assert.deepEqual(others, { trace: 1, response: 1, norms: 1, blocks: 1 });
  assert.ok(flow > 5, `${flow} flows`);
});
