/* How the time of an update grows with each size, the others held. */
import { race, updates } from "./measure.js";
import { settingsOf, updateFlops } from "./workloads.js";

/** @type {import("./workloads.js").Workload} */
const BASE = { name: "base", cell: "lstm", hidden: 128, batch: 32, seqLen: 64, layers: 1 };

/** Where the time is to be a line: against the size itself; against the work, for H, which is in the square.
 * @type {{ size: "seqLen" | "batch" | "layers" | "hidden", label: string, values: number[], x: (workload: typeof
 * BASE) => number }[]} */
const SERIES = [
  { size: "seqLen", label: "time steps T", values: [32, 64, 96, 128, 160, 192], x: ({ seqLen }) => seqLen },
  { size: "batch", label: "batch B", values: [16, 32, 48, 64, 96, 128], x: ({ batch }) => batch },
  { size: "layers", label: "layers L", values: [1, 2, 3, 4], x: ({ layers = 1 }) => layers },
  { size: "hidden", label: "hidden units H", values: [64, 96, 128, 192, 256, 384, 512], x: updateFlops },
];

/** The straight line of least relative error: residuals are shares of what was measured.
 * @param {number[]} xs @param {number[]} ys */
export function fitLine(xs, ys) {
  let w = 0,
    wx = 0,
    wy = 0,
    wxx = 0,
    wxy = 0;
  xs.forEach((x, i) => {
    const weight = 1 / ys[i] ** 2;
    (w += weight), (wx += weight * x), (wy += weight * ys[i]), (wxx += weight * x * x), (wxy += weight * x * ys[i]);
  });
  const slope = (w * wxy - wx * wy) / (w * wxx - wx * wx),
    start = (wy - slope * wx) / w;
  const worst = Math.max(...xs.map((x, i) => Math.abs(start + slope * x - ys[i]) / ys[i]));
  return { start, slope, worst };
}

/**
 * @typedef {{ size: string, label: string, values: number[], xs: number[], milliseconds: number[], start: number,
 * slope: number, worst: number }} Series worst: the largest share by which a point is off its line
 */

/**
 * @param {import("../../web/core/index.js").Core} core
 * @param {{ turns: number, milliseconds: number }} effort
 * @returns {Promise<Series[]>}
 */
export async function growth(core, effort) {
  const runs = SERIES.map(({ size, label, values, x }) => {
    const workloads = values.map((value) => ({ ...BASE, [size]: value }));
    return {
      size,
      label,
      values,
      xs: workloads.map(x),
      contenders: workloads.map((workload, i) => updates(core, settingsOf(workload), `${size} ${values[i]}`)),
    };
  });
  await race(
    runs.flatMap(({ contenders }) => contenders),
    effort,
  );
  return runs.map(({ contenders, ...series }) => {
    const milliseconds = contenders.map(({ best }) => best);
    return { ...series, milliseconds, ...fitLine(series.xs, milliseconds) };
  });
}
