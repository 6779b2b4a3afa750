/** `unrolled sample`, `probe` and `eval`: what a saved model writes, how it reads, and how well. */
import { Trainer, UnrolledError, loadCore } from "../../core/index.js";
import { openText } from "../files/documents.js";
import { needsOption } from "../options/checks.js";
import { say } from "../terminal/say.js";
import { checkInputs, readModel, readTexts, statsOf } from "../files/read.js";

/** @param {string} model @param {Record<string, any>} options @param {{ batch?: number }} [changes] */
export async function open(model, { variant }, changes = {}) {
  checkInputs([model]);
  const { bytes } = await readModel(model);
  return Trainer.loadAsync(await loadCore({ variant }), bytes, changes);
}

/** @param {string} model @param {Record<string, any>} options */
export async function sample(model, options) {
  const { prompt, length, temperature, topK, seed, unknown, hold } = options;
  if (temperature === 0 && (topK || seed !== undefined))
    say("--top-k and --seed do nothing at --temperature 0: the most probable token is taken.");
  const trainer = await open(model, options);
  const { text } = trainer.sample({ prompt, length, temperature, topK, seed, unknown, hold, probabilities: false });
  process.stdout.write(`${prompt}${text}\n`);
}

/**
 * @param {string} model @param {Record<string, any>} options
 * @param {import("commander").Command} command
 */
export async function probe(model, options, command) {
  const { text, flow, unknown, json, hold } = options;
  needsOption(command, "flow", "json");
  const trainer = await open(model, options);
  const trace = trainer.probe(text, { flow: Boolean(json && flow), unknown, hold });
  if (json) {
    for (const part of jsonOf(trace)) process.stdout.write(part);
    process.stdout.write("\n");
    return;
  }
  const { T, V } = trace.sizes;
  process.stdout.write("token\tnats\tthe model expected next\n");
  for (let t = 0; t < T; t++) {
    const row = Array.from(trace.probabilities.subarray(t * V, (t + 1) * V), (p, id) => ({ p, id }));
    const best = row
      .sort((a, b) => b.p - a.p)
      .slice(0, 3)
      .map(({ p, id }) => `${JSON.stringify(trace.vocabulary[id])} ${(100 * p).toFixed(0)} %`);
    const loss = t ? trace.loss[t - 1].toFixed(3) : "";
    process.stdout.write(`${JSON.stringify(trace.tokens[t])}\t${loss}\t${best.join("  ")}\n`);
  }
}

/** Numbers that are written at a time: all of a long trace are more than a string can hold. */
const STRETCH = 1 << 16;

/**
 * JSON in parts, with typed arrays as arrays.
 * @param {unknown} value
 * @returns {Generator<string>}
 */
function* jsonOf(value) {
  if (ArrayBuffer.isView(value)) {
    const numbers = /** @type {Float32Array} */ (value);
    yield "[";
    for (let at = 0; at < numbers.length; at += STRETCH)
      yield (at ? "," : "") + JSON.stringify(Array.from(numbers.subarray(at, at + STRETCH))).slice(1, -1);
    yield "]";
  } else if (value && typeof value === "object" && !Array.isArray(value)) {
    let between = "{";
    for (const [name, inner] of Object.entries(value)) {
      if (inner === undefined) continue;
      yield `${between}${JSON.stringify(name)}:`;
      yield* jsonOf(inner);
      between = ",";
    }
    yield between === "{" ? "{}" : "}";
  } else yield JSON.stringify(value);
}

/** Bytes from which a text is read from where it is. */
const LARGE = 2 ** 26;

/**
 * The same with an empty document at the end, where there is but one: a window of several may be shorter than seqLen, so
 * that none is too short to be read.
 * @param {import("../../core/index.js").Documents} documents @returns {import("../../core/index.js").Documents}
 */
function severalOf({ vocabulary, starts, digest, open }) {
  const several = starts.length > 2 ? starts : [...Array.from(starts), starts[starts.length - 1]];
  return { vocabulary, starts: several, digest, open };
}

/** @param {string} model @param {string[]} files @param {Record<string, any>} options */
export async function evaluate(model, files, options) {
  const { batch, unknown, separator, variant, hold } = options;
  checkInputs([model, ...files]);
  if (batch !== undefined) say("--batch does nothing any more: the result does not depend on it.");
  const { bytes, saved } = await readModel(model);
  const whole = files.length === 1 && !separator && (statsOf(files[0])?.size ?? 0) < LARGE;
  const source = whole ? { text: await readTexts(files) } : await openText(files, options, saved);
  const { text, documents } = source,
    core = await loadCore({ variant });
  const trainer = await Trainer.loadAsync(
    core,
    bytes,
    documents ? { documents: severalOf(documents), unknown, validation: 0 } : {},
  );
  if (documents && hold)
    throw new UnrolledError("bad-argument", "--hold is for one text of less than 64 MB without --separator.");
  // all of the documents are its training part
  const result = documents ? trainer.evaluateTraining() : trainer.evaluate(text, { unknown, hold });
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const { loss, bitsPerToken, perplexity, accuracy, tokens } = result;
    process.stdout.write(
      `loss ${loss.toFixed(4)} nats | ${bitsPerToken.toFixed(4)} bits/token | perplexity ${perplexity.toFixed(2)} | accuracy ${(100 * accuracy).toFixed(1)} % | ${tokens} token${tokens === 1 ? "" : "s"}\n`,
    );
  }
}
