/** The slow motion of one update, led by the run: each of its parts when the run has come to it. */
import { readPalette } from "../../../views/parts/colours.js";
import { SlowView } from "../../../views/figures/slow.js";
import { h } from "../../shell/dom.js";
import { loadStrings } from "../../strings/index.js";
import en from "../../strings/en/figures.js";
import zh from "../../strings/zh/figures.js";
import { Frame, shown } from "./frame.js";

export class Slow {
  #context;
  #frame;
  #body = h("div", { class: "u-figure l-slowly" });
  #strings;
  /** @type {SlowView | null} */ #view = null;
  /** @type {unknown} */ #update = null;
  #part = "";
  /** @type {unknown} */ #palette = null;

  /** @param {import("./frame.js").Context} context */
  constructor(context) {
    this.#context = context;
    this.#frame = new Frame(context, this.#body);
    this.root = this.#frame.root;
    const language = /** @type {"en" | "zh"} */ (context.language);
    this.#strings = loadStrings(language).then((strings) => ({ ...strings, ...{ en, zh }[language] }));
  }

  /** @param {import("./frame.js").Scene} scene */
  async draw({ experiment }) {
    const { spec, words, speak } = this.#context;
    const data = shown(experiment, spec)[0]?.data.update;
    if (!data) return;
    this.#frame.say(speak(words.says, experiment.values));
    const strings = await this.#strings;
    const palette = readPalette(this.root);
    this.#view ??= new SlowView(this.#body, { strings, palette, led: true });
    if (this.#palette !== palette) this.#view.setPalette(palette);
    this.#palette = palette;
    const { slow, part } = data;
    if (slow === this.#update && part === this.#part) return; // what moves in it goes on
    [this.#update, this.#part] = [slow, part];
    this.#view.draw({ ...slow, optimizer: /** @type {any} */ (strings.controls.optimizer)[slow.optimizer] }, { part });
  }
}
