/**
 * Sample texts as files beside the page. The builds that carry all in one file put another module in this one's place.
 */
import { UnrolledError } from "../../core/errors.js";

/** @param {string} file @param {string | URL} assets folder @returns {Promise<string>} */
export async function readTextFile(file, assets) {
  const url = new URL(file, assets);
  /** @param {any} why @returns {never} */
  const fail = (why) => {
    throw new UnrolledError("no-text-file", `${url} could not be read: ${why}`);
  };
  const response = await fetch(url).catch(fail);
  return response.ok ? response.text().catch(fail) : fail(response.status);
}
