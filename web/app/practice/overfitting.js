/**
 * When to stop and what to hold weights back with: for the run above, and measured on a network that learns by heart.
 */
import { SETTINGS, checkSetting } from "../../core/config.js";
import { MENDS, OVERFITTING_LENGTH, PRESETS } from "../../core/presets.js";
import { field, makeBench, makeTable, select, trainAside } from "./bench.js";
import { fill, h } from "../shell/dom.js";
import { explainSetting } from "../settings/explain.js";
import { drawLosses } from "./plot.js";
import en from "../strings/en/overfitting.js";
import zh from "../strings/zh/overfitting.js";

const WEIGHTS = ["l1", "l2", "weightDecay", "dropout"];
const LIMITS = /** @type {const} */ (["epochs", "patience"]);

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function open(root, app) {
  const strings = { en, zh }[app.language];
  const trial = makeTrial(app, strings);
  root.replaceChildren(
    ...strings.body.map((paragraph) =>
      h("p", { class: "prose" }, fill(paragraph, { length: app.format.integer(OVERFITTING_LENGTH) })),
    ),
    ...trial.elements,
    h("h3", {}, strings.aboveTitle),
    h("p", { class: "prose" }, strings.above),
    ...makeFields(app, strings),
  );
  return { close: trial.end };
}

/** What holds back the page's own run. @param {import("../page.js").Page} app @param {typeof en} strings */
function makeFields(app, strings) {
  const problem = h("p", { class: "work problem", role: "alert" });
  const words = {
    controls: Object.fromEntries(WEIGHTS.map((name) => [name, { label: /** @type {any} */ (strings.fields)[name] }])),
    errors: app.strings.errors,
  };
  const box = (/** @type {string} */ name, /** @type {number} */ value, /** @type {(text: string) => void} */ take) =>
    field(
      /** @type {any} */ (strings.fields)[name],
      h("input", {
        type: "number",
        min: "0",
        step: "any",
        value: String(value),
        autocomplete: "off",
        onchange: (/** @type {any} */ event) => take(event.target.value),
      }),
    );
  const weight = (/** @type {string} */ name) =>
    box(name, app.state.settings[name], (text) => {
      problem.textContent = "";
      try {
        app.actions.takeSettings({ [name]: checkSetting(name, text === "" ? "" : Number(text)) });
      } catch {
        problem.textContent = explainSetting(words, name, text);
      }
    });
  const limit = (/** @type {typeof LIMITS[number]} */ name) =>
    box(name, app.state[name], (text) => {
      const value = Number(text || "0");
      problem.textContent =
        Number.isInteger(value) && value >= 0 && value < 1e6
          ? ""
          : fill(strings.wholeNumber, { label: strings.fields[name], value: text.slice(0, 40) });
      if (!problem.textContent) app.actions.takeLimits({ [name]: value });
    });
  const kind = select(
    /** @type {string[]} */ (SETTINGS.dropoutKind.values),
    strings.dropoutKinds,
    app.state.settings.dropoutKind,
    (dropoutKind) => app.actions.takeSettings({ dropoutKind }),
  );
  return [
    h("div", { class: "fields" }, ...LIMITS.map(limit), ...WEIGHTS.map(weight), field(strings.dropoutKind, kind)),
    problem,
  ];
}

/**
 * The network that learns by heart, and the ways to mend it.
 * @param {import("../page.js").Page} app
 * @param {typeof en} strings
 */
function makeTrial(app, strings) {
  const { integer, fixed, percent } = app.format;
  const { settings, epochs } = PRESETS.overfitting;
  const table = makeTable(strings.caption, strings.heads);
  const pictures = h("div", { class: "panels" });

  const bench = makeBench(app, strings, async ({ say, signal }) => {
    table.clear();
    legend.hidden = false;
    pictures.replaceChildren();
    const text = [...app.run.text.slice(0, 2 * OVERFITTING_LENGTH)].slice(0, OVERFITTING_LENGTH).join("");
    let highest = 0,
      lowest = Infinity;
    for (const [name, mend] of Object.entries(MENDS)) {
      const word = /** @type {any} */ (strings.mends)[name];
      const figure = h("figure");
      pictures.append(figure);
      /** @type {[number, number][]} */ const training = [];
      /** @type {[number, number][]} */ const validation = [];
      /** @type {any} */ let last;
      let drawn = 0;
      const draw = () => {
        drawn = performance.now();
        figure.replaceChildren(picture(last, training, validation, [lowest, highest], word), caption(name, word, last));
      };
      await trainAside(app, {
        settings: { ...settings, ...mend.settings, seed: app.state.settings.seed },
        text,
        signal,
        course: (windows) => ({
          until: epochs * windows,
          evaluateEvery: windows,
          training: true,
          patience: mend.patience,
        }),
        tell: (measure, windows) => {
          const epoch = measure.step / windows;
          last = { ...measure, epoch, bestEpoch: measure.best.step / windows };
          training.push([epoch, /** @type {any} */ (measure.training).loss]);
          validation.push([epoch, measure.loss]);
          highest = Math.max(highest, measure.loss);
          lowest = Math.min(lowest, /** @type {any} */ (measure.training).loss);
          say(fill(strings.working, { name: word, epoch: integer(epoch), epochs }));
          if (performance.now() - drawn > 200) draw();
        },
        after: async (client) => {
          // the weights that stay: with patience the best ones
          const [ends, learnt] = [await client.evaluate(), await client.evaluateTraining()];
          table.row([
            word,
            integer(last.epoch),
            fixed(learnt.loss, 3),
            fixed(ends.loss, 3),
            fixed(ends.loss - learnt.loss, 3),
            percent(ends.accuracy),
            fixed(last.best.loss, 3),
            integer(last.bestEpoch),
          ]);
          Object.assign(last, {
            loss: ends.loss,
            training: learnt,
            epoch: mend.patience ? last.bestEpoch : last.epoch,
          });
          draw();
        },
      });
    }
  });

  /**
   * @param {any} last
   * @param {[number, number][]} training
   * @param {[number, number][]} validation
   * @param {[number, number]} range of all losses
   * @param {string} word
   */
  function picture(last, training, validation, range, word) {
    const marks = [{ x: last.bestEpoch, label: strings.best }];
    const title = fill(strings.summary, {
      name: word,
      epoch: integer(last.epoch),
      training: fixed(/** @type {any} */ (training.at(-1))[1], 2),
      validation: fixed(last.loss, 2),
      best: fixed(last.best.loss, 2),
      bestEpoch: integer(last.bestEpoch),
    });
    const { epochAxis: nameX, lossAxis: nameY } = strings;
    return drawLosses({ epochs, range, training, validation, marks, title, nameX, nameY }, app.format);
  }

  /** @param {string} name @param {string} word @param {any} last */
  const caption = (name, word, last) =>
    h(
      "figcaption",
      {},
      h("b", {}, word),
      " ",
      h(
        "span",
        { class: "small num" },
        fill(strings.gap, { gap: fixed(last.loss - last.training.loss, 2), epoch: integer(last.epoch) }),
      ),
      h("span", { class: "small how" }, /** @type {any} */ (strings.settings)[name]),
    );

  const legend = h(
    "ul",
    { class: "legend small", role: "list", hidden: true },
    h("li", { class: "key-training" }, app.strings.chart.training),
    h("li", { class: "key-validation" }, app.strings.chart.validation),
  );
  return { elements: [bench.element, legend, pictures, table.element], end: bench.end };
}
