#!/usr/bin/env node
/**
 * The command line: train, tokens, sample, probe, eval, sweep, compare. Exit codes: 0 done, 1 it could not be done, 2
 * it was asked wrongly.
 */
import { Command, CommanderError, Option } from "commander";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { STOP_WORDS, UnrolledError } from "../core/index.js";
import { PRESETS } from "../core/presets.js";
import {
  addLists,
  addSettings,
  count,
  list,
  number,
  unescapeText,
  variantOption,
  unknownOption,
  workersOption,
} from "./options.js";
import { tokens } from "./tokens.js";
import { train } from "./train.js";
import { evaluate, probe, sample } from "./inspect.js";
import { compare, sweep } from "./sweep.js";
import { fill } from "./fill.js";
import { addMake } from "./make.js";
import { AFTER, BEAM, METHODS } from "../core/inside/fill.js";
import { unknownTokens } from "../core/text/tokens.js";

const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));

function program() {
  const unrolled = new Command("unrolled")
    .description("Recurrent networks that learn a text.")
    .version(version)
    .showHelpAfterError("(unrolled --help says what there is)")
    .exitOverride();

  const training = unrolled
    .command("train")
    .description("learn a text")
    .argument(
      "<file...>",
      "UTF-8 text; - is standard input. Of several files each is a document, read from a zero state",
    )
    .option(
      "--separator <text>",
      "stands between the documents of a file, and belongs to none; \\n is a line feed, \\t a tab",
      unescapeText,
    )
    .requiredOption(
      "-o, --out <model>",
      "where to save: a .safetensors file, written at each evaluation and at the end",
    )
    .option("--resume <model>", "go on from a saved model; settings named here replace its own where they can")
    .option("--epochs <n>", "passes over the text, from here on (default: 10)", number("--epochs"))
    .option("--steps <n>", "updates, from here on, in place of --epochs", count("--steps"))
    .option(
      "--eval-every <n>",
      "updates between evaluations (default: an epoch, or 100 where that is more)",
      count("--eval-every"),
    )
    .option(
      "--patience <n>",
      "stop after so many evaluations without a better validation loss, and keep the best weights",
      count("--patience"),
    )
    .addOption(
      new Option(
        "--preset <name>",
        "settings to begin with: the usual first model, or one that learns by heart",
      ).choices(Object.keys(PRESETS)),
    )
    .option("--force", "replace the model that is there");
  addSettings(training).addOption(workersOption()).addOption(unknownOption()).addOption(variantOption()).action(train);

  const counting = unrolled
    .command("tokens")
    .description("count the tokens of a text")
    .argument("<file...>", "UTF-8 text, several files one after the other; - is standard input")
    .addOption(
      new Option(
        "--stop-words <language>",
        "take the stop words of a language out first, and count words in small letters",
      ).choices(Object.keys(STOP_WORDS)),
    )
    .option("--most <n>", "rows at most (default: all)", count("--most"))
    .option("--json", "as JSON");
  addSettings(counting, ["tokens", "lowerCase", "minCount"]).action(tokens);

  unrolled
    .command("sample")
    .description("write in the manner of the text")
    .argument("<model>", "a saved model")
    .option("-p, --prompt <text>", "how it begins", "")
    .option("-n, --length <n>", "tokens to write", count("--length"), 500)
    .option("-t, --temperature <x>", "0 takes the most probable token, 1 draws as learnt", number("--temperature"), 1)
    .option("-k, --top-k <n>", "draw from the k most probable tokens, 0 from all", count("--top-k"), 0)
    .option("-s, --seed <n>", "seed of the draws (default: the model's)", count("--seed"))
    .addOption(unknownOption())
    .addOption(variantOption())
    .action(sample);

  unrolled
    .command("probe")
    .description("show what happens inside while it reads")
    .argument("<model>", "a saved model")
    .requiredOption("--text <text>", "what it reads")
    .option(
      "--json",
      "the whole trace as JSON: states, gates, gradients and their flow, flat arrays in row-major order",
    )
    .option("--no-flow", "leave the flow of gradients out")
    .addOption(unknownOption())
    .addOption(variantOption())
    .action(probe);

  unrolled
    .command("eval")
    .description("measure a model on a text")
    .argument("<model>", "a saved model")
    .argument(
      "<file...>",
      "UTF-8 text; - is standard input. Of several files each is a document, read from a zero state",
    )
    .option("--separator <text>", "stands between the documents of a file, and belongs to none", unescapeText)
    .option("--batch <n>", "streams the text is read in (default: the model's)", count("--batch"))
    .option("--json", "as JSON")
    .addOption(unknownOption())
    .addOption(variantOption())
    .action(evaluate);

  const sweeping = unrolled
    .command("sweep")
    .description(
      "train under several values of one setting or two, on an equal number of tokens: --seq-len 16,32,64 --hidden 64,128",
    )
    .argument("<file...>", "UTF-8 text, several files one after the other; - is standard input")
    .option("--budget <tokens>", "that each run trains on", number("--budget"), 1e6)
    .option(
      "--workers <n>",
      "runs at a time; with 1, times are not disturbed by other runs",
      count("--workers"),
      Math.max(1, availableParallelism() - 1),
    )
    .option("-o, --out <file>", "results as CSV")
    .option("--plot <file>", "results as a picture, SVG")
    .option("--force", "replace the files that are there");
  addLists(sweeping).addOption(variantOption()).action(sweep);

  const comparing = unrolled
    .command("compare")
    .description("train RNN, LSTM and GRU on a text, one after the other, and tell what each costs and learns")
    .argument("<file...>", "UTF-8 text, several files one after the other; - is standard input")
    .option("--cells <list>", "which", list("--cells"), ["rnn", "lstm", "gru"])
    .option("--budget <tokens>", "that each trains on", number("--budget"), 1e6)
    .option("-o, --out <file>", "results as CSV")
    .option("--force", "replace the file that is there");
  addSettings(comparing).addOption(variantOption()).action(compare);

  unrolled
    .command("fill")
    .description(
      "fill the holes of a text: leave them out, the most frequent token, the model forward, or several readings that what follows decides between",
    )
    .argument("<model>", "a saved model")
    .argument("<file>", "UTF-8 text; - is standard input")
    .option("--mark <text>", "stands for each missing token", unescapeText)
    .option("--share <x>", "removes this share of the tokens, and tells how many come back", number("--share"))
    .option("--seed <n>", "of what --share removes", count("--seed"), 1)
    .option("--truth <file>", "the text without holes, to tell what is right")
    .option("--beam <n>", "readings side by side", count("--beam"), BEAM)
    .option("--after <n>", "tokens behind a hole until the best reading decides it", count("--after"), AFTER)
    .addOption(new Option("--method <name>", "which filling --out gets").choices([...METHODS]).default("beam"))
    .option("-o, --out <file>", "the filled text")
    .option("--force", "replace the file that is there")
    .option("--json", "all fillings as JSON")
    .addOption(unknownOption())
    .addOption(variantOption())
    .action(fill);
  addMake(unrolled);
  return unrolled;
}

/** @param {unknown} error @returns {number} the exit code */
function tell(error) {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const told =
    error instanceof UnrolledError && error.code === "unknown-token"
      ? unknownTokens(error.details.tokens, "--unknown drop")
      : error;
  process.stderr.write(`unrolled: ${told instanceof Error ? told.message : told}\n`);
  return error instanceof UnrolledError && error.code === "bad-setting" ? 2 : 1;
}

process.stdout.on("error", (error) =>
  process.exit(/** @type {NodeJS.ErrnoException} */ (error).code === "EPIPE" ? 0 : 1),
);

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}
