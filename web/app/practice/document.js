/** The usual first model, as an LSTM and as a GRU, on the page's text: each epoch as curves and figures, and what follows. */
import { PRESETS } from "../../core/presets.js";
import { sentences } from "../../views/parts/format.js";
import { makeBench, makeTable, trainAside } from "./bench.js";
import { fill, h } from "../shell/dom.js";
import { drawLosses } from "./plot.js";
import en from "../strings/en/document.js";
import zh from "../strings/zh/document.js";

const CELLS = ["lstm", "gru"];

/** @typedef {{ epoch: number, training: number, validation: number }} Epoch losses, nats */

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function open(root, app) {
  const strings = { en, zh }[app.language];
  const { integer, fixed, percent } = app.format;
  const { settings, epochs } = PRESETS.document;
  const tables = Object.fromEntries(
    CELLS.map((cell) => [cell, makeTable(/** @type {any} */ (strings.captions)[cell], strings.heads)]),
  );
  const pictures = h("div", { class: "panels" });
  const conclusion = h("p", { class: "prose", role: "status" });
  /** @type {Record<string, Epoch[]>} */ let course = {};

  /** Both on one scale, so that their heights can be compared. */
  function draw() {
    const losses = Object.values(course)
      .flat()
      .flatMap(({ training, validation }) => [training, validation]);
    /** @type {[number, number]} */ const range = [Math.min(...losses), Math.max(...losses)];
    pictures.replaceChildren(
      ...Object.entries(course).map(([cell, points]) => {
        const training = points.map(({ epoch, training: loss }) => /** @type {[number, number]} */ ([epoch, loss]));
        const validation = points.map(({ epoch, validation: loss }) => /** @type {[number, number]} */ ([epoch, loss]));
        const name = cell.toUpperCase();
        const title = fill(strings.summary, {
          cell: name,
          epoch: points.length,
          loss: fixed(validation.at(-1)?.[1] ?? NaN, 3),
        });
        const picture = drawLosses({ epochs, range, training, validation, title }, app.format);
        return h(
          "figure",
          {},
          picture,
          h("figcaption", {}, h("b", {}, name), " ", h("span", { class: "small" }, strings.axes)),
        );
      }),
    );
  }

  /** Which of the two is better, by how much, and whether either was done. @param {number} updates */
  function conclude(updates) {
    const ends = CELLS.map((cell) => {
      const points = course[cell];
      const best = points.reduce((low, each) => (each.validation < low.validation ? each : low));
      return { cell: cell.toUpperCase(), loss: points.at(-1)?.validation ?? NaN, best };
    }).sort((a, b) => a.best.validation - b.best.validation);
    const [better, other] = ends;
    const done = ends.filter(({ best }) => best.epoch < epochs);
    conclusion.textContent = sentences(
      fill(strings.better, {
        better: better.cell,
        loss: fixed(better.best.validation, 3),
        other: other.cell,
        otherLoss: fixed(other.best.validation, 3),
        updates: integer(updates),
      }),
      done.length
        ? fill(strings.turned, {
            cells: done.map(({ cell, best }) => `${cell} ${integer(best.epoch)}`).join(app.strings.figure.list),
          })
        : strings.falling,
    );
  }

  const results = h(
    "div",
    { class: "results", hidden: true },
    h(
      "ul",
      { class: "legend small", role: "list" },
      h("li", { class: "key-training" }, app.strings.chart.training),
      h("li", { class: "key-validation" }, app.strings.chart.validation),
    ),
    pictures,
    conclusion,
    h("div", { class: "columns" }, ...CELLS.map((cell) => tables[cell].element)),
  );
  const bench = makeBench(app, strings, async ({ say, signal }) => {
    for (const cell of CELLS) tables[cell].clear();
    course = {};
    results.hidden = false;
    conclusion.textContent = "";
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
          course[cell] = [...(course[cell] ?? []), { epoch, training: training.loss, validation: measure.loss }];
          draw();
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
    conclude(updates);
  });

  const take = h("button", { type: "button", onclick: () => app.actions.takeSettings(settings) }, strings.take);
  bench.element.firstElementChild?.append(take);
  root.replaceChildren(
    ...strings.body.map((paragraph) => h("p", { class: "prose" }, fill(paragraph, { epochs }))),
    bench.element,
    results,
    h(
      "details",
      { class: "notes" },
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
