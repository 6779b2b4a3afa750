/**
 * What a study is told, checked before it reads anything. Names of properties, gates and states are refused where they are
 * looked up.
 */
import { checkInteger, isList } from "../arguments.js";
import { quote } from "../errors.js";
import { refuse } from "./read.js";

/** @typedef {Readonly<import("../config.js").Settings>} Settings */

const MOST = Number.MAX_SAFE_INTEGER;
const MOST_STARTS = 64; // Newton's method is slow

/** @param {string} name @param {unknown} value @param {(entry: any) => boolean} is @param {string} what its entries are */
function checkList(name, value, is, what) {
  if (!isList(value) || !Array.from(value).every(is))
    throw refuse(`${name} must be a list of ${what}, got ${quote(value)}.`);
}

const isString = (/** @type {unknown} */ entry) => typeof entry === "string";
const isFrom = (/** @type {number} */ least) => (/** @type {number} */ entry) =>
  Number.isInteger(entry) && entry >= least;
const isStretch = (/** @type {unknown} */ entry) =>
  isList(entry) && entry.length === 2 && entry[0] <= entry[1] && Array.from(entry).every(Number.isInteger);

/** @param {any} axes @param {number} hidden */
const areAxes = (axes, hidden) =>
  [axes?.mean, axes?.axes?.[0], axes?.axes?.[1]].every((values) => isList(values) && values.length === hidden);

/** By the name of what is told. @type {Record<string, (value: any, settings: Settings) => void>} */
const CHECKS = {
  layer: (value, { layers }) => checkInteger("layer", value, 0, layers - 1),
  unit: (value, { hidden }) => checkInteger("unit", value, 0, hidden - 1),
  starts: (value) => checkInteger("starts", value, 1, MOST_STARTS),
  count: (value) => checkInteger("count", value, 0, MOST),
  around: (value) => checkInteger("around", value, 0, MOST),
  seed: (value) => checkInteger("seed", value, 0, 2 ** 32 - 1),
  tokens: (value) => checkList("tokens", value, isString, "strings"),
  phrase: (value) => checkList("phrase", value, isString, "strings"),
  stretches: (value) => checkList("stretches", value, isStretch, "[from, to]"),
  ends: (value) => checkList("ends", value, isFrom(0), "integers from 0"),
  kept(value) {
    checkList("kept", value, isFrom(1), "integers from 1");
    if (!value.length) throw refuse("kept must be a list of integers from 1, got an empty one.");
  },
  fit(value) {
    if (!(typeof value === "number" && value > 0 && value < 1))
      throw refuse(`fit must be a number above 0 and below 1, got ${quote(value)}.`);
  },
  shuffle(value) {
    if (typeof value !== "boolean") throw refuse(`shuffle must be true or false, got ${quote(value)}.`);
  },
  before(value, { hidden }) {
    if (value !== null && !areAxes(value, hidden))
      throw refuse(`before must be the axes of an earlier path, over ${hidden} units, got ${quote(value)}.`);
  },
};

/** @param {Record<string, unknown>} options of a study @param {Settings} settings of what is studied */
export function checkAsked(options, settings) {
  for (const [name, value] of Object.entries(options)) if (value !== undefined) CHECKS[name]?.(value, settings);
}
