/** A trainer's evaluations: of its two parts and of other texts, at once or in turns with others. */
import { checkInteger } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { trainingCount } from "../text/corpus.js";
import { openIds } from "../text/pieces.js";
import { countTargets, evaluating } from "./evaluation.js";
import { MEAN_OVER, holdsOf } from "./hold.js";

/** @typedef {import("./evaluation.js").Evaluation} Evaluation */
/** @typedef {"training" | "validation"} Part */

export class Evaluator {
  #network;
  #encode;
  #text;
  /** Those that were begun and not ended. */
  #open = 0;

  /**
   * @param {{ engine: import("../wasm/engine.js").Engine, settings: Readonly<import("../config.js").Settings>,
   * vocabulary: import("../text/tokens.js").Vocabulary }} network settings of its shape and parts are looked at
   * @param {import("./evaluation.js").Readable} text its own
   * @param {(text: string, options: { unknown?: import("../text/tokens.js").Unknown }) => Int32Array} encode
   */
  constructor(network, text, encode) {
    this.#network = network;
    this.#text = text;
    this.#encode = encode;
  }

  /** @param {Part} part @returns {[begin: number, end: number]} */
  #range(part) {
    const { starts } = this.#text,
      count = starts[starts.length - 1],
      training = trainingCount(count, this.#network.settings.validation);
    return part === "training" ? [0, training] : [training, count];
  }

  /** Tokens that an evaluation of a part counts. @param {Part} part */
  targets(part) {
    return countTargets(this.#text.starts, ...this.#range(part));
  }

  /** Throws while one is under way. */
  needCalm() {
    if (this.#open)
      throw new UnrolledError("busy", "An evaluation is under way: await it first, or call it off by its signal.");
  }

  /** The beginning of a part, as far as its first document goes: what means are taken over. @param {Part} part */
  beginning(part) {
    const { starts, open } = this.#text,
      [begin, end] = this.#range(part);
    let next = 0;
    while (next < starts.length && starts[next] <= begin) next++;
    const ids = new Int32Array(Math.max(0, Math.min(MEAN_OVER, end - begin, (starts[next] ?? begin) - begin)));
    if (ids.length) open(begin).read(ids, 0, ids.length);
    return ids;
  }

  /**
   * Begins one, which is made in parts of some milliseconds. Whoever breaks it off calls return().
   * @param {import("./evaluation.js").EvaluationOptions} what
   * @returns {Generator<void, Evaluation>}
   */
  begin({ text, part = "validation", unknown, hold, most = Infinity }) {
    const { engine, settings } = this.#network;
    engine.needAlive();
    if (part !== "validation" && part !== "training")
      throw new UnrolledError("bad-argument", `part must be "validation" or "training", got ${quote(part)}.`);
    if (most !== Infinity) checkInteger("most", most, 1, Number.MAX_SAFE_INTEGER);
    const ids = text === undefined ? null : this.#encode(text, { unknown });
    const [begin, end] = ids ? [0, ids.length] : this.#range(part);
    const own = settings.validation || part === "training";
    const way = own ? "take a longer text or a larger validation" : "validation is 0, give it a share of the text";
    if (end - begin < 2)
      throw tooFew(ids ? "This text" : `The ${part} part`, end - begin, ids ? "take a longer one" : way);
    if (!ids && !this.targets(part))
      throw new UnrolledError(
        "no-validation",
        `The ${part} part has no token that follows another: take longer texts or another validation.`,
      );
    const read = ids ? { starts: [0, ids.length], open: openIds(() => ids) } : this.#text;
    const holds = holdsOf(hold, this.#network, () => ids ?? this.beginning(part));
    return this.#counted(evaluating(engine, settings, read, begin, end, { holds, most }));
  }

  /** @param {Generator<void, Evaluation>} parts @returns {Generator<void, Evaluation>} */
  *#counted(parts) {
    this.#open++;
    try {
      return yield* parts;
    } finally {
      this.#open--;
    }
  }
}

/** @param {string} what @param {number} count @param {string} way */
const tooFew = (what, count, way) =>
  new UnrolledError(
    "no-validation",
    `${what} has ${count} token${count === 1 ? "" : "s"}, and an evaluation needs 2, to guess one from the other: ${way}.`,
  );
