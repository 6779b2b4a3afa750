/**
 * The section of things to try beyond the run: a row of tabs, each a panel that is loaded when it is first opened.
 *
 * A panel is a module with `mount(root, app)`: it fills `root` and may return a function that ends what it began. `app`
 * is the page. Its words are its own, in strings/<language>/<name>.js. Panels stay as they are while others
 * are seen.
 */
import { h } from "../shell/dom.js";
import en from "../strings/en/practice.js";
import zh from "../strings/zh/practice.js";

/** @typedef {{ mount: (root: HTMLElement, app: import("../page.js").Page) => void | (() => void) }} Panel */

/** In the order of the tabs. @type {Record<string, () => Promise<Panel>>} */
const PANELS = {
  tokens: () => import("./tokens.js"),
  document: () => import("./document.js"),
  overfitting: () => import("./overfitting.js"),
  schedule: () => import("./schedule.js"),
  sweep: () => import("./sweep.js"),
  cells: () => import("./cells.js"),
  fill: () => import("./fill.js"),
};

const KEYS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity });

/**
 * @param {HTMLElement} root is filled
 * @param {import("../page.js").Page} app
 * @returns {() => void} ends all panels
 */
export function mount(root, app) {
  const { practice: strings } = { en, zh }[app.language];
  const names = Object.keys(PANELS);
  /** @type {(() => void)[]} */
  const ends = [];
  const panels = names.map((name) =>
    h("div", {
      id: `u-panel-${name}`,
      role: "tabpanel",
      "aria-labelledby": `u-tab-${name}`,
      tabindex: "0",
      hidden: true,
    }),
  );
  const tabs = names.map((name, i) =>
    h(
      "button",
      {
        type: "button",
        id: `u-tab-${name}`,
        role: "tab",
        "aria-controls": `u-panel-${name}`,
        onclick: () => open(i),
        onkeydown: (/** @type {KeyboardEvent} */ event) => move(event, i),
      },
      /** @type {any} */ (strings.tabs)[name],
    ),
  );

  /** @param {number} i */
  async function open(i) {
    tabs.forEach((tab, k) => {
      tab.setAttribute("aria-selected", String(k === i));
      tab.tabIndex = k === i ? 0 : -1;
      panels[k].hidden = k !== i;
    });
    if (panels[i].dataset.loaded) return;
    panels[i].dataset.loaded = "yes";
    try {
      const panel = await PANELS[names[i]]();
      if (!panels[i].isConnected) return; // the page was built anew meanwhile
      const end = panel.mount(panels[i], app);
      if (end) ends.push(end);
    } catch (error) {
      delete panels[i].dataset.loaded;
      panels[i].replaceChildren(h("p", { class: "problem" }, strings.failed));
      throw error;
    }
  }

  /** @param {KeyboardEvent} event @param {number} i */
  function move(event, i) {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const to = Number.isFinite(by) ? (i + by + tabs.length) % tabs.length : by < 0 ? 0 : tabs.length - 1;
    open(to);
    tabs[to].focus();
  }

  root.setAttribute("aria-labelledby", "u-practice-title");
  root.replaceChildren(
    h("h2", { id: "u-practice-title" }, strings.title),
    h("p", { class: "small" }, strings.lead),
    h("div", { class: "tabs", role: "tablist", "aria-labelledby": "u-practice-title" }, ...tabs),
    ...panels,
  );
  if (tabs.length) open(0);
  return () => ends.splice(0).forEach((end) => end());
}
