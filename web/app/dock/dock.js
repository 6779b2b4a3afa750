/**
 * One figure in view at a time: tabs, and the figure whose tab is open. A figure is opened when it is first asked for
 * and stays as it is while another is in view; only those in view are drawn. In somebody else's page the named figures
 * stand one under another, without tabs.
 *
 * Far out of sight figures rest: they show no moment until the reader comes near.
 *
 * Events: "choose" {name} when the reader chose another; "figures" when one was opened.
 */
import { h } from "../shell/dom.js";
import { FIGURES, GROUPS } from "./figures.js";

/**
 * @typedef {object} Pane an open figure
 * @property {() => import("../../worker/look.js").Wanted} [wants] what it shows of a moment
 * @property {(seen: import("../run/moment.js").Seen) => void} [draw] all of it is of that moment
 * @property {() => void} [clear] there is no moment to show
 * @property {() => void} [recolour]
 * @property {() => void} [close]
 */

const NEAR = "25%"; // of the window's height
const KEYS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity });

/** The figures that a demo's views are in. @param {string[]} views */
const figuresOf = (views) => [
  ...new Set(views.map((view) => (view === "numbers" ? "loss" : view)).filter((view) => view in FIGURES)),
];

export class Dock extends EventTarget {
  #page;
  #stacked;
  #current = "";
  /** @type {Map<string, HTMLElement>} */ #panels = new Map();
  /** @type {Map<string, HTMLButtonElement>} */ #tabs = new Map();
  /** @type {Map<string, Pane>} */ #panes = new Map();
  /** Of each figure the opening that counts: a later one, or none, overtakes it. @type {Map<string, object>} */ #openings =
    new Map();
  #choice;
  #closed = false;
  /** Whether the reader is near; a demo rests as a whole. */ #near;
  #sight = new IntersectionObserver((entries) => this.#come(entries[entries.length - 1].isIntersecting), {
    rootMargin: `${NEAR} 0%`,
  });

  /**
   * @param {import("../page.js").Page} page
   * @param {string[] | null} stacked the figures of a demo in somebody else's page; null: all, behind tabs
   */
  constructor(page, stacked) {
    super();
    this.#page = page;
    this.#stacked = stacked;
    this.#near = stacked !== null;
    const { dock: strings } = page.strings;
    const groups = stacked ? { all: figuresOf(stacked) } : GROUPS;
    const title = (/** @type {string} */ name) => /** @type {any} */ (strings.tabs)[name];
    for (const name of Object.values(groups).flat()) this.#panels.set(name, this.#makePanel(name));
    this.#choice = h(
      "select",
      { class: "dock-choice", "aria-label": strings.label, onchange: () => this.go(this.#choice.value) },
      ...Object.entries(groups).map(([group, names]) =>
        h(
          "optgroup",
          { label: /** @type {any} */ (strings.groups)[group] ?? "" },
          ...names.map((name) => h("option", { value: name }, title(name))),
        ),
      ),
    );
    const rows = Object.entries(stacked ? {} : GROUPS).map(([group, names]) =>
      h(
        "div",
        { class: "tabs", role: "tablist", "aria-label": /** @type {any} */ (strings.groups)[group] },
        ...names.map((name) => this.#makeTab(name, title(name))),
      ),
    );
    this.element = h(
      "section",
      { id: "inside", class: "dock", "aria-label": strings.label },
      !stacked && h("h2", { class: "sr" }, strings.label),
      !stacked && h("div", { class: "dock-head" }, ...rows, this.#choice),
      ...this.#panels.values(),
    );
  }

  /** What the figures in view show of a moment, all together. */
  get wants() {
    if (!this.#near) return {};
    const wants = this.#inView.map((name) => this.#panes.get(name)?.wants?.() ?? {});
    return Object.assign({}, ...wants.map((each) => Object.fromEntries(Object.entries(each).filter(([, on]) => on))));
  }

  /** The figure in view. */
  get current() {
    return this.#current;
  }

  get #inView() {
    return this.#stacked ? figuresOf(this.#stacked) : [this.#current];
  }

  /** Brings a figure into view; of a demo, opens all. @param {string} [name] */
  async show(name = "") {
    if (!this.#stacked) return this.#open(this.#choose(name));
    for (const each of this.#inView) await this.#open(each);
  }

  /**
   * The same, but that a figure which is far out of sight is only fetched when the reader sets out: it is there then
   * before they come, and nothing moves under their eyes.
   * @param {string} name
   */
  async begin(name) {
    if (this.#near) return this.show(name);
    this.#choose(name);
    this.#sight.observe(this.element);
    addEventListener("scroll", this.#setOut, { once: true, passive: true });
  }

  #setOut = () => {
    this.#fetch(JSON.stringify(this.#page.panels.wanted));
  };

  /** @param {string} wanted of the moment that is shown @returns {boolean} whether the figure in view was not there yet */
  #fetch(wanted) {
    if (this.#panels.get(this.#current)?.dataset.loaded !== undefined) return false;
    this.#page.attempt(() => this.#open(this.#current, wanted));
    return true;
  }

  /** @param {string} name @returns {string} of the figure that is in view now */
  #choose(name) {
    if (!this.#panels.has(name)) name = GROUPS.inside[0];
    this.#current = name;
    this.#choice.value = name;
    for (const [each, panel] of this.#panels) {
      const chosen = each === name;
      panel.hidden = !chosen;
      if (!chosen) delete panel.dataset.step;
      const tab = /** @type {HTMLButtonElement} */ (this.#tabs.get(each));
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen || this.#isFirstOfOthers(each) ? 0 : -1;
    }
    return name;
  }

  /** Whether there is a figure in view, and in sight, that is not drawn yet. */
  get isNew() {
    if (!this.#near) return false;
    return this.#inView.some((name) => this.#panes.get(name)?.draw && !this.#panels.get(name)?.dataset.step);
  }

  /** @param {boolean} near */
  #come(near) {
    if (near === this.#near) return;
    const { panels, moment } = this.#page;
    const wanted = JSON.stringify(panels.wanted);
    this.#near = near;
    if (near && this.#fetch(wanted)) return;
    if (near && JSON.stringify(panels.wanted) !== wanted) moment.look({ now: true }); // for what was not looked at
    this.draw();
  }

  /** Draws what is in view. */
  draw() {
    const { seen } = this.#page.moment;
    for (const name of this.#inView) {
      const [pane, panel] = [this.#panes.get(name), this.#panels.get(name)];
      if (!panel || !pane?.draw) continue;
      if (!seen) {
        delete panel.dataset.step;
        pane.clear?.();
      } else if (!this.#near) {
        delete panel.dataset.step; // the picture of another moment, and nobody sees it
      } else {
        pane.draw(seen);
        panel.dataset.step = String(seen.step);
      }
    }
  }

  /** Opens the figures anew whose words hang on the network that learns. @param {string[]} [others] and these */
  renew(others = []) {
    for (const name of [...GROUPS.inside, ...GROUPS.apart, ...others]) {
      const panel = this.#panels.get(name);
      if (!panel?.dataset.loaded) continue;
      this.#panes.get(name)?.close?.();
      this.#panes.delete(name);
      this.#openings.delete(name);
      panel.replaceChildren();
      delete panel.dataset.loaded;
      delete panel.dataset.step;
    }
    return this.begin(this.#current);
  }

  /** Other figures of a demo, in their order; those that are taken out are not looked at. @param {string[]} names */
  async stack(names) {
    this.#stacked = names;
    for (const name of figuresOf(names)) {
      const panel = this.#panels.get(name) ?? this.#makePanel(name);
      this.#panels.set(name, panel);
      this.element.append(panel);
    }
    await this.show();
  }

  recolour() {
    for (const pane of this.#panes.values()) pane.recolour?.();
  }

  close() {
    this.#closed = true;
    removeEventListener("scroll", this.#setOut);
    this.#sight.disconnect();
    for (const pane of this.#panes.values()) pane.close?.();
  }

  /** Whether there is such a figure here. @param {string} name */
  has(name) {
    return this.#stacked ? this.#inView.includes(name) : this.#panels.has(name);
  }

  /** Goes to a figure, as a reader does. @param {string} name @returns {Promise<void>} when it is in view */
  go(name) {
    if (this.#stacked) {
      this.#panels.get(name)?.scrollIntoView();
      return Promise.resolve();
    }
    const shown = this.show(name);
    this.dispatchEvent(new CustomEvent("choose", { detail: { name } }));
    return shown;
  }

  /** A tab to come to by key in a row whose chosen one is in another row. @param {string} name */
  #isFirstOfOthers(name) {
    const row = Object.values(GROUPS).find((names) => names.includes(name)) ?? [];
    return row[0] === name && !row.includes(this.#current);
  }

  /** @param {string} name @param {string} [seen] what is wanted of the moment that is shown, as text; else it is looked at anew */
  async #open(name, seen) {
    const panel = /** @type {HTMLElement} */ (this.#panels.get(name));
    const { kind } = this.#page;
    const lack = this.#page.lacks(name);
    if (lack) {
      panel.replaceChildren(h("p", { class: "prose" }, lack));
      panel.dataset.loaded = kind;
    }
    if (!panel.dataset.loaded) {
      panel.dataset.loaded = kind;
      const opening = {};
      this.#openings.set(name, opening);
      const overtaken = () => this.#closed || this.#openings.get(name) !== opening;
      try {
        const { open } = await FIGURES[name]();
        if (overtaken()) return;
        this.#panes.set(name, open(panel, this.#page) ?? {});
      } catch (error) {
        if (overtaken()) return;
        delete panel.dataset.loaded;
        panel.replaceChildren(h("p", { class: "problem" }, this.#page.strings.dock.failed));
        throw error;
      }
      this.dispatchEvent(new Event("figures"));
    }
    const { moment, panels } = this.#page;
    if (this.#near && this.#panes.get(name)?.wants && !this.#closed && JSON.stringify(panels.wanted) !== seen)
      moment.look({ now: true });
    this.draw();
  }

  /** @param {string} name */
  #makePanel(name) {
    const attributes = this.#stacked
      ? {}
      : { role: "tabpanel", "aria-labelledby": `u-tab-${name}`, tabindex: "0", hidden: true };
    return h("div", { id: `u-panel-${name}`, class: "pane", ...attributes });
  }

  /** @param {string} name @param {string} title */
  #makeTab(name, title) {
    const tab = h(
      "button",
      {
        type: "button",
        id: `u-tab-${name}`,
        role: "tab",
        "aria-controls": `u-panel-${name}`,
        onclick: () => this.go(name),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#move(event, name),
      },
      title,
    );
    this.#tabs.set(name, tab);
    return tab;
  }

  /** @param {KeyboardEvent} event @param {string} name */
  #move(event, name) {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const row = Object.values(GROUPS).find((names) => names.includes(name)) ?? [];
    const i = row.indexOf(name) + by;
    const to = row[Number.isFinite(i) ? (i + row.length) % row.length : i < 0 ? 0 : row.length - 1];
    this.go(to);
    this.#tabs.get(to)?.focus();
  }
}
