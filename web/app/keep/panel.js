/** In the dock: saved runs, sharing, embedding and files. */
import { TakeAway } from "./takeaway.js";

/** @param {HTMLElement} root @param {import("../page.js").Page} page */
export function open(root, page) {
  page.shelf?.build(root, new TakeAway(page));
}
