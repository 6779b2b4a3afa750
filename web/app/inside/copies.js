/** What is made on a copy of the network at the moment that is shown: one update, and a check of gradients. */
import { CheckView } from "../../views/figures/check.js";
import { readPalette } from "../../views/parts/colours.js";
import { SlowView } from "../../views/figures/slow.js";
import { checkGradients, slowUpdate } from "./experiments.js";
import { wordsOf } from "./words.js";

/**
 * @typedef {object} Copied
 * @property {boolean} shown whether there are numbers
 * @property {() => void} clear
 */

/**
 * Numbers that are made when they are asked for, of the moment that is shown, and again when another is gone to; while
 * the run goes on they would be of the past, so it rests.
 * @param {import("../page.js").Page} page
 * @param {Copied} view
 * @param {(original: any, trace: import("../run/moment.js").Trace, options: any) => Promise<void>} make
 */
function copies(page, view, make) {
  const { run, moment } = page;
  let turn = 0;
  let of = -1; // the step whose numbers are shown or on their way

  /** @param {object} [options] */
  async function begin(options = {}) {
    if (run.running) await run.pause();
    while (moment.busy) await moment.settled;
    await remake(options);
  }

  /** @param {object} [options] */
  async function remake(options = {}) {
    const { seen, past } = moment;
    if (!seen?.trace || !run.client) return;
    const mine = ++turn;
    of = seen.step;
    await make({ client: run.client, text: run.text, step: past }, seen.trace, {
      wanted: () => mine === turn,
      ...options,
    });
  }

  return {
    begin,
    /** @type {import("../dock/dock.js").Pane} */
    pane: {
      wants: () => ({}),
      draw({ step }) {
        if (!view.shown || step === of) return;
        if (run.running) {
          turn++;
          of = -1;
          view.clear();
        } else page.attempt(remake);
      },
      clear() {
        turn++;
        of = -1;
        view.clear();
      },
    },
  };
}

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function openSlow(root, page) {
  const view = new SlowView(root, { strings: wordsOf(page), palette: readPalette(root) });
  const { begin, pane } = copies(page, view, async (original, { ids, sizes }, { wanted, focus }) => {
    const data = await slowUpdate(original, ids, Math.min(page.reader.layer, sizes.L - 1));
    const { optimizer } = /** @type {any} */ (page.strings.controls);
    if (wanted()) view.draw({ ...data, optimizer: optimizer[data.optimizer] }, { focus });
  });
  view.addEventListener("start", () => page.attempt(() => begin({ focus: true })));
  return { ...pane, recolour: () => view.setPalette(readPalette(root)) };
}

/** @param {HTMLElement} root @param {import("../page.js").Page} page @returns {import("../dock/dock.js").Pane} */
export function openCheck(root, page) {
  const view = new CheckView(root, { strings: wordsOf(page), palette: readPalette(root) });
  const { begin, pane } = copies(page, view, async (original, { ids }, { wanted }) => {
    view.setBusy(true);
    try {
      const data = await checkGradients(original, ids, wanted);
      if (data) view.draw(data);
    } finally {
      view.setBusy(false);
    }
  });
  view.addEventListener("check", () => page.attempt(begin));
  return { ...pane, recolour: () => view.setPalette(readPalette(root)) };
}
