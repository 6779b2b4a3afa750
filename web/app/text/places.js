/**
 * Whether a network has the memory that a made text needs: how it guesses at the places that need it, in a text of the
 * same kind that it has not read.
 */
import { CELLS, keptOf } from "../../core/cells.js";
import { makeTokenizer } from "../../core/text/tokens.js";
import { TEXTS } from "./texts.js";

const FRESH_SEED = 4711; // of no text that is learnt
const LENGTH = 1600; // characters, about

/**
 * @param {import("../../worker/client.js").TrainerClient} client
 * @param {string} name of the text it learns
 * @returns {Promise<ReturnType<typeof import("../../core/text/generators.js").placeAccuracy> | null>} null: the text has no such places, or not in these tokens
 */
export async function askPlaces(client, name) {
  const { made } = TEXTS[name] ?? {};
  if (!made) return null;
  const { makeText, placeAccuracy } = await import("../../core/text/generators.js");
  const { text, options, tokens } = makeText(made);
  if (client.settings.tokens !== tokens) return null;
  const lines = Math.max(4, Math.round((options.lines * LENGTH) / text.length));
  const fresh = makeText(made, { lines, seed: FRESH_SEED });
  return placeAccuracy(await readWhole(client, fresh.text), fresh);
}

/**
 * What a network says all over a text; attention in windows of which each begins with the later half of the one before.
 * @param {Pick<import("../../worker/client.js").TrainerClient, "settings" | "probe">} client @param {string} text
 * @returns {Promise<Pick<import("../../core/inside/trace.js").Trace, "ids" | "probabilities" | "vocabulary">>} ids [T],
 * probabilities [T,V] of the token that follows
 */
export async function readWhole(client, text) {
  const { cell, seqLen, tokens: kind } = client.settings;
  if (CELLS[/** @type {import("../../core/cells.js").CellName} */ (cell)].carries)
    return client.probe(text, { flow: false });
  const tokens = [...makeTokenizer(kind).split(text)];
  const whole = { ids: new Int32Array(tokens.length), probabilities: new Float32Array(0), vocabulary: [""] };
  for (let done = 0; done < tokens.length; ) {
    const from = Math.max(0, done - keptOf(seqLen));
    const { ids, probabilities, vocabulary } = await client.probe(tokens.slice(from, from + seqLen).join(""), {
      flow: false,
    });
    const V = vocabulary.length;
    if (!done) Object.assign(whole, { vocabulary, probabilities: new Float32Array(tokens.length * V) });
    whole.ids.set(ids.subarray(done - from), done);
    whole.probabilities.set(probabilities.subarray((done - from) * V), done * V);
    done = from + ids.length;
  }
  return whole;
}
