/**
 * A text with holes, made whole: leaving them out, putting the most frequent token there, or asking a trained network,
 * which guesses from what came before, or with several readings side by side that what follows then decides between.
 */
import { checkOptions, checkText } from "../arguments.js";
import { UnrolledError, quote } from "../errors.js";
import { makeDraws } from "../random.js";
import { openIds } from "../text/pieces.js";
import { evaluating } from "./evaluation.js";
import { beginReading } from "./reading.js";
import { runThrough } from "../wasm/turns.js";

/** @typedef {import("../trainer.js").Trainer<any>} Trainer */
/** @typedef {"drop" | "frequent" | "forward" | "beam"} Method */

/** Stands in ids where a token is missing. */
export const HOLE = -1;
/** @type {readonly Method[]} */
export const METHODS = Object.freeze(/** @type {const} */ (["drop", "frequent", "forward", "beam"]));
/** Readings side by side, and tokens after a hole until the best of them decides it. */
export const BEAM = 16;
export const AFTER = 24;
/** A probability below this counts as this one, so that one surprise does not end a reading. */
const LEAST = 1e-30;

/** @param {string} message */
const refuse = (message) => new UnrolledError("bad-argument", message);

/**
 * Ids of a text where a mark stands for each missing token.
 * @param {Trainer} trainer @param {string} text @param {string} mark
 * @param {{ unknown?: import("../text/tokens.js").Unknown }} [options]
 */
export function readHoles(trainer, text, mark, { unknown } = {}) {
  if (mark === "") throw refuse("The mark must not be empty: take a character that the text does not use otherwise.");
  const parts = text.split(mark).map((part) => trainer.encode(part, { unknown }));
  return Int32Array.from(parts.flatMap((part, i) => (i ? [HOLE, ...part] : [...part])));
}

/**
 * Removes a share of the tokens, drawn by a seed.
 * @param {Int32Array} ids @param {number} share @param {number} seed
 */
export function punchHoles(ids, share, seed) {
  if (!(share > 0 && share < 1))
    throw refuse(`The share that is removed must be above 0 and below 1, got ${quote(share)}.`);
  const holed = Int32Array.from(ids),
    count = Math.max(1, Math.round(share * ids.length));
  if (count >= ids.length)
    throw refuse(`A text of ${ids.length} tokens is too short to remove ${count} of them: take a longer text.`);
  const places = Int32Array.from(ids, (_, i) => i);
  const draw = makeDraws(seed);
  for (let k = 0; k < count; k++) {
    const other = k + draw(places.length - k);
    [places[k], places[other]] = [places[other], places[k]];
    holed[places[k]] = HOLE;
  }
  return holed;
}

/** The token that the known part has most often. @param {ArrayLike<number>} ids @param {number} V */
function mostFrequent(ids, V) {
  const counts = new Float64Array(V);
  for (let i = 0; i < ids.length; i++) if (ids[i] !== HOLE) counts[ids[i]]++;
  return counts.reduce((best, count, id) => (count > counts[best] ? id : best), 0);
}

/**
 * @typedef {{ score: number, lane: number, token: number, choices: number[] }} Hypothesis score: log probability of all
 * it read; lane: where its parent stands; choices: for the holes not yet decided
 */

/**
 * Fills the holes with the network's help. With a beam of 1, each hole takes the token that is most probable after what
 * came before. With more, that many readings go on side by side, each with its own tokens in the holes; the
 * probabilities of what follows count for and against them, and `after` tokens behind a hole the best reading decides
 * it.
 * @param {Trainer} trainer @param {Int32Array} ids with HOLE @param {{ beam: number, after: number }} options
 */
function askNetwork(trainer, ids, { beam, after }) {
  const { V } = trainer.engine,
    filled = Int32Array.from(ids);
  // A first token that is missing is asked for after what an empty prompt begins with.
  const begins = ids[0] === HOLE,
    reading = beginReading(trainer, beam, begins ? Math.max(0, trainer.vocabulary.indexOf("\n")) : ids[0]);
  /** @type {Hypothesis[]} */
  let readings = [{ score: 0, lane: 0, token: 0, choices: [] }];
  /** @type {number[]} */
  const open = [];
  const decide = () => {
    const best = readings.reduce((a, b) => (b.score > a.score ? b : a)).choices[0];
    readings = readings.filter(({ choices }) => choices[0] === best);
    for (const { choices } of readings) choices.shift();
    filled[/** @type {number} */ (open.shift())] = best;
  };
  try {
    for (let t = begins ? 0 : 1; t < ids.length; t++) {
      while (open.length && (readings.length === 1 || t - open[0] > after)) decide();
      const { probabilities } = reading;
      const log = (/** @type {number} */ lane, /** @type {number} */ v) =>
        Math.log(Math.max(LEAST, probabilities[lane * V + v]));
      if (ids[t] === HOLE) {
        readings = branch(readings, beam, V, log);
        open.push(t);
      } else
        for (const one of readings) {
          one.score += log(one.lane, ids[t]);
          one.token = ids[t];
        }
      reading.read(
        readings.map(({ lane }) => lane),
        readings.map(({ token }) => token),
      );
      readings.forEach((one, lane) => {
        one.lane = lane;
      });
    }
    while (open.length) decide();
  } finally {
    reading.close();
  }
  return filled;
}

/**
 * The best continuations by one token each.
 * @param {Hypothesis[]} readings
 * @param {number} most
 * @param {number} V
 * @param {(lane: number, v: number) => number} log
 * @returns {Hypothesis[]}
 */
function branch(readings, most, V, log) {
  /** Best first. @type {{ score: number, parent: Hypothesis, token: number }[]} */
  const best = [];
  for (const parent of readings) {
    for (let token = 0; token < V; token++) {
      const score = parent.score + log(parent.lane, token);
      if (best.length === most && score <= best[most - 1].score) continue;
      let at = best.length;
      while (at > 0 && best[at - 1].score < score) at--;
      best.splice(at, 0, { score, parent, token });
      if (best.length > most) best.pop();
    }
  }
  return best.map(({ score, parent, token }) => ({
    score,
    token,
    lane: parent.lane,
    choices: [...parent.choices, token],
  }));
}

/**
 * @param {Trainer} trainer @param {Int32Array} ids with HOLE @param {Method} method
 * @param {{ beam?: number, after?: number }} [options]
 * @returns {Int32Array} without HOLE; shorter where the holes were left out
 */
export function fillHoles(trainer, ids, method, { beam = BEAM, after = AFTER } = {}) {
  if (!METHODS.includes(method)) throw refuse(`Holes are filled by ${METHODS.join(", ")}, not by ${quote(method)}.`);
  for (const [name, value, least] of /** @type {const} */ ([
    ["beam", beam, 1],
    ["after", after, 0],
  ])) {
    if (!Number.isInteger(value) || value < least || value > 1024)
      throw refuse(`${name} must be an integer from ${least} to 1024, got ${quote(value)}.`);
  }
  if (!ids.includes(HOLE)) throw refuse("The text has no hole: mark what is missing, or let a share of it be removed.");
  const known = ids.filter((id) => id !== HOLE);
  if (!known.length) throw refuse("The text is nothing but holes: leave something to go by.");
  if (method === "drop") return known;
  if (method === "frequent") {
    const usual = mostFrequent(ids, trainer.engine.V);
    return ids.map((id) => (id === HOLE ? usual : id));
  }
  return askNetwork(trainer, ids, { beam: method === "beam" ? beam : 1, after });
}

/**
 * How surprised the network is by a text.
 * @param {Trainer} trainer
 * @param {Int32Array} ids
 * @returns {number} mean nats; NaN for a single token
 */
export function lossOf(trainer, ids) {
  const text = { starts: [0, ids.length], open: openIds(() => ids) };
  return runThrough(evaluating(trainer.engine, trainer.settings, text, 0, ids.length)).loss;
}

/**
 * @typedef {object} Filling
 * @property {Method} method
 * @property {string} text
 * @property {string[]} picks what it put into each hole; empty for "drop"
 * @property {number | null} right holes where that is the truth; null where the truth is not known, or nothing was put
 * there
 * @property {number} loss mean nats that the network loses on the result
 * @property {number} seconds
 */

/**
 * @typedef {object} Fillings
 * @property {number} holes
 * @property {number} tokens of the text, holes included
 * @property {number[]} places of the holes
 * @property {string[]} known tokens, "" at the holes
 * @property {string[] | null} truth of each hole
 * @property {number | null} truthLoss mean nats that the network loses on the truth
 * @property {Filling[]} fillings
 */

const FILLING_OPTIONS = ["text", "mark", "share", "seed", "truth", "unknown", "beam", "after", "methods"];

/**
 * Every way to fill the holes of a text, side by side.
 * @param {Trainer} trainer
 * @param {{ text: string, mark?: string, share?: number, seed?: number, truth?: string, unknown?:
 * import("../text/tokens.js").Unknown, beam?: number, after?: number, methods?: readonly Method[] }} wanted
 *   with a mark the text has holes; without one a share of it is removed, and the truth is known
 * @returns {Fillings}
 */
export function compareFillings(trainer, wanted) {
  const given = checkOptions("fillings", wanted, FILLING_OPTIONS);
  const { text, mark, share = 0.1, seed = 1, truth, unknown, beam, after, methods = METHODS } = given;
  checkText("The text", text);
  if (mark !== undefined) checkText("The mark", mark);
  if (!Array.isArray(methods)) throw refuse(`methods must be a list of ${METHODS.join(", ")}, got ${quote(methods)}.`);
  const whole =
    mark === undefined
      ? trainer.encode(text, { unknown })
      : truth === undefined
        ? null
        : trainer.encode(truth, { unknown });
  const ids =
    mark === undefined
      ? punchHoles(/** @type {Int32Array} */ (whole), share, seed)
      : readHoles(trainer, text, mark, { unknown });
  if (whole && whole.length !== ids.length)
    throw refuse(
      `The truth has ${whole.length} tokens and the text with its holes ${ids.length}: they must be the same text.`,
    );
  const places = [...ids.keys()].filter((i) => ids[i] === HOLE);
  const wrong = whole ? [...ids.keys()].find((i) => ids[i] !== HOLE && ids[i] !== whole[i]) : undefined;
  if (wrong !== undefined)
    throw refuse(
      `The truth differs from the text at token ${wrong + 1}, which is no hole: they must be the same text.`,
    );
  const fillings = methods.map((method) => {
    const start = performance.now();
    const filled = fillHoles(trainer, ids, method, { beam, after });
    const seconds = (performance.now() - start) / 1000;
    const put = method === "drop" ? [] : places.map((i) => filled[i]);
    return {
      method,
      text: trainer.decode(filled),
      picks: put.map((id) => trainer.vocabulary[id]),
      right: whole && put.length ? places.filter((i, k) => put[k] === whole[i]).length : null,
      loss: lossOf(trainer, filled),
      seconds,
    };
  });
  return {
    holes: places.length,
    tokens: ids.length,
    places,
    known: Array.from(ids, (id) => (id === HOLE ? "" : trainer.vocabulary[id])),
    truth: whole && places.map((i) => trainer.vocabulary[whole[i]]),
    truthLoss: whole && lossOf(trainer, whole),
    fillings,
  };
}
