/** What is asked for on the command line and cannot be, or would do nothing: refused, or remarked on. */
import { SETTINGS, UnrolledError } from "../../core/index.js";
import { optionOf } from "./settings.js";

/** @typedef {import("commander").Command} Command */

/** Refuses an option that stands twice: of two values one would be ignored. @param {Command} command */
export function onceEach(command) {
  /** @type {Map<string, { flag: string, value: string | undefined }>} */
  const seen = new Map();
  for (const option of command.options) {
    const flag = String(option.long ?? option.short);
    command.on(`option:${option.name()}`, (/** @type {string | undefined} */ value) => {
      const before = seen.get(option.attributeName());
      seen.set(option.attributeName(), { flag, value });
      if (!before || (value === undefined && before.flag === flag)) return;
      throw new UnrolledError(
        "bad-argument",
        before.flag === flag
          ? `${flag} stands twice, with "${before.value}" and with "${value}": say it once.`
          : `${before.flag} and ${flag} contradict each other: say one of them.`,
      );
    });
  }
  return command;
}

/**
 * Refuses an option that would do nothing without another.
 * @param {Command} command @param {string} option its name in `opts()` @param {string} needs the other one's
 */
export function needsOption(command, option, needs) {
  if (command.getOptionValueSource(option) !== "cli" || command.getOptionValueSource(needs) === "cli") return;
  const flag = option === "flow" ? "--no-flow" : optionOf(option);
  throw new UnrolledError("bad-argument", `${flag} does nothing without ${optionOf(needs)}.`);
}

const ABOVE_ZERO = "values above 0";

/** Settings that do nothing but beside certain values of another. @type {Readonly<Record<string, readonly [string, ...string[]]>>} */
const NEEDS = {
  gruReset: ["cell", "gru"],
  heads: ["cell", "attention"],
  embedding: ["cell", "rnn", "lstm", "gru", "mingru"],
  stateful: ["cell", "rnn", "lstm", "gru", "mingru"],
  init: ["cell", "rnn", "lstm", "gru"],
  initGain: ["cell", "rnn", "lstm", "gru"],
  dropoutKind: ["dropout", ABOVE_ZERO],
  forgetBias: ["cell", "lstm"],
  momentum: ["optimizer", "momentum"],
  alpha: ["optimizer", "rmsprop"],
  beta1: ["optimizer", "adam", "adamw"],
  beta2: ["optimizer", "adam", "adamw"],
  epsilon: ["optimizer", "rmsprop", "adam", "adamw"],
  decayEvery: ["schedule", "step"],
  decayFactor: ["schedule", "step"],
  totalSteps: ["schedule", "cosine"],
  lastShare: ["schedule", "cosine"],
  clipThreshold: ["clipMode", "norm", "value"],
};

/**
 * What to remark on settings that were given and do nothing.
 * @param {Iterable<string>} given names
 * @param {(name: string) => readonly any[]} valuesOf of a setting, those it has in this run or these
 * @returns {string[]} sentences
 */
export function idleSettings(given, valuesOf) {
  const sentences = [];
  for (const name of given) {
    if (!Object.hasOwn(NEEDS, name)) continue;
    const [other, ...useful] = NEEDS[name];
    const values = valuesOf(other);
    if (!values.some((value) => useful.includes(value === Number(value) && value > 0 ? ABOVE_ZERO : value)))
      sentences.push(
        `${optionOf(name)} does nothing with ${optionOf(other)} ${values.join(",")}: it belongs to ${useful.join(", ")}.`,
      );
  }
  return sentences;
}

/**
 * A sentence of the core with settings as the command line writes them: at its beginning, after words of size, before
 * numbers, and wherever no word of English looks the same.
 * @param {string} message
 * @param {readonly string[]} [more] names of other options, for its beginning
 */
export function withOptions(message, more = []) {
  const names = Object.keys(SETTINGS),
    any = names.join("|"),
    strange = names.filter((name) => /[A-Z]/.test(name)).join("|");
  const sized = `(?<=(?:smaller|larger|longer|lower|higher|another) )(?:${any})(?:,? (?:or )?(?:${any}))*(?![\\w-])`;
  return message
    .replace(new RegExp(`^(?:${[...names, ...more].join("|")})(?= (?:must|cannot|is part|stands|has) )`), optionOf)
    .replace(new RegExp(sized, "g"), (list) => list.replace(new RegExp(`\\b(?:${any})\\b`, "g"), optionOf))
    .replace(new RegExp(`(?<![-\\w])(?:${strange}\\b|(?:${any})(?= \\d))`, "g"), optionOf);
}
