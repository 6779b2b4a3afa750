/** What the figures that take a network apart share: their words, and how they ask a copy of the network at rest. */
import { readPalette } from "../../views/parts/colours.js";
import { TrainerClient } from "../../worker/client.js";
import { makeBench } from "../practice/bench.js";
import { fill, h } from "../shell/dom.js";
import en from "../strings/en/apart.js";
import zh from "../strings/zh/apart.js";
import { inTokens, instead } from "../strings/tokens.js";

/** @typedef {import("../page.js").Page} Page */
/**
 * @typedef {object} Asked
 * @property {TrainerClient} client of a copy of the network
 * @property {import("../../core/apart/study.js").Asking} asking to be handed on to client.study()
 */

const LONGEST = 20_000; // characters that a study reads

/** The words of these figures, with those of every figure. @param {Page} page */
export function wordsOf(page) {
  const words = { en, zh }[page.language];
  const apart = page.carries ? words : instead(words, words.attention);
  return {
    .../** @type {any} */ (page.tokenStrings),
    ...(page.tokens === "char" ? apart : inTokens({ tokenWords: page.strings.tokenWords, ...apart })),
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
 * names it meanwhile. The run rests from then on, for what is shown is of this moment: when another is, it is forgotten.
 * @param {Page} page
 * @param {{ name: string, start: string }} strings of the figure
 * @param {(asked: Asked) => Promise<void>} ask
 * @param {() => void} forget what is shown
 */
export function makeStudy(page, strings, ask, forget) {
  const { study } = wordsOf(page);
  const { moment, format } = page;
  /** The step that is shown; null: none. @type {number | null} */ let of = null;
  let busy = false;
  const bench = makeBench(
    page,
    { ...study, ...strings },
    async ({ say, signal }) => {
      busy = true;
      try {
        while (moment.busy) await moment.settled;
        const { step } = moment;
        const progress = (/** @type {number} */ done) => say(fill(study.working, { percent: Math.round(100 * done) }));
        progress(0);
        await onCopy(page, (client) => ask({ client, asking: { unknown: "drop", signal, progress } }));
        of = step;
        say(fill(study.measured, { step: format.integer(step) }));
      } finally {
        busy = false;
      }
    },
    { rests: true },
  );
  return {
    ...bench,
    /** Another moment, or the same again, is shown. @param {number | null} step null: none */
    follow(step) {
      if (of === null || step === of || busy) return;
      if (step !== null) bench.say(fill(study.gone, { of: format.integer(of), step: format.integer(step) }));
      of = null;
      forget();
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
