import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkerPool } from "../../web/embed/demo/pool.js";

/** Stands for a WorkerLink. */
class FakeLink {
  closed = false;
  join(listener) {
    this.crash = () => listener({ event: "crashed" });
  }
  close() {
    this.closed = true;
  }
}

function makePool(most) {
  const links = [];
  const pool = new WorkerPool({
    most,
    open: async () => {
      links.push(new FakeLink());
      return links.at(-1);
    },
  });
  return { pool, links };
}

test("ten demos share as many workers as there may be, evenly", async () => {
  const { pool, links } = makePool(3);
  const leases = Array.from({ length: 10 }, () => pool.acquire());
  const used = await Promise.all(leases.map((lease) => lease.link));
  assert.equal(links.length, 3);
  assert.deepEqual(links.map((link) => used.filter((each) => each === link).length).sort(), [3, 3, 4]);
});

test("a worker is closed when its last demo leaves, and not before", async () => {
  const { pool, links } = makePool(1);
  const [a, b] = [pool.acquire(), pool.acquire()];
  await a.link;
  a.release();
  a.release();
  await null;
  assert.equal(links[0].closed, false, "b is still there, however often a leaves");
  b.release();
  await null;
  assert.equal(links[0].closed, true);
  assert.equal(pool.size, 0);
  await pool.acquire().link;
  assert.equal(links.length, 2, "who comes later gets a new one");
});

test("a worker that crashed or could not be opened is not handed out again", async () => {
  const { pool, links } = makePool(1);
  await pool.acquire().link;
  links[0].crash();
  await pool.acquire().link;
  assert.equal(links.length, 2);

  let tries = 0;
  const failing = new WorkerPool({
    most: 1,
    open: async () => {
      tries++;
      throw new Error("no");
    },
  });
  await assert.rejects(failing.acquire().link, /no/);
  await assert.rejects(failing.acquire().link, /no/);
  assert.equal(tries, 2);
});
