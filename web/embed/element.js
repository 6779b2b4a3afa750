/**
 * <unrolled-demo>: a network that learns, inside any page. The page of the site, cut down to what the author asks for,
 * in a shadow tree of its own: styles stay out but for the `--u-…` properties and `::part(…)`.
 *
 *   attributes   every setting (`cell`, `hidden` or `hidden-units`, `seq-len`, `seed` …), `text` or the element's
 *   content, `sample`,
 *                `probe`, `views`, `hide`, `preset`, `autoplay`, `lang`, `theme`, `height`, `caption`: see options.js
 *   properties   `text`, `trainer` (a TrainerClient, null before the start), `state`
 *   methods      start() pause() step() reset(), each a promise
 *   events       unrolled-ready {settings, vocabulary}, unrolled-step (the last step's report), unrolled-error {code,
 *   message};
 *                they bubble
 *   slots        `still`: what stands there where WebAssembly is missing; without a script it is simply seen
 *
 * It loads when it comes near the window, trains while it is seen, and leaves nothing behind when it is removed.
 */
import { supportedVariants } from "../core/wasm/module.js";
import { Inside } from "../app/inside/inside.js";
import { Page } from "../app/page.js";
import { ATTRIBUTES, DEFAULT_VIEWS, linkOf, problemsOf, readAttributes, VIEWS, words, HIDEABLE } from "./options.js";
import { WorkerPool } from "./pool.js";
import { WorkerLink } from "../worker/client.js";
import styles from "inside:styles";
import still from "inside:still";

/** @import { DemoState } from "./protocol.js" */

/** What each name of `views` and `hide` stands for in the page. @type {Record<string, string>} */
const PARTS = {
  transport: ".transport",
  numbers: ".numbers",
  text: '[data-group="text"]',
  controls: ".controls",
  probe: ".u-probe",
  captions: ".u-read, .u-look, .chart figcaption, .means, .cell-equations > .small, .hint, .group > .small",
  sample: ".sample",
  loss: ".curve",
  score: ".u-score",
  gates: ".u-gates",
  flow: ".u-flow",
  clip: ".u-clip",
  travel: ".u-travel",
  compare: ".u-compare",
  slow: ".u-slow",
  check: ".u-check",
  equations: ".cell-equations",
  learn: ".explanations",
};
const INSIDE = ["travel", "score", "flow", "clip", "gates", "compare", "slow", "check"];
/** Names for `::part()`. */
const STYLED = {
  ...PARTS,
  button: "button",
  primary: ".primary",
  figure: ".u-figure",
  status: ".status",
  notice: ".notice",
};

/** The core that gives the same bits in every browser: a tutorial's text speaks of what all its readers see. */
const VARIANT = "simd";
const pool = new WorkerPool({ open: () => WorkerLink.open({ core: { variant: VARIANT } }) });

const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class UnrolledDemo extends Base {
  static observedAttributes = [...ATTRIBUTES.keys()];

  /** @type {Page | null} */
  #page = null;
  /** @type {Inside | null} */
  #inside = null;
  /** @type {{release: () => void} | null} the worker it has a place in */
  #lease = null;
  /** @type {Promise<void> | null} */
  #opening = null;
  /** @type {string | undefined} */
  #text;
  #shown = false;
  #wanted = false;
  #changed = false;
  /** @type {IntersectionObserver | null} */
  #watching = null;
  #onVisibility = () => this.#see();

  connectedCallback() {
    if (this.#watching) return;
    if (!this.shadowRoot) {
      const sheet = new CSSStyleSheet(); // a <style> could be forbidden by the page's policy
      sheet.replaceSync(styles);
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    }
    this.#drawStill();
    this.#wanted = this.hasAttribute("autoplay") && this.getAttribute("autoplay") !== "false";
    this.#watching = new IntersectionObserver((entries) => {
      this.#shown = /** @type {IntersectionObserverEntry} */ (entries.at(-1)).isIntersecting;
      this.#see();
    });
    this.#watching.observe(this);
    document.addEventListener("visibilitychange", this.#onVisibility);
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#leave()); // an element that is only moved goes on
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (name === "hidden" && now !== null && /\d/.test(now)) this.style.setProperty("display", "block", "important");
    if (before === now || !this.#opening) return;
    if (ATTRIBUTES.get(name) === "views" || ATTRIBUTES.get(name) === "hide") return this.#choose();
    if (ATTRIBUTES.get(name) === "theme") return queueMicrotask(() => this.#page?.recolour());
    if (this.#changed) return;
    this.#changed = true;
    queueMicrotask(() => {
      // several attributes set in one go are one change
      this.#changed = false;
      if (this.#page) this.#reopen();
    });
  }

  /** The text that is learnt: this property, or the `text` attribute, or what stands inside the element. */
  get text() {
    return this.#text ?? this.getAttribute("text") ?? textInside(this);
  }

  set text(text) {
    this.#text = text;
    if (this.#page) this.#reopen();
  }

  /** The run's client, with the trainer's methods as promises; null before it is loaded. */
  get trainer() {
    return this.#page?.run.client ?? null;
  }

  /** @returns {DemoState} */
  get state() {
    const { client, report, running = false } = this.#page?.run ?? {};
    return { step: client?.progress?.step ?? 0, epoch: report?.epoch ?? 0, loss: report?.loss ?? NaN, running };
  }

  /** Trains from now on, whenever it is seen. */
  async start() {
    this.#wanted = true;
    await this.#open();
    await this.#page?.run.play();
  }

  async pause() {
    this.#wanted = false;
    await this.#page?.run.pause();
  }

  /** One update. */
  async step() {
    this.#wanted = false;
    await this.#open();
    await this.#page?.run.step();
  }

  /** Back to the same initial weights, paused. */
  async reset() {
    this.#wanted = false;
    await this.#open();
    await this.#page?.run.reset();
  }

  /** Shows a sentence above the pictures. @param {string} message */
  say(message) {
    this.#page?.notices.show(message, { kind: "error" });
  }

  // ---- Seen or not

  #see() {
    const seen = this.#shown && !document.hidden;
    if (seen) this.#open();
    this.#page?.run.setHidden(!seen);
  }

  #open() {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  async #load() {
    if (!supportedVariants().includes(VARIANT) || !this.isConnected) return;
    if (document.readyState === "loading")
      await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
    if (!this.isConnected) return;
    const root = /** @type {ShadowRoot} */ (this.shadowRoot);
    const given = readAttributes(this);
    const frame = document.createElement("div");
    const body = document.createElement("div");
    frame.className = "demo";
    frame.part.add("demo");
    body.className = "frame body";
    if (given.height) body.style.height = `${parseInt(given.height, 10)}px`;
    frame.append(body);
    if (given.caption) frame.append(paragraph("caption", given.caption));
    const page = new Page(body, { assets: document.baseURI, worker: { openLink: () => this.#takePlace() } });
    this.#page = page;
    if (this.#views(given).some((name) => INSIDE.includes(name))) this.#inside = new Inside(page);
    for (const name of ["build", "figures"]) page.addEventListener(name, () => this.#choose());
    page.addEventListener("failed", (event) => this.#tell("error", /** @type {CustomEvent} */ (event).detail));
    page.run.addEventListener("run", () => this.#ready());
    page.run.addEventListener("report", () => page.run.report && this.#tell("step", page.run.report));
    page.run.setHidden(!this.#shown || document.hidden);
    await page.open(linkOf(given, this.#language), { play: this.#wanted, words: this.text });
    if (this.#page !== page) return;
    root.replaceChildren(frame);
    page.recolour(); // colours are read where the element stands
    for (const message of problemsOf(given)) this.#refuse(message);
  }

  async #takePlace() {
    this.#lease?.release();
    const { link, release } = pool.acquire();
    this.#lease = { release };
    return link;
  }

  async #reopen() {
    this.#wanted = this.#page?.run.running ?? this.#wanted;
    this.#close();
    if (this.#shown) await this.#open();
  }

  #close() {
    this.#page?.dispose();
    this.#inside?.dispose();
    this.#lease?.release();
    this.#page = this.#inside = this.#lease = this.#opening = null;
  }

  #leave() {
    this.#close();
    this.#watching?.disconnect();
    this.#watching = null;
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#drawStill();
  }

  // ---- What is shown

  /** @param {Record<string, string>} given */
  #views(given) {
    return words(given.views ?? null, DEFAULT_VIEWS);
  }

  /** Shows what the author asks for, and gives it names for `::part()`. */
  #choose() {
    const given = readAttributes(this);
    const root = this.#page?.root;
    if (!root) return;
    const views = this.#views(given),
      hide = words(given.hide ?? null, []);
    const show = (/** @type {string} */ selector, /** @type {boolean} */ wanted) => {
      for (const part of root.querySelectorAll(selector)) /** @type {HTMLElement} */ (part).hidden = !wanted;
    };
    for (const name of VIEWS) show(PARTS[name], views.includes(name));
    for (const name of HIDEABLE) show(PARTS[name], !hide.includes(name));
    show(
      "#inside",
      views.some((name) => INSIDE.includes(name)),
    );
    for (const name of hide) if (!(name in PARTS)) show(`[data-setting="${CSS.escape(name)}"]`, false);
    for (const [name, selector] of Object.entries(STYLED))
      for (const part of root.querySelectorAll(selector)) part.part.add(name);
  }

  /** The recorded picture, until there is a live one. */
  #drawStill() {
    const picture = new DOMParser().parseFromString(still, "image/svg+xml").documentElement;
    const figure = document.createElement("figure");
    figure.className = "still";
    figure.part.add("still");
    const slot = document.createElement("slot");
    slot.name = "still";
    slot.append(document.importNode(picture, true));
    const caption = document.createElement("figcaption");
    caption.textContent = this.getAttribute("caption") ?? picture.getAttribute("aria-label");
    figure.append(slot, caption);
    this.shadowRoot?.replaceChildren(figure);
  }

  get #language() {
    const language = this.getAttribute("lang") || this.closest("[lang]")?.getAttribute("lang") || navigator.language;
    return language.toLowerCase().startsWith("zh") ? "zh" : "en";
  }

  // ---- Events

  #ready() {
    const { settings, vocabulary } = /** @type {NonNullable<UnrolledDemo["trainer"]>} */ (this.trainer);
    this.#tell("ready", { settings, vocabulary });
  }

  /** @param {string} message */
  #refuse(message) {
    this.say(message);
    this.#tell("error", { code: "bad-attribute", message });
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`unrolled-${name}`, { bubbles: true, composed: true, detail }));
  }
}

/** The text that stands inside an element, without the indentation of its lines; undefined where there is none.
 * @param {Element} element */
function textInside(element) {
  const own = [...element.childNodes].filter(
    (node) =>
      node.nodeType === Node.TEXT_NODE || (node instanceof Element && !node.slot && node.localName !== "noscript"),
  );
  const lines = own
    .map((node) => node.textContent)
    .join("")
    .replace(/^\s*\n|\s+$/g, "")
    .split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length));
  const text = lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join("\n");
  return text === "" ? undefined : text;
}

/** @param {string} name @param {string} text */
function paragraph(name, text) {
  const node = document.createElement("p");
  node.className = name;
  node.part.add(name);
  node.textContent = text;
  return node;
}

if (globalThis.customElements && !customElements.get("unrolled-demo"))
  customElements.define("unrolled-demo", UnrolledDemo);
