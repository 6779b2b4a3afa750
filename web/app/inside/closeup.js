/** One update in slow motion, and the check of gradients: both made on a copy of the network, as it is or as it was. */
import { checkGradients, slowUpdate } from "./experiments.js";
import { unasked } from "../shell/unasked.js";

/**
 * @typedef {import("./experiments.js").Original & {ids: Int32Array, layer: number}} Moment ids: of the text that is
 * looked into
 */

export class CloseUp {
  #page;
  #moment;
  #slow;
  #check;
  /** Counts what makes the numbers that are under way those of another moment. */ #turn = 0;

  /**
   * @param {import("../page.js").Page} page
   * @param {() => Moment | null} moment null: there is no network to copy
   * @param {{slow: import("../../views/figures/slow.js").SlowView, check:
   * import("../../views/figures/check.js").CheckView}} views
   */
  constructor(page, moment, { slow, check }) {
    this.#page = page;
    this.#moment = moment;
    this.#slow = slow;
    this.#check = check;
    slow.addEventListener("start", () => page.attempt(() => this.#update({ focus: true })));
    check.addEventListener("check", () => page.attempt(() => this.#compare()));
  }

  /** The reader has come to the update. */
  reach() {
    if (!this.#slow.shown) unasked(() => this.#update());
  }

  /** The moment is another: what is shown is made of it. */
  async follow() {
    this.#turn++;
    if (this.#slow.shown) await this.#update();
    if (this.#check.shown) await this.#compare();
  }

  clear() {
    this.#turn++;
    this.#slow.clear();
    this.#check.clear();
  }

  /** @param {{focus?: boolean}} [options] focus: on its button, for a reader who asked for it */
  async #update(options) {
    const moment = this.#moment();
    if (!moment) return;
    const turn = this.#turn;
    const data = await slowUpdate(moment, moment.ids, moment.layer);
    const { optimizer } = /** @type {any} */ (this.#page.strings.controls);
    if (turn === this.#turn) this.#slow.draw({ ...data, optimizer: optimizer[data.optimizer] }, options);
  }

  async #compare() {
    const moment = this.#moment();
    if (!moment) return;
    const turn = ++this.#turn;
    this.#check.setBusy(true);
    try {
      const data = await checkGradients(moment, moment.ids, () => turn === this.#turn);
      if (data) this.#check.draw(data);
    } finally {
      this.#check.setBusy(false);
    }
  }
}
