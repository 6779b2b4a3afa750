import assert from "node:assert/strict";
import { test } from "node:test";
import { killAgainAndAgain } from "../endurance/kill.js";

test("a page whose process is killed goes on from a moment before, with the same bits", async () => {
  const { steps, mostLost } = await killAgainAndAgain({ times: 2, seed: 3, longest: 1000, hurried: true });
  assert.ok(steps > 0, "a run was saved");
  assert.ok(mostLost <= 10_000, `${mostLost} ms of training lost`);
});
