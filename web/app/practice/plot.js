/**
 * Small line pictures as SVG elements: curves over one axis, the space between two of them shaded, marks. Colours come
 * by class.
 */
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, any>} attributes @param {...(Node | string)} children */
function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * @typedef {object} Picture
 * @property {[number, number]} x range
 * @property {[number, number]} y range
 * @property {{ className: string, points: [number, number][] }[]} curves
 * @property {[number, number][][][]} [between] pairs of curves: what lies between is shaded
 * @property {{ x: number, label: string, className?: string }[]} [marks] upright lines
 * @property {{ value: number, label: string }[]} ticksX
 * @property {{ value: number, label: string }[]} ticksY
 * @property {string} title the picture in words
 * @property {string} [nameX] of an axis, with its unit
 * @property {string} [nameY]
 * @property {number} [width] units of its own; it fills its place
 * @property {number} [height]
 */

/** @param {Picture} picture @returns {SVGElement} */
export function drawPlot({
  x: [x0, x1],
  y: [y0, y1],
  curves,
  between = [],
  marks = [],
  ticksX,
  ticksY,
  title,
  nameX = "",
  nameY = "",
  width = 360,
  height = 170,
}) {
  const left = 47,
    right = width - 10,
    top = nameY ? 22 : 10,
    bottom = height - (nameX ? 40 : 24);
  const px = (/** @type {number} */ x) => left + ((x - x0) / (x1 - x0 || 1)) * (right - left);
  const py = (/** @type {number} */ y) =>
    bottom - ((Math.min(y1, Math.max(y0, y)) - y0) / (y1 - y0 || 1)) * (bottom - top);
  // What is named at the end of the axis stays in the picture.
  const anchorOf = (/** @type {number} */ x) => (x > right - 12 ? "end" : x === left ? "start" : "middle");
  const path = (/** @type {[number, number][]} */ points) =>
    points.map(([x, y], i) => `${i ? "L" : "M"}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join("");
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "plotlet", "aria-label": title });
  for (const { value, label } of ticksY) {
    svg.append(
      s("line", { x1: left, x2: right, y1: py(value), y2: py(value), class: "grid" }),
      s("text", { x: left - 6, y: py(value), "text-anchor": "end", "dominant-baseline": "central" }, label),
    );
  }
  for (const { value, label } of ticksX)
    svg.append(s("text", { x: px(value), y: bottom + 16, "text-anchor": anchorOf(px(value)) }, label));
  if (nameY) svg.append(s("text", { x: left, y: 10 }, nameY));
  if (nameX) svg.append(s("text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, nameX));
  for (const [a, b] of between)
    if (a.length > 1) svg.append(s("path", { d: `${path(a)}L${path([...b].reverse()).slice(1)}Z`, class: "gap" }));
  for (const { className, points } of curves) {
    if (points.length === 1)
      svg.append(s("circle", { cx: px(points[0][0]), cy: py(points[0][1]), r: 2.5, class: `dot ${className}` }));
    else if (points.length) svg.append(s("path", { d: path(points), class: `line ${className}` }));
  }
  for (const { x, label, className = "" } of marks) {
    const late = px(x) > (left + right) / 2;
    svg.append(
      s("line", { x1: px(x), x2: px(x), y1: top, y2: bottom, class: `mark-line ${className}` }),
      s("text", { x: px(x) + (late ? -5 : 5), y: bottom - 6, "text-anchor": late ? "end" : "start" }, label),
    );
  }
  return svg;
}

/** Round numbers that divide a range from 0 into three to six. @param {number} max @returns {number[]} */
export function niceTicks(max) {
  if (!(max > 0)) return [0];
  const rough = max / 4,
    power = 10 ** Math.floor(Math.log10(rough));
  const step = /** @type {number} */ ([1, 2, 2.5, 5, 10].find((m) => m * power >= rough)) * power;
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => i * step);
}

/**
 * How a network's losses on both parts went, epoch by epoch, with the gap between them shaded.
 * @param {object} course
 * @param {number} course.epochs the last on the axis
 * @param {[number, number]} course.range lowest and highest loss of all pictures side by side
 * @param {[number, number][]} course.training
 * @param {[number, number][]} course.validation
 * @param {Picture["marks"]} [course.marks]
 * @param {string} course.title
 * @param {string} [course.nameX]
 * @param {string} [course.nameY]
 * @param {import("../shell/format.js").Format} format
 */
export function drawLosses({ epochs, range: [lowest, highest], training, validation, marks, ...named }, format) {
  const top = Math.ceil(highest);
  const bottom = Math.floor(lowest);
  const whole = niceTicks(epochs).filter((value) => value >= 2 && Number.isInteger(value));
  return drawPlot({
    x: [1, epochs],
    y: [bottom, top],
    curves: [
      { className: "training", points: training },
      { className: "validation", points: validation },
    ],
    between: [[training, validation]],
    marks,
    ticksX: [1, ...whole].map((value) => ({ value, label: format.integer(value) })),
    ticksY: niceTicks(top)
      .filter((value) => value >= bottom)
      .map((value) => ({ value, label: format.fixed(value, 1) })),
    height: named.nameX ? 190 : 170,
    ...named,
  });
}
