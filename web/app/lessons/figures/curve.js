/** Curves: a number over the updates, or an array over its lags; with a rule, a line the reader drew, and the run before a change. */
import { Chart } from "../../../views/parts/chart.js";
import { readPalette } from "../../../views/parts/colours.js";
import { sheet } from "../../../views/parts/figure.js";
import { Plot, coloursOf, legendKey, shown } from "./frame.js";

const HEIGHT = 210;
const LEAST = 1e-15; // of a logarithmic axis

export class Curve extends Plot {
  /** Xs and ys of each network. @param {import("./frame.js").Experiment} experiment @param {string} [number] */
  #lines(experiment, number = this.context.spec.number ?? "") {
    const { spec } = this.context;
    return shown(experiment, spec).map(({ name, looks, data, made, spec: { steps } }) => {
      if (spec.data) {
        const values = Array.from(data[spec.data] ?? []).slice(0, spec.until);
        return {
          name,
          xs: values.map((_, k) => k),
          ys: values.map((y) => (Number(y) >= LEAST ? Number(y) : NaN)), // below the axis there is no line
          end: values.length,
          mark: spec.marks && made ? made.memory - 1 : undefined,
        };
      }
      const seen = looks.filter((look) => Number.isFinite(look[number]));
      return {
        name,
        xs: seen.map((look) => look.step),
        ys: seen.map((look) => look[number] * (spec.percent ? 100 : 1)),
        end: steps,
      };
    });
  }

  /** @param {import("./frame.js").Scene} scene @param {number} width @override */
  paint({ experiment, before, bet }, width) {
    const { spec, words, names } = this.context;
    const lines = this.#lines(experiment);
    const past = before ? this.#lines(before).filter((line) => lines.some(({ name }) => name === line.name)) : [];
    const thin = spec.also ? this.#lines(experiment, spec.also) : [];
    const palette = readPalette(this.root);
    const colours = coloursOf(palette, Object.keys((before ?? experiment).specs));
    const log = Boolean(spec.data || spec.log);
    const all = [...lines, ...past, ...thin].flatMap(({ ys }) => ys).filter(Number.isFinite);
    const last = shown(experiment, spec).at(-1);
    const level = spec.rule
      ? experiment.values.get(`${lines[0]?.name}.${spec.rule}`)
      : last?.spec.settings[spec.setting ?? ""];
    const rule = level === undefined ? undefined : level * (spec.percent ? 100 : 1);
    const y = axisY(spec, log, [...all, ...(rule === undefined ? [] : [rule]), ...(bet && !log ? bet.points : [])]);
    const high = Math.max(1, ...lines.map(({ end }) => end), ...past.map(({ end }) => end));
    const chart = new Chart(
      /** @type {any} */ (sheet(this.canvas, width, HEIGHT)),
      { left: 46, top: 20, width: Math.max(60, width - 60), height: HEIGHT - 60 },
      { x: { low: 0, high, label: words.x }, y: { ...y, log }, palette },
    );
    chart.axes();
    if (rule !== undefined) chart.ruleY(rule, words.rule, { colour: palette.muted });
    for (const { name, xs, ys } of past)
      chart.line(xs, ys, { colour: colours[name] ?? palette.muted, width: 1, dash: [2, 3] });
    for (const { name, xs, ys } of lines) {
      chart.line(xs, ys, { colour: colours[name], width: 2 });
      if (xs.length) chart.dots([xs.at(-1) ?? 0], [ys.at(-1) ?? 0], { colour: colours[name], radius: 3 });
    }
    for (const { name, ys, mark } of lines)
      if (mark !== undefined && ys[mark] !== undefined)
        chart.dots([mark], [ys[mark]], { colour: colours[name], radius: 6 });
    for (const { name, xs, ys } of thin) chart.line(xs, ys, { colour: colours[name], width: 1 });
    if (bet) {
      chart.line(bet.at, bet.points, { colour: palette.ink, width: 2, dash: [7, 4] });
      chart.dots(bet.at, bet.points, { colour: palette.ink, radius: 4 });
    }
    const keys = lines.map(({ name }) => legendKey(colours[name], names[name]));
    if (past.length) keys.push(legendKey(palette.muted, this.context.own.before, { dotted: true }));
    if (bet) keys.push(legendKey(palette.ink, this.context.own.yourBet));
    this.legend.replaceChildren(...keys);
  }
}

/** @param {any} spec @param {boolean} log @param {number[]} values */
function axisY(spec, log, values) {
  if (spec.percent) return { low: 0, high: 100, label: "%" };
  if (log) {
    const powers = values.filter((value) => value > 0).map((value) => Math.log10(value));
    const low = Math.max(Math.log10(spec.least ?? LEAST), Math.floor(Math.min(-1, ...powers)));
    return { low, high: Math.max(low + 1, Math.ceil(Math.max(0, ...powers))) };
  }
  const most = spec.most ?? Infinity;
  const low = spec.low ?? Math.min(...values);
  return { low: Number.isFinite(low) ? low : 0, high: Math.min(most, Math.max(low + 0.1, ...values)) };
}
