/** The unrolled network on the first screen, drawn from the moment's trace. */
import { readPalette } from "../../views/parts/colours.js";
import { UnrolledView } from "../../views/unrolled/unrolled.js";

export class Hero {
  #page;
  /** @type {UnrolledView | null} until it is known how the network reads */ #view = null;
  /** Whether what shows attention is fetched. */ #fetching = false;
  /** @type {import("../run/moment.js").Seen | null} */ #seen = null;
  #closed = false;

  /** @param {HTMLElement} root @param {import("../page.js").Page} page */
  constructor(root, page) {
    const { reader, run } = page;
    this.root = root;
    this.#page = page;
    this.#follow = () => {
      this.#view?.setUnit(reader.unit, false);
      if (reader.t >= 0) this.#view?.setCursor(reader.t, false);
    };
    this.#reading = () => this.#view?.setReading(run.running && page.moment.past === null);
    reader.addEventListener("change", this.#follow);
    run.addEventListener("running", this.#reading);
    if (page.carries) this.#open({ strings: page.tokenStrings });
    else this.#fetch();
  }

  #follow;
  #reading;

  /** A network that carries no state has a picture of its own. */
  #fetch() {
    this.#fetching = true;
    this.#page.attempt(async () => {
      try {
        const { attendingOf } = await import("./attending.js");
        if (!this.#closed) this.#open(attendingOf(this.#page));
      } finally {
        this.#fetching = false;
      }
    });
  }

  /** @param {Omit<ConstructorParameters<typeof UnrolledView>[1], "palette">} options */
  #open(options) {
    const { root } = this;
    const { reader, moment } = this.#page;
    const view = new UnrolledView(root, { ...options, palette: readPalette(root) });
    view.addEventListener("cursor", (event) => reader.move({ t: /** @type {CustomEvent} */ (event).detail.t }));
    view.addEventListener("unit", (event) => reader.move({ unit: /** @type {CustomEvent} */ (event).detail.unit }));
    view.addEventListener("open", (event) => {
      const place = /** @type {CustomEvent} */ (event).detail;
      if (place) reader.move({ layer: place.layer });
      moment.look({ now: true }); // with the weights, or without
      this.#page.attempt(async () => view.fetched);
    });
    root.setAttribute("aria-label", options.strings.unrolled.title);
    this.#view = view;
    view.setUnit(reader.unit, false);
    this.#reading();
    if (this.#seen) this.draw(this.#seen);
  }

  /** What it shows of a moment. */
  get wants() {
    return { flow: true, weights: Boolean(this.#view?.open) };
  }

  /** @param {import("../run/moment.js").Seen | null} seen */
  draw(seen) {
    clearTimeout(this.#first);
    this.#seen = seen;
    if (!seen?.trace) return void delete this.root.dataset.step;
    const view = this.#view;
    if (!view && !this.#fetching) return this.#fetch(); // it could not be had before
    if (!view) return; // it is drawn when it is there
    const { trace, step, parameters } = seen;
    const work = [
      () => view.fit(trace),
      () => view.take(trace, { step, parameters }),
      () => {
        view.show();
        this.root.dataset.step = String(step);
        this.#reading();
      },
    ];
    if (this.root.dataset.step === undefined) this.#inTurns(work);
    else for (const part of work) part();
  }

  /** A first picture has turns of its own: a page that begins has enough to do. @param {(() => void)[]} work */
  #inTurns([part, ...rest]) {
    this.#first = window.setTimeout(() => {
      part();
      if (rest.length) this.#inTurns(rest);
    });
  }

  #first = 0;

  recolour() {
    this.#view?.setPalette(readPalette(this.root));
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#first);
    this.#view?.dispose();
    this.#view?.figure.root.remove();
    this.#view = null;
    delete this.root.dataset.step;
    this.#page.reader.removeEventListener("change", this.#follow);
    this.#page.run.removeEventListener("running", this.#reading);
  }
}
