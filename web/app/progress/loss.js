/** The losses of the run in the dock: the curve, and the numbers of the moment. */
import { h } from "../shell/dom.js";
import { LossChart } from "./chart.js";
import { Numbers } from "./numbers.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { run, tokenStrings: strings, format, moment } = page;
  const token = page.strings.tokens[/** @type {"char"} */ (page.tokens)];
  const chart = new LossChart({ ...strings.chart, token }, format);
  const numbers = new Numbers(strings.numbers, format);
  root.append(
    h(
      "section",
      { class: "curve", "aria-labelledby": "u-chart-title" },
      h("h3", { id: "u-chart-title" }, strings.chart.title),
      chart.element,
    ),
    numbers.element,
  );
  return {
    wants: () => ({}),
    draw({ step }) {
      const { client, story, limits, until, ending } = run;
      if (!client) return;
      numbers.draw(run, step);
      chart.draw({
        history: story.history,
        baselines: story.baselines,
        step,
        V: client.vocabulary.length,
        limits,
        until,
        ending,
        at: moment.past,
      });
    },
    recolour: () => chart.recolour(),
    close: () => chart.dispose(),
  };
}
