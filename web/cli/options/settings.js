/** Options of the command line, those of a trainer made from the table of settings. */
import { Option } from "commander";
import { SETTINGS, UnrolledError, checkSetting, readSetting, unflatten } from "../../core/index.js";
import { quote } from "../../core/errors.js";
import { checkWorkers } from "../../core/threads/lead.js";
import { FIXED } from "../../core/train/sweep.js";
import { oneOf } from "./values.js";

/** @typedef {import("commander").Command} Command */

/** @param {string} name camelCase @returns {string} as an option */
export const optionOf = (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Settings as they are helped with. @type {Readonly<Record<string, readonly string[]>>} */
const GROUPS = {
  "What it learns from:": ["tokens", "lowerCase", "minCount", "validation"],
  "The network:": [
    "cell",
    "gruReset",
    "layers",
    "hidden",
    "heads",
    "embedding",
    "init",
    "initGain",
    "forgetBias",
    "seed",
  ],
  "How it reads:": ["batch", "seqLen", "stateful"],
  "How it learns:": ["optimizer", "learningRate", "momentum", "alpha", "beta1", "beta2", "epsilon", "weightDecay"],
  "How the learning rate changes:": ["schedule", "warmup", "decayEvery", "decayFactor", "totalSteps", "lastShare"],
  "What holds it back:": ["clipMode", "clipThreshold", "dropout", "dropoutKind", "l1", "l2"],
};

/** @param {string} name of a setting */
const groupOf = (name) => Object.keys(GROUPS).find((group) => GROUPS[group].includes(name)) ?? "Further settings:";

/** Names of settings, in the order of their groups. */
const ordered = [...new Set([...Object.values(GROUPS).flat(), ...Object.keys(SETTINGS)])];

/** All but these. @param {readonly string[]} except */
export const settingNames = (except) => ordered.filter((name) => !except.includes(name));

/** @param {string} name @param {string} [more] of what it takes */
function settingOption(name, more = "") {
  const { type, values, doc, default: usual, auto } = SETTINGS[name];
  const takes = type === "choice" ? values?.join("|") : auto ? `${type}|auto` : type;
  const without = auto ? `auto: ${usual}, or the largest that fits ${auto}` : usual;
  return new Option(`${optionOf(name)} <${takes}${more}>`, `${doc} (default: ${without})`).helpGroup(groupOf(name));
}

/** @param {Command} command one option for every setting @param {readonly string[]} [names] for these alone */
export function addSettings(command, names = ordered) {
  for (const name of names) {
    const { type, doc, default: usual } = SETTINGS[name];
    const group = groupOf(name);
    if (type !== "boolean") {
      command.addOption(settingOption(name).argParser((text) => readSetting(name, text)));
      continue;
    }
    command.addOption(new Option(optionOf(name), `${doc}${usual ? " (as it does)" : ""}`).helpGroup(group));
    if (usual) command.addOption(new Option(optionOf(`no-${name}`), `do not ${doc}`).helpGroup(group));
  }
  return command;
}

/**
 * The settings that were given on the command line, those alone.
 * @param {Command} command
 * @returns {import("../../core/index.js").PartialSettings}
 */
export function settingsOf(command) {
  const options = command.opts();
  const given = Object.keys(SETTINGS).filter((name) => command.getOptionValueSource(name) === "cli");
  return unflatten(Object.fromEntries(given.map((name) => [name, checkSetting(name, options[name])])));
}

/** @param {Command} command one option for every setting, which takes several values between commas where runs can differ in it */
export function addLists(command) {
  for (const name of ordered)
    command.addOption(
      settingOption(name, FIXED.includes(name) ? "" : ",…").argParser((text) => {
        const parts = text.split(",");
        if (parts.includes(""))
          throw new UnrolledError(
            "bad-argument",
            `${optionOf(name)} must be values between commas, got ${quote(text)}.`,
          );
        return parts.map((part) => readSetting(name, part));
      }),
    );
  return command;
}

/**
 * The settings that were given on the command line, each as the list of its values.
 * @param {Command} command
 * @returns {Record<string, any[]>}
 */
export function listsOf(command) {
  const options = command.opts();
  return Object.fromEntries(
    Object.keys(SETTINGS)
      .filter((name) => options[name] !== undefined)
      .map((name) => [name, options[name]]),
  );
}

export const workersOption = () =>
  new Option(
    "--workers <number>",
    "threads that share the training, or auto: one for each core; the result is the same",
  )
    .default("auto")
    .argParser((text) => checkWorkers(/^\d+$/.test(text) ? Number(text) : text));

/** @param {string} flags @param {string} doc @param {readonly string[]} values */
export const choice = (flags, doc, values) =>
  new Option(flags, doc).choices([...values]).argParser(oneOf(/--[\w-]+/.exec(flags)?.[0] ?? flags, values));

export const variantOption = () =>
  choice("--variant <name>", "which module computes", ["auto", "relaxed", "simd", "baseline"]).default("auto");

export const unknownOption = () =>
  choice("--unknown <what>", "what becomes of tokens the model does not know", ["throw", "drop"]).default("throw");
