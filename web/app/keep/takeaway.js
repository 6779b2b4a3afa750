/* Files out of the page and into it: the checkpoint, PyTorch, ONNX, losses, a trace. */
import { sentences } from "../../views/parts/format.js";
import { UnrolledError } from "../../core/errors.js";
import { TrainerClient } from "../../worker/client.js";
import { fill, h } from "../shell/dom.js";
import { download, fileName, lossCsv, traceJson } from "./takeaway-files.js";

/** Characters of the learnt text that a script checks its loss on, where nothing is probed. */
const CHECK_LENGTH = 120;

export class TakeAway {
  #page;
  /** @type {any} */
  #strings;

  /** @param {import("../page.js").Page} page */
  constructor(page) {
    this.#page = page;
    this.#strings = page.strings.shelf;
  }

  /** @param {any} strings @returns {HTMLElement} */
  build(strings) {
    this.#strings = strings;
    const s = strings.take;
    const button = (/** @type {string} */ name, /** @type {() => Promise<void>} */ run) =>
      h(
        "button",
        { type: "button", "data-take": name, title: s[`${name}Hint`], onclick: () => this.#try(run) },
        s[name],
      );
    const file = h("input", {
      type: "file",
      accept: ".safetensors",
      class: "sr",
      id: "u-open-run",
      onchange: () => {
        this.openFile(file.files[0]);
        file.value = "";
      },
    });
    return h(
      "section",
      { "aria-labelledby": "u-take-title" },
      h("h3", { id: "u-take-title" }, s.title),
      h(
        "div",
        { class: "buttons" },
        button("checkpoint", () => this.#checkpoint()),
        file,
        h("label", { for: "u-open-run", class: "button" }, s.open),
        button("pytorch", () => this.#pytorch()),
        button("onnx", async () =>
          download(`${this.#name()}.onnx`, await this.#client.toONNX(), "application/octet-stream"),
        ),
        button("csv", async () =>
          download(`${this.#name()}-losses.csv`, lossCsv(this.#page.run.story.history), "text/csv"),
        ),
        button("trace", async () => {
          const { step, trace } = await this.#look();
          download(`${this.#name()}-inside.json`, traceJson(trace, step), "application/json");
        }),
      ),
      h("p", { class: "small" }, sentences(s.checkpointHint, s.pytorchHint, s.onnxHint)),
    );
  }

  /**
   * Goes on with a downloaded run: on the page's text where the network knows its characters.
   * @param {File | undefined} file
   */
  openFile(file) {
    return this.#try(async () => {
      if (!file) return;
      const { actions, format, notices, run } = this.#page;
      const stands = await actions.resume(async () => ({
        checkpoint: new Uint8Array(await file.arrayBuffer()),
        text: run.text || undefined,
      }));
      if (!stands) return;
      const sentence = this.#strings.take[run.text ? "opened" : "openedWithout"];
      const words = { name: file.name, step: format.integer(stands.step) };
      notices.show(fill(sentence, words), { about: "file" });
    }, file?.name);
  }

  async #checkpoint() {
    download(`${this.#name()}.safetensors`, await this.#page.moment.save(), "application/octet-stream");
  }

  async #pytorch() {
    const { pytorchScript } = await import("../../core/files/pytorch.js");
    const name = this.#name();
    const weights = await this.#page.moment.save(); // the check belongs to these weights, whatever is learnt meanwhile
    const checked = await this.#lossOf(weights);
    download(`${name}.safetensors`, weights, "application/octet-stream");
    download(`${name}.py`, pytorchScript({ file: `${name}.safetensors`, ...checked }), "text/x-python");
  }

  /** Ids and their mean loss under saved weights. @param {Uint8Array<ArrayBuffer>} weights */
  async #lossOf(weights) {
    const copy = await TrainerClient.load(weights.slice(), {}, { link: this.#client.link });
    try {
      const { ids, loss } = await copy.probe(this.#probe(), { flow: false, unknown: "drop" });
      return { ids: Array.from(/** @type {Int32Array} */ (ids)), loss: sum(loss) / (loss.length - 1) };
    } finally {
      copy.dispose();
    }
  }

  #look() {
    return this.#client.look({ step: this.#page.moment.past, text: this.#probe(), flow: true });
  }

  /** The probed text, or the beginning of the learnt one. */
  #probe() {
    const { probe, run } = this.#page;
    return (
      probe.text || [...(run.text || this.#client.vocabulary.slice(0, 2).join(""))].slice(0, CHECK_LENGTH).join("")
    );
  }

  get #client() {
    const { client } = this.#page.run;
    if (!client) throw new UnrolledError("no-run", this.#strings.take.early);
    return client;
  }

  #name() {
    const { settings } = this.#client;
    return fileName(`unrolled ${settings.cell} ${settings.hidden} step ${this.#page.moment.step}`);
  }

  /** @param {() => Promise<void>} work @param {string} [name] of a file */
  async #try(work, name) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UnrolledError)) throw error;
      const sentence = name ? fill(this.#strings.errors.file, { name, message: error.message }) : error.message;
      this.#page.notices.show(sentence, { kind: "error", about: "file" });
    }
  }
}

/** @param {Float32Array} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);
