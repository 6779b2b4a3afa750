/** The unrolled network on the first screen, drawn from the moment's trace. */
import { readPalette } from "../../views/parts/colours.js";
import { UnrolledView } from "../../views/unrolled/unrolled.js";

export class Hero {
  #page;
  #view;

  /** @param {HTMLElement} root @param {import("../page.js").Page} page */
  constructor(root, page) {
    const { reader, run } = page;
    this.root = root;
    this.#page = page;
    this.#view = new UnrolledView(root, { strings: page.tokenStrings, palette: readPalette(root) });
    this.#view.addEventListener("cursor", (event) => reader.move({ t: /** @type {CustomEvent} */ (event).detail.t }));
    this.#view.addEventListener("open", (event) => {
      const place = /** @type {CustomEvent} */ (event).detail;
      if (place) reader.move({ layer: place.layer });
      page.moment.look({ now: true }); // with the weights, or without
    });
    this.#follow = () => reader.t >= 0 && this.#view.setCursor(reader.t, false);
    this.#reading = () => this.#view.setReading(run.running && page.moment.past === null);
    reader.addEventListener("change", this.#follow);
    run.addEventListener("running", this.#reading);
    this.#reading();
  }

  #follow;
  #reading;

  /** What it shows of a moment. */
  get wants() {
    return { flow: true, weights: this.#view.open !== null };
  }

  /** @param {import("../run/moment.js").Seen | null} seen */
  draw(seen) {
    clearTimeout(this.#first);
    if (!seen?.trace) return void delete this.root.dataset.step;
    this.#view.take(seen.trace, { step: seen.step, parameters: seen.parameters });
    const show = () => {
      this.#view.show();
      this.root.dataset.step = String(seen.step);
      this.#reading();
    };
    if (this.root.dataset.step === undefined) this.#first = window.setTimeout(show);
    else show();
  }

  /** A first picture is painted in a turn of its own: a page that begins has enough to do. */
  #first = 0;

  recolour() {
    this.#view.setPalette(readPalette(this.root));
  }

  close() {
    clearTimeout(this.#first);
    this.#page.reader.removeEventListener("change", this.#follow);
    this.#page.run.removeEventListener("running", this.#reading);
    this.#view.dispose();
  }
}
