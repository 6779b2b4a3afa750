/** Rows of words in columns. */

/** @param {string[][]} rows the first names the columns; all but the first column stand to the right */
export function table(rows) {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return (
    rows
      .map((row) =>
        row
          .map((cell, c) => (c ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
          .join("  ")
          .trimEnd(),
      )
      .join("\n") + "\n"
  );
}
