/** What is on its way to take the run's place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Claims } from "../../web/app/run/claims.js";

/** Claims whose ways end when they are told to; `taken` says who has had the place. */
function three() {
  const claims = new Claims();
  const taken = [];
  const ways = ["first", "second", "third"].map((name) => {
    /** @type {PromiseWithResolvers<string>["resolve"]} */ let come = () => {};
    /** @type {PromiseWithResolvers<string>["reject"]} */ let fail = () => {};
    const way = new Promise((resolve, reject) => ((come = resolve), (fail = reject)));
    const claim = claims.make(
      () => way,
      async (it) => {
        taken.push(it);
        if (it === "bad") throw new Error("bad");
        return it === "refused" ? null : true;
      },
    );
    claim.catch(() => {});
    const ends = { spoil: () => come("bad"), refuse: () => come("refused"), fail: () => fail(new Error(name)) };
    return { claim, come: () => come(name), ...ends };
  });
  return { claims, taken, ways };
}

test("the last that set out has the place, and those before it lose it, whenever they come", async () => {
  const { taken, ways } = three();
  ways[1].come();
  ways[2].come();
  ways[0].come();
  assert.deepEqual(await Promise.all(ways.map(({ claim }) => claim)), [false, false, true]);
  assert.deepEqual(taken, ["third"]);
});

test("where the last fails, on its way or in its place, the one before has its turn", async () => {
  for (const failing of ["fail", "spoil", "refuse"]) {
    const { taken, ways } = three();
    ways[0].come();
    ways[1].come();
    ways[2][failing]();
    if (failing === "refuse") assert.equal(await ways[2].claim, null);
    else await assert.rejects(ways[2].claim);
    assert.equal(await ways[1].claim, true);
    assert.equal(await ways[0].claim, false);
    assert.equal(taken.at(-1), "second");
  }
});

test("one that was called off neither has the place nor fails anybody", async () => {
  const { claims, taken, ways } = three();
  claims.drop();
  ways[0].come();
  ways[1].fail();
  ways[2].come();
  assert.deepEqual(await Promise.all(ways.map(({ claim }) => claim)), [false, false, false]);
  assert.deepEqual(taken, []);
});
