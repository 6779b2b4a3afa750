/** Options of the command line, those of a trainer made from the table of settings. */
import { InvalidArgumentError, Option } from "commander";
import { SETTINGS, UnrolledError, checkSetting, readSetting, unflatten } from "../core/index.js";
import { checkWorkers } from "../core/threads/lead.js";

/** @param {string} name camelCase */
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * @param {import("commander").Command} command one option for every setting
 * @param {readonly string[]} [names] for these alone
 */
export function addSettings(command, names = Object.keys(SETTINGS)) {
  for (const name of names) {
    const setting = SETTINGS[name];
    const doc = `${setting.doc} (default: ${setting.default})`;
    if (setting.type === "boolean") {
      command.addOption(
        setting.default
          ? new Option(`--no-${kebab(name)}`, `do not ${setting.doc}`)
          : new Option(`--${kebab(name)}`, setting.doc),
      );
      continue;
    }
    const option = new Option(
      `--${kebab(name)} <${setting.type === "choice" ? setting.values?.join("|") : setting.type}>`,
      doc,
    );
    command.addOption(option.argParser((text) => parsed(() => readSetting(name, text))));
  }
  return command;
}

/**
 * The settings that were given on the command line, those alone.
 * @param {import("commander").Command} command
 * @returns {import("../core/index.js").PartialSettings}
 */
export function settingsOf(command) {
  const options = command.opts();
  const given = Object.keys(SETTINGS).filter((name) => command.getOptionValueSource(name) === "cli");
  return unflatten(Object.fromEntries(given.map((name) => [name, checkSetting(name, options[name])])));
}

/**
 * @param {import("commander").Command} command one option for every setting, which takes several values between commas
 */
export function addLists(command) {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const option = new Option(
      `--${kebab(name)} <${setting.type === "choice" ? setting.values?.join("|") : setting.type}>`,
      `${setting.doc} (default: ${setting.default})`,
    );
    command.addOption(option.argParser((text) => parsed(() => text.split(",").map((part) => readSetting(name, part)))));
  }
  return command;
}

/**
 * The settings that were given on the command line, each as the list of its values.
 * @param {import("commander").Command} command
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

/** @template R @param {() => R} read @returns {R} */
function parsed(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnrolledError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** @param {string} name @returns {(text: string) => number} */
export const count = (name) => (text) => {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new InvalidArgumentError(`${name} must be a whole number, got "${text}".`);
};

/** @param {string} name @returns {(text: string) => number} */
export const number = (name) => (text) => {
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  throw new InvalidArgumentError(`${name} must be a number that is not negative, got "${text}".`);
};

/** A text of the command line, where \n, \r, \t and \\ stand for what they are elsewhere. @param {string} text */
export function unescapeText(text) {
  if (text === "") throw new InvalidArgumentError("It must not be empty.");
  return text.replace(
    /\\([nrt\\])/g,
    (_, letter) => ({ n: "\n", r: "\r", t: "\t" })[/** @type {"n"} */ (letter)] ?? "\\",
  );
}

/** @param {string} name @returns {(text: string) => string[]} */
export const list = (name) => (text) => {
  if (/^[^,]+(,[^,]+)*$/.test(text)) return text.split(",");
  throw new InvalidArgumentError(`${name} must be names between commas, got "${text}".`);
};

export const workersOption = () =>
  new Option(
    "--workers <number>",
    "threads that share the training, or auto: one for each core; the result is the same",
  )
    .default("auto")
    .argParser((text) => parsed(() => checkWorkers(text === "auto" ? text : Number(text))));

export const variantOption = () =>
  new Option("--variant <name>", "which module computes")
    .choices(["auto", "relaxed", "simd", "baseline"])
    .default("auto");

export const unknownOption = () =>
  new Option("--unknown <what>", "what becomes of tokens the model does not know")
    .choices(["throw", "drop"])
    .default("throw");
