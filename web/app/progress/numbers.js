/** The run in numbers. Every cell has its width from the start, so nothing moves when a number grows. */
import { fill, h } from "../shell/dom.js";

const NAMES = ["step", "epoch", "speed", "loss", "validation", "bits", "perplexity", "accuracy"];
const OVERFIT = 0.15; // nats that validation must stand above its best, for the page to speak of learning by heart

export class Numbers {
  #strings;
  #format;
  /** @type {Record<string, HTMLElement>} */
  #cells = {};
  #sentence;

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
    );
  }

  /** @param {import("../run.js").Run} run */
  draw({ report, evaluation, speed, history, client }) {
    const { integer, fixed, percent } = this.#format;
    const none = this.#strings.none;
    const values = {
      step: integer(report?.step ?? client?.progress?.step ?? 0),
      epoch:
        report && client
          ? fixed(report.tokens / (client.windows * client.settings.batch * client.settings.seqLen), 2)
          : none,
      speed: speed ? integer(speed) : none,
      loss: report ? fixed(report.loss, 4) : none,
      validation: evaluation ? fixed(evaluation.loss, 4) : none,
      bits: evaluation ? fixed(evaluation.bitsPerToken, 3) : none,
      perplexity: evaluation ? fixed(evaluation.perplexity, 2) : none,
      accuracy: evaluation ? percent(evaluation.accuracy) : none,
    };
    for (const [name, value] of Object.entries(values)) {
      if (this.#cells[name].textContent !== value) this.#cells[name].textContent = value;
    }
    const best = Math.min(...history.evaluations.map((each) => each.loss));
    const { perplexityMeans, perplexityLater, overfit } = this.#strings;
    const overfits = evaluation && evaluation.loss > best + OVERFIT && report?.loss < best;
    const sentence = overfits
      ? overfit
      : evaluation
        ? fill(perplexityMeans, { perplexity: fixed(evaluation.perplexity, 1) })
        : perplexityLater;
    if (this.#sentence.textContent !== sentence) this.#sentence.textContent = sentence;
  }
}
