/** In the dock: the path of the state through the text that is looked into, moment after moment on axes of one sense. */
import { nearestStates, project } from "../../core/apart/places.js";
import { readPalette } from "../../views/parts/colours.js";
import { PathView } from "../../views/apart/path.js";
import { h } from "../shell/dom.js";
import { choose, makeStudy, optionsOf } from "./study.js";

/** @typedef {import("../../core/apart/path.js").Axes} Axes */

const NEAR = 5;
const KEPT = 400; // moments whose axes are remembered
const TOKENS = 6; // characters whose fixed points are looked for

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const { reader, moment, run } = page;
  const s = options.strings.path;
  const view = new PathView(root, options);
  /** @type {"h" | "c"} */ let what = "h";
  /** Axes by step, so that a moment gone back to is seen as it was. @type {Map<number, Axes>} */ let known = new Map();
  /** @type {any[]} */ let fixed = [];
  /** Characters whose fixed points were looked for. @type {string[]} */ let looked = [];
  /** What the axes are of: layer and state. */ let of = "";

  /** Axes of the moment nearest in training. @param {number} step @returns {Axes | null} */
  function before(step) {
    let nearest = null;
    for (const each of known.keys())
      if (nearest === null || Math.abs(each - step) < Math.abs(nearest - step)) nearest = each;
    return nearest === null ? null : (known.get(nearest) ?? null);
  }
  const choice = h("span", {});
  /** @param {string} cell */
  function offer(cell) {
    if (choice.dataset.cell === cell) return;
    choice.dataset.cell = cell;
    if (cell !== "lstm") what = "h";
    const { places } = options.strings;
    const turn = (/** @type {string} */ value) => {
      what = /** @type {"h" | "c"} */ (value);
      moment.look({ now: true });
    };
    choice.replaceChildren(...(cell === "lstm" ? [choose(s.what, { h: places.h, c: places.c }, what, turn)] : []));
  }

  const draw = () => {
    const { trace, axes: found } = moment.seen ?? {};
    if (!trace || !found) return;
    const { states, axes } = found;
    const { tokens, sizes } = trace;
    const cursor = Math.max(0, Math.min(reader.t, tokens.length - 1));
    const at = fixed.flatMap(({ hidden, ...rest }) => {
      if (found.what !== "h" || hidden.length !== sizes.H) return [];
      const [x, y] = project(hidden, axes);
      return [{ ...rest, x, y }];
    });
    const points = project(states, axes);
    const near = nearestStates(states, sizes.H, cursor, NEAR);
    view.draw({ tokens, points, share: axes.share, cursor, near, fixed: at, looked });
  };
  const bench = makeStudy(
    page,
    s,
    async ({ client, layer, asking }) => {
      const { trace } = moment.seen ?? {};
      if (!trace) return;
      const { t } = reader;
      // The character at the cursor, and those that are commonest.
      const times = new Map();
      for (const token of trace.tokens) times.set(token, (times.get(token) ?? 0) + 1);
      const common = [...times.keys()].sort((a, b) => times.get(b) - times.get(a));
      looked = [...new Set([trace.tokens[Math.max(0, t)], ...common])].slice(0, TOKENS);
      fixed = await client.study("fixed", trace.tokens, { tokens: looked, layer, ...asking });
      draw();
    },
    () => {
      fixed = looked = [];
      draw();
    },
  );
  view.figure.tools.append(choice, bench.element);
  view.addEventListener("cursor", (event) => reader.move({ t: /** @type {CustomEvent} */ (event).detail.t }));
  let layer = reader.layer;
  const follow = () => {
    if (layer !== reader.layer) moment.look({ now: true });
    layer = reader.layer;
    draw();
  };
  const forget = () => (known = new Map());
  reader.addEventListener("change", follow);
  for (const [target, name] of /** @type {const} */ ([
    [run, "run"],
    [page, "probe"],
  ]))
    target.addEventListener(name, forget);
  return {
    wants() {
      const { layer } = reader;
      const isSame = of === `${layer}${what}`;
      return { axes: { layer, what, before: isSame ? before(moment.past ?? run.at) : null } };
    },
    draw({ step, trace, axes: found }) {
      bench.follow(step);
      if (!trace || !found) return;
      offer(trace.cellType);
      if (of !== `${found.layer}${found.what}`) known.clear();
      of = `${found.layer}${found.what}`;
      if (known.size >= KEPT) known.delete(/** @type {number} */ (known.keys().next().value));
      known.set(step, found.axes);
      draw();
    },
    clear() {
      bench.follow(null);
      view.clear();
    },
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      reader.removeEventListener("change", follow);
      run.removeEventListener("run", forget);
      page.removeEventListener("probe", forget);
      bench.end();
      view.dispose();
    },
  };
}
