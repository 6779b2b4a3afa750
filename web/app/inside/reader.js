/**
 * Where the reader looks: a character of the text that is read, a layer, a unit, a stretch. Events: "change" {…what
 * changed}; "find" when they want to know which unit tells the stretch.
 */

export class Reader extends EventTarget {
  /** -1: none was chosen. */
  t = -1;
  layer = 0;
  unit = 0;
  /** First and last character of what is marked. @type {[number, number] | null} */
  stretch = null;
  /** Units of the score from top to bottom. @type {ArrayLike<number>} */
  rows = [];

  /** Stays within what is read and what reads it. @param {{L: number, T: number, H: number}} sizes of a moment's trace */
  fit({ L, T, H }) {
    const { t, layer, unit, stretch } = this;
    this.move({
      t: Math.min(t, T - 1),
      layer: Math.min(layer, L - 1),
      unit: Math.min(unit, H - 1),
      stretch: stretch && stretch[1] < T ? stretch : null,
    });
  }

  /** @param {Partial<Pick<Reader, "t" | "layer" | "unit" | "stretch" | "rows">>} changes */
  move(changes) {
    const before = { ...this };
    Object.assign(this, changes);
    const { t, layer, unit, stretch } = this;
    const isMoved = t !== before.t || layer !== before.layer || unit !== before.unit;
    if (isMoved || String(stretch) !== String(before.stretch))
      this.dispatchEvent(new CustomEvent("change", { detail: changes }));
  }
}
