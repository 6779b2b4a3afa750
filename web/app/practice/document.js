/** The usual first model, as an LSTM and as a GRU, on the page's text: loss and accuracy of each epoch. */
import { PRESETS } from "../../core/presets.js";
import { makeBench, makeTable, trainAside } from "./bench.js";
import { fill, h } from "../shell/dom.js";
import en from "../strings/en/document.js";
import zh from "../strings/zh/document.js";

const CELLS = ["lstm", "gru"];

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function open(root, app) {
  const strings = { en, zh }[app.language];
  const { integer, fixed, percent } = app.format;
  const { settings, epochs } = PRESETS.document;
  const tables = Object.fromEntries(
    CELLS.map((cell) => [cell, makeTable(/** @type {any} */ (strings.captions)[cell], strings.heads)]),
  );

  const bench = makeBench(app, strings, async ({ say, signal }) => {
    for (const cell of CELLS) tables[cell].clear();
    let updates = 0;
    for (const cell of CELLS) {
      const { tokens, lowerCase, minCount, seed } = app.state.settings;
      const start = performance.now();
      say(fill(strings.working, { cell: cell.toUpperCase(), epoch: 0, epochs }));
      await trainAside(app, {
        settings: { ...settings, tokens, lowerCase, minCount, seed, cell },
        text: app.run.text,
        signal,
        course: (windows) => ({ until: epochs * windows, evaluateEvery: windows, training: true }),
        tell: (measure, windows) => {
          const training = /** @type {any} */ (measure.training);
          const epoch = measure.step / windows;
          updates = measure.step;
          tables[cell].row([
            integer(epoch),
            fixed(training.loss, 3),
            percent(training.accuracy),
            fixed(measure.loss, 3),
            percent(measure.accuracy),
            fixed((performance.now() - start) / 1000, 1),
          ]);
          say(fill(strings.working, { cell: cell.toUpperCase(), epoch: integer(epoch), epochs }));
        },
      });
    }
    say(fill(strings.finished, { epochs, updates: integer(updates) }));
  });

  const take = h("button", { type: "button", onclick: () => app.actions.takeSettings(settings) }, strings.take);
  bench.element.firstElementChild?.append(take);
  root.replaceChildren(
    ...strings.body.map((paragraph) => h("p", { class: "prose" }, fill(paragraph, { epochs }))),
    bench.element,
    h("div", { class: "columns" }, ...CELLS.map((cell) => tables[cell].element)),
    h(
      "details",
      { class: "notes", open: true },
      h("summary", {}, h("h3", {}, strings.mistakesTitle)),
      h("p", { class: "prose" }, strings.mistakesLead),
      h(
        "dl",
        { class: "mistakes" },
        ...strings.mistakes.map(({ wrong, right }) => h("div", {}, h("dt", {}, wrong), h("dd", {}, right))),
      ),
    ),
  );
  return { close: bench.end };
}
