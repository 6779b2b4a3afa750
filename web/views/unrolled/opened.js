/** A cell that carries a state, opened: its gates and sums in numbers. Fetched when the first is opened. */
import { CELLS } from "../../core/cells.js";
import { workUnit } from "../../core/inside/worked.js";
import { signed } from "../parts/format.js";
import { CellPanel } from "./cell.js";
import { equationsOf, kindOf } from "./equations.js";

/** @typedef {import("../../core/inside/worked.js").Worked} Worked */

/** @param {Omit<ConstructorParameters<typeof CellPanel>[0], "contents">} options */
export const openedCell = (options) =>
  new CellPanel({
    ...options,
    contents: { kindOf: ({ cellType, gruReset }) => kindOf(cellType, gruReset), equationsOf, show: showCell },
  });

/** @type {import("./cell.js").Contents["show"]} */
function showCell(panel, trace, parameters, place) {
  const { T, H } = trace.sizes;
  const { cellType, gruReset, cell, gates, hidden } = trace;
  const kind = kindOf(cellType, gruReset);
  const from = (place.layer * T + place.t) * H;
  const slice = (/** @type {Float32Array} */ values) => values.subarray(from, from + H);
  const worked = workUnit(trace, parameters, place);
  for (const { name, input, recurrent, bias, sum, squash, value } of worked.parts) {
    const shown = squash === "σ" ? value.toFixed(3) : signed(value);
    const names = name !== "n" || cellType === "mingru" ? "U h′" : gruReset === "before" ? "U(r⊙h′)" : "r⊙(Uh′+b)";
    const past = CELLS[cellType].recurrent ? ["+", [signed(recurrent), names]] : [];
    panel.write(`${kind} ${name}`, {
      values: slice(name === "h" ? hidden : gates[name]),
      scale: squash === "σ" ? "gate" : name === "h" ? "hidden" : "candidate",
      short: panel.say(name, shown),
      terms: [squash, "(", [signed(input), "W x"], ...past, "+", [signed(bias), "b"], ")"],
      results: squash ? [`${squash}(${signed(sum)})`, shown] : [shown],
    });
  }
  const show = (/** @type {"c" | "h"} */ name, /** @type {number} */ value, /** @type {Float32Array} */ values) =>
    panel.write(`${kind} ${name}`, {
      values: slice(values),
      scale: name === "c" ? "cell" : "hidden",
      short: panel.say(name, signed(value)),
      terms: sumOf(name, kind, worked),
      results: [signed(value)],
    });
  if (cell) show("c", /** @type {number} */ (worked.cell), cell);
  if (cellType !== "rnn") show("h", worked.hidden, hidden);
}

/**
 * A sum of parts: an LSTM's cell, or the state.
 * @param {"c" | "h"} name @param {string} kind @param {Worked} worked
 * @returns {import("./cell.js").Terms}
 */
function sumOf(name, kind, { parts, before, cellBefore = 0, cell = 0 }) {
  const v = Object.fromEntries(parts.map(({ name, value }) => [name, value]));
  const gate = (/** @type {number} */ x, /** @type {string} */ text) => [x.toFixed(3), text];
  if (name === "c")
    return [gate(v.f, "f"), "·", [signed(cellBefore), "c′"], "+", gate(v.i, "i"), "·", [signed(v.g), "g"]];
  if (kind === "lstm") return [gate(v.o, "o"), "·", "tanh", "(", [signed(cell), "c"], ")"];
  const old = [signed(before), "h′"];
  const candidate = [signed(v.n), "n"];
  const [first, second] = kind === "gruAfter" ? [candidate, old] : [old, candidate];
  return [gate(1 - v.z, "1−z"), "·", first, "+", gate(v.z, "z"), "·", second];
}
