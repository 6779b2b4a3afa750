/** Where the reader looks: a character of the text that is read, a layer, a unit. Event: "change" {…what changed}. */

export class Reader extends EventTarget {
  /** -1: none was chosen. */
  t = -1;
  layer = 0;
  unit = 0;
  /** Units of the score from top to bottom. @type {ArrayLike<number>} */
  rows = [];

  /** @param {Partial<Pick<Reader, "t" | "layer" | "unit" | "rows">>} changes */
  move(changes) {
    const before = { ...this };
    Object.assign(this, changes);
    const { t, layer, unit } = this;
    if (t !== before.t || layer !== before.layer || unit !== before.unit)
      this.dispatchEvent(new CustomEvent("change", { detail: changes }));
  }
}
