/** A table that can be saved as a picture. */
import { MONO } from "./columns.js";
import { element } from "./figure.js";

/** @typedef {{text: string, colour?: string, ink?: string}} Cell colour: behind the text */

/**
 * @param {HTMLTableElement} table filled anew; the first row and column are headings
 * @param {Cell[][]} rows
 */
export function fillTable(table, rows) {
  const cell = (/** @type {string} */ tag, /** @type {Cell} */ { text, colour, ink }, /** @type {string} */ scope) => {
    const node = element(tag, scope ? { scope } : {}, text);
    if (colour) node.style.background = colour;
    if (ink) node.style.color = ink;
    return node;
  };
  table.replaceChildren(
    element(
      "thead",
      {},
      element("tr", {}, ...rows[0].map((x, i) => (i || x.text ? cell("th", x, "col") : element("td")))),
    ),
    element(
      "tbody",
      {},
      ...rows.slice(1).map((row) => element("tr", {}, ...row.map((x, i) => cell(i ? "td" : "th", x, i ? "" : "row")))),
    ),
  );
}

/**
 * @param {Cell[][]} rows
 * @param {string[]} lines above the table
 * @param {import("./colours.js").Palette} palette
 * @returns {import("./figure.js").Picture}
 */
export function tablePicture(rows, lines, palette) {
  const LINE = 22;
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const widths = Array.from(
    { length: columns },
    (_, i) => 14 + 7.4 * Math.max(2, ...rows.map((row) => [...(row[i]?.text ?? "")].length)),
  );
  const width = Math.max(
    widths.reduce((a, b) => a + b, 24),
    ...lines.map((line) => 24 + 7.4 * line.length),
  );
  const height = 24 + LINE * (rows.length + lines.length);
  return {
    width,
    height,
    paint: (pen) => {
      pen.fillStyle = palette.paper;
      pen.fillRect(0, 0, width, height);
      pen.font = `12px ${MONO}`;
      pen.textBaseline = "middle";
      pen.textAlign = "left";
      pen.fillStyle = palette.ink;
      lines.forEach((line, i) => pen.fillText(line, 12, 12 + LINE * (i + 0.5)));
      rows.forEach((row, r) => {
        const y = 12 + LINE * (lines.length + r);
        let x = 12;
        row.forEach(({ text, colour, ink }, i) => {
          if (colour) {
            pen.fillStyle = colour;
            pen.fillRect(x, y, widths[i], LINE);
          }
          pen.fillStyle = ink ?? palette.ink;
          pen.fillText(text, x + 6, y + LINE / 2);
          x += widths[i];
        });
      });
    },
  };
}
