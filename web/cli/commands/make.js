/** `unrolled make`: writes a text that needs a certain memory, and says which. */
import { GENERATORS, makeText } from "../../core/index.js";
import { say } from "../terminal/say.js";
import { Target } from "../files/target.js";

/** What each option means to each text that has it. @returns {Map<string, string[]>} */
export function makeOptions() {
  /** @type {Map<string, string[]>} */
  const docs = new Map();
  for (const [text, { options }] of Object.entries(GENERATORS))
    for (const [name, { doc, default: usual }] of Object.entries(options))
      docs.set(name, [...(docs.get(name) ?? []), `${text}: ${doc} (default: ${usual})`]);
  return docs;
}

/** @param {string} name @param {Record<string, any>} options */
export async function make(name, { out = "-", force, ...options }) {
  const target = new Target(out, { force });
  const { text, tokens, memory, chance, places } = makeText(name, options);
  say(
    `${GENERATORS[name].doc}\nIt needs memory at ${places.length} places, over ${memory} ${tokens === "word" ? "words and spaces" : "characters"} at most; by chance ${(100 * chance).toFixed(1)} % of them are right.${tokens === "word" ? " Read it with --tokens word." : ""}`,
  );
  if (target.isPrinted) process.stdout.write(text);
  else await target.write(Buffer.from(text));
}
