/**
 * What holding something does, for every picture that shows it: the loss that is added at each guess as bars on one fixed
 * scale, what it cost and where as a sentence, and what is written with it beside what is written without.
 */
import { SANS } from "../parts/columns.js";
import { element } from "../parts/figure.js";
import { fill, signed, visible } from "../parts/format.js";

/**
 * @typedef {object} HeldData
 * @property {readonly string[]} tokens [T]
 * @property {Float32Array} added [T] nats at the guess of the token that follows; 0 at the last
 * @property {string} what is held, in words
 * @property {{ free: string, held: string } | null} samples by the same draws
 */

/** Nats at either end of the scale, which goes by the root: what one unit costs is seen beside what all of them do. */
export const MOST = 4;
const MARKS = [4, 1, 0, -1, -4];
const SAME = 0.005; // nats a character: less costs nothing to speak of
const FELT = 0.05; // nats at one character: less is no place to name

/** Share of half the height, -1 to 1. @param {number} nats */
const shareOf = (nats) => Math.sign(nats) * Math.sqrt(Math.min(MOST, Math.abs(nats)) / MOST);

/**
 * @param {import("../parts/svg.js").Pen} pen
 * @param {Float32Array} added
 * @param {{ left?: number, top?: number, column: number, height: number, palette: import("../parts/colours.js").Palette }} place
 */
export function paintAdded(pen, added, { left = 0, top = 0, column, height, palette }) {
  const middle = top + height / 2;
  const gap = column > 4 ? 1 : 0;
  pen.strokeStyle = palette.rule;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const mark of MARKS) {
    const y = Math.round(middle - (shareOf(mark) * (height - 1)) / 2) + 0.5;
    pen.moveTo(left, y);
    pen.lineTo(left + added.length * column, y);
  }
  pen.stroke();
  added.forEach((x, t) => {
    const size = Math.abs(shareOf(x)) * (height / 2);
    pen.fillStyle = x > 0 ? palette.warn : palette.accent;
    pen.fillRect(left + t * column + gap, x > 0 ? middle - size : middle, Math.max(1, column - 2 * gap), size);
  });
}

/** @param {number} mark */
const nameOf = (mark) => (mark ? `${mark > 0 ? "+" : "−"}${Math.abs(mark)}` : "0");

/** The scale in numbers, as an element as high as the bars. @returns {HTMLElement} */
export function addedScale() {
  const marks = MARKS.map((mark) => {
    const node = element("small", {}, nameOf(mark));
    node.style.top = `${50 * (1 - shareOf(mark))}%`;
    return node;
  });
  return element("div", { class: "u-marks", "aria-hidden": "true" }, ...marks);
}

/**
 * The scale in numbers, beside the bars.
 * @param {import("../parts/svg.js").Pen} pen @param {{ right: number, top: number, height: number }} place
 * @param {string} ink
 */
export function paintAddedScale(pen, { right, top, height }, ink) {
  pen.font = `10px ${SANS}`;
  pen.textAlign = "right";
  pen.fillStyle = ink;
  for (const mark of MARKS) {
    pen.textBaseline = mark === MOST ? "top" : mark === -MOST ? "bottom" : "middle";
    pen.fillText(nameOf(mark), right, top + (height * (1 - shareOf(mark))) / 2);
  }
}

/** @param {HeldData} data @param {any} strings of what is held */
export function describeHeld({ tokens, added, what }, strings) {
  const count = Math.max(1, tokens.length - 1);
  const mean = added.reduce((sum, x) => sum + x, 0) / count;
  const worst = added.indexOf(Math.max(...added));
  const said = fill(mean > SAME ? strings.costs : mean < -SAME ? strings.helps : strings.nothing, {
    what,
    mean: Math.abs(mean).toFixed(3),
    n: count,
  });
  if (added[worst] < FELT) return said;
  const passage = visible(tokens.slice(Math.max(0, worst - 7), worst + 1).join(""));
  return `${said} ${fill(strings.worst, { token: visible(tokens[worst + 1]), passage, added: signed(added[worst]) })}`;
}

/** Where two texts part: the characters they begin with alike. @param {string} one @param {string} other */
export function alike(one, other) {
  const [a, b] = [[...one], [...other]];
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}

/**
 * Both samples side by side; what they begin with alike is pale.
 * @param {HeldData["samples"]} samples @param {any} strings of what is held
 * @returns {HTMLElement[]}
 */
export function sampleBoxes(samples, strings) {
  if (!samples) return [];
  const same = alike(samples.free, samples.held);
  return /** @type {const} */ ([
    ["free", strings.free],
    ["held", strings.heldSample],
  ]).map(([name, title]) => {
    const letters = [...samples[name]];
    return element(
      "figure",
      {},
      element("figcaption", {}, title),
      element(
        "pre",
        {},
        element("span", { class: "u-alike" }, letters.slice(0, same).join("")),
        letters.slice(same).join(""),
      ),
    );
  });
}
