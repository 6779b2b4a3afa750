/** In the dock: the context that is used, beside the gradient that is felt. */
import { readPalette } from "../../views/parts/colours.js";
import { ContextView } from "../../views/apart/context.js";
import { makeStudy, optionsOf, stretchOf } from "./study.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function open(root, page) {
  const options = optionsOf(root, page);
  const view = new ContextView(root, options);
  const bench = makeStudy(
    page,
    options.strings.context,
    async ({ client, asking }) => {
      const profile = page.moment.seen?.profiles[page.reader.layer] ?? null;
      view.draw({ use: await client.study("context", stretchOf(page), asking), profile });
    },
    () => view.clear(),
  );
  view.figure.tools.append(bench.element);
  return {
    wants: () => ({ flow: true }),
    draw: ({ step }) => bench.follow(step),
    clear: () => bench.follow(null),
    recolour: () => view.setPalette(readPalette(root)),
    close: () => (bench.end(), view.dispose()),
  };
}
