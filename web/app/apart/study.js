/** What the figures that take a network apart share: their words, and how they ask a copy of the network at rest. */
import { CELLS } from "../../core/cells.js";
import { readPalette } from "../../views/parts/colours.js";
import { TrainerClient } from "../../worker/client.js";
import { makeBench } from "../practice/bench.js";
import { fill, h } from "../shell/dom.js";
import { unasked } from "../shell/unasked.js";
import en from "../strings/en/apart.js";
import zh from "../strings/zh/apart.js";

/** @typedef {import("../page.js").Page} Page */
/**
 * @typedef {object} Asked
 * @property {TrainerClient} client of a copy of the network
 * @property {import("../../core/apart/study.js").Asking} asking to be handed on to client.study()
 */

const LONGEST = 20_000; // characters that a study reads

/** The words of these figures, with those of every figure. @param {Page} page */
export const wordsOf = (page) => ({ .../** @type {any} */ (page.tokenStrings), ...{ en, zh }[page.language] });

/** @param {HTMLElement} root @param {Page} page */
export const optionsOf = (root, page) => ({ strings: wordsOf(page), palette: readPalette(root) });

/** A long stretch of what the network learns, from where the text that is looked into stands. @param {Page} page */
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
 * A button that measures, on a copy of the network, what a figure then shows; the bar names it meanwhile.
 * @param {Page} page
 * @param {{ name: string, start: string }} strings of the figure
 * @param {(asked: Asked) => Promise<void>} ask
 */
export function makeStudy(page, strings, ask) {
  const { study } = wordsOf(page);
  const bench = makeBench(page, { ...study, ...strings }, async ({ say, signal }) => {
    const { step } = page.moment;
    say(fill(study.working, { percent: 0 }));
    const progress = (/** @type {number} */ done) => say(fill(study.working, { percent: Math.round(100 * done) }));
    await onCopy(page, (client) => ask({ client, asking: { unknown: "drop", signal, progress } }));
    say(fill(study.measured, { step: page.format.integer(step) }));
  });
  return bench;
}

/**
 * Does the newest of what it is asked: while one is under way, those in between are left out.
 * @template {any[]} A
 * @param {(...asked: A) => Promise<void>} work
 * @returns {(...asked: A) => Promise<void>}
 */
export function newest(work) {
  let busy = false;
  /** @type {A | null} */ let next = null;
  return async (...asked) => {
    next = asked;
    if (busy) return;
    busy = true;
    while (next) {
      const these = next;
      next = null;
      await unasked(() => work(...these));
    }
    busy = false;
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

/** What can be held or looked at in the network that learns: h, c, gates by their names. @param {Page} page */
export function placesOf(page) {
  const { cell, gruReset } = /** @type {any} */ (page.run.client?.settings ?? page.state.settings);
  const { places } = wordsOf(page);
  const z = cell === "gru" && gruReset === "after" ? places.zAfter : places.zBefore;
  const { gates } = CELLS[/** @type {import("../../core/cells.js").CellName} */ (cell)];
  const names = ["h", ...(cell === "lstm" ? ["c"] : []), ...gates];
  return Object.fromEntries(names.map((name) => [name, name === "z" ? z : places[name]]));
}
