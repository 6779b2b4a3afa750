/** RNN, LSTM and GRU on the page's text, one after the other: what each costs and what it learns. */
import { UnrolledError } from "../../core/errors.js";
import { runSweep } from "../../core/train/sweep.js";
import { openTrials } from "../../worker/trials.js";
import { field, makeBench, makeTable } from "./bench.js";
import { fill, h } from "../shell/dom.js";
import { chosenSettings, learnable, machineMemory } from "./machine.js";
import en from "../strings/en/cells.js";
import zh from "../strings/zh/cells.js";

const CELLS = ["rnn", "lstm", "gru"];
const BUDGET = 300_000;

/** @param {HTMLElement} root @param {import("../page.js").Page} app */
export function mount(root, app) {
  const strings = { en, zh }[app.language];
  const { integer, fixed, percent } = app.format;
  const budget = h("input", { type: "number", min: "1", step: "10000", value: String(BUDGET) });
  const table = makeTable(strings.caption, strings.heads);
  const names = /** @type {Record<string, string>} */ (app.strings.controls.cell);

  /** @param {import("../../core/train/sweep.js").Row} row */
  const show = ({ at: [cell], outcome: o, error }) => {
    if (!o) return table.row([names[String(cell)], `${strings.failed} ${error?.message ?? ""}`]);
    const reach = Number.isFinite(o.reach) ? integer(o.reach) : `> ${integer(o.probed - 2)}`;
    return table.row([
      names[String(cell)],
      integer(o.parameters),
      integer(o.operations),
      fixed(o.seconds, 1),
      fixed(o.loss, 3),
      percent(o.accuracy),
      reach,
    ]);
  };

  const bench = makeBench(app, strings, async ({ say, signal }) => {
    const text = learnable(app);
    const worker = await openTrials(app.run.workerOptions);
    let plan;
    try {
      plan = await worker.plan(text, {
        settings: chosenSettings(app),
        axes: [{ name: "cell", values: CELLS }],
        budget: Number(budget.value),
        workers: 1,
        memory: machineMemory(),
      });
    } catch (error) {
      worker.close();
      throw error;
    }
    table.clear();
    // One worker, so one at a time: seconds are compared, and no run may slow another down.
    const rows = await runSweep(plan, text, async () => worker, {
      signal,
      change: (row) => {
        if (row.state === "running")
          say(fill(strings.working, { cell: names[String(row.at[0])], percent: percent(row.done) }));
        else if (row.state !== "cancelled") show(row);
      },
    });
    signal.throwIfAborted();
    const failed = rows.find(({ error }) => error);
    if (rows.every(({ outcome }) => !outcome)) throw failed?.error ?? new UnrolledError("internal", strings.failed);
  });

  root.replaceChildren(
    ...strings.body.map((paragraph) => h("p", { class: "prose" }, paragraph)),
    h("div", { class: "fields" }, field(strings.budget, budget)),
    bench.element,
    table.element,
    ...strings.notes.map((paragraph) => h("p", { class: "prose small" }, paragraph)),
  );
  return bench.end;
}
