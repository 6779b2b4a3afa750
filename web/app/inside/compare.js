/** Five ways to read, in the dock: two to five networks of their own, for which the run rests. */
import { CELLS } from "../../core/cells.js";
import { flatten } from "../../core/config.js";
import { CompareView } from "../../views/compare/compare.js";
import { readPalette } from "../../views/parts/colours.js";
import { between } from "../shell/motion.js";
import { learnable } from "../practice/machine.js";
import { fill } from "../shell/dom.js";
import { Lockstep } from "./lockstep.js";
import { wordsOf } from "./words.js";

/** @typedef {import("../../core/cells.js").CellName} CellName */

const INTERVAL = 200; // ms between two drawings
const NARROW = "(max-width: 40rem)";
const KINDS = /** @type {CellName[]} */ (Object.keys(CELLS));

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { run, work, format } = page;
  /** @type {readonly CellName[]} */ let cells = KINDS;
  /** @type {"tokens" | "seconds"} */ let by = "tokens";
  const view = new CompareView(root, {
    strings: wordsOf(page, true),
    scoreOf: (cell) => page.stringsOf(CELLS[cell].carries).score,
    palette: readPalette(root),
    units: matchMedia(NARROW).matches ? 12 : 24,
    cells: KINDS,
    picked: cells,
  });
  /** @type {Lockstep | null} */ let lockstep = null;
  let closed = false;

  function draw() {
    if (!lockstep || root.hidden) return;
    const { models, baselines, running, seqLen } = lockstep;
    view.draw({ models, baselines, running, seqLen, by });
  }

  function begin() {
    const client = /** @type {import("../../worker/client.js").TrainerClient} */ (run.client);
    const { stateful, embedding } = page.state.settings; // attention's own run has neither; the others have
    const makings = {
      settings: { ...flatten(/** @type {any} */ (client.settings)), stateful, embedding },
      vocabulary: client.vocabulary.length,
      parameters: client.parameterCount,
      text: learnable(page),
      probe: page.probe.text,
      options: run.workerOptions,
    };
    return new Lockstep(cells, makings, () => !document.hidden);
  }

  async function train() {
    const words = page.stringsOf(true).work;
    await work.do(words.compare, async ({ signal, say }) => {
      if (signal.aborted || closed) return;
      const mine = (lockstep ??= begin());
      mine.by = by;
      let drawn = -Infinity;
      const change = () => {
        if (performance.now() - drawn < between(INTERVAL)) return;
        drawn = performance.now();
        const tokens = Math.min(...mine.models.map((model) => model.tokens));
        say(fill(words.atTokens, { tokens: format.integer(tokens) }));
        draw();
      };
      mine.addEventListener("change", change);
      signal.addEventListener("abort", () => mine.pause());
      try {
        await mine.run();
      } catch (error) {
        if (lockstep === mine) forget();
        throw error;
      } finally {
        mine.removeEventListener("change", change);
      }
      draw(); // before the run above goes on
    });
  }

  function forget() {
    lockstep?.close();
    lockstep = null;
    view.clear();
  }

  const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ act) =>
    view.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
  on("run", ({ wanted }) => {
    if (wanted) page.attempt(train);
    else work.stop();
  });
  on("by", (detail) => {
    by = detail.by;
    if (lockstep) lockstep.by = by;
    draw();
  });
  on("cells", (detail) => {
    cells = detail.cells;
    if (lockstep) lockstep.cells = cells;
  });
  run.addEventListener("run", forget);
  page.addEventListener("probe", forget);
  return {
    draw,
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      closed = true;
      run.removeEventListener("run", forget);
      page.removeEventListener("probe", forget);
      if (lockstep?.running) work.stop();
      forget();
      view.dispose();
    },
  };
}
