/** Saved runs over a store in memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RunStore } from "../../web/app/keep/store.js";
import { MemoryStore } from "./memory-store.js";

const DATA = /** @type {any} */ ({ checkpoint: new Uint8Array(100), text: "a text", settings: {}, history: {} });
const about = (id, step, kept = false) => ({ id, name: id, kept, cell: "lstm", step, loss: 2, link: "" });
const listed = async (store) => (await store.list()).map(({ id }) => id).sort();

/** A store of runs that were saved one minute after another, each with what it is called and its step. */
async function saved(t, ...runs) {
  t.mock.timers.enable({ apis: ["Date"], now: 0 });
  const memory = new MemoryStore();
  const store = new RunStore(memory.use);
  const save = async (...run) => {
    t.mock.timers.tick(60_000);
    await store.save(about(.../** @type {[string, number]} */ (run)), DATA);
  };
  for (const run of runs) await save(...run);
  return { memory, store, save };
}

test("a run of many steps is not dropped for those that were left after one, and the newest stays", async (t) => {
  const { store, save } = await saved(t, ["long", 12000], ["a", 1], ["b", 1], ["c", 1], ["d", 1]);
  assert.deepEqual(await listed(store), ["c", "d", "long"]);
  await save("e", 5);
  await save("f", 2);
  assert.deepEqual(await listed(store), ["e", "f", "long"]);
});

test("a run that is kept is no precaution: it is not dropped, and takes no other's place", async (t) => {
  const { store } = await saved(t, ["mine", 1, true], ["a", 9], ["b", 8], ["c", 7], ["other", 2, true]);
  assert.deepEqual(await listed(store), ["a", "b", "c", "mine", "other"]);
});

test("where there is no room one precaution goes after another, until there is", async (t) => {
  const { memory, store, save } = await saved(t, ["a", 5], ["b", 5], ["c", 5]);
  let full = 1;
  memory.refuses = (key) => key === "info d" && full-- > 0;
  await save("d", 1, true);
  assert.deepEqual(await listed(store), ["b", "c", "d"], "the oldest makes room");
  full = 2;
  memory.refuses = (key) => key === "info e" && full-- > 0;
  await save("e", 1, true);
  assert.deepEqual(await listed(store), ["d", "e"]);
  memory.refuses = () => true;
  await assert.rejects(save("f", 1), { code: "storage-full", message: /no room for 0\.0 MB more/ });
  assert.deepEqual(await listed(store), ["d", "e"], "what was asked for stays");
});

test("a long run makes room after a short one, whichever is older", async (t) => {
  const { memory, store, save } = await saved(t, ["long", 12000], ["short", 1]);
  let full = 1;
  memory.refuses = (key) => key === "info next" && full-- > 0;
  await save("next", 3);
  assert.deepEqual(await listed(store), ["long", "next"]);
});
