/** What a run begins with. */
import { flatten } from "../../core/config.js";
import { checkShown } from "../../views/unrolled/shown.js";

/** @typedef {import("../../worker/client.js").TrainerClient} TrainerClient */

/** A client of what a page can show; another is ended. @param {TrainerClient} client */
export function shown(client) {
  try {
    checkShown(client.settings);
  } catch (error) {
    client.dispose();
    throw error;
  }
  return client;
}

/** A run's settings, flat; what was fitted to its text is fitted anew to another. @param {TrainerClient} client */
export function askedSettings({ settings, auto }) {
  return { ...flatten(settings), ...Object.fromEntries(auto.map((name) => [name, "auto"])) };
}

/** Unlike crypto.randomUUID(), also there on plain http. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join("");
}
