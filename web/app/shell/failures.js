/** What failed, as a sentence above the pictures with what can be done about it, and as the page's "failed" event. */
import { UnrolledError } from "../../core/errors.js";
import { fill } from "./dom.js";
import { explain } from "../settings/explain.js";

export class Failures {
  #page;
  #dropUnknown;

  /**
   * @param {import("../page.js").Page} page
   * @param {(unknown: Set<string>) => void} dropUnknown takes tokens out of the prompt
   */
  constructor(page, dropUnknown) {
    this.#page = page;
    this.#dropUnknown = dropUnknown;
  }

  /** @param {any} error thrown again where it is a fault of the program @param {string} [about] */
  tell(error, about) {
    if (!(error instanceof UnrolledError)) throw error;
    const unknown = error.code === "unknown-token" && new Set(error.details.tokens);
    const action = unknown
      ? { label: this.#page.strings.sample.drop, run: () => this.#dropUnknown(unknown) }
      : undefined;
    this.show(error.code, error.details, { about, action }, error);
  }

  /** @param {string} code @param {object} details @param {object} [options] of the notice @param {Error} [error] */
  show(code, details, options = {}, error) {
    const message = error?.message ?? /** @type {any} */ (details).message ?? "";
    this.#notice(code, this.#explain({ code, details, message }), options);
  }

  /**
   * Why a run could not be made; the nearest one that can is offered.
   * @param {any} error
   * @param {(fits: object) => void} retry
   */
  refuse(error, retry) {
    const { strings, run } = this.#page;
    const { fits } = error.details ?? {};
    const action = fits && { label: fill(strings.notice.fit, fits), run: () => retry(fits) };
    const code =
      error.code !== "bad-text" ? error.code : error.details.setting === "minCount" ? "all-rare" : "one-token";
    const kept = run.client ? ` ${strings.notice.keptRun}` : "";
    this.#notice(
      code,
      this.#explain({ code, details: error.details, message: error.message }),
      { about: "text", action },
      kept,
    );
  }

  /** @param {{code: string, details: object, message: string}} error */
  #explain(error) {
    return explain(this.#page.strings, error, this.#page.format);
  }

  /** @param {string} code @param {string} sentence @param {object} options @param {string} [more] */
  #notice(code, sentence, options, more = "") {
    this.#page.notices.show(sentence + more, { kind: "error", ...options });
    this.#page.dispatchEvent(new CustomEvent("failed", { detail: { code, message: sentence } }));
  }
}
