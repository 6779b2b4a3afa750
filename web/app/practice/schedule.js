/** The learning rate over the steps: chosen, drawn before it runs, and taken by the run at once. */
import { checkSetting } from "../../core/config.js";
import { learningRateAt } from "../../core/schedule.js";
import { sentences } from "../../views/parts/format.js";
import { field, select } from "./bench.js";
import { fill, h } from "../shell/dom.js";
import { explainSetting } from "../settings/explain.js";
import { drawPlot, niceTicks } from "./plot.js";
import en from "../strings/en/schedule.js";
import zh from "../strings/zh/schedule.js";

const NUMBERS = ["learningRate", "warmup", "decayEvery", "decayFactor", "totalSteps", "lastShare"];
/** Which numbers a schedule hangs on. @type {Record<string, string[]>} */
const USED = {
  constant: ["learningRate", "warmup"],
  step: ["learningRate", "warmup", "decayEvery", "decayFactor"],
  cosine: ["learningRate", "warmup", "totalSteps", "lastShare"],
};
const POINTS = 400;
const NARROW = "(max-width: 40rem)";

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function open(root, app) {
  const strings = { en, zh }[app.language];
  const words = {
    controls: Object.fromEntries(NUMBERS.map((name) => [name, { label: /** @type {any} */ (strings.fields)[name] }])),
    errors: app.strings.errors,
  };
  /** What stands in the fields; it becomes the run's when it is taken. @type {any} */
  const wanted = { ...app.state.settings };
  const picture = h("figure", { class: "wide-plot" });
  const problem = h("p", { class: "work problem", role: "alert" });
  const inputs = Object.fromEntries(
    NUMBERS.map((name) => [
      name,
      h("input", {
        type: "number",
        step: "any",
        value: String(wanted[name]),
        autocomplete: "off",
        oninput: () => read(),
      }),
    ]),
  );
  const fields = Object.fromEntries(
    NUMBERS.map((name) => [name, field(/** @type {any} */ (strings.fields)[name], inputs[name])]),
  );
  const kind = select(Object.keys(USED), strings.kinds, wanted.schedule, () => read());
  const take = h("button", { type: "button", onclick: () => app.actions.takeSettings(changes()) }, strings.take);

  const changes = () => Object.fromEntries(["schedule", ...NUMBERS].map((name) => [name, wanted[name]]));

  function read() {
    wanted.schedule = kind.value;
    let sentence = "";
    for (const name of NUMBERS) {
      fields[name].hidden = !USED[wanted.schedule].includes(name);
      try {
        wanted[name] = checkSetting(name, inputs[name].value === "" ? "" : Number(inputs[name].value));
      } catch {
        if (!fields[name].hidden) sentence ||= explainSetting(words, name, inputs[name].value);
      }
    }
    if (!sentence && wanted.schedule === "cosine" && wanted.warmup >= wanted.totalSteps)
      sentence = fill(strings.warmupTooLong, { totalSteps: app.format.integer(wanted.totalSteps) });
    problem.textContent = sentence;
    take.disabled = sentence !== "";
    if (!sentence) draw();
  }

  function draw() {
    const { integer } = app.format;
    const step = app.run.client?.progress.step ?? 0;
    const { schedule, warmup, decayEvery, totalSteps, learningRate } = wanted;
    const end = Math.max(
      10,
      schedule === "cosine" ? totalSteps * 1.1 : schedule === "step" ? warmup + 6 * decayEvery : 4 * warmup || 1000,
      Math.ceil(step * 1.1),
    );
    const at = Array.from({ length: POINTS + 1 }, (_, i) => Math.floor((i * end) / POINTS));
    const rate = (/** @type {number} */ value) => String(Number(value.toPrecision(3)));
    const ticks = niceTicks(learningRate);
    const now = learningRateAt(wanted, step);
    picture.replaceChildren(
      drawPlot({
        x: [0, end],
        y: [0, learningRate * 1.08],
        width: matchMedia(NARROW).matches ? 360 : 760,
        height: 236,
        nameX: app.strings.chart.stepAxis,
        nameY: strings.fields.learningRate,
        curves: [{ className: "accent", points: at.map((s) => [s, learningRateAt(wanted, s)]) }],
        marks: [{ x: step, label: fill(strings.now, { step: integer(step) }) }],
        ticksX: niceTicks(end).map((value) => ({ value, label: integer(value) })),
        ticksY: ticks.map((value) => ({ value, label: rate(value) })),
        title: fill(strings.summary, {
          kind: strings.kinds[/** @type {"step"} */ (schedule)],
          start: rate(learningRateAt(wanted, 0)),
          end: rate(learningRateAt(wanted, end)),
          step: integer(end),
        }),
      }),
      h(
        "figcaption",
        { class: "small num" },
        sentences(fill(strings.read, { step: integer(step), rate: rate(now) }), told()),
      ),
    );
  }

  /** What the last update really used. */
  function told() {
    const { report } = app.run;
    return report
      ? fill(strings.used, {
          step: app.format.integer(report.step),
          rate: String(Number(report.learningRate.toPrecision(3))),
        })
      : "";
  }

  root.replaceChildren(
    ...strings.body.map((paragraph) => h("p", { class: "prose" }, paragraph)),
    h("div", { class: "fields" }, field(strings.kind, kind), ...NUMBERS.map((name) => fields[name])),
    problem,
    picture,
    h("div", { class: "buttons" }, take),
  );
  read();

  let drawn = 0;
  const follow = () => {
    if (root.hidden || problem.textContent || performance.now() - drawn < 500) return;
    drawn = performance.now();
    draw();
  };
  app.run.addEventListener("report", follow);
  app.run.addEventListener("run", follow);
  return {
    close() {
      app.run.removeEventListener("report", follow);
      app.run.removeEventListener("run", follow);
    },
  };
}
