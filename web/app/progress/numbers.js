/** The run in numbers. Every cell has its width from the start, so nothing moves when a number grows. */
import { fill, h } from "../shell/dom.js";

const NAMES = ["epoch", "validation", "bits", "perplexity", "accuracy"];
const OVERFIT = 0.15; // nats that validation must stand above its best, for the page to speak of learning by heart

export class Numbers {
  #strings;
  #format;
  /** @type {Record<string, HTMLElement>} */
  #cells = {};
  #sentence;
  #sampled = h("p", { class: "small means", hidden: true });

  /** @param {any} strings @param {import("../shell/format.js").Format} format */
  constructor(strings, format) {
    this.#strings = strings;
    this.#format = format;
    this.#sentence = h("p", { class: "small means" }, strings.perplexityLater);
    this.element = h(
      "section",
      { class: "numbers", "aria-label": strings.label },
      h(
        "dl",
        {},
        ...NAMES.map((name) => {
          this.#cells[name] = h("dd", { class: "num", "data-number": name }, strings.none);
          return h("div", {}, h("dt", {}, strings[name]), this.#cells[name]);
        }),
      ),
      this.#sentence,
      this.#sampled,
    );
  }

  /** @param {import("../run/run.js").Run} run @param {number} step the one that is shown */
  draw({ story, client }, step) {
    const { fixed, percent, integer } = this.#format;
    const { none, perplexityMeans, perplexityLater, overfit, sampled } = this.#strings;
    const { loss, evaluation } = story.at(step);
    const values = {
      epoch: client ? fixed(step / client.windows, 2) : none,
      validation: evaluation ? fixed(evaluation.loss, 3) : none,
      bits: evaluation ? fixed(evaluation.loss / Math.LN2, 3) : none,
      perplexity: evaluation ? fixed(Math.exp(evaluation.loss), 2) : none,
      accuracy: evaluation?.accuracy !== undefined ? percent(evaluation.accuracy) : none,
    };
    for (const [name, value] of Object.entries(values))
      if (this.#cells[name].textContent !== value) this.#cells[name].textContent = value;
    const best = Math.min(...story.history.evaluations.map((each) => each.loss));
    const overfits = evaluation && evaluation.loss > best + OVERFIT && loss !== null && loss < best;
    const perplexity = evaluation && fill(perplexityMeans, { perplexity: fixed(Math.exp(evaluation.loss), 1) });
    const sentence = overfits ? overfit : (perplexity ?? perplexityLater);
    if (this.#sentence.textContent !== sentence) this.#sentence.textContent = sentence;
    const { tokens = 0 } = evaluation ?? {};
    const all = client?.validationTargets ?? 0;
    this.#sampled.hidden = !tokens || tokens >= all;
    const part = fill(sampled, { tokens: integer(tokens), all: integer(all) });
    if (this.#sampled.textContent !== part) this.#sampled.textContent = part;
  }
}
