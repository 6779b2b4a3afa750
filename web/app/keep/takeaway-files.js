/* What is taken away, as file contents: pure functions, and the one that hands a file to the browser. */

/**
 * The loss curve as a table: step, training loss (mean of a bin of steps, at the bin's last), validation loss. Nats.
 * @param {{steps: number[], losses: number[], evaluations: {step: number, loss: number}[]}} history
 * @returns {string}
 */
export function lossCsv({ steps, losses, evaluations }) {
  /** @type {Map<number, [number | "", number | ""]>} */
  const rows = new Map(steps.map((step, i) => [step, [losses[i], ""]]));
  for (const { step, loss } of evaluations) rows.set(step, [rows.get(step)?.[0] ?? "", loss]);
  const lines = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([step, [training, validation]]) => `${step},${training},${validation}`);
  return ["step,training_loss,validation_loss", ...lines, ""].join("\n");
}

/**
 * A trace as JSON: every array as { shape, data }, row-major; the shortest digits that give the same float32 again.
 * @param {import("../../core/index.js").Trace} trace @param {number} step it was taken at
 * @returns {string}
 */
export function traceJson(trace, step) {
  const { L, T, H, V } = trace.sizes;
  /** @param {Float32Array} data @param {number[]} shape */
  const array = (data, shape) => ({ shape, data: Array.from(data, shortest) });
  /** @param {Float32Array | undefined} data */
  const units = (data) => data && array(data, [L, T, H]);
  return JSON.stringify({
    step,
    cell: trace.cellType,
    gruReset: trace.gruReset,
    sizes: trace.sizes,
    tokens: trace.tokens,
    ids: Array.from(trace.ids),
    vocabulary: trace.vocabulary,
    loss: array(trace.loss, [T]),
    probabilities: array(trace.probabilities, [T, V]),
    hidden: units(trace.hidden),
    cellState: units(trace.cell),
    gates: Object.fromEntries(Object.entries(trace.gates).map(([name, gate]) => [name, units(gate)])),
    hiddenGrad: units(trace.hiddenGrad),
    cellGrad: units(trace.cellGrad),
    flow: trace.flow && array(trace.flow, [L, T, T]),
    attention: trace.attention && array(trace.attention, [L, trace.attention.length / (L * T * T), T, T]),
  });
}

/** @param {number} x a float32 */
function shortest(x) {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return short;
  }
  return Number(x.toPrecision(9));
}

/** A file name that every system takes. @param {string} name */
export const fileName = (name) =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "") || "run";

/** @param {string} name @param {BlobPart} content @param {string} type */
export function download(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
