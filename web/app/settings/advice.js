/** What goes well with a setting that was changed, proposed where the reader can take it or leave it. */
import { fill } from "../shell/dom.js";

/** Rates to begin with, measured on the usual network and the sample text over three seeds: tests/bench/rates.js. */
export const RATES = /** @type {Record<string, number>} */ ({
  sgd: 3,
  momentum: 1,
  rmsprop: 0.016,
  adam: 0.008,
  adamw: 0.008,
});
const FAR = 3; // times: a rate as near as this is left alone

/** @param {import("../page.js").Page} page @param {string} name of the setting that was changed */
export function advise(page, name) {
  if (name !== "optimizer") return;
  const { optimizer, learningRate } = page.state.settings;
  const rate = RATES[optimizer];
  page.notices.clear("advice");
  if (!rate || Math.max(rate / learningRate, learningRate / rate) < FAR) return;
  const { advice } = page.strings;
  const words = {
    optimizer: /** @type {any} */ (page.strings.controls.optimizer)[optimizer],
    rate: String(rate),
    now: String(learningRate),
  };
  page.notices.show(fill(advice.rate, words), {
    about: "advice",
    action: { label: fill(advice.take, words), run: () => page.actions.takeSettings({ learningRate: rate }) },
  });
}
