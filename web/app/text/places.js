/**
 * Whether a network has the memory that a made text needs: how it guesses at the places that need it, in a text of the
 * same kind that it has not read.
 */
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
  return placeAccuracy(await client.probe(fresh.text, { flow: false }), fresh);
}
