/** The page's name, and how it looks: language and theme. */
import { h } from "./dom.js";

/** Three cells in a row, each handing its state to the next. */
export function mark() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 64 24",
    width: "64",
    height: "24",
    "aria-hidden": "true",
    class: "mark",
  }))
    svg.setAttribute(name, value);
  for (const d of [
    "M17 12h10M37 12h10",
    "M3 12a7 7 0 1 0 14 0a7 7 0 1 0-14 0M27 12a5 5 0 1 0 10 0a5 5 0 1 0-10 0M47 12a7 7 0 1 0 14 0a7 7 0 1 0-14 0",
  ]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/**
 * @param {any} strings
 * @param {{lang: string, theme: string}} state
 * @param {(changes: {lang?: string, theme?: string}) => void} change
 */
export function masthead(strings, { lang, theme }, change) {
  const choice = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {string} */ value,
    /** @type {[string, string][]} */ options,
    /** @type {(value: string) => void} */ tell,
  ) => {
    const select = h(
      "select",
      { id: `u-${id}`, onchange: () => tell(select.value) },
      ...options.map(([name, text]) => h("option", { value: name }, text)),
    );
    select.value = value;
    return h("span", {}, h("label", { for: `u-${id}`, class: "sr" }, label), select);
  };
  return h(
    "header",
    { class: "masthead" },
    h("h1", {}, mark(), strings.name),
    h("p", { class: "lead" }, strings.lead),
    h(
      "div",
      { class: "look" },
      choice(
        "lang",
        strings.language,
        lang,
        [
          ["auto", strings.languageAuto],
          ["en", "English"],
          ["zh", "中文"],
        ],
        (value) => change({ lang: value }),
      ),
      choice(
        "theme",
        strings.theme,
        theme,
        [
          ["auto", strings.themeAuto],
          ["light", strings.themeLight],
          ["dark", strings.themeDark],
        ],
        (value) => change({ theme: value }),
      ),
    ),
  );
}
