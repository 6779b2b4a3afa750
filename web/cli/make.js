/** `unrolled make`: writes a text that needs a certain memory, and says which. */
import { Argument } from "commander";
import { GENERATORS, makeText } from "../core/index.js";
import { checkOut, writeWhole } from "./files.js";
import { count } from "./options.js";

/** @param {import("commander").Command} unrolled */
export function addMake(unrolled) {
  const command = unrolled
    .command("make")
    .description("write a text that needs a certain memory to be learnt")
    .addArgument(new Argument("<name>", "which").choices(Object.keys(GENERATORS)))
    .option("--seed <n>", "of the draws", count("--seed"), 1)
    .option("-o, --out <file>", "where to write it (default: standard output)")
    .option("--force", "replace the file that is there");
  for (const [name, docs] of optionDocs()) command.option(`--${name} <n>`, docs.join("; "), count(`--${name}`));
  command.addHelpText("after", `\n${Object.entries(GENERATORS).map(described).join("\n")}`);
  command.action(make);
}

/** What each option means to each text that has it. @returns {Map<string, string[]>} */
function optionDocs() {
  /** @type {Map<string, string[]>} */
  const docs = new Map();
  for (const [text, { options }] of Object.entries(GENERATORS))
    for (const [name, { doc, default: usual }] of Object.entries(options))
      docs.set(name, [...(docs.get(name) ?? []), `${text}: ${doc} (default: ${usual})`]);
  return docs;
}

/** @param {[string, { doc: string }]} generator */
const described = ([name, { doc }]) => `  ${name.padEnd(9)} ${doc}`;

/** @param {string} name @param {Record<string, any>} options */
async function make(name, { out, force, ...options }) {
  if (out) await checkOut(out, force);
  const { text, tokens, memory, chance, places } = makeText(name, options);
  process.stderr.write(
    `${GENERATORS[name].doc}\nIt needs memory at ${places.length} places, over ${memory} ${tokens === "word" ? "words and spaces" : "characters"} at most; by chance ${(100 * chance).toFixed(1)} % of them are right.${tokens === "word" ? " Read it with --tokens word." : ""}\n`,
  );
  if (out) await writeWhole(out, Buffer.from(text));
  else process.stdout.write(text);
}
