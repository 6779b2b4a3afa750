/** What has to change beside a setting that was changed to or of attention, so that it leads to a run, and how that is said. */
import { checkSettings } from "../../core/config.js";

/**
 * @typedef {{name: "attention" | "ownEmbedding" | "otherHeads", values?: Record<string, number>}} Told a sentence of the
 * page's notices
 */

/**
 * @param {Record<string, any>} settings flat, as they were
 * @param {Record<string, any>} changes
 * @returns {{changes: Record<string, any>, told: Told[]}} with what has to change as well
 */
export function settle(settings, changes) {
  const { cell, hidden, heads, embedding } = { ...settings, ...changes };
  /** @type {Told[]} */
  const told = [];
  if (cell !== "attention") return { changes, told };
  if (settings.cell !== cell) {
    told.push({ name: "attention" });
    if (embedding) told.push({ name: "ownEmbedding", values: { embedding } });
  }
  if (heads === "auto" || hidden % heads === 0) return { changes, told };
  const fitted = checkSettings({ cell, hidden }).heads;
  told.push({ name: "otherHeads", values: { wanted: heads, hidden, heads: fitted } });
  return { changes: { ...changes, heads: "auto" }, told };
}
