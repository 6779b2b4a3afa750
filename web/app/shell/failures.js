/** What failed or stopped, as a sentence in the bar with what can be done about it, and as the page's "failed" event. */
import { UnrolledError } from "../../core/errors.js";
import { sentences } from "../../views/parts/format.js";
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
    const { code, details = {} } = error;
    if (!(error instanceof UnrolledError) && (error instanceof Error || !code)) throw error;
    const unknown = code === "unknown-token" && new Set(details.tokens);
    const action = unknown
      ? { label: this.#page.strings.sample.drop, run: () => this.#dropUnknown(unknown) }
      : undefined;
    this.#show(code, details, { about, action }, error.message);
  }

  /** All that a link says and the page does not take, in one sentence. @param {UnrolledError[]} problems */
  showLink(problems) {
    const names = [...new Set(problems.map(({ details }) => /** @type {any} */ (details).name))].filter(Boolean);
    const { notice, figure } = this.#page.strings;
    const sentence = names.length ? fill(notice.linkNames, { names: names.join(figure.list) }) : notice.linkBroken;
    const why = problems.filter(({ details }) => details.able).map((problem) => this.#explain(problem));
    this.#notice("bad-link", sentences(sentence, ...why), { about: "link" });
  }

  /** The run stopped by itself. @param {any} detail */
  tellStop({ error, step, lastGood, ended }) {
    const { strings, format, actions, moment, run } = this.#page;
    if (ended === "patience") {
      const best = run.story.best;
      if (!best) return;
      const words = { best: format.integer(best.step), step: format.integer(step), loss: format.fixed(best.loss, 3) };
      const goOn = () => {
        run.limits = { ...run.limits, patience: 0 };
        return this.#page.attempt(() => actions.toggle());
      };
      this.#page.notices.show(fill(strings.notice.best, words), {
        about: "stopped",
        action: { label: strings.notice.goOn, run: goOn },
      });
      return void moment.go(best.step);
    }
    if (!error) return;
    const action = lastGood !== null && {
      label: fill(strings.notice.restore, { step: format.integer(lastGood) }),
      run: () => this.#page.attempt(() => actions.restore(lastGood)),
    };
    this.#show(error.code, { step: step + 1 }, { action: action || undefined, about: "run" }, error.message);
  }

  /** @param {any} error */
  tellCrash(error) {
    const { strings, actions, run } = this.#page;
    const action = { label: strings.notice.again, run: () => this.#page.try(() => actions.begin(run.text, true)) };
    this.#show("worker-crashed", {}, { about: "run", action }, error.message);
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
    const kept = run.client && run.text ? ` ${strings.notice.keptRun}` : "";
    const sentence = this.#explain({ code, details: error.details, message: error.message });
    this.#notice(code, sentence, { about: "text", action }, kept);
  }

  /** @param {string} code @param {object} details @param {object} options @param {string} message */
  #show(code, details, options, message) {
    this.#notice(code, this.#explain({ code, details, message }), options);
  }

  /** @param {{code: string, details?: object, message: string}} error */
  #explain(error) {
    return explain(this.#page.strings, error, this.#page.format);
  }

  /** @param {string} code @param {string} sentence @param {object} options @param {string} [more] */
  #notice(code, sentence, options, more = "") {
    this.#page.notices.show(sentence + more, { kind: "error", ...options });
    this.#page.dispatchEvent(new CustomEvent("failed", { detail: { code, message: sentence } }));
  }
}
