/** Keys for the whole page, with no page around. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { listenToKeys } from "../../web/app/shell/keys.js";

/** What a key does: whether it is kept from the browser, and what was asked. @param {string} key @param {string} lesson */
function press(key, lesson, figures = []) {
  let hear = (/** @type {any} */ _) => {};
  const asked = [];
  Object.assign(globalThis, {
    addEventListener: (_, act) => (hear = act),
    document: { querySelectorAll: () => figures, fullscreenElement: null },
  });
  const actions = { toggle: async () => asked.push("toggle") };
  listenToKeys(/** @type {any} */ ({ state: { lesson }, actions, attempt: (work) => work() }));
  hear({ key, target: { closest: () => null }, preventDefault: () => asked.push("prevented") });
  return asked;
}

/** @param {string} name @param {boolean} inSight @param {string[]} shown */
const figure = (name, inSight, shown) => ({
  matches: () => false,
  getClientRects: () => (inSight ? [{}] : []),
  requestFullscreen: async () => shown.push(name),
});

test("Space runs and pauses in the lab; in an experiment, where the lab is out of sight, it scrolls", () => {
  assert.deepEqual(press(" ", ""), ["prevented", "toggle"]);
  assert.deepEqual(press(" ", "forgetting"), []);
});

test("F shows a figure that is in sight, none of the lab behind an experiment", () => {
  const shown = [];
  press("f", "", [figure("score", true, shown), figure("flow", true, shown)]);
  press("f", "forgetting", [figure("score", false, shown), figure("slow", true, shown)]);
  press("f", "forgetting", [figure("score", false, shown)]);
  assert.deepEqual(shown, ["score", "slow"]);
});
