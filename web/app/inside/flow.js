/** How far back a mistake is felt, in the dock: the moment's gradients, and their reach over the whole run. */
import { keptShare } from "../../core/apart/halflife.js";
import { layerMean } from "../../core/inside/analysis.js";
import { FlowView } from "../../views/figures/flow.js";
import { readPalette } from "../../views/parts/colours.js";
import { layoutColumns } from "../../views/parts/columns.js";
import { LagHistory } from "../../views/parts/history.js";
import { recurrentNorms } from "./norms.js";
import { wordsOf } from "./words.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const { reader, run } = page;
  const view = new FlowView(root, { strings: wordsOf(page), palette: readPalette(root) });
  /** @type {{of: object | null, layers: Record<string, number>[]}} */ let norms = { of: null, layers: [] };
  view.addEventListener("cursor", (event) => reader.move({ t: /** @type {CustomEvent} */ (event).detail.t }));
  view.addEventListener("seqlen", (event) => {
    const { seqLen } = /** @type {CustomEvent} */ (event).detail;
    page.actions.takeSettings({ seqLen });
  });
  const follow = () => {
    view.setCursor(Math.max(0, reader.t));
    page.dock.draw();
  };
  reader.addEventListener("change", follow);
  return {
    wants: () => ({ flow: true, weights: true }),
    draw({ trace, profiles, parameters, step }) {
      const flow = trace?.flow;
      if (!trace || !flow?.length) return;
      const layer = Math.min(reader.layer, trace.sizes.L - 1);
      if (parameters && parameters !== norms.of)
        norms = { of: parameters, layers: recurrentNorms(parameters, /** @type {any} */ (run.client).settings) };
      view.draw({
        trace: { ...trace, flow },
        profile: profiles[layer],
        layout: layoutColumns(trace.tokens, view.scroller.clientWidth),
        layer,
        step,
        at: page.moment.past,
        seqLen: page.window,
        history: run.story.lags[layer] ?? new LagHistory(),
        norms: norms.layers[layer] ?? null,
        keep: keptMean(trace, layer),
        keepTen: keptMean(trace, layer, 10),
      });
      view.setCursor(Math.max(0, reader.t));
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", follow);
      view.dispose();
    },
  };
}

/**
 * Mean share of the state that a gate keeps over `n` characters, of all units and places; null for a cell without, and of
 * a shorter text.
 * @param {import("../run/moment.js").Trace} trace @param {number} layer @param {number} [n]
 */
export function keptMean(trace, layer, n = 1) {
  const kept = keptShare(trace),
    { T, H } = trace.sizes;
  if (!kept || T < n) return null;
  const shares = new Float32Array((T - n + 1) * H).fill(1);
  for (let k = 0; k < n; k++) for (let i = 0; i < shares.length; i++) shares[i] *= kept[(layer * T + k) * H + i];
  return layerMean(shares, T - n + 1, H);
}
