/** In the dock: the path of the state through the text that is looked into, moment after moment on axes of one sense. */
import { nearestStates, project } from "../../core/apart/places.js";
import { readPalette } from "../../views/parts/colours.js";
import { PathView } from "../../views/apart/path.js";
import { makeStudy, newest, optionsOf } from "./study.js";

const NEAR = 5;

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const { reader } = page;
  const view = new PathView(root, options);
  /** @type {any} */ let seen = null;
  /** @type {import("../../core/apart/path.js").Axes | null} */ let axes = null;
  /** @type {any[]} */ let fixed = [];
  let turn = 0;

  const draw = () => {
    if (!seen || !axes) return;
    const { tokens, states, points } = seen;
    const H = states.length / tokens.length;
    const cursor = Math.max(0, Math.min(reader.t, tokens.length - 1));
    const at = fixed.map(({ hidden, ...rest }) => {
      const [x, y] = project(hidden, /** @type {any} */ (axes));
      return { ...rest, x, y };
    });
    view.draw({ tokens, points, share: axes.share, cursor, near: nearestStates(states, H, cursor, NEAR), fixed: at });
  };
  const ask = newest(async (/** @type {import("../run/moment.js").Trace} */ trace) => {
    const { client } = page.run;
    const mine = turn;
    const layer = Math.min(reader.layer, trace.sizes.L - 1);
    const { L, T, H } = trace.sizes;
    if (!client || layer >= L) return;
    const states = trace.hidden.slice(layer * T * H, (layer + 1) * T * H);
    const found = await client.axes(states, H, axes);
    if (mine !== turn) return;
    axes = found;
    seen = { tokens: trace.tokens, states, points: project(states, found) };
    draw();
  });
  const bench = makeStudy(page, options.strings.path, async ({ client, asking }) => {
    const tokens = [...new Set(page.moment.seen?.trace?.tokens ?? [])].slice(0, 6);
    const text = page.probe.text;
    fixed = await client.study("fixed", text, { tokens, layer: reader.layer, ...asking });
    draw();
  });
  view.figure.tools.append(bench.element);
  view.addEventListener("cursor", (event) => reader.move({ t: /** @type {CustomEvent} */ (event).detail.t }));
  reader.addEventListener("change", draw);
  return {
    wants: () => ({}),
    draw({ trace }) {
      if (!trace) return;
      fixed = []; // of another moment
      ask(trace);
    },
    clear() {
      turn++;
      seen = axes = null;
      view.clear();
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", draw);
      bench.end();
      view.dispose();
    },
  };
}
