/** What has been heard of a run: its losses, what it wrote, how its gradients were clipped and how far they reached. */
import { ClipHistory, LagHistory } from "../../views/parts/history.js";
import { LossHistory } from "../progress/history.js";

/** @typedef {{step: number, prompt: string, text: string}} Sample */

const MOST_SAMPLES = 24;

export class Story {
  history = new LossHistory();
  clips = new ClipHistory();
  /** By layer. @type {LagHistory[]} */ lags = [];
  /** By step. @type {Sample[]} */ samples = [];
  /** Of the last step. @type {any} */ report = null;
  /** @type {import("../../core/index.js").Baselines | null} nats */ baselines = null;

  /** @param {any[]} reports of steps */
  add(reports) {
    for (const report of reports) {
      this.history.add(report.step, report.loss);
      this.clips.add(report);
    }
    this.report = reports.at(-1);
  }

  /** @param {number} step @param {Float32Array[]} profiles by layer */
  reach(step, profiles) {
    if (this.lags.length !== profiles.length) this.lags = profiles.map(() => new LagHistory());
    this.lags.forEach((lags, layer) => lags.add(step, profiles[layer]));
  }

  /** @param {Sample} sample */
  write(sample) {
    this.samples = [...this.samples.filter(({ step }) => step !== sample.step), sample].sort((a, b) => a.step - b.step);
    if (this.samples.length > MOST_SAMPLES) this.#thin();
  }

  /** What was known of the losses at a step. @param {number} step */
  at(step) {
    const { history, report } = this;
    const evaluation = history.evaluations.findLast((each) => each.step <= step) ?? null;
    const loss = report?.step === step ? report.loss : history.lossAt(step);
    return { loss, evaluation };
  }

  /** The evaluation with the lowest loss. */
  get best() {
    const { evaluations } = this.history;
    return evaluations.length ? evaluations.reduce((low, each) => (each.loss < low.loss ? each : low)) : null;
  }

  /** As much of another run's as came before a step of it: this one begins there. @param {Story} other @param {number} step */
  continueFrom(other, step) {
    this.history = other.history.copy();
    this.history.cutAfter(step);
    this.clips = other.clips.copy();
    this.clips.cutAfter(step);
    this.lags = other.lags.map((lags) => lags.copy());
    for (const lags of this.lags) lags.cutAfter(step);
    this.samples = other.samples.filter((sample) => sample.step <= step);
    this.baselines = other.baselines;
  }

  /** What is written down of it. */
  toJSON() {
    const { steps, losses, evaluations, stride } = this.history;
    return { steps, losses, evaluations, stride, samples: this.samples };
  }

  /** @param {any} saved */
  restore({ samples = [], ...history } = {}) {
    Object.assign(this.history, history);
    this.samples = samples;
  }

  /** Drops the sample whose absence leaves the smallest gap on a log scale of steps. */
  #thin() {
    const gap = (/** @type {number} */ i) => (this.samples[i + 1].step + 1) / (this.samples[i - 1].step + 1);
    let best = 1;
    for (let i = 2; i < this.samples.length - 1; i++) if (gap(i) < gap(best)) best = i;
    this.samples.splice(best, 1);
  }
}
