/**
 * What is held in the network that is looked into: one thing or nothing, the same for every figure and in the address.
 * The moment is then looked into with it and without. Event: "change" when something else is held.
 */
import { CELLS } from "../../core/cells.js";
import { fill } from "../shell/dom.js";
import { readHold, writeHold } from "../share.js";

/** @typedef {import("../../core/inside/hold.js").Hold} Hold */

export class Held extends EventTarget {
  #page;

  /** @param {import("../page.js").Page} page */
  constructor(page) {
    super();
    this.#page = page;
    const change = (/** @type {Event} */ event) => {
      if (/** @type {CustomEvent} */ (event).detail.hold === undefined) return;
      page.moment.look({ now: true });
      this.dispatchEvent(new Event("change"));
    };
    page.state.addEventListener("change", change);
  }

  /** What is held; null: nothing, or what this network does not have. @returns {Hold | null} */
  get hold() {
    const hold = readHold(this.#page.state.hold);
    const { layers, hidden } = this.#settings;
    const { layer = 0, unit = 0, gate = "h" } = hold ?? {};
    const has = this.#page.carries && layer < layers && unit < hidden && gate in placesOf(this.#page);
    return hold && has ? hold : null;
  }

  /** @param {Hold | null} hold null: nothing any more */
  take(hold) {
    this.#page.state.set({ hold: writeHold(hold) });
  }

  get wants() {
    const { hold } = this;
    return hold ? { held: hold } : {};
  }

  /**
   * What a moment says of it; null where nothing is held, or the moment was looked into without.
   * @param {import("../run/moment.js").Seen | null} seen
   * @returns {import("../../views/score/held.js").HeldData | null}
   */
  of(seen) {
    const { trace, held } = seen ?? {};
    const { hold } = this;
    if (!hold || !trace || !held || writeHold(held.hold) !== writeHold(hold)) return null;
    const { tokens, loss } = trace;
    return {
      tokens,
      added: held.loss.map((each, t) => each - loss[t]),
      what: this.#told(hold),
      samples: held.samples,
    };
  }

  /** In words. @param {Hold} hold */
  #told({ layer = 0, unit, gate = "h", value = 0 }) {
    const { held: s } = this.#page.tokenStrings;
    const name = placesOf(this.#page)[gate];
    const words = fill(unit === undefined ? s.whatAll : s.what, {
      gate: name,
      unit: unit ?? "",
      value: wordOf(s, gate, value),
    });
    return this.#settings.layers > 1 ? fill(s.ofLayer, { layer: layer + 1, what: words }) : words;
  }

  get #settings() {
    const { run, state } = this.#page;
    return /** @type {any} */ (run.client?.settings ?? state.settings);
  }
}

/** Gates, which are open or shut. */
const GATES = "ifozr";

/**
 * What something can be held at, in words, by the value.
 * @param {any} strings of what is held @param {string} gate
 * @returns {Record<string, string>}
 */
export const valuesOf = (strings, gate) => (GATES.includes(gate) ? strings.gateValues : strings.values);

/** @param {any} strings @param {string} gate @param {number | "mean"} value */
const wordOf = (strings, gate, value) => valuesOf(strings, gate)[String(value)] ?? String(value);

/**
 * What can be held or looked at in the network that learns: h, c, gates by their names.
 * @param {import("../page.js").Page} page
 * @returns {Record<string, string>}
 */
export function placesOf(page) {
  const { cell, gruReset } = /** @type {any} */ (page.run.client?.settings ?? page.state.settings);
  const { places } = page.tokenStrings;
  const z = cell === "gru" && gruReset === "after" ? places.zAfter : places.zBefore;
  const { gates } = CELLS[/** @type {import("../../core/cells.js").CellName} */ (cell)];
  const names = ["h", ...(cell === "lstm" ? ["c"] : []), ...gates];
  return Object.fromEntries(names.map((name) => [name, name === "z" ? z : /** @type {any} */ (places)[name]]));
}
