/** A number of many networks over one of their settings, a line for each value of another: which of the two matters more? */
import { Chart } from "../../../views/parts/chart.js";
import { readPalette } from "../../../views/parts/colours.js";
import { sheet } from "../../../views/parts/figure.js";
import { Plot, coloursOf, legendKey, shown } from "./frame.js";

const HEIGHT = 280;

export class Sweep extends Plot {
  /** @param {import("./frame.js").Experiment} experiment */
  #lines(experiment) {
    const { spec } = this.context;
    /** @type {Map<string, { x: number, y: number }[]>} */
    const lines = new Map();
    for (const { name, spec: network } of shown(experiment, spec)) {
      const series = String(network.settings[spec.by ?? ""]);
      const y = experiment.values.get(`${name}.${spec.number}`) ?? Number.NaN;
      lines.set(series, [...(lines.get(series) ?? []), { x: network.settings[spec.over ?? ""], y }]);
    }
    return [...lines].map(([series, points]) => ({ series, points: points.sort((a, b) => a.x - b.x) }));
  }

  /** @param {import("./frame.js").Scene} scene @param {number} width @override */
  paint({ experiment, before }, width) {
    const { words } = this.context;
    const lines = this.#lines(experiment);
    const past = before ? this.#lines(before) : [];
    const palette = readPalette(this.root);
    const colours = coloursOf(
      palette,
      (past.length ? past : lines).map(({ series }) => series),
    );
    const points = [...lines, ...past].flatMap((line) => line.points);
    const ys = points.map(({ y }) => y).filter(Number.isFinite);
    const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
    const place = (/** @type {number} */ x) => Math.log2(x);
    const low = ys.length ? Math.max(0, Math.min(...ys) - 0.2) : 0;
    const chart = new Chart(
      /** @type {any} */ (sheet(this.canvas, width, HEIGHT)),
      { left: 46, top: 20, width: Math.max(60, width - 66), height: HEIGHT - 60 },
      {
        x: { low: place(xs[0]) - 0.3, high: place(xs[xs.length - 1]) + 0.3, label: words.x },
        y: { low, high: Math.max(low + 0.8, ...ys) },
        palette,
      },
    );
    chart.axes({ x: xs.map(place), named: (value) => String(Math.round(2 ** value)) });
    for (const { series, points: line } of past)
      chart.line(
        line.map(({ x }) => place(x)),
        line.map(({ y }) => y),
        { colour: colours[series] ?? palette.muted, width: 1, dash: [2, 3] },
      );
    for (const { series, points: line } of lines) {
      const at = line.map(({ x }) => place(x));
      const values = line.map(({ y }) => y);
      chart.line(at, values, { colour: colours[series], width: 2 });
      chart.dots(at, values, { colour: colours[series], radius: 5 });
    }
    this.legend.replaceChildren(...lines.map(({ series }) => legendKey(colours[series], words.lines[series])));
  }
}
