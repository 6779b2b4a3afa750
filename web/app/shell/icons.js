/** The signs on the bar's buttons. */

const SVG = "http://www.w3.org/2000/svg";
const PATHS = /** @type {Record<string, string>} */ ({
  start: "M5 3l9 5-9 5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  step: "M3 3l6 5-6 5zM11 3h2v10h-2z",
  reset: "M8 3V0L4 4l4 4V5a4 4 0 1 1-4 4H2a6 6 0 1 0 6-6z",
  settings: "M1 3h8v2H1zM11 2h2v1h2v2h-2v1h-2zM1 11h2v2H1zM5 10h2v1h8v2H7v1H5zM1 7h14v2H1z",
});

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", width: "16", height: "16", "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}
