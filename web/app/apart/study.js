/** What the figures that take a network apart share: their words, and how they ask a copy of the network at rest. */
import { readPalette } from "../../views/parts/colours.js";
import { TrainerClient } from "../../worker/client.js";
import { makeBench } from "../practice/bench.js";
import { fill, h } from "../shell/dom.js";
import en from "../strings/en/apart.js";
import zh from "../strings/zh/apart.js";
import { instead, spoken } from "../strings/tokens.js";

/** @typedef {import("../page.js").Page} Page */
/**
 * @typedef {object} Asked
 * @property {TrainerClient} client of a copy of the network
 * @property {number} layer that the reader looks at
 * @property {import("../../core/apart/study.js").Asking} asking to be handed on to client.study()
 */

const LONGEST = 20_000; // characters that a study reads

/** The words of these figures, with those of every figure. @param {Page} page */
export function wordsOf(page) {
  const words = { en, zh }[page.language];
  const apart = page.carries ? words : instead(words, words.attention);
  return {
    .../** @type {any} */ (page.tokenStrings),
    ...spoken(apart, page),
  };
}

/** @param {HTMLElement} root @param {Page} page */
export const optionsOf = (root, page) => ({ strings: wordsOf(page), palette: readPalette(root) });

/** A long stretch of what the network learns, from its beginning. @param {Page} page */
export const stretchOf = (page) => page.run.text.slice(0, LONGEST);

/**
 * Asks a copy of the network as it is at the moment that is shown.
 * @template R
 * @param {Page} page
 * @param {(client: TrainerClient) => Promise<R>} work
 */
export async function onCopy(page, work) {
  const { client } = page.run;
  if (!client) throw new Error("no network stands yet");
  const copy = await TrainerClient.load(await page.moment.save(), {}, { link: client.link, snapshotBudget: 0 });
  try {
    return await work(copy);
  } finally {
    copy.dispose();
  }
}

/**
 * A button that measures, on a copy of the network as it is at the moment that is shown, what a figure then shows; the bar
 * names it meanwhile. The run rests from then on, for what is shown is of this moment and of this layer: when another is,
 * it is forgotten.
 * @param {Page} page
 * @param {{ name: string, start: string }} strings of the figure
 * @param {(asked: Asked) => Promise<void>} ask
 * @param {() => void} forget what is shown
 * @param {{ ofLayer?: boolean }} [options] ofLayer: false where it is of all layers
 */
export function makeStudy(page, strings, ask, forget, { ofLayer = true } = {}) {
  const { study } = wordsOf(page);
  const { moment, format, reader } = page;
  /** What is shown; null: nothing. @type {{ step: number, layer: number } | null} */ let of = null;
  let busy = false;
  const bench = makeBench(
    page,
    { ...study, ...strings },
    async ({ say, signal }) => {
      busy = true;
      try {
        while (moment.busy) await moment.settled;
        const { step } = moment;
        const { layer } = reader;
        const progress = (/** @type {number} */ done) => say(fill(study.working, { percent: Math.round(100 * done) }));
        progress(0);
        const layers = await onCopy(page, async (client) => {
          await ask({ client, layer, asking: { unknown: "drop", signal, progress } });
          return client.settings.layers;
        });
        of = { step, layer };
        const measured = ofLayer && layers > 1 ? study.measuredIn : study.measured;
        say(fill(measured, { step: format.integer(step), layer: layer + 1 }));
      } finally {
        busy = false;
      }
      follow(moment.seen && moment.step); // the reader may have gone elsewhere meanwhile
    },
    { rests: true },
  );

  /** Another moment or layer, or the same again, is shown. @param {number | null} step null: none */
  function follow(step) {
    if (of === null || busy) return;
    const { layer } = reader;
    const isElsewhere = ofLayer && layer !== of.layer;
    if (step === of.step && !isElsewhere) return;
    bench.say(
      step === null
        ? ""
        : step !== of.step
          ? fill(study.gone, { of: format.integer(of.step), step: format.integer(step) })
          : fill(study.elsewhere, { of: of.layer + 1, layer: layer + 1 }),
    );
    of = null;
    forget();
  }
  const move = () => of && follow(of.step);
  reader.addEventListener("change", move);

  return {
    ...bench,
    follow,
    /** When its figure goes. */
    end() {
      reader.removeEventListener("change", move);
      bench.end();
    },
  };
}

/**
 * A labelled choice.
 * @param {string} label
 * @param {Record<string, string>} words by value
 * @param {string} value
 * @param {(value: string) => void} change
 */
export function choose(label, words, value, change) {
  const select = h(
    "select",
    { onchange: () => change(select.value) },
    ...Object.entries(words).map(([each, word]) => h("option", { value: each, selected: each === value }, word)),
  );
  return h("label", {}, label, select);
}
