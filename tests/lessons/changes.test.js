/* What is said when one thing is changed: where it can be told in seconds, or when all is run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { holds } from "../../web/lessons/run/expression.js";
import { lessonOf, play, whole } from "./support.js";

/** The sentence after each change, in the order of its buttons; seed 1, as the page plays it. */
const SAID = {
  updating: ["better", "better", "better", "worse"],
  exploding: ["shrinks", "shrinks", "grows"],
  emerging: ["cold", "usual", "hot"],
  ...(whole && {
    forgetting: ["changeLearnt", "changeLearnt", "changeLearnt", "changeNot"],
    remembering: ["gone", "gone", "held"],
    clipping: ["loose", "tight", "slow"],
    truncating: ["changeNot", "changeLearnt", "changeLearnt", "changeLearnt"],
    meaning: ["used", "used", "used"],
    byheart: ["still", "helped", "helped"],
    choosing: ["wide", "fast"],
  }),
};

/** @param {string} name @param {number} steps */
const shortened = (name, steps) =>
  Object.fromEntries(Object.entries(lessonOf(name).networks).map(([key, spec]) => [key, { ...spec, steps }]));

/** What is said does not hang on how long it learnt. */
const SHORTER = { emerging: { networks: shortened("emerging", 50) } };

for (const [name, said] of Object.entries(SAID))
  test(`"${name}" says after each change what it came to`, async () => {
    const lesson = { ...lessonOf(name), ...(!whole && SHORTER[name]) };
    const told = [];
    let main = null;
    for (const { change } of lesson.change.options) {
      let run;
      if (change.networks || change.seed) run = await play(lesson, { seed: change.seed, change });
      else {
        main ??= await play(lesson);
        await main.experiment.lookAgain(change);
        run = main;
      }
      told.push(lesson.change.say.find(({ when }) => when === undefined || holds(when, run.values)).say);
      if (run !== main) run.experiment.dispose();
    }
    main?.experiment.dispose();
    assert.deepEqual(told, said);
  });

test("at a low temperature more of the words are real than at a high one", async (t) => {
  const { experiment, values } = await play({ ...lessonOf("emerging"), networks: shortened("emerging", 300) });
  t.after(() => experiment.dispose());
  const shares = [];
  for (const temperature of [0.2, 1.4]) {
    await experiment.lookAgain({ measures: { sample: { temperature } } });
    shares.push(Number(values.get("net.words")));
  }
  assert.ok(shares[0] > shares[1] + 0.2, `${shares}`);
});
