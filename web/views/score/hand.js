/** What a pointer and the keyboard do to the score. */

/** @typedef {{t: number, unit: number | null, key: string | undefined, handle: boolean}} Place handle: of a unit, not of a character */
/**
 * @typedef {object} Score what is done, and what has to be known for it
 * @property {(event: PointerEvent) => Place} place under a pointer
 * @property {() => {t: number, last: number, stretch: [number, number] | null}} at the cursor, the last character, and
 * what is brushed
 * @property {() => boolean} ready      whether there is a text
 * @property {() => boolean} marking    whether a finger marks a stretch instead of scrolling
 * @property {(inside: boolean) => void} over
 * @property {(t: number) => void} cursor
 * @property {(unit: number) => void} unit
 * @property {(by: number) => void} nextUnit
 * @property {(stretch: [number, number] | null) => void} brush
 * @property {(unit: number, key: string | undefined) => void} tint
 * @property {() => void} nextTint
 * @property {(unit: number, key: string | undefined) => void} hold what was not, and lets go of what was
 * @property {() => void} holdNext the unit that is pointed at
 * @property {() => void} reveal
 * @property {(left: number) => void} scrolled
 */

/** @param {HTMLElement} stage @param {HTMLElement} scroller @param {Score} score */
export function listen(stage, scroller, score) {
  listenToPointer(stage, score);
  scroller.addEventListener("scroll", () => score.scrolled(scroller.scrollLeft));
  scroller.addEventListener("keydown", (event) => onKey(event, score));
}

/** @param {HTMLElement} stage @param {Score} score */
function listenToPointer(stage, score) {
  /** @type {Place & {moved: boolean} | null} */
  let pressed = null;
  stage.addEventListener("pointermove", (event) => {
    const { t, unit, handle } = score.place(event);
    score.over(true);
    if (unit !== null) score.unit(unit);
    if (t < 0 || handle) return;
    score.cursor(t);
    if (pressed && (score.marking() || event.pointerType !== "touch") && t !== pressed.t) pressed.moved = true;
    if (pressed?.moved)
      score.brush([Math.max(0, Math.min(pressed.t, t)), Math.min(score.at().last, Math.max(pressed.t, t))]);
  });
  stage.addEventListener("pointerdown", (event) => {
    const place = score.place(event);
    if (event.button === 0 && (place.t >= 0 || place.handle)) pressed = { ...place, moved: false };
  });
  stage.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    if (pressed.handle) {
      const { unit, key, handle } = score.place(event);
      if (handle && unit !== null && key === pressed.key) {
        score.unit(unit);
        score.hold(unit, key);
      }
    } else if (!pressed.moved) {
      score.cursor(pressed.t);
      if (pressed.unit === null) score.brush(null);
      else {
        score.unit(pressed.unit);
        score.tint(pressed.unit, pressed.key);
      }
    }
    pressed = null;
    event.preventDefault();
  });
  stage.addEventListener("pointerleave", () => {
    score.over(false);
    pressed = null;
  });
}

/** @param {KeyboardEvent} event @param {Score} score */
function onKey(event, score) {
  if (!score.ready() || event.ctrlKey || event.metaKey || event.altKey) return;
  const { t: before, last, stretch } = score.at();
  const moves = /** @type {Record<string, () => void>} */ ({
    ArrowLeft: () => score.cursor(before - 1),
    ArrowRight: () => score.cursor(before + 1),
    PageDown: () => score.cursor(before + 10),
    PageUp: () => score.cursor(before - 10),
    Home: () => score.cursor(0),
    End: () => score.cursor(last),
    ArrowUp: () => score.nextUnit(-1),
    ArrowDown: () => score.nextUnit(1),
    Enter: () => score.nextTint(),
    Delete: () => score.holdNext(),
    Backspace: () => score.holdNext(),
    Escape: () => score.brush(null),
  });
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
  const { t: now } = score.at();
  if (event.shiftKey && now !== before) {
    const [from, to] = stretch ?? [before, before];
    const fixed = before === from && from !== to ? to : from; // the end that is not under the cursor
    score.brush([Math.min(fixed, now), Math.max(fixed, now)]);
  }
  score.reveal();
}
