/**
 * The stave of guesses: under each character the five most probable next ones, on a shade of their probability, the
 * right one framed.
 */
import { topPredictions } from "../../core/inside/analysis.js";
import { MONO } from "../parts/columns.js";
import { visible } from "../parts/format.js";

/** @typedef {import("../parts/svg.js").Pen} Pen */
/** @typedef {import("./staves.js").Scene} Scene */

export const GUESSES = 5;
const LINE = 15;
const FONT = `12px ${MONO}`;

/** Height of a line of guesses, in whole device pixels. */
const lineHeight = () => {
  const ratio = devicePixelRatio || 1;
  return Math.round(LINE * ratio) / ratio;
};

export const guessesHeight = () => GUESSES * lineHeight();

/** @param {Pen} pen @param {Scene} scene @param {import("./staves.js").Tools} tools */
export function paintGuesses(pen, { trace, layout: { column, T, width }, palette }, { heatmap, glyphs }) {
  const { V } = trace.sizes;
  const line = lineHeight();
  const top = Array.from({ length: T }, (_, t) => topPredictions(trace.probabilities, V, t, GUESSES));
  heatmap.fill(T, GUESSES, (pixels) => {
    pixels.fill(0);
    top.forEach((guesses, t) =>
      guesses.forEach(
        ({ probability }, place) => (pixels[place * T + t] = palette.sequential[Math.round(255 * probability)]),
      ),
    );
  });
  heatmap.draw(pen, 0, 0, width, GUESSES * line);

  const signs = trace.vocabulary.map(visible);
  const inkOf = (/** @type {number} */ probability) =>
    probability < 0.05 ? palette.muted : probability < 0.4 ? palette.ink : palette.paper;
  glyphs.begin(T, GUESSES, { column, line, font: FONT });
  top.forEach((guesses, t) =>
    guesses.forEach(({ id, probability }, place) => glyphs.put(t, place, signs[id], inkOf(probability))),
  );
  glyphs.draw(pen);

  pen.strokeStyle = palette.accent;
  pen.lineWidth = 1.5;
  pen.beginPath();
  top.forEach((guesses, t) => {
    const place = guesses.findIndex(({ id }) => id === trace.ids[t + 1]);
    if (place < 0) return;
    const [left, right, upper, lower] = [
      t * column + 0.75,
      (t + 1) * column - 0.75,
      place * line + 0.75,
      (place + 1) * line - 0.75,
    ];
    pen.moveTo(left, upper);
    pen.lineTo(right, upper);
    pen.lineTo(right, lower);
    pen.lineTo(left, lower);
    pen.closePath();
  });
  pen.stroke();
}
