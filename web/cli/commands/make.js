/** `unrolled make`: writes a text that needs a certain memory, and says which. */
import { GENERATORS, makeText } from "../../core/index.js";
import { say } from "../terminal/say.js";
import { Target } from "../files/target.js";

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
