/**
 * Lessons without a page: each claim is run headless on the strict core, whose bits are those of the page. The whole run
 * on three seeds belongs to `npm run lessons` (LESSONS=all); `npm test` runs each lesson's short form on one.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeAssets } from "../../assets/write.js";
import { Trainer, loadCore } from "../../web/core/index.js";
import { LESSONS } from "../../web/lessons/catalog.js";
import { Experiment } from "../../web/lessons/run/experiment.js";
import { compile, holds } from "../../web/lessons/run/expression.js";

const core = await loadCore({ variant: "simd" });
const folder = mkdtempSync(join(tmpdir(), "unrolled-lessons-"));
await writeAssets(folder);
export const mobyDick = readFileSync(join(folder, "moby-dick.txt"), "utf8");
rmSync(folder, { recursive: true });

export const whole = process.env.LESSONS === "all";
const SEEDS = whole ? [1, 2, 3] : [1];

/** @param {string} name @returns {import("../../web/lessons/lesson.js").Lesson} */
export function lessonOf(name) {
  const lesson = LESSONS.find((each) => each.name === name);
  assert.ok(lesson, `there is no lesson "${name}"`);
  return lesson;
}

/**
 * Runs a lesson to its end.
 * @param {import("../../web/lessons/lesson.js").Lesson} lesson
 * @param {{ seed?: number, change?: import("../../web/lessons/lesson.js").Change, each?: (experiment: Experiment) => void }} [options]
 *   each: called before the first round and after each
 */
export async function play(lesson, { each, ...options } = {}) {
  const world = { open: (/** @type {any} */ settings) => new Trainer(core, settings), read: () => mobyDick };
  const experiment = new Experiment(lesson, /** @type {any} */ (world), options);
  const start = performance.now();
  await experiment.open();
  each?.(experiment);
  for (let going = experiment.running; going; ) {
    going = await experiment.round();
    each?.(experiment);
  }
  return { experiment, values: experiment.values, seconds: (performance.now() - start) / 1000 };
}

/** @param {string} claim @param {ReadonlyMap<string, number>} values @returns {string} with the numbers it speaks of */
const withNumbers = (claim, values) =>
  `${claim} (${compile(claim)
    .names.map((name) => `${name} ${Number(Number(values.get(name)).toPrecision(3))}`)
    .join(", ")})`;

/** @param {readonly string[]} claims @param {ReadonlyMap<string, number>} values */
export function assertClaims(claims, values) {
  for (const claim of claims) assert.ok(holds(claim, values), `false: ${withNumbers(claim, values)}`);
}

/**
 * The claims of a lesson, said here once more so that its file cannot come to claim less unnoticed.
 * @param {string} name @param {string[]} claims of the whole run
 */
export function testClaims(name, claims) {
  const lesson = lessonOf(name);
  test(`"${name}" claims what this test holds it to`, () => assert.deepEqual(lesson.claims, claims));
  for (const seed of SEEDS)
    test(`"${name}" is true for seed ${seed}${whole ? "" : ", in short"}`, async (t) => {
      const short = whole ? undefined : lesson.short;
      const { experiment, values, seconds } = await play(lesson, { seed, change: { networks: short?.networks } });
      t.after(() => experiment.dispose());
      const asserted = short?.claims ?? claims;
      t.diagnostic(
        `${name} | ${seed} | ${seconds.toFixed(1)} s | ${asserted.map((claim) => withNumbers(claim, values)).join("; ")}`,
      );
      assertClaims(asserted, values);
      for (const { say } of lesson.events)
        if (!short)
          assert.ok(
            experiment.said.some((each) => each.say === say),
            `"${say}" is never said`,
          );
    });
}
