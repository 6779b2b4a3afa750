/** The panels of the page: made in its language, laid out, and drawn when there is another moment to show. */
import { nextTurn } from "../core/wasm/platform.js";
import { Dock } from "./dock/dock.js";
import { Hero } from "./hero/hero.js";
import { ProbeText } from "./inside/probetext.js";
import { SamplePanel } from "./progress/sample.js";
import { Controls } from "./settings/controls.js";
import { Bar } from "./shell/bar.js";
import { fill, h } from "./shell/dom.js";
import { frame, lay } from "./shell/layout.js";
import { masthead } from "./shell/masthead.js";
import { Sheet } from "./shell/sheet.js";
import { TextPanel } from "./text/textpanel.js";

export class Panels {
  #page;
  #views;
  /** @type {any} by name */ #parts = {};
  #spoken = ""; // what the words of the figures hang on
  #built = 0; // that were begun
  /** A sample that cannot be written, as it was asked. @type {object | null} */ #refused = null;

  /** @param {import("./page.js").Page} page @param {string[] | null} views those of a demo; null: all, behind tabs */
  constructor(page, views) {
    this.#page = page;
    this.#views = views;
  }

  // ---- Made and laid out

  /** Makes all anew and shows the run in it, a part of the page in each turn and frame. */
  async build() {
    const page = this.#page;
    const { state, strings, format, actions } = page;
    const turn = ++this.#built;
    const attempt = (/** @type {() => any} */ work) => () => page.attempt(async () => work());
    const probe = new ProbeText(strings.inside, { chosen: state.probe }, (text) => actions.takeProbe(text));
    const first = {
      masthead: masthead(strings.page, state, (changes) => page.look(changes)),
      bar: new Bar(page, {
        toggle: attempt(() => actions.toggle()),
        step: attempt(() => actions.step()),
        reset: attempt(() => actions.reset()),
        travel: (step) => page.attempt(async () => actions.travel(step)),
        branch: attempt(() => actions.branch()),
        settings: () => this.#parts.sheet.toggle(),
      }),
      hero: h("section", { class: "hero", "aria-label": strings.unrolled.title }),
      probe: probe.element,
      sample: new SamplePanel(
        strings.sample,
        format,
        { prompt: actions.prompt, temperature: state.temperature },
        (changes) => actions.resample(changes),
      ),
    };
    await nextTurn(); // what stands below is made in a turn of its own
    if (turn !== this.#built) return probe.dispose();
    const parts = {
      ...first,
      text: new TextPanel(strings.text, format, state.textName, {
        sample: (name) => actions.takeSample(name),
        own: (text) => actions.takeText(text),
        file: (file, show) => actions.takeFile(file, show),
      }),
      controls: new Controls(strings, state.settings, (name, value) => actions.change(name, value)),
      sheet: new Sheet(strings.controls),
    };
    await nextTurn();
    if (turn !== this.#built) return probe.dispose();
    parts.text.draft = this.#parts.text?.draft ?? "";
    this.close();
    page.probe = probe;
    this.#parts = parts;
    this.#makeDock();
    this.showBar();
    if (!(await lay(page, parts, () => this.#parts === parts))) return;
    this.#spoken = page.kind;
    if (!this.#views || this.#views.includes("unrolled")) this.#openHero();
    await frame();
    if (this.#parts !== parts) return;
    this.#showRun();
    page.moment.look({ now: true }); // what was seen before there was anything to show it may not be enough
    await page.dock.begin(state.view);
    page.dispatchEvent(new Event("build"));
  }

  #makeDock() {
    const page = this.#page;
    page.dock = new Dock(page, this.#views);
    page.dock.addEventListener("figures", () => page.dispatchEvent(new Event("figures")));
    page.dock.addEventListener("choose", (event) =>
      page.dispatchEvent(new CustomEvent("view", { detail: { view: /** @type {CustomEvent} */ (event).detail.name } })),
    );
  }

  #openHero() {
    const { hero } = this.#parts;
    this.#parts.unrolled?.close();
    hero.replaceChildren(h("h2", { class: "sr" }, this.#page.strings.page.network));
    this.#parts.unrolled = new Hero(hero, this.#page);
  }

  /** Other views of a demo. @param {string[]} views */
  stack(views) {
    this.#views = views;
    if (views.includes("unrolled") && !this.#parts.unrolled) this.#openHero();
    return this.#page.dock.stack(views);
  }

  close() {
    this.#built++; // what is being made is nobody's
    const { dock, probe } = this.#page;
    dock?.close();
    this.#parts.unrolled?.close();
    this.#parts.sheet?.end();
    this.#parts = {};
    probe?.dispose();
  }

  // ---- What they show

  /** What of a moment they show. */
  get wanted() {
    const { probe, dock, held, run } = this.#page;
    const wants = [this.#parts.unrolled?.wants ?? {}, dock?.wants ?? {}, held.wants];
    const flags = Object.fromEntries(wants.flatMap((each) => Object.entries(each).filter(([, on]) => on)));
    return { text: probe?.text ?? "", sample: run.sampling, ...flags };
  }

  /** Another run stands. */
  takeRun() {
    const page = this.#page;
    const { run, tokens, kind, dock } = page;
    this.#showRun();
    if (run.client && this.#spoken !== kind && this.#parts.controls) {
      if (this.#parts.unrolled) this.#openHero();
      const others = this.#spoken.startsWith(`${tokens} `) ? [] : ["compare"];
      page.attempt(() => dock.renew(others));
    }
    this.#spoken = kind;
  }

  /** A network that came without a text has none of the page's. */
  get #textName() {
    const { run, state } = this.#page;
    return run.client && !run.text ? "own" : state.textName;
  }

  #showRun() {
    const { run, probe } = this.#page;
    const { client, text } = run;
    // What is looked into is of its text.
    if (client && this.#parts.text) probe.show(text, client, this.#page.tokenStrings.inside);
    nextTurn().then(() => this.#tellRun()); // nothing waits for it
    this.draw();
  }

  /** Its text and settings. */
  #tellRun() {
    const { client, text } = this.#page.run;
    if (client) this.#parts.text?.show(this.#textName, text, client.vocabulary.length, client.settings.tokens);
    this.showSettings();
  }

  /** Everything, of one moment. */
  draw() {
    const { moment, run, dock, reader } = this.#page;
    const { seen } = moment;
    const { sample, unrolled } = this.#parts;
    if (seen?.trace) reader.fit(seen.trace.sizes); // before any figure looks there
    if (!sample) return;
    this.#tellSample(seen);
    unrolled?.draw(seen); // it measures its place, before anything is written that would have to be laid out for that
    sample.draw(seen, run.story.samples);
    if (seen && dock.isNew)
      setTimeout(() => this.#parts.sample === sample && this.#page.dock.draw()); // a first picture takes a turn of its own
    else dock.draw();
    this.showBar();
    this.#page.dispatchEvent(new Event("moment"));
  }

  /** Why it cannot write, once for what it was asked. @param {import("./run/moment.js").Seen | null} seen */
  #tellSample(seen) {
    const { run, failures } = this.#page;
    if (!seen?.sample || !("error" in seen.sample) || this.#refused === run.sampling) return;
    this.#refused = run.sampling;
    failures.tell(seen.sample.error, "sample");
  }

  showBar() {
    this.#parts.bar?.show();
  }

  /** The settings and the text's name as they are now, where they are shown. */
  showSettings() {
    const { state, run, strings } = this.#page;
    if (!this.#parts.controls) return;
    this.#parts.controls.show(state.settings, run.client?.settings);
    this.#parts.text.name(this.#textName);
    const { cell, hidden } = run.client?.settings ?? state.settings;
    this.#parts.bar.name(
      fill(strings.bar.chip, {
        text: /** @type {any} */ (strings.text)[this.#textName],
        cell: /** @type {any} */ (strings.cells)[cell],
        hidden,
      }),
    );
  }

  /** @param {string} prompt */
  showPrompt(prompt) {
    this.#parts.sample?.setPrompt(prompt);
  }

  /** @param {ReturnType<typeof import("../core/text/generators.js").placeAccuracy>} asked @param {number} step */
  showPlaces(asked, step) {
    this.#parts.text?.showPlaces(asked, step);
  }

  openSheet() {
    this.#parts.sheet?.open();
  }

  /** @param {File | undefined} file */
  readFile(file) {
    this.#parts.text?.read(file);
  }

  /** After a change of colours. */
  recolour() {
    this.#parts.unrolled?.recolour();
    this.#page.dock?.recolour();
  }
}
