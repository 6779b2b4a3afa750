/**
 * The little language of a lesson's conditions: numbers a run has measured, arithmetic, comparison, and / or / not.
 *   near.accuracy > 0.95 and far.accuracy < far.chance + 0.1
 * What was not measured yet is no number, and every comparison with it is false.
 */
import { UnrolledError } from "../../core/errors.js";

/** @typedef {(values: ReadonlyMap<string, number>) => number} Compiled truth is 1, else 0 */

const TOKEN = /\s*(?:(\d+\.?\d*(?:e-?\d+)?)|([a-z_][\w.]*)|(<=|>=|[<>=+\-*/()]))/iy;

/** @type {Record<string, (a: number, b: number) => number>} */
const OPERATORS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "<": (a, b) => Number(a < b),
  ">": (a, b) => Number(a > b),
  "<=": (a, b) => Number(a <= b),
  ">=": (a, b) => Number(a >= b),
  "=": (a, b) => Number(a === b),
  and: (a, b) => Number(a && b),
  or: (a, b) => Number(a || b),
};

/** From the loosest to the tightest. */
const LEVELS = [["or"], ["and"], ["<=", ">=", "<", ">", "="], ["+", "-"], ["*", "/"]];

/** @param {string} source @returns {{ value: Compiled, names: string[] }} names: those it asks for */
export function compile(source) {
  const tokens = split(source);
  /** @type {Set<string>} */
  const names = new Set();
  let at = 0;
  const wrong = () => bad(source, tokens[at]?.text ?? "its end");

  /** @param {number} tightness @returns {Compiled} */
  function level(tightness) {
    if (tightness === LEVELS.length) return factor();
    let left = level(tightness + 1);
    while (LEVELS[tightness].includes(tokens[at]?.text)) {
      const act = OPERATORS[tokens[at++].text];
      const [a, b] = [left, level(tightness + 1)];
      left = (values) => act(a(values), b(values));
    }
    return left;
  }

  /** @returns {Compiled} */
  function factor() {
    const token = tokens[at++];
    if (token?.kind === "number") return () => Number(token.text);
    if (token?.text === "-") {
      const inner = factor();
      return (values) => -inner(values);
    }
    if (token?.text === "not") {
      const inner = level(LEVELS.findIndex((signs) => signs.includes("="))); // not a = b is not (a = b)
      return (values) => Number(!inner(values));
    }
    if (token?.text === "(") {
      const inner = level(0);
      if (tokens[at++]?.text !== ")") throw (at--, wrong());
      return inner;
    }
    if (token?.kind !== "name" || token.text in OPERATORS) throw (at--, wrong());
    names.add(token.text);
    return (values) => values.get(token.text) ?? Number.NaN;
  }

  const value = level(0);
  if (at < tokens.length) throw wrong();
  return { value, names: [...names] };
}

/** @param {string} source */
function split(source) {
  /** @type {{ kind: "number" | "name" | "sign", text: string }[]} */
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let from = 0; source.slice(from).trim(); from = TOKEN.lastIndex) {
    const match = TOKEN.exec(source);
    if (!match) throw bad(source, source.slice(from).trim()[0]);
    const [, number, name, sign] = match;
    tokens.push({ kind: number ? "number" : name ? "name" : "sign", text: number ?? name ?? sign });
  }
  return tokens;
}

/** @param {string} source @param {string} at */
const bad = (source, at) =>
  new UnrolledError("bad-lesson", `The condition "${source}" cannot be read at ${JSON.stringify(at)}.`);

/** @param {string} source @param {ReadonlyMap<string, number>} values */
export const holds = (source, values) => compile(source).value(values) === 1;
