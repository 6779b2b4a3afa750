/** What goes well with a setting that was changed, proposed where the reader can take it or leave it. */
import { fill } from "../shell/dom.js";

/**
 * Rates to begin with for the usual settings. They were chosen by the kind of update, not measured on the sample texts.
 */
export const RATES = /** @type {Record<string, number>} */ ({
  sgd: 2,
  momentum: 0.3,
  rmsprop: 0.002,
  adam: 0.004,
  adamw: 0.004,
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
