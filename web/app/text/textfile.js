/**
 * Sample texts as files beside the page. The builds that carry all in one file put another module in this one's place.
 */
import { UnrolledError } from "../../core/errors.js";

/** @param {string} file @param {string | URL} assets folder @returns {Promise<string>} */
export async function readTextFile(file, assets) {
  const response = await fetch(new URL(file, assets));
  if (!response.ok) throw new UnrolledError("no-text-file", `${response.url} answered ${response.status}`);
  return response.text();
}
