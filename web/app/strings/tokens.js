/**
 * The same words for a network whose tokens are not characters: every sentence of the figures, with the language's own
 * pairs of words put in (`tokenWords`).
 * @template T @param {T & {tokenWords: string}} strings @returns {T}
 */
export function inTokens(strings) {
  const pairs = strings.tokenWords.split("; ").map((pair) => pair.split(" → "));
  /** @param {any} value @returns {any} */
  const told = (value) => {
    if (typeof value === "string") return pairs.reduce((text, [word, other]) => text.replaceAll(word, other), value);
    if (Array.isArray(value)) return value.map(told);
    return value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, told(each)]))
      : value;
  };
  return told(strings);
}

/**
 * Words as they are for the tokens that a page's network learns.
 * @template {object} T @param {T} words @param {{tokens: string, strings: {tokenWords: string}}} page @returns {T}
 */
export const spoken = (words, { tokens, strings: { tokenWords } }) =>
  tokens === "char" ? words : inTokens({ tokenWords, ...words });

/**
 * The same words but for some, which have others in their place, whether they are there themselves or not.
 * @template T @param {T} strings @param {any} others in the same tree @returns {T}
 */
export function instead(strings, others) {
  const told = Object.entries(others).map(([name, each]) => [
    name,
    typeof each === "string" ? each : instead(/** @type {any} */ (strings)?.[name], each),
  ]);
  return { ...strings, ...Object.fromEntries(told) };
}
