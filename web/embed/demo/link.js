/** What an author says of a demo, as the link that its page is opened with. */

/**
 * @param {import("../options.js").Options} options @param {"en" | "zh"} language
 * @returns {string} without a "#"
 */
export function linkOf({ settings, sample, prompt, temperature, epochs, patience, probe, cursor, hold }, language) {
  const link = new URLSearchParams({ v: "1", lang: language });
  const fitted = { batch: "auto", seqLen: "auto" }; // any text learns, unless an author says otherwise
  const own = { ...fitted, ...settings, text: sample, prompt, temperature, epochs, patience, probe, cursor, hold };
  for (const [name, value] of Object.entries(own)) if (value !== undefined) link.set(name, String(value));
  return link.toString();
}
