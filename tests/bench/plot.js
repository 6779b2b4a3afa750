/* Curves as SVG, readable on light and on dark: growth, a panel for each size; a next token's cost, a line for each cell. */

/** @typedef {import("./growth.js").Series} Series */

const WIDTH = 220,
  HEIGHT = 150,
  LEFT = 46,
  TOP = 26,
  GAP = 58,
  BOTTOM = 44;

/** Ends of an axis from 0: 1, 2 or 5 times a power of ten, four steps or fewer. @param {number} most */
function ticks(most) {
  const rough = most / 4,
    power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

const number = (/** @type {number} */ value) => Number(value.toFixed(1)).toString();

/** @param {Series} series @param {number} left */
function panel({ label, size, values, xs, milliseconds, start, slope, worst }, left) {
  const across = size === "hidden" ? xs.map((x) => x / 1e9) : values; // GFLOP
  const times = ticks(Math.max(...milliseconds)),
    ends = ticks(Math.max(...across));
  const x = (/** @type {number} */ value) => number(left + (value / ends[ends.length - 1]) * WIDTH);
  const y = (/** @type {number} */ value) => number(TOP + HEIGHT - (value / times[times.length - 1]) * HEIGHT);
  const last = xs.length - 1;
  return [
    `<text x="${left}" y="${TOP - 10}" class="title">${label}</text>`,
    ...times.map(
      (t) =>
        `<path class="grid" d="M${left} ${y(t)}h${WIDTH}"/><text x="${left - 6}" y="${Number(y(t)) + 4}" text-anchor="end">${number(t)}</text>`,
    ),
    ...ends.map((v) => `<text x="${x(v)}" y="${TOP + HEIGHT + 16}" text-anchor="middle">${number(v)}</text>`),
    `<text x="${left + WIDTH / 2}" y="${TOP + HEIGHT + 33}" text-anchor="middle">${size === "hidden" ? `GFLOP of an update, H ${values[0]} to ${values[last]}` : `within ${number(100 * worst)} % of a line`}</text>`,
    `<path class="line" d="M${x(across[0])} ${y(start + slope * xs[0])}L${x(across[last])} ${y(start + slope * xs[last])}"/>`,
    ...milliseconds.map(
      (ms, i) =>
        `<circle cx="${x(across[i])}" cy="${y(ms)}" r="3.5"><title>${values[i]}: ${ms.toFixed(2)} ms</title></circle>`,
    ),
  ].join("\n");
}

const STYLE = `text { font: 12px system-ui, sans-serif; fill: #555 } .title { font-weight: 600; fill: #222 }
.grid { stroke: #8884; fill: none } .line { stroke: #d97706; stroke-width: 1.5; fill: none } circle { fill: #2563eb }
@media (prefers-color-scheme: dark) { text { fill: #aaa } .title { fill: #eee } circle { fill: #60a5fa } }`;

/** @param {Series[]} all @returns {string} */
export function plotGrowth(all) {
  const width = all.length * (WIDTH + GAP) + LEFT - GAP + 16,
    height = TOP + HEIGHT + BOTTOM;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Milliseconds of an update against time steps, batch, layers and hidden units">
<style>
${STYLE}
</style>
<text x="4" y="14">ms</text>
${all.map((series, i) => panel(series, LEFT + i * (WIDTH + GAP))).join("\n")}
</svg>
`;
}

/**
 * Each cell's line ends in its name; lines that end close together have their names moved apart.
 * @param {{ cell: string, tokens: number[], microseconds: number[] }[]} courses @returns {string}
 */
export function plotWriting(courses) {
  const [width, height, right] = [520, 240, 90];
  const across = ticks(Math.max(...courses[0].tokens)),
    up = ticks(Math.max(...courses.flatMap(({ microseconds }) => microseconds)));
  const x = (/** @type {number} */ value) => LEFT + (value / across[across.length - 1]) * width;
  const y = (/** @type {number} */ value) => TOP + height - (value / up[up.length - 1]) * height;
  let above = Infinity;
  const lines = [...courses]
    .sort((a, b) => a.microseconds[a.microseconds.length - 1] - b.microseconds[b.microseconds.length - 1])
    .flatMap(({ cell, tokens, microseconds }) => {
      const last = tokens.length - 1,
        place = Math.min(y(microseconds[last]) + 4, above - 14);
      above = place;
      const points = tokens.map((token, i) => `${number(x(token))} ${number(y(microseconds[i]))}`);
      return [
        `<path class="line" d="M${points.join("L")}"/>`,
        ...tokens.map(
          (token, i) =>
            `<circle cx="${number(x(token))}" cy="${number(y(microseconds[i]))}" r="3"><title>${cell}, after ${Math.round(token)}: ${microseconds[i].toFixed(1)} µs</title></circle>`,
        ),
        `<text x="${number(x(tokens[last]) + 8)}" y="${number(place)}" class="title">${cell}</text>`,
      ];
    });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + width + right} ${TOP + height + BOTTOM}" role="img" aria-label="Microseconds of a next token against the tokens before it">
<style>
${STYLE}
</style>
<text x="4" y="14">µs a token</text>
${up.map((t) => `<path class="grid" d="M${LEFT} ${number(y(t))}h${width}"/><text x="${LEFT - 6}" y="${number(y(t) + 4)}" text-anchor="end">${number(t)}</text>`).join("\n")}
${across.map((v) => `<text x="${number(x(v))}" y="${TOP + height + 16}" text-anchor="middle">${number(v)}</text>`).join("\n")}
<text x="${LEFT + width / 2}" y="${TOP + height + 33}" text-anchor="middle">tokens before it</text>
${lines.join("\n")}
</svg>
`;
}
