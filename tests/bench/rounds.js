/* The best of several rounds through everything that is timed: minutes lie between them, so that an hour in which others
 * use the machine less is an hour for all rows. */

/** @typedef {import("./measure.js").Figure} Figure */
/** @typedef {import("./others.js").Row} Row */
/** @typedef {{ place: string, variant: string, peak: number, figures: Figure[] }} Speed */

/** @param {Figure[]} rounds of one row @param {number} peak GFLOP/s @returns {Figure} */
function bestFigure(rounds, peak) {
  const fastest = rounds.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  const shared = Math.min(...rounds.map(({ milliseconds, twoCores = 0 }) => milliseconds / twoCores));
  return {
    ...fastest,
    peakShare: fastest.gflops / peak,
    ...(fastest.twoCores && { twoCores: fastest.milliseconds / shared }),
  };
}

/** @param {Speed[]} rounds of one module at one place @returns {Speed} */
function bestSpeed(rounds) {
  const peak = Math.max(...rounds.map((round) => round.peak));
  const figures = rounds[0].figures.map((_, i) =>
    bestFigure(
      rounds.map((round) => round.figures[i]),
      peak,
    ),
  );
  return { ...rounds[0], peak, figures };
}

/** @param {Row[]} rounds of one program @returns {Row} */
function bestRow(rounds) {
  const timed = rounds.flatMap((row) => ("figures" in row ? [row] : []));
  if (!timed.length) return rounds[0];
  const names = Object.keys(timed[0].figures);
  const figures = names.map((name) => [name, Math.max(...timed.map((row) => row.figures[name]))]);
  return { name: timed[0].name, figures: Object.fromEntries(figures) };
}

/**
 * Each round has the same rows in the same order.
 * @param {{ speed: Speed[], others: Row[] }[]} rounds
 */
export const bestOf = (rounds) => ({
  speed: rounds[0].speed.map((_, i) => bestSpeed(rounds.map(({ speed }) => speed[i]))),
  others: rounds[0].others.map((_, i) => bestRow(rounds.map(({ others }) => others[i]))),
});
