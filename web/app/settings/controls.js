/**
 * The settings as labelled HTML controls. A value that cannot be taken is told under its control and changes nothing.
 */
import { SETTINGS, checkSetting, checkSettings } from "../../core/config.js";
import { CELLS } from "../../core/cells.js";
import { fill, h } from "../shell/dom.js";
import { explainSetting } from "./explain.js";

/** Which settings stand in which group, and how numbers step. @type {Record<string, string[]>} */
const GROUPS = {
  network: ["cell", "gruReset", "layers", "hidden", "heads", "init", "initGain", "seed"],
  training: ["optimizer", "learningRate", "clipMode", "clipThreshold", "seqLen", "batch", "validation"],
};
const NUMBER_STEP = /** @type {Record<string, string>} */ ({
  learningRate: "any",
  initGain: "any",
  clipThreshold: "any",
  validation: "0.05",
});

export class Controls {
  #strings;
  #change;
  /** @type {Map<string, {row: HTMLElement, input: HTMLInputElement | HTMLSelectElement, hint: HTMLElement, problem: HTMLElement}>} */
  #fields = new Map();
  /** Settings as they were last shown. @type {Record<string, any>} */ #shown = {};
  /** Those that a reader is typing, or has typed and may not have. @type {Set<string>} */ #drafts = new Set();

  /**
   * @param {any} strings
   * @param {Record<string, any>} settings flat
   * @param {(name: string, value: any) => void} change is told of values that passed the check
   */
  constructor(strings, settings, change) {
    this.#strings = strings;
    this.#change = change;
    this.elements = Object.entries(GROUPS).map(([group, names]) => this.#group(group, names));
    this.show(settings);
  }

  /**
   * What is being typed stays, unless its setting has changed meanwhile.
   * @param {Record<string, any>} settings flat
   * @param {Record<string, any>} [fitted] what a run has where they are "auto"
   */
  show(settings, fitted) {
    for (const [name, { input }] of this.#fields) {
      if (SETTINGS[name].auto) {
        const { auto, autoIs } = this.#strings.controls;
        /** @type {HTMLInputElement} */ (input).placeholder = fitted ? fill(autoIs, { value: fitted[name] }) : auto;
      }
      if (this.#drafts.has(name) && settings[name] === this.#shown[name]) continue;
      this.#drafts.delete(name);
      input.value = settings[name] === "auto" ? "" : String(settings[name]);
      this.#tell(name, "");
    }
    this.#shown = { ...settings };
    this.#relate();
  }

  /** @param {string} group @param {string[]} names */
  #group(group, names) {
    const { controls } = this.#strings;
    const note = controls[`${group}Note`];
    const hint = h("p", { class: "hint" }, note);
    const rows = names.map((name) => this.#row(name));
    const panel = h(
      "details",
      { class: "group", open: true, "data-group": group },
      h("summary", {}, h("h2", {}, controls[group])),
      ...rows,
      hint,
    );
    const follow = (/** @type {Event} */ event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest?.("[data-setting]");
      hint.textContent = row ? this.#hintOf(/** @type {HTMLElement} */ (row).dataset.setting ?? "") : note;
    };
    panel.addEventListener("focusin", follow);
    panel.addEventListener("pointerover", follow);
    panel.addEventListener("pointerleave", follow);
    return panel;
  }

  /** @param {string} name */
  #row(name) {
    const words = this.#strings.controls[name];
    const { type, min, max } = SETTINGS[name];
    const id = `u-${name}`;
    const input =
      type === "choice"
        ? h("select", { id }, ...(SETTINGS[name].values ?? []).map((value) => h("option", { value }, words[value])))
        : h("input", {
            id,
            type: "number",
            inputmode: type === "integer" ? "numeric" : "decimal",
            min,
            max,
            step: NUMBER_STEP[name] ?? "1",
            autocomplete: "off",
          });
    const problem = h("p", { class: "problem", id: `${id}-problem`, role: "alert" });
    input.setAttribute("aria-describedby", `${id}-hint ${id}-problem`);
    input.addEventListener("input", () => this.#drafts.add(name));
    input.addEventListener("change", () => this.#read(name));
    const hint = h("span", { class: "sr", id: `${id}-hint` }, words.hint);
    const row = h(
      "div",
      { class: "row", "data-setting": name },
      h("label", { for: id }, words.label),
      input,
      hint,
      problem,
    );
    this.#fields.set(name, { row, input, hint, problem });
    return row;
  }

  /** @param {string} name */
  #read(name) {
    const { input } = /** @type {any} */ (this.#fields.get(name));
    const { type, auto } = SETTINGS[name];
    const fits = auto && input.value === "" && !input.validity.badInput;
    const typed = fits ? "auto" : type === "choice" || input.value === "" ? input.value : Number(input.value);
    try {
      const value = checkSetting(name, typed);
      if (name === "heads") checkSettings({ cell: "attention", hidden: this.#shown.hidden, heads: value });
      this.#drafts.delete(name);
      this.#tell(name, "");
      this.#relate();
      this.#change(name, value);
    } catch (error) {
      this.#drafts.add(name);
      this.#tell(name, explainSetting(this.#strings, name, input.value, error));
    }
  }

  /** @param {string} name @param {string} sentence */
  #tell(name, sentence) {
    const { input, problem } = /** @type {any} */ (this.#fields.get(name));
    problem.textContent = sentence;
    if (sentence) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  /** @param {string} name */
  #hintOf(name) {
    const { controls } = this.#strings;
    const other = this.#fields.get("cell")?.input.value === "attention" && controls.ofAttention[name];
    return other || controls[name].hint;
  }

  /** Settings that say nothing beside others are shown as such. */
  #relate() {
    const value = (/** @type {string} */ name) => this.#fields.get(name)?.input.value;
    const cell = /** @type {import("../../core/cells.js").CellName} */ (value("cell") ?? "lstm");
    for (const [name, { row, hint }] of this.#fields) {
      hint.textContent = this.#hintOf(name);
      if (name === "heads") row.classList.toggle("unused", cell !== "attention"); // whether it is hidden, an author says
    }
    for (const [name, needed] of /** @type {[string, boolean][]} */ ([
      ["gruReset", cell === "gru"],
      ["init", CELLS[cell].recurrent],
      ["initGain", CELLS[cell].recurrent],
      ["clipThreshold", value("clipMode") !== "none"],
    ])) {
      const field = this.#fields.get(name);
      if (!field) continue;
      field.input.disabled = !needed;
      field.row.classList.toggle("off", !needed);
    }
  }
}
