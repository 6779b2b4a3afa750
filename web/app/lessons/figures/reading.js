/** Figures that are read rather than looked at: one line and its answers, what is written, a table, a tinted passage, one update. */
import { cssColour, isDark, readPalette } from "../../../views/parts/colours.js";
import { visible } from "../../../views/parts/format.js";
import { h } from "../../shell/dom.js";
import { written } from "../../../lessons/run/sentence.js";
import { Frame, shown } from "./frame.js";

/** @typedef {import("./frame.js").Context} Context */
/** @typedef {import("./frame.js").Scene} Scene */

/** What all of these share: an element that is filled anew, and a sentence. */
class Reading {
  body = h("div", { class: "l-body" });

  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.frame = new Frame(context, this.body);
    this.root = this.frame.root;
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.fill(scene);
    const { words, speak } = this.context;
    if (words.says) this.frame.say(speak(words.says, scene.experiment.values));
  }

  /** @param {Scene} _scene */
  fill(_scene) {}

  /** @param {number} value @param {string} [format] */
  number(value, format) {
    return written(value, format, this.context.language);
  }
}

/** One line, and how sure each network is of each letter at its end. */
export class Line extends Reading {
  /** @param {Scene} scene @override */
  fill({ experiment }) {
    const rows = shown(experiment, this.context.spec)
      .filter(({ data }) => data.line)
      .map(({ name, data: { line } }) =>
        h(
          "div",
          { class: "l-row" },
          h("b", {}, this.context.names[name]),
          h("code", { class: "l-tape" }, line.tokens.slice(0, -1).map(visible).join(""), h("mark", {}, "?")),
          h(
            "span",
            { class: "l-bars" },
            ...line.choices.map((/** @type {{ token: string, probability: number }} */ { token, probability }) =>
              h(
                "span",
                { class: token === line.right ? "right" : "" },
                h("i", { style: `width:${Math.round(100 * probability)}%` }),
                h("span", {}, `${visible(token)} ${this.number(probability, "percent")}`),
              ),
            ),
          ),
        ),
      );
    this.body.replaceChildren(...rows);
  }
}

/** What a network writes now, and what it wrote before. */
export class Samples extends Reading {
  /** @param {Scene} scene @override */
  fill({ experiment }) {
    const network = shown(experiment, this.context.spec)[0];
    const { now, earlier = [] } = network?.data.sample ?? {};
    if (!now) return;
    const kept = [0, 10, 30, 100, 300, 1000].flatMap((step) =>
      earlier.filter((/** @type {any} */ each) => each.step === step),
    );
    this.body.replaceChildren(
      h("p", { class: "l-written" }, h("b", {}, this.number(now.step)), h("span", {}, now.prompt + now.text)),
      ...kept
        .filter((each) => each.step < now.step)
        .reverse()
        .map((each) =>
          h(
            "p",
            { class: "l-written past" },
            h("b", {}, this.number(each.step)),
            h("span", {}, (each.prompt + each.text).slice(0, 110)),
          ),
        ),
    );
  }
}

/** Networks as rows, numbers as columns. */
export class Table extends Reading {
  /** @param {Scene} scene @override */
  fill({ experiment }) {
    const { spec, words, names } = this.context;
    const { columns = [] } = spec;
    const networks = shown(experiment, spec);
    const best = Object.fromEntries(
      columns.map(({ number, best: which }) => {
        const values = networks
          .map(({ name }) => experiment.values.get(`${name}.${number}`) ?? Number.NaN)
          .filter(Number.isFinite);
        return [number, which === "low" ? Math.min(...values) : which === "high" ? Math.max(...values) : Number.NaN];
      }),
    );
    this.body.replaceChildren(
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h("tr", {}, h("td", {}), ...columns.map(({ number }) => h("th", { scope: "col" }, words.columns[number]))),
        ),
        h(
          "tbody",
          {},
          ...networks.map(({ name }) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, names[name]),
              ...columns.map(({ number, format }) => {
                const value = experiment.values.get(`${name}.${number}`);
                const text = value === undefined ? "–" : this.number(value, format);
                return h("td", { class: value === best[number] ? "best" : "" }, text);
              }),
            ),
          ),
        ),
      ),
    );
  }
}

const PASSAGE = 260; // tokens

/** A passage, each character in the colour of one unit's value. */
export class Passage extends Reading {
  /** @param {Scene} scene @override */
  fill({ experiment }) {
    const data = shown(experiment, this.context.spec)[0]?.data.unit;
    this.root.hidden = !data;
    if (!data) return;
    const palette = readPalette(this.root.isConnected ? this.root : document.body);
    const values = data.values.subarray(0, PASSAGE);
    const most = values.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, Math.abs(b)), 1e-6);
    this.body.replaceChildren(
      h(
        "p",
        { class: "l-tinted" },
        ...Array.from(values, (value, t) => {
          const pixel = palette.diverging[Math.round(127.5 * (1 + Number(value) / most))];
          const token = data.tokens[t] === "\n" ? "↵\n" : data.tokens[t];
          return h("span", { style: `background:${cssColour(pixel)};color:${isDark(pixel) ? "#fff" : "#111"}` }, token);
        }),
      ),
    );
  }
}

/** One update: for each character the chance of what came next, before it and, once it is made, after it. */
export class Update extends Reading {
  /** @param {Scene} scene @override */
  fill({ experiment }) {
    const data = shown(experiment, this.context.spec)[0]?.data.update;
    this.root.hidden = !data || !MEASURED.includes(data.part);
    if (this.root.hidden) return;
    const { words } = this.context;
    const { slow, chancesAfter, part } = data;
    const row = (/** @type {string} */ head, /** @type {ArrayLike<any>} */ cells) =>
      h("tr", {}, h("th", { scope: "row" }, head), ...Array.from(cells, (cell) => h("td", {}, cell)));
    const bars = (/** @type {Float32Array} */ chances) =>
      Array.from(chances, (p) =>
        h(
          "span",
          { class: "l-chance" },
          this.number(p, "percent"),
          h("i", { style: `width:${(100 * p).toFixed(1)}%` }),
        ),
      );
    this.body.replaceChildren(
      h(
        "div",
        { class: "l-scroll", tabindex: "0", role: "region", "aria-label": words.title },
        h(
          "table",
          {},
          h(
            "tbody",
            {},
            row(words.reads, slow.input.map(visible)),
            row(words.comes, slow.target.map(visible)),
            row(words.before, bars(slow.probabilities)),
            part === "update" ? row(words.after, bars(chancesAfter)) : null,
          ),
        ),
      ),
    );
  }
}

/** The parts of an update from which on the guesses have been measured. */
const MEASURED = ["loss", "backward", "clip", "update"];
