/** RNN, LSTM and GRU in lock-step, in the dock: three networks of their own, for which the run rests. */
import { flatten } from "../../core/config.js";
import { CompareView } from "../../views/figures/compare.js";
import { readPalette } from "../../views/parts/colours.js";
import { between } from "../shell/motion.js";
import { fill } from "../shell/dom.js";
import { Lockstep } from "./lockstep.js";

const INTERVAL = 200; // ms between two drawings
const NARROW = "(max-width: 40rem)";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { run, work, format } = page;
  const view = new CompareView(root, {
    strings: page.tokenStrings,
    palette: readPalette(root),
    units: matchMedia(NARROW).matches ? 12 : 24,
  });
  /** @type {Lockstep | null} */ let lockstep = null;

  function draw() {
    if (!lockstep || root.hidden) return;
    const { models, baselines, running, seqLen } = lockstep;
    view.draw({ models, baselines, running, seqLen });
  }

  async function train() {
    const words = page.strings.work;
    await work.do(words.compare, async ({ signal, say }) => {
      if (signal.aborted) return;
      const mine = (lockstep ??= new Lockstep(() => !document.hidden));
      if (!mine.models.length)
        try {
          await mine.open(
            flatten(/** @type {any} */ (run.client).settings),
            run.text,
            page.probe.text,
            run.workerOptions,
          );
        } catch (error) {
          if (lockstep === mine) forget();
          throw error;
        }
      if (signal.aborted || lockstep !== mine) return;
      let drawn = -Infinity;
      const change = () => {
        if (performance.now() - drawn < between(INTERVAL)) return;
        drawn = performance.now();
        say(fill(words.atStep, { step: format.integer(mine.step) }));
        draw();
      };
      mine.addEventListener("change", change);
      signal.addEventListener("abort", () => mine.pause());
      await mine.run();
      mine.removeEventListener("change", change);
      draw(); // before the run above goes on
    });
  }

  function forget() {
    lockstep?.close();
    lockstep = null;
    view.clear();
  }

  view.addEventListener("run", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.wanted) page.attempt(train);
    else work.stop();
  });
  run.addEventListener("run", forget);
  page.addEventListener("probe", forget);
  return {
    draw,
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      run.removeEventListener("run", forget);
      page.removeEventListener("probe", forget);
      if (lockstep?.running) work.stop();
      forget();
      view.dispose();
    },
  };
}
