/**
 * Which length, or which value of any setting, for this text: the same network trained at several, on as many tokens
 * each, and where that is not as many updates, on as many updates each as well.
 */
import { SETTINGS, readSetting } from "../../core/config.js";
import { UnrolledError } from "../../core/errors.js";
import { CLOSE, answerAlike, answerOf, runSweep, sweepTable } from "../../core/train/sweep.js";
import { readPalette } from "../../views/parts/colours.js";
import { Figure, sheet } from "../../views/parts/figure.js";
import { toCsv } from "../../views/parts/format.js";
import { paintSweep, sweepHeight } from "../../views/figures/sweepplot.js";
import { openTrials } from "../../worker/trials.js";
import { field, makeBench, select } from "./bench.js";
import { sentences } from "../../views/parts/format.js";
import { fill, h } from "../shell/dom.js";
import { explainSetting } from "../settings/explain.js";
import { chosenSettings, learnable, machineMemory } from "./machine.js";
import en from "../strings/en/sweep.js";
import zh from "../strings/zh/sweep.js";

/** @typedef {import("../../core/train/sweep.js").Row} Row */
/** @typedef {import("../../core/train/sweep.js").Axis} Axis */

/** What can be swept here, and the values that stand there first. @type {Record<string, string>} */
const USUAL = {
  seqLen: "4, 8, 16, 32, 64, 128",
  hidden: "16, 32, 64, 128",
  learningRate: "0.0005, 0.002, 0.008, 0.03",
  clipThreshold: "0.1, 0.5, 1, 5, 20",
  cell: "rnn, lstm, gru, mingru, attention",
  batch: "8, 16, 32, 64",
  layers: "1, 2, 3",
  optimizer: "sgd, momentum, rmsprop, adam, adamw",
  seed: "1, 2, 3, 4",
};
const BUDGET = 400_000;

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function open(root, app) {
  const strings = { en, zh }[app.language];
  const { list: comma } = app.strings.figure;
  const { integer, fixed, percent } = app.format;
  const label = (/** @type {string} */ name) => /** @type {any} */ (app.strings).controls[name].label;
  const names = Object.keys(USUAL),
    labels = Object.fromEntries([...names.map((name) => [name, label(name)]), ["none", strings.none]]);
  const cores = Math.max(1, navigator.hardwareConcurrency || 1);
  const values = [0, 1].map((i) =>
    h("input", {
      type: "text",
      class: "wide",
      autocomplete: "off",
      spellcheck: "false",
      value: i ? "" : USUAL.seqLen,
      disabled: Boolean(i),
    }),
  );
  const chosen = ["seqLen", "none"];
  const choose = (/** @type {number} */ i, /** @type {string} */ name) => {
    chosen[i] = name;
    values[i].disabled = name === "none";
    values[i].value = USUAL[name] ?? "";
  };
  const settings = [names, ["none", ...names]].map((each, i) =>
    select(each, labels, chosen[i], (name) => choose(i, name)),
  );
  const budget = h("input", { type: "number", min: "1", step: "10000", value: String(BUDGET) });
  const workers = h("input", {
    type: "number",
    min: "1",
    max: String(cores),
    step: "1",
    value: String(Math.max(1, cores - 1)),
  });
  const answer = h("p", { class: "prose", role: "status" });
  const place = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": strings.caption });
  const canvas = h("canvas", { role: "img", "aria-label": strings.figure.title });
  /** @type {{ axes: Axis[], rows: Row[] } | null} */
  let shown = null;

  const data = () => {
    const { axes, rows } = /** @type {{ axes: Axis[], rows: Row[] }} */ (shown),
      best = answerOf(rows)?.best;
    return {
      axes: axes.map(({ name, values: each }) => ({ name: label(name), values: each })),
      outcomes: rows.map(({ outcome }) => outcome),
      best: best ? rows.indexOf(best) : -1,
    };
  };
  const stage = h("div", { hidden: true });
  const picture = () => {
    const width = Math.max(280, stage.clientWidth);
    const palette = readPalette(stage),
      height = sweepHeight(data(), width);
    return {
      width,
      height,
      palette,
      paint: (/** @type {import("../../views/parts/svg.js").Pen} */ pen) =>
        paintSweep(pen, data(), { width, palette, strings: strings.plot }),
    };
  };
  const figure = new Figure(stage, {
    name: "sweep",
    caption: strings.figure,
    strings: app.strings.figure,
    csv: () => toCsv(shown ? sweepTable(shown, shown.rows) : []),
    picture: () => {
      const { width, height, palette, paint } = picture();
      return {
        width,
        height,
        paint: (pen) => {
          pen.fillStyle = palette.paper;
          pen.fillRect(0, 0, width, height);
          paint(pen);
        },
      };
    },
  });
  figure.body.append(canvas);
  const draw = () => {
    if (!shown || !stage.clientWidth) return;
    const { width, height, paint } = picture();
    paint(/** @type {any} */ (sheet(canvas, width, height)));
  };
  const sizes = new ResizeObserver(draw);
  sizes.observe(stage);
  app.addEventListener("theme", draw);

  /** @returns {Axis[]} */
  const readAxes = () =>
    chosen.flatMap((name, i) => {
      if (name === "none") return [];
      const parts = values[i].value.split(/[,，\s]+/).filter(Boolean);
      return [
        {
          name,
          values: parts.map((/** @type {string} */ part) => {
            const allowed = SETTINGS[name].values;
            try {
              return readSetting(name, part);
            } catch {
              throw new UnrolledError(
                "bad-values",
                allowed
                  ? fill(strings.choices, { label: label(name), values: allowed.join(comma), value: part.slice(0, 40) })
                  : explainSetting(app.strings, name, part),
              );
            }
          }),
        },
      ];
    });

  const bench = makeBench(app, strings, async ({ say, signal }) => {
    const text = learnable(app),
      axes = readAxes();
    const planner = await openTrials(app.run.workerOptions);
    let plan;
    try {
      plan = await planner.plan(text, {
        settings: chosenSettings(app),
        axes,
        budget: Number(budget.value),
        workers: Math.max(1, Math.floor(Number(workers.value)) || 1),
        memory: machineMemory(),
      });
    } catch (error) {
      throw translate(error);
    } finally {
      planner.close();
    }
    const cells = layTable(plan);
    answer.textContent = "";
    shown = { axes: plan.axes, rows: [] };
    const rows = await runSweep(plan, text, () => openTrials({ ...app.run.workerOptions }), {
      signal,
      change: (row, all) => {
        const { axes: swept } = plan;
        showRow(cells[all.indexOf(row)], row);
        const done = all.filter(({ state }) => state === "done" || state === "failed").length;
        say(
          fill(strings.working, {
            done: integer(done),
            runs: integer(all.length),
            percent: percent(all.reduce((sum, each) => sum + each.done, 0) / all.length),
          }),
        );
        if (row.state !== "done") return;
        shown = { axes: swept, rows: all };
        stage.hidden = false;
        draw();
      },
    });
    rows.forEach((row, i) => showRow(cells[i], row));
    tell(rows, plan.axes);
    signal.throwIfAborted();
  });

  /** @param {any} error */
  function translate(error) {
    const { planned, memory, workers: together, fitting, largest } = error.details ?? {};
    if (error.code !== "no-memory" || planned === undefined) return error;
    const mb = (/** @type {number} */ bytes) =>
      Number.isFinite(bytes) ? `${integer(Math.ceil(bytes / 1e6))} MB` : strings.tooMuch;
    const way = together
      ? fill(strings.fitsTogether, { n: together })
      : fitting.length
        ? fill(strings.fits, {
            values: fitting
              .map((/** @type {any[]} */ at) => at.join(" × "))
              .slice(0, 6)
              .join(comma),
          })
        : strings.fitsNone;
    return new UnrolledError(
      "sweep-memory",
      `${fill(strings.memory, { planned: mb(planned), largest: mb(largest), memory: mb(memory) })} ${way}`,
    );
  }

  /** @param {import("../../core/train/sweep.js").Plan} plan @returns {HTMLElement[]} */
  function layTable({ axes, runs, alike }) {
    const rows = runs.map(() => h("tr"));
    const also = alike ? [fill(strings.alike, { steps: integer(alike) })] : [];
    place.replaceChildren(
      h(
        "table",
        { class: "figures" },
        h("caption", {}, strings.caption),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...[...axes.map(({ name }) => label(name)), ...strings.heads, ...also].map((head) =>
              h("th", { scope: "col" }, head),
            ),
          ),
        ),
        h("tbody", {}, ...rows),
      ),
    );
    return rows;
  }

  /** @param {HTMLElement} element @param {Row} row */
  function showRow(element, { at, steps, state, done, outcome: o, error }) {
    const [first, ...others] = at.map(String);
    const figures = o
      ? [
          fixed(o.loss, 3),
          fixed(o.trainingLoss, 3),
          percent(o.accuracy),
          fixed(o.msPerStep, 2),
          fixed(o.seconds, 1),
          fixed(o.bytes / 1e6, 1),
          ...(o.alike ? [fixed(o.alike.loss, 3)] : []),
        ]
      : [
          state === "running"
            ? percent(done)
            : state === "failed"
              ? `${strings.states.failed} ${error?.message ?? ""}`
              : /** @type {any} */ (strings.states)[state],
        ];
    element.replaceChildren(
      h("th", { scope: "row" }, first),
      ...[...others, integer(steps), ...figures].map((cell, i) =>
        h("td", { colspan: !o && i === at.length ? "7" : undefined }, cell),
      ),
    );
  }

  /** @param {Row[]} rows @param {Axis[]} axes */
  function tell(rows, axes) {
    const found = answerOf(rows);
    if (!found) return;
    const { best, enough } = found;
    const alike = answerAlike(rows)?.best;
    const name = (/** @type {Row} */ { at }) => axes.map((axis, i) => `${label(axis.name)} ${at[i]}`).join(comma);
    const values = {
      best: name(best),
      tokens: integer(Number(budget.value)),
      loss: fixed(/** @type {any} */ (best.outcome).loss, 3),
      enough: name(enough),
      close: fixed(CLOSE, 2),
      seconds: fixed(/** @type {any} */ (enough.outcome).seconds, 1),
      longer: fixed(/** @type {any} */ (best.outcome).seconds, 1),
    };
    const take = (/** @type {Row} */ row) =>
      h(
        "button",
        {
          type: "button",
          onclick: () => app.actions.takeSettings(Object.fromEntries(axes.map((axis, i) => [axis.name, row.at[i]]))),
        },
        fill(strings.take, { enough: name(row) }),
      );
    const also = alike ? sayAlike(alike, name) : "";
    answer.replaceChildren(
      sentences(fill(enough === best ? strings.best : strings.enough, values), also),
      h("span", { class: "buttons" }, ...[...new Set([enough, ...(alike ? [alike] : [])])].map(take)),
    );
    figure.setNumbers(sentences(fill(strings.numbers, values), also));
    [...place.querySelectorAll("tbody tr")].forEach((element, i) => element.classList.toggle("best", rows[i] === best));
    draw();
  }

  /** What is best after as many updates each. @param {Row} row @param {(row: Row) => string} name */
  function sayAlike(row, name) {
    const { steps, loss } = /** @type {any} */ (row.outcome).alike;
    return fill(strings.bestAlike, { best: name(row), steps: integer(steps), loss: fixed(loss, 3) });
  }

  root.replaceChildren(
    ...strings.body.map((paragraph) => h("p", { class: "prose" }, paragraph)),
    h(
      "div",
      { class: "fields" },
      field(strings.setting, settings[0]),
      field(strings.values, values[0]),
      field(strings.second, settings[1]),
      field(strings.values, values[1]),
      field(strings.budget, budget),
      field(strings.workers, workers),
    ),
    bench.element,
    answer,
    stage,
    place,
  );
  return {
    close() {
      bench.end();
      sizes.disconnect();
      app.removeEventListener("theme", draw);
    },
  };
}
