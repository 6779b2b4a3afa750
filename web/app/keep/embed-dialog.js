/* "Embed this": what to show, what to leave out, and the snippet for it. */
import { DEFAULT_VIEWS, HIDEABLE, VIEWS } from "../../embed/options.js";
import { copyText } from "../shell/copy.js";
import { h } from "../shell/dom.js";
import { demoOf, elementSnippet, iframeSnippet, markdownSnippet, notebookSnippet } from "./snippets.js";

const KINDS = ["iframe", "element", "markdown", "notebook"];

export class EmbedDialog {
  #page;
  #strings;
  #boxes = /** @type {Record<string, HTMLInputElement>} */ ({});
  #kind;
  #address;
  #snippet;
  #note;
  #copied;

  /** @param {import("../page.js").Page} page @param {any} strings */
  constructor(page, strings) {
    this.#page = page;
    this.#strings = strings;
    const s = strings.embed;
    const box = (/** @type {string} */ name, /** @type {string} */ label, checked = false) => {
      const input = h("input", { type: "checkbox", name, checked, onchange: () => this.#write() });
      this.#boxes[name] = input;
      return h("label", {}, input, " ", label);
    };
    this.#kind = h(
      "select",
      { id: "u-embed-kind", onchange: () => this.#write() },
      ...KINDS.map((kind) => h("option", { value: kind }, s.kinds[kind])),
    );
    this.#address = h("input", { type: "url", id: "u-embed-address", oninput: () => this.#write() });
    this.#snippet = h("textarea", {
      id: "u-embed-snippet",
      readonly: true,
      rows: "9",
      spellcheck: "false",
      "aria-label": s.title,
    });
    this.#note = h("p", { class: "small" });
    this.#copied = h("span", { class: "small", role: "status" });
    this.element = h(
      "dialog",
      { class: "embed-dialog", "aria-labelledby": "u-embed-title" },
      h("h2", { id: "u-embed-title" }, s.title),
      h("p", { class: "small" }, s.lead),
      h(
        "fieldset",
        {},
        h("legend", {}, s.show),
        ...VIEWS.map((name) => box(`show-${name}`, s.parts[name], DEFAULT_VIEWS.includes(name))),
      ),
      h("fieldset", {}, h("legend", {}, s.hide), ...HIDEABLE.map((name) => box(`hide-${name}`, s.parts[name]))),
      box("autoplay", s.autoplay, true),
      h("div", { class: "row" }, h("label", { for: "u-embed-kind" }, s.kind), this.#kind),
      h("div", { class: "row wide" }, h("label", { for: "u-embed-address" }, s.address), this.#address),
      this.#note,
      this.#snippet,
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "primary", onclick: () => this.#copy() }, s.copy),
        h("button", { type: "button", onclick: () => this.element.close() }, s.close),
        this.#copied,
      ),
    );
  }

  async open() {
    this.#address.value ||= new URL(
      "embed.html",
      /^http/.test(location.protocol) ? document.baseURI : "https://example.org/unrolled/",
    ).href;
    await this.#write();
    this.element.showModal();
  }

  async #write() {
    const { state, language, run } = this.#page;
    const kind = this.#kind.value;
    const ticked = (/** @type {string} */ prefix, /** @type {string[]} */ names) =>
      names.filter((name) => this.#boxes[`${prefix}-${name}`].checked);
    const hide = ticked("hide", HIDEABLE),
      views = ticked("show", VIEWS);
    /** @type {Record<string, string>} */
    const chosen = { views: views.join(" "), lang: language };
    if (hide.length) chosen.hide = hide.join(" ");
    if (this.#boxes.autoplay.checked) chosen.autoplay = "true";
    const { link, names } = await demoOf(state, chosen);
    const words = state.textName === "own" ? run.text : undefined;
    const demo = { names, words, address: this.#address.value, caption: this.#strings.embed.caption };
    const snippets = {
      iframe: iframeSnippet(demo, link),
      element: elementSnippet(demo),
      markdown: markdownSnippet(demo, link),
      notebook: notebookSnippet(demo),
    };
    this.#snippet.value = snippets[/** @type {keyof typeof snippets} */ (kind)];
    this.#note.textContent = this.#strings.embed.notes[kind];
    this.#copied.textContent = "";
  }

  async #copy() {
    this.#copied.textContent = this.#strings.share[(await copyText(this.#snippet)) ? "copied" : "copyFailed"];
  }
}
