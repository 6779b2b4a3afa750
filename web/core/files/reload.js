/** What a saved trainer is made anew from: its own settings but for those that change, and what it is to read. */
import { isPlain } from "../arguments.js";
import { changeSettings } from "../changes.js";
import { UnrolledError, quote } from "../errors.js";
import { readCheckpoint, readCheckpointAsync } from "./checkpoint.js";

/** @typedef {import("./checkpoint.js").Snapshot} Snapshot */

/**
 * @typedef {import("../text/corpus.js").Source & import("../config.js").PartialSettings & Record<string, any>} Options
 * @typedef {{ saved: Snapshot, auto: Snapshot["auto"], made: Record<string, any> }} Reloaded made: a trainer's options.
 * Without a text batch and seqLen stay as they were, since there is nothing to fit them to
 */

/** @param {Uint8Array | ArrayBuffer} bytes @param {Options} options @returns {Reloaded} */
export function reloaded(bytes, options) {
  checkLoad(options);
  return remade(readCheckpoint(bytes), options);
}

/**
 * The same, while others have their turn.
 * @param {Uint8Array | ArrayBuffer} bytes @param {Options} options @param {AbortSignal} [signal] calls it off
 * @returns {Promise<Reloaded>}
 */
export async function reloadedAsync(bytes, options, signal) {
  checkLoad(options);
  return remade(await readCheckpointAsync(bytes, signal), options);
}

/** @param {unknown} options */
function checkLoad(options) {
  if (!isPlain(options))
    throw new UnrolledError(
      "bad-argument",
      `Trainer.load takes a text and settings to change as an object, got ${quote(options)}.`,
    );
}

/** @param {Snapshot} saved @param {Options} options @returns {Reloaded} */
function remade(saved, options) {
  const { text, ids, documents, unknown, workers, workerUrl, ...changes } = options;
  const settings = changeSettings(saved.settings, changes, "loading"),
    source = { text, ids, documents };
  const auto = /** @type {const} */ (["batch", "seqLen"]).filter((name) =>
    changes[name] === undefined ? saved.auto.includes(name) : changes[name] === "auto",
  );
  const fits = Object.values(source).some((given) => given !== undefined);
  const fixed = settings.cell === "attention" ? "seqLen" : null; // its positions are learnt
  const fitted = fits ? Object.fromEntries(auto.filter((name) => name !== fixed).map((name) => [name, "auto"])) : {};
  const vocabulary = saved.vocabulary.tokens;
  return { saved, auto, made: { ...settings, ...fitted, ...source, unknown, vocabulary, workers, workerUrl } };
}

/**
 * Whether a trainer that was made anew stands in the same text, cut the same way.
 * @param {Snapshot} saved @param {Snapshot["settings"]} settings @param {Snapshot["digest"]} digest
 */
export const goesOn = (saved, settings, digest) =>
  (digest === null || digest.sha256 === saved.digest?.sha256) &&
  /** @type {const} */ (["batch", "seqLen", "validation"]).every((name) => settings[name] === saved.settings[name]);
