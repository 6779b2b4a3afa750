/**
 * A trainer as one .safetensors file: parameters under PyTorch's names, optimizer moments, carried state and position
 * as further tensors; settings, vocabulary and the text's hash as JSON in `__metadata__`. The text is not in it.
 *
 * `__metadata__.sha256` covers names, metadata and numbers, so damage is told from data. Whoever changes a file on
 * purpose leaves it out.
 */
import { UnrolledError, quote } from "../errors.js";
import { CELLS } from "../cells.js";
import { checkSettings } from "../config.js";
import { parameterShapes } from "../shapes.js";
import { badFile, readSafetensors, readingSafetensors, writeSafetensors, writingSafetensors } from "./safetensors.js";
import { hashAsync, hashOf } from "../text/sha256.js";
import { Vocabulary } from "../text/tokens.js";
import { runInTurns, runThrough } from "../wasm/turns.js";

/** @typedef {import("../config.js").Settings} Settings */
/** @typedef {import("./safetensors.js").Tensor} Tensor */

/**
 * @typedef {object} Snapshot everything a trainer is made of, but its text
 * @property {Readonly<Settings>} settings
 * @property {readonly ("batch" | "seqLen")[]} auto settings that were fitted to the text, and will be to another
 * @property {Vocabulary} vocabulary
 * @property {import("../text/corpus.js").Digest | null} digest of the text it was trained on
 * @property {import("../wasm/engine.js").Progress} progress
 * @property {Map<string, Float32Array>} parameters by name
 * @property {Map<string, Float32Array>[]} moments the first and the second, by name; empty where the optimizer has none
 * @property {Float32Array} hidden carried h [L,B,H]
 * @property {Float32Array} cell carried c [L,B,H]
 */

const VERSION = 1;
/**
 * Which moments an optimizer has: the first (a mean), the second (a mean square).
 * @type {Record<Settings["optimizer"], number[]>}
 */
const MOMENTS = { sgd: [], momentum: [0], rmsprop: [1], adam: [0, 1], adamw: [0, 1] };
const MOMENT_NAMES = ["optimizer.moment1.", "optimizer.moment2."];
const STATE_NAMES = /** @type {const} */ (["state.hidden", "state.cell"]);
const PROGRESS = /** @type {const} */ (["step", "window", "tokens"]);

/** Numbers that are looked at between two turns of others. */
const LOOKED_AT = 1 << 20;

/** @param {Snapshot} snapshot @returns {Uint8Array<ArrayBuffer>} */
export function writeCheckpoint(snapshot) {
  const { tensors, unrolled } = described(snapshot);
  return writeSafetensors(tensors, metadataOf(unrolled, hashOf(contentOf(tensors, unrolled))));
}

/**
 * The same bytes, while others have their turn.
 * @param {Snapshot} snapshot which stays as it is @param {AbortSignal} [signal] calls it off
 */
export async function writeCheckpointAsync(snapshot, signal) {
  const { tensors, unrolled } = described(snapshot);
  const sha256 = await hashAsync(contentOf(tensors, unrolled), { signal });
  return runInTurns(writingSafetensors(tensors, metadataOf(unrolled, sha256)), { signal });
}

/** @param {string} unrolled @param {string} sha256 */
const metadataOf = (unrolled, sha256) => ({ format: "pt", unrolled, sha256 });

/** The tensors in their order, and the rest as JSON. @param {Snapshot} snapshot */
function described(snapshot) {
  const { settings, auto, vocabulary, digest, progress } = snapshot;
  /** @type {Record<string, { dtype: "F32" | "F64", shape: number[], data: Float32Array | Float64Array }>} */
  const tensors = {
    progress: { dtype: "F64", shape: [PROGRESS.length], data: Float64Array.from(PROGRESS, (name) => progress[name]) },
  };
  for (const [name, shape] of expectedTensors(settings, vocabulary.size)) {
    const data = find(snapshot, name);
    if (data) tensors[name] = { dtype: "F32", shape, data };
  }
  const { seed } = settings;
  const unrolled = JSON.stringify({
    version: VERSION,
    settings,
    ...(auto.length && { auto }),
    vocabulary: vocabulary.tokens,
    text: digest,
    step: progress.step,
    generator: { seed, counter: progress.step },
  });
  return { tensors, unrolled };
}

/** @param {Snapshot} snapshot @param {string} name @returns {Float32Array | undefined} */
function find({ parameters, moments, hidden, cell }, name) {
  if (name === STATE_NAMES[0]) return hidden;
  if (name === STATE_NAMES[1]) return cell;
  for (const m of [0, 1])
    if (name.startsWith(MOMENT_NAMES[m])) return moments[m].get(name.slice(MOMENT_NAMES[m].length));
  return parameters.get(name);
}

/**
 * Every float tensor of a checkpoint with its shape, in the order they are written.
 * @param {Readonly<Settings>} settings @param {number} V
 * @returns {Map<string, number[]>}
 */
function expectedTensors(settings, V) {
  const shapes = parameterShapes(settings, V);
  const all = new Map(shapes);
  for (const m of MOMENTS[settings.optimizer])
    for (const [name, shape] of shapes) all.set(MOMENT_NAMES[m] + name, shape);
  for (const name of STATE_NAMES) {
    if (name === "state.hidden" ? CELLS[settings.cell].carries : settings.cell === "lstm")
      all.set(name, [settings.layers, settings.batch, settings.hidden]);
  }
  return all;
}

/**
 * What the checksum covers, piece by piece.
 * @param {Record<string, { dtype: string, shape: number[], data: ArrayBufferView }>} tensors @param {string} unrolled
 * @returns {import("../text/sha256.js").Content}
 */
function contentOf(tensors, unrolled) {
  const encoder = new TextEncoder();
  return function* () {
    yield encoder.encode(unrolled);
    for (const name of Object.keys(tensors).sort()) {
      const { dtype, shape, data } = tensors[name];
      yield encoder.encode(JSON.stringify([name, dtype, shape]));
      yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
  };
}

/**
 * Reads a checkpoint and trusts nothing in it.
 * @param {Uint8Array | ArrayBuffer} bytes
 * @returns {Snapshot}
 */
export function readCheckpoint(bytes) {
  const file = needDescription(readSafetensors(bytes));
  if (file.sha256 !== undefined) checkSum(file.sha256, hashOf(file.content));
  return runThrough(checking(file));
}

/**
 * The same, while others have their turn.
 * @param {Uint8Array | ArrayBuffer} bytes which stay as they are @param {AbortSignal} [signal] calls it off
 * @returns {Promise<Snapshot>}
 */
export async function readCheckpointAsync(bytes, signal) {
  const file = needDescription(await runInTurns(readingSafetensors(bytes), { signal }));
  if (file.sha256 !== undefined) checkSum(file.sha256, await hashAsync(file.content, { signal }));
  return runInTurns(checking(file), { signal });
}

/** @typedef {ReturnType<typeof needDescription>} Described */

/** @param {import("./safetensors.js").SafetensorsFile} file */
function needDescription({ metadata, tensors }) {
  if (!Object.hasOwn(metadata, "unrolled"))
    throw badFile(
      "it has no settings and vocabulary of a trainer in its metadata; only checkpoints that trainer.save() wrote can be opened",
    );
  const { unrolled, sha256 } = metadata;
  return { tensors, unrolled, sha256, content: contentOf(Object.fromEntries(tensors), unrolled) };
}

/** @param {string} said @param {string} is */
function checkSum(said, is) {
  if (said !== is)
    throw badFile(
      "its numbers do not fit its checksum, so it is damaged. If they were changed on purpose, leave sha256 out of its __metadata__",
    );
}

/** @param {Described} file @returns {Generator<void, Snapshot>} */
function* checking({ tensors, unrolled }) {
  const { settings, auto, vocabulary, digest } = readDescription(unrolled);
  const shapes = expectedTensors(settings, vocabulary.size);
  for (const name of tensors.keys())
    if (!shapes.has(name) && name !== "progress")
      throw badFile(`it has a tensor ${quote(name)}, which a ${settings.cell} of these settings does not have`);
  for (const name of shapes.keys()) if (!tensors.has(name)) throw badFile(`the tensor ${quote(name)} is missing`);
  for (const [name, shape] of shapes) yield* checkingTensor(name, /** @type {Tensor} */ (tensors.get(name)), shape);
  /** @param {string} name */
  const floats = (name) => /** @type {Float32Array} */ (tensors.get(name)?.data);
  const hidden = floats("state.hidden") ?? new Float32Array(0);
  const names = [...parameterShapes(settings, vocabulary.size).keys()];
  return {
    settings,
    auto,
    vocabulary,
    digest,
    progress: readProgress(tensors.get("progress")),
    parameters: new Map(names.map((name) => [name, floats(name)])),
    moments: [0, 1].map(
      (m) =>
        new Map(
          MOMENTS[settings.optimizer].includes(m) ? names.map((name) => [name, floats(MOMENT_NAMES[m] + name)]) : [],
        ),
    ),
    hidden,
    cell: floats("state.cell") ?? new Float32Array(hidden.length),
  };
}

/** @param {string} json */
function readDescription(json) {
  let value;
  try {
    value = JSON.parse(json);
  } catch {
    throw badFile("its description of the trainer is not JSON");
  }
  if (typeof value !== "object" || value === null) throw badFile("its description of the trainer is not an object");
  if (value.version !== VERSION)
    throw badFile(`it is of version ${quote(value.version)}, and this program reads version ${VERSION}`);
  const { text, auto = [] } = value;
  if (
    text !== null &&
    !(typeof text === "object" && ["text", "ids"].includes(text.kind) && /^[0-9a-f]{64}$/.test(text.sha256))
  ) {
    throw badFile("its hash of the text is malformed");
  }
  if (!Array.isArray(auto) || !auto.every((name) => name === "batch" || name === "seqLen"))
    throw badFile("its list of settings that fit themselves to the text is malformed");
  try {
    const vocabulary = new Vocabulary(value.vocabulary);
    if (vocabulary.size < 2) throw badFile("its vocabulary has fewer than two tokens");
    const digest = text && { kind: text.kind, sha256: text.sha256 };
    return {
      settings: checkSettings(value.settings),
      auto: /** @type {const} */ (["batch", "seqLen"]).filter((name) => auto.includes(name)),
      vocabulary,
      digest,
    };
  } catch (error) {
    if (error instanceof UnrolledError && error.code !== "bad-file") throw badFile(error.message.replace(/\.$/, ""));
    throw error;
  }
}

/** @param {string} name @param {Tensor} tensor @param {number[]} shape @returns {Generator<void, void>} */
function* checkingTensor(name, { dtype, shape: got, data }, shape) {
  if (dtype !== "F32") throw badFile(`tensor ${quote(name)} has the dtype ${dtype} and must have F32`);
  if (got.length !== shape.length || got.some((n, i) => n !== shape[i]))
    throw badFile(`tensor ${quote(name)} has the shape [${got}] and must have [${shape}]`);
  const least = name.startsWith(MOMENT_NAMES[1]) ? 0 : -Infinity;
  for (let from = 0; from < data.length; from += LOOKED_AT) {
    checkNumbers(name, data, from, Math.min(from + LOOKED_AT, data.length), least);
    yield;
  }
}

/** @param {string} name @param {Tensor["data"]} data @param {number} from @param {number} to @param {number} least */
function checkNumbers(name, data, from, to, least) {
  for (let at = from; at < to; at++) {
    if (!Number.isFinite(data[at]))
      throw badFile(`tensor ${quote(name)} has ${data[at]} at position ${at}, where only finite numbers are allowed`);
    if (data[at] < least)
      throw badFile(`tensor ${quote(name)} has ${data[at]} at position ${at}, and a mean square is never below 0`);
  }
}

/** @param {Tensor | undefined} tensor @returns {import("../wasm/engine.js").Progress} */
function readProgress(tensor) {
  if (tensor?.dtype !== "F64" || tensor.data.length !== PROGRESS.length)
    throw badFile(`the tensor "progress" must be ${PROGRESS.length} numbers of dtype F64`);
  const [step, window, tokens] = tensor.data;
  for (const n of [step, window, tokens])
    if (!Number.isSafeInteger(n) || n < 0) throw badFile(`the tensor "progress" must hold counts, got ${n}`);
  return { step, window, tokens };
}
