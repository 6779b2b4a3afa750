/**
 * Clipping in the dock: the norms of the run's gradients, a twin of the run without it, and a network whose gradients
 * explode where nothing holds them.
 */
import { blockShares } from "../../core/inside/analysis.js";
import { ClipView } from "../../views/figures/clip.js";
import { readPalette } from "../../views/parts/colours.js";
import { Twin } from "./twin.js";
import { wordsOf } from "./words.js";

/** It learns where something does hold them: so with seeds 1 to 5 on every sample text. */
const EXPLODING = {
  cell: "rnn",
  layers: 1,
  hidden: 64,
  embedding: 0,
  batch: 16,
  seqLen: 64,
  optimizer: "sgd",
  learningRate: 2,
  clipMode: "norm",
  clipThreshold: 1,
};

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { run, work } = page;
  const view = new ClipView(root, { strings: wordsOf(page), palette: readPalette(root) });
  /** @type {Twin | null} */ let twin = null;
  let exploding = ""; // the run that took the place of another

  /** @param {boolean} wanted */
  async function setTwin(wanted) {
    twin?.close();
    twin = null;
    if (wanted && run.client) {
      const mine = (twin = new Twin());
      mine.addEventListener("report", () => mine.diverged !== null && page.dock.draw());
      await mine.open(run).catch((error) => {
        if (twin === mine) twin = null;
        throw error;
      });
    }
    work.setBeside(twin && { name: page.strings.work.twin, stop: () => page.attempt(() => setTwin(false)) });
    page.dock.draw();
  }

  /** Clipping holds this run; its twin has none, and breaks. Once more: back to the network before. */
  async function explode() {
    if (exploding === run.id && run.left) return void (await page.actions.undo());
    if (!(await page.actions.takeSettings(EXPLODING))) return;
    exploding = run.id;
    await setTwin(true);
  }

  const on = (/** @type {string} */ name, /** @type {(detail: any) => Promise<any>} */ act) =>
    view.addEventListener(name, (event) => page.attempt(() => act(/** @type {CustomEvent} */ (event).detail)));
  on("threshold", ({ threshold }) => page.actions.takeSettings({ clipThreshold: threshold }));
  on("beside", ({ wanted }) => setTwin(wanted));
  on("explode", explode);
  const renew = () => twin && page.attempt(() => setTwin(false));
  run.addEventListener("run", renew);
  return {
    wants: () => ({ norms: true }),
    draw({ norms }) {
      const { clipMode, clipThreshold } = page.state.settings;
      view.draw({
        history: run.story.clips,
        clip: { mode: clipMode, threshold: clipThreshold },
        blocks: norms ? blockShares(norms) : [],
        beside: twin,
        exploded: exploding === run.id && run.left !== null,
        step: run.at,
        at: page.moment.past,
      });
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      run.removeEventListener("run", renew);
      twin?.close();
      work.setBeside(null);
      view.dispose?.();
    },
  };
}
