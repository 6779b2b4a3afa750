/** What there is on the command line: every command, its arguments, its options and what they may be. What a command
 * does is read when it is asked for, so that help and refusals wait for none of it. */
import { Argument, Command, Option } from "commander";
import { availableParallelism } from "node:os";
import { GENERATORS, SETTINGS, STOP_WORDS } from "../core/index.js";
import { PRESETS } from "../core/presets.js";
import { AFTER, BEAM, METHODS } from "../core/inside/fill.js";
import { onceEach } from "./options/checks.js";
import {
  addLists,
  addSettings,
  choice,
  settingNames,
  unknownOption,
  variantOption,
  workersOption,
} from "./options/settings.js";
import { count, held, number, someOf, words } from "./options/values.js";

const DOCUMENTS = "UTF-8 text; - is standard input. Of several files each is a document, read from a zero state";
const TEXTS = "UTF-8 text, several files one after the other; - is standard input";
const MODEL = "a saved model";
const ESCAPES = "\\n is a line feed, \\t a tab, \\\\ a backslash";
const FORCE = "replace the file that is there";
/** Those everybody knows. */
const CELLS = ["rnn", "lstm", "gru"];
const MOST_SEED = 2 ** 32 - 1;

/** @param {() => Promise<any>} read @param {string} name of what it exports @returns {(...given: any[]) => Promise<void>} */
const doing =
  (read, name) =>
  async (...given) =>
    (await read())[name](...given);

/** @param {string[]} lines */
const examples = (...lines) => `\nExamples:\n${lines.map((line) => `  $ unrolled ${line}\n`).join("")}`;

/** @param {Command} unrolled */
function addTrain(unrolled) {
  const training = unrolled
    .command("train")
    .description("learn a text")
    .argument("<file...>", DOCUMENTS)
    .optionsGroup("What is saved, and when:")
    .option(
      "-o, --out <model>",
      "where: a file, written at each evaluation and at the end; a pipe or a device, written at the end; - is standard output (default: the text's name with .safetensors, or the model that is gone on from)",
    )
    .option("--force", FORCE)
    .addOption(
      new Option("--save-every <minutes>", "minutes until it is saved between evaluations as well (default: 5)")
        .argParser(number("--save-every", 0, 1e6))
        .conflicts("patience"),
    )
    .option("--resume <model>", "go on from a saved model; settings named here replace its own where they can")
    .optionsGroup("How long:")
    .addOption(
      new Option(
        "--epochs <n>",
        "passes over the text, from here on (default: 10, or what 500 updates take where that is more)",
      )
        .argParser(number("--epochs", 0, 1e9))
        .conflicts("steps"),
    )
    .option("--steps <n>", "updates, from here on, in place of --epochs", count("--steps", 0, 1e12))
    .option(
      "--eval-every <n>",
      "updates between evaluations (default: an epoch, or 100 where that is more)",
      count("--eval-every", 1),
    )
    .option(
      "--patience <n>",
      "stop after so many evaluations without a better validation loss, and keep the best weights",
      count("--patience", 1),
    )
    .optionsGroup("What to begin with:")
    .addOption(
      choice(
        "--preset <name>",
        "settings to begin with: the usual first model, or one that learns by heart",
        Object.keys(PRESETS),
      ).conflicts("resume"),
    )
    .option(
      "--separator <text>",
      `stands between the documents of a file, and belongs to none; ${ESCAPES}`,
      words("--separator"),
    )
    .addOption(unknownOption());
  addSettings(training)
    .optionsGroup("How it computes:")
    .addOption(workersOption())
    .addOption(variantOption())
    .addHelpText(
      "after",
      examples(
        "train book.txt                                 # saves to book.safetensors; Ctrl-C saves too",
        "train book.txt --resume book.safetensors       # goes on",
        "train book.txt --cell gru --hidden 256 --epochs 3 -o gru.safetensors",
        "train book.txt --patience 3 --dropout 0.2      # stops when it gets no better",
        "train a.txt b.txt --separator '\\n\\n' -o both.safetensors",
      ),
    )
    .action(doing(() => import("./commands/train.js"), "train"));
}

/** @param {Command} unrolled */
function addTokens(unrolled) {
  const counting = unrolled
    .command("tokens")
    .description("count the tokens of a text")
    .argument("<file...>", TEXTS)
    .addOption(
      choice(
        "--stop-words <language>",
        "take the stop words of a language out first, and count words in small letters",
        Object.keys(STOP_WORDS),
      ),
    )
    .option("--most <n>", "rows at most (default: all)", count("--most", 1))
    .option("--json", "as JSON");
  addSettings(counting, ["tokens", "lowerCase", "minCount"])
    .addHelpText("after", examples("tokens book.txt --tokens word --lower-case --most 20"))
    .action(doing(() => import("./commands/tokens.js"), "tokens"));
}

const holdOption = () =>
  new Option(
    "--hold <what>",
    'values held while it reads: "layer=0 unit=3 gate=f value=0 from=5 to=9", ";" between several; token=a is read instead, token=" " a blank',
  ).argParser(held);

/** @param {Command} unrolled what a saved model can be asked */
function addModel(unrolled) {
  unrolled
    .command("sample")
    .description("write in the manner of the text")
    .argument("<model>", MODEL)
    .option("-p, --prompt <text>", `how it begins; ${ESCAPES}`, words("--prompt", { empty: true }), "")
    .option("-n, --length <n>", "tokens to write", count("--length", 1, 1e7), 500)
    .option(
      "-t, --temperature <x>",
      "0 takes the most probable token, 1 draws as learnt",
      number("--temperature", 0, 1000),
      1,
    )
    .option("-k, --top-k <n>", "draw from the k most probable tokens, 0 from all", count("--top-k", 0, 2 ** 31 - 1), 0)
    .option("-s, --seed <n>", "seed of the draws (default: the model's)", count("--seed", 0, MOST_SEED))
    .addOption(holdOption())
    .addOption(unknownOption())
    .addOption(variantOption())
    .addHelpText("after", examples("sample book.safetensors --prompt 'Call me ' --length 200 --temperature 0.8"))
    .action(doing(() => import("./commands/inspect.js"), "sample"));

  unrolled
    .command("probe")
    .description("show what happens inside while it reads")
    .argument("<model>", MODEL)
    .requiredOption("--text <text>", `what it reads; ${ESCAPES}`, words("--text"))
    .option(
      "--json",
      "the whole trace as JSON: states, gates, gradients and their flow, flat arrays in row-major order",
    )
    .option("--no-flow", "leave the flow of gradients out of the JSON")
    .addOption(holdOption())
    .addOption(unknownOption())
    .addOption(variantOption())
    .addHelpText(
      "after",
      examples(
        "probe book.safetensors --text 'Call me Ishmael.' --json > trace.json",
        "probe book.safetensors --text 'Call me Ishmael.' --hold 'gate=f value=0'   # with the forget gate shut",
      ),
    )
    .action(doing(() => import("./commands/inspect.js"), "probe"));

  unrolled
    .command("eval")
    .description("measure a model on a text")
    .argument("<model>", MODEL)
    .argument("<file...>", DOCUMENTS)
    .option(
      "--separator <text>",
      `stands between the documents of a file, and belongs to none; ${ESCAPES}`,
      words("--separator"),
    )
    .option("--batch <n>", "does nothing any more: the result does not depend on it", count("--batch", 1, 4096))
    .option("--json", "as JSON")
    .addOption(holdOption())
    .addOption(unknownOption())
    .addOption(variantOption())
    .addHelpText("after", examples("eval book.safetensors another.txt --unknown drop"))
    .action(doing(() => import("./commands/inspect.js"), "evaluate"));

  unrolled
    .command("export")
    .description("write a model for ONNX Runtime or PyTorch")
    .argument("<model>", MODEL)
    .option("--onnx", "as an ONNX file")
    .option("--pytorch", "as a script that reads the model, checks one loss, samples and trains on")
    .option("-o, --out <file>", "where (default: beside the model, under its name)")
    .option("--force", FORCE)
    .addHelpText("after", examples("export book.safetensors --onnx", "export book.safetensors --pytorch -o book.py"))
    .action(doing(() => import("./commands/export.js"), "exportModel"));

  unrolled
    .command("fill")
    .description(
      "fill the holes of a text: leave them out, the most frequent token, the model forward, or several readings that what follows decides between",
    )
    .argument("<model>", MODEL)
    .argument("<file>", "UTF-8 text; - is standard input")
    .option("--mark <text>", `stands for each missing token; ${ESCAPES}`, words("--mark"))
    .option(
      "--share <x>",
      "removes this share of the tokens, and tells how many come back",
      number("--share", 0, 1, true),
    )
    .option("--seed <n>", "of what --share removes", count("--seed", 0, MOST_SEED), 1)
    .option("--truth <file>", "the text without holes, to tell what is right")
    .option("--beam <n>", "readings side by side", count("--beam", 1, 1024), BEAM)
    .option("--after <n>", "tokens behind a hole until the best reading decides it", count("--after", 0, 1024), AFTER)
    .addOption(choice("--method <name>", "which filling --out gets", METHODS).default("beam"))
    .option("-o, --out <file>", "the filled text")
    .option("--force", FORCE)
    .option("--json", "all fillings as JSON")
    .addOption(unknownOption())
    .addOption(variantOption())
    .addHelpText(
      "after",
      examples("fill book.safetensors holes.txt --mark _ -o whole.txt", "fill book.safetensors book.txt --share 0.1"),
    )
    .action(doing(() => import("./commands/fill.js"), "fill"));
}

/** @param {Command} unrolled what trains more than once */
function addSweeps(unrolled) {
  const budget = () =>
    new Option("--budget <tokens>", "that each run trains on").argParser(number("--budget", 1)).default(1e6);
  const sweeping = unrolled
    .command("sweep")
    .description(
      "train under several values of one setting or two, on an equal number of tokens: --seq-len 16,32,64 --hidden 64,128",
    )
    .argument("<file...>", TEXTS)
    .addOption(budget())
    .option(
      "--workers <n>",
      "runs at a time; with 1, times are not disturbed by other runs",
      count("--workers", 1, 64),
      Math.max(1, availableParallelism() - 1),
    )
    .option("-o, --out <file>", "results as CSV")
    .option("--plot <file>", "results as a picture, SVG")
    .option("--force", "replace the files that are there")
    .addOption(variantOption());
  addLists(sweeping)
    .addHelpText("after", examples("sweep book.txt --seq-len 16,32,64,128 -o lengths.csv --plot lengths.svg"))
    .action(doing(() => import("./commands/sweep.js"), "sweep"));

  const comparing = unrolled
    .command("compare")
    .description("train several cells on a text, one after the other, and tell what each costs and learns")
    .argument("<file...>", TEXTS)
    .addOption(
      new Option("--cells <list>", `which of ${SETTINGS.cell.values?.join(", ")}, between commas`)
        .argParser(someOf("--cells", SETTINGS.cell.values ?? CELLS))
        .default(CELLS, CELLS.join()),
    )
    .option("--parameters <n>", "about so many in each: every cell is as wide as that takes", count("--parameters", 1))
    .addOption(budget())
    .option("-o, --out <file>", "results as CSV")
    .option("--force", FORCE)
    .addOption(variantOption());
  addSettings(comparing, settingNames(["cell"]))
    .addHelpText(
      "after",
      examples(
        "compare book.txt --hidden 64 --budget 3e6",
        "compare book.txt --cells lstm,attention --parameters 50000",
      ),
    )
    .action(doing(() => import("./commands/sweep.js"), "compare"));
}

/** What each option means to each text that has it. @returns {Map<string, string[]>} */
function makeOptions() {
  /** @type {Map<string, string[]>} */
  const docs = new Map();
  for (const [text, { options }] of Object.entries(GENERATORS))
    for (const [name, { doc, default: usual }] of Object.entries(options))
      docs.set(name, [...(docs.get(name) ?? []), `${text}: ${doc} (default: ${usual})`]);
  return docs;
}

/** @param {Command} unrolled */
function addMake(unrolled) {
  const names = Object.keys(GENERATORS);
  const making = unrolled
    .command("make")
    .description("write a text that needs a certain memory to be learnt")
    .addArgument(new Argument("<name>", "which").choices(names).argParser((name) => name))
    .option("--seed <n>", "of the draws", count("--seed", 0, MOST_SEED), 1)
    .option("-o, --out <file>", "where to write it (default: standard output)")
    .option("--force", FORCE);
  for (const [name, docs] of makeOptions()) making.option(`--${name} <n>`, docs.join("; "), count(`--${name}`));
  making
    .addHelpText(
      "after",
      `\n${names.map((name) => `  ${name.padEnd(9)} ${GENERATORS[name].doc}`).join("\n")}
${examples("make recall --lag 40 -o recall.txt", "make numbers --seed 2 | unrolled train - -o numbers.safetensors")}`,
    )
    .action(doing(() => import("./commands/make.js"), "make"));
}

/** @param {string} version @returns {Command} */
export function program(version) {
  const unrolled = new Command("unrolled")
    .description("Recurrent networks that learn a text.")
    .version(version)
    .configureOutput(spokenBy("unrolled"))
    .exitOverride();
  addTrain(unrolled);
  addTokens(unrolled);
  addModel(unrolled);
  addSweeps(unrolled);
  addMake(unrolled);
  for (const command of unrolled.commands) {
    onceEach(command);
    command.configureOutput(spokenBy(`unrolled ${command.name()}`));
  }
  return unrolled;
}

/** What commander says, as one sentence. @param {string} command whose help says more */
const spokenBy = (command) => ({
  outputError(/** @type {string} */ text, /** @type {(text: string) => void} */ write) {
    const words = text
      .trim()
      .replace(/^error: /, "")
      .replace(/\s*\n\s*/g, " ")
      .replace(/\.$/, "")
      .replace(/\. (\w)/, (_, letter) => `, ${letter.toLowerCase()}`);
    write(`unrolled: ${words}: ${command} --help says what there is.\n`);
  },
});
