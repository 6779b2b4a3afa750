/** A trainer's evaluations: of its two parts and of other texts, at once or in turns with others. */
import { UnrolledError } from "../errors.js";
import { trainingCount } from "../text/corpus.js";
import { openIds } from "../text/pieces.js";
import { nextTurn } from "../wasm/platform.js";
import { countTargets, evaluating } from "./evaluation.js";

/** @typedef {import("./evaluation.js").Evaluation} Evaluation */
/** @typedef {"training" | "validation"} Part */

/** Milliseconds of an evaluation between two turns of others. */
const TURN = 20;

export class Evaluator {
  #engine;
  #settings;
  #text;
  /** Those that were begun and not ended. */
  #open = 0;

  /**
   * @param {import("../wasm/engine.js").Engine} engine
   * @param {Readonly<import("../config.js").Settings>} settings those of its shape and parts are looked at
   * @param {import("./evaluation.js").Readable} text
   */
  constructor(engine, settings, text) {
    this.#engine = engine;
    this.#settings = settings;
    this.#text = text;
  }

  /** @param {Part} part @returns {[begin: number, end: number]} */
  #range(part) {
    const { starts } = this.#text,
      count = starts[starts.length - 1],
      training = trainingCount(count, this.#settings.validation);
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

  /**
   * Begins one, which is made in parts of some milliseconds. Whoever breaks it off calls return().
   * @param {Part | Int32Array} what a part, or ids from outside
   * @param {() => readonly import("../wasm/pass.js").HoldEntry[]} holds what is held, asked for once there is something to
   * read
   * @returns {Generator<void, Evaluation>}
   */
  begin(what, holds) {
    this.#engine.needAlive();
    if (what instanceof Int32Array) {
      if (what.length < 2) throw tooFew("This text", what.length, "take a longer one");
      const text = { starts: [0, what.length], open: openIds(() => what) };
      return this.#counted(evaluating(this.#engine, this.#settings, text, 0, what.length, holds()));
    }
    const [begin, end] = this.#range(what);
    const way = this.#settings.validation
      ? "take a longer text or a larger validation"
      : "validation is 0, give it a share of the text";
    if (end - begin < 2) throw tooFew(`The ${what} part`, end - begin, way);
    if (!this.targets(what))
      throw new UnrolledError(
        "no-validation",
        `The ${what} part has no token that follows another: take longer texts or another validation.`,
      );
    return this.#counted(evaluating(this.#engine, this.#settings, this.#text, begin, end, holds()));
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

/** Makes all parts at once. @template R @param {Generator<unknown, R>} parts @returns {R} */
export function runThrough(parts) {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return /** @type {R} */ (value);
  }
}

/**
 * Makes all parts in turns with others.
 * @template R @param {Generator<void, R>} parts @param {AbortSignal} [signal] calls it off: its reason is thrown
 * @returns {Promise<R>}
 */
export async function runInTurns(parts, signal) {
  try {
    for (let turn = performance.now(); ; ) {
      signal?.throwIfAborted();
      const { done, value } = parts.next();
      if (done) return /** @type {R} */ (value);
      if (performance.now() - turn < TURN) continue;
      await nextTurn();
      turn = performance.now();
    }
  } finally {
    parts.return(/** @type {any} */ (undefined));
  }
}
