/* The command `unrolled make`. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeText } from "../../web/core/index.js";

const command = fileURLToPath(new URL("../../web/cli/unrolled.js", import.meta.url));

/** @param {...string} args @returns {Promise<{code: number, out: string, err: string}>} */
const make = (...args) =>
  new Promise((done) => {
    execFile(process.execPath, [command, "make", ...args], (error, out, err) =>
      done({ code: /** @type {any} */ (error?.code) ?? 0, out, err }),
    );
  });

test("unrolled make writes the API's text to standard output, and says what memory it needs", async () => {
  const { code, out, err } = await make("recall", "--lag", "9", "--lines", "40", "--seed", "3");
  assert.equal(code, 0, err);
  assert.equal(out, makeText("recall", { lag: 9, lines: 40, seed: 3 }).text);
  assert.match(err, /needs memory at 40 places, over 11 characters at most; by chance 25\.0 % of them are right\.$/m);
});

test("unrolled make writes a file, and replaces one only when it is told to", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-make-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "numbers.txt");
  assert.equal((await make("numbers", "--lines", "50", "-o", file)).code, 0);
  assert.equal(readFileSync(file, "utf8"), makeText("numbers", { lines: 50 }).text);
  const again = await make("numbers", "--lines", "60", "-o", file);
  assert.equal(again.code, 2);
  assert.match(again.err, /is already there/);
  assert.equal((await make("numbers", "--lines", "60", "-o", file, "--force")).code, 0);
  assert.equal(readFileSync(file, "utf8"), makeText("numbers", { lines: 60 }).text);
});

test("unrolled make refuses an option of another text, and a text there is not, as asked wrongly", async () => {
  const other = await make("recall", "--depth", "2");
  assert.equal(other.code, 2);
  assert.match(other.err, /The text "recall" has no option "depth"/);
  const none = await make("sonnet");
  assert.equal(none.code, 2);
  assert.match(none.err, /recall, echo, brackets, anbn, numbers, quotes/);
});
