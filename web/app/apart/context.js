/** In the dock: the context that is used, beside the gradient that is felt. */
import { readPalette } from "../../views/parts/colours.js";
import { ContextView } from "../../views/apart/context.js";
import { makeStudy, optionsOf, stretchOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const view = new ContextView(root, options);
  /** @type {import("../../core/apart/memory.js").ContextUse | null} */ let use = null;
  const draw = () => use && view.draw({ use, profile: page.moment.seen?.profiles[page.reader.layer] ?? null });
  const bench = makeStudy(
    page,
    options.strings.context,
    async ({ client, asking }) => {
      use = await client.study("context", stretchOf(page), asking);
      draw();
    },
    () => {
      use = null;
      view.clear();
    },
    { ofLayer: false },
  );
  page.reader.addEventListener("change", draw);
  view.figure.tools.append(bench.element);
  return {
    wants: () => ({ flow: true }),
    draw: ({ step }) => bench.follow(step),
    clear: () => bench.follow(null),
    recolour: () => view.setPalette(readPalette(root)),
    close() {
      page.reader.removeEventListener("change", draw);
      bench.end();
      view.dispose();
    },
  };
}
