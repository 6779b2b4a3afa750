/** `unrolled sweep` and `compare`: which value of a setting, and which cell, for this text? */
import { SETTINGS, UnrolledError, flatten, unflatten } from "../../core/index.js";
import { CLOSE, answerAlike, answerOf } from "../../core/train/sweep.js";
import { idleSettings } from "../options/checks.js";
import { listsOf, optionOf, settingsOf } from "../options/settings.js";
import { duration } from "../terminal/progress.js";
import { say } from "../terminal/say.js";
import { table } from "../terminal/table.js";
import { runOn } from "./runs.js";

/** @typedef {import("../../core/train/sweep.js").Row} Row */

/** Tells which of the settings that were given do nothing. @param {Record<string, any[]>} lists */
function remark(lists) {
  for (const sentence of idleSettings(Object.keys(lists), (name) => lists[name] ?? [SETTINGS[name].default]))
    say(sentence);
}

/**
 * @param {string[]} files @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function sweep(files, options, command) {
  const lists = listsOf(command);
  const axes = Object.entries(lists)
    .filter(([, values]) => values.length > 1)
    .map(([name, values]) => ({ name, values }));
  if (!axes.length)
    throw new UnrolledError(
      "bad-argument",
      "Nothing is swept: give one setting or two several values, for instance --seq-len 16,32,64.",
    );
  if (axes.length > 2)
    throw new UnrolledError(
      "bad-argument",
      `A sweep varies one setting or two, got ${axes.map(({ name }) => optionOf(name)).join(", ")}: leave one value of the others.`,
    );
  remark(lists);
  const shared = unflatten(
    Object.fromEntries(
      Object.entries(lists)
        .filter(([, values]) => values.length === 1)
        .map(([name, [value]]) => [name, value]),
    ),
  );
  const label = (/** @type {Row["at"]} */ at) => axes.map(({ name }, i) => `${optionOf(name)} ${at[i]}`).join(" ");
  await runOn(files, options, { shared, axes, workers: options.workers, label }, (rows) => {
    const names = axes.map(({ name }) => optionOf(name).slice(2));
    const alike = rows.find(({ outcome }) => outcome?.alike)?.outcome?.alike?.steps;
    const head = [...names, "steps", "validation", "training", "accuracy", "ms/step", "seconds", "MB"];
    const also = alike ? [`at ${alike} steps`] : [];
    return table([[...head, ...also], ...rows.map(sweptRow)]) + answer(rows, label);
  });
}

/** @param {Row} row @returns {string[]} */
function sweptRow(row) {
  const { at, steps, outcome: o } = row;
  if (!o) return [...at.map(String), String(steps), row.state, "", "", "", "", ""];
  return [
    ...at.map(String),
    String(steps),
    o.loss.toFixed(4),
    o.trainingLoss.toFixed(4),
    `${(100 * o.accuracy).toFixed(1)} %`,
    o.msPerStep.toFixed(2),
    o.seconds.toFixed(1),
    (o.bytes / 1e6).toFixed(1),
    ...(o.alike ? [o.alike.loss.toFixed(4)] : []),
  ];
}

/** @param {Row[]} rows @param {(at: Row["at"]) => string} label @returns {string} */
function answer(rows, label) {
  const found = answerOf(rows);
  if (!found) return "";
  const { best, enough } = found;
  const alike = answerAlike(rows)?.best,
    { steps = 0, loss = NaN } = alike?.outcome?.alike ?? {};
  const also = alike
    ? ` After ${steps} updates each instead of as many tokens: ${label(alike.at)} (${loss.toFixed(4)} nats).`
    : "";
  const lowest = `Lowest validation loss: ${label(best.at)} (${best.outcome?.loss.toFixed(4)} nats).${also}`;
  if (enough === best) return `\n${lowest}\n`;
  return `\n${lowest} Within ${CLOSE} nats of it, ${label(enough.at)} was the quickest (${duration(enough.outcome?.seconds ?? NaN)}, not ${duration(best.outcome?.seconds ?? NaN)}).\n`;
}

/**
 * @param {string[]} files @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function compare(files, options, command) {
  const { cells, parameters } = options,
    shared = flatten(settingsOf(command));
  if (parameters && shared.hidden !== undefined)
    throw new UnrolledError(
      "bad-argument",
      `--hidden ${shared.hidden} and --parameters ${parameters} both say how wide the networks are: leave one out.`,
    );
  remark({ ...Object.fromEntries(Object.entries(shared).map(([name, value]) => [name, [value]])), cell: cells });
  // One at a time: seconds are compared, so no run may slow another down.
  const wanted = {
    shared: unflatten(shared),
    axes: [{ name: "cell", values: cells }],
    workers: 1,
    parameters,
    label: (/** @type {Row["at"]} */ [cell]) => String(cell),
  };
  await runOn(files, options, wanted, (rows) =>
    table([
      [
        "cell",
        "hidden",
        "parameters",
        "multiply-adds/token",
        "seconds",
        "validation nats",
        "bits/token",
        "accuracy",
        "reach",
      ],
      ...rows.map(comparedRow),
    ]),
  );
}

/** @param {Row} row @returns {string[]} */
function comparedRow(row) {
  const { outcome: o } = row;
  if (!o) return [String(row.at[0]), row.state, "", "", "", "", "", "", ""];
  return [
    String(row.at[0]),
    String(row.settings.hidden),
    String(o.parameters),
    String(o.operations),
    o.seconds.toFixed(1),
    o.loss.toFixed(4),
    o.bitsPerToken.toFixed(4),
    `${(100 * o.accuracy).toFixed(1)} %`,
    Number.isFinite(o.reach) ? String(o.reach) : `> ${o.probed - 2}`,
  ];
}
