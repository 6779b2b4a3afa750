/**
 * The same words for a network whose tokens are not characters: every sentence of the figures, with the language's own pairs of words
 * put in (`tokenWords`).
 * @template T @param {T & {tokenWords: string[][]}} strings @returns {T}
 */
export function inTokens(strings) {
  /** @param {any} value @returns {any} */
  const told = (value) => {
    if (typeof value === "string") return strings.tokenWords.reduce((text, [word, other]) => text.replaceAll(word, other), value);
    return value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, told(each)])) : value;
  };
  return told(strings);
}
