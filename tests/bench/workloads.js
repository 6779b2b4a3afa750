/* What is measured: networks, their text, and the work that one update of each cannot do without. */

import { CELLS } from "../../web/core/cells.js";

/** DESIGN of the workloads: one-hot input unless there is an embedding; every one learns by Adam, clipped at norm 5.
 * @typedef {{ name: string, cell: import("../../web/core/cells.js").CellName, hidden: number, batch: number,
 * seqLen: number, layers?: number, embedding?: number, heads?: number }} Workload */

/** @type {Workload[]} */
export const WORKLOADS = [
  { name: "S1", cell: "lstm", hidden: 128, batch: 64, seqLen: 100, embedding: 128 },
  { name: "S2", cell: "lstm", hidden: 128, batch: 64, seqLen: 100 },
  { name: "S3", cell: "lstm", hidden: 64, batch: 16, seqLen: 50 },
  { name: "S4", cell: "rnn", hidden: 128, batch: 64, seqLen: 100 },
  { name: "S5", cell: "gru", hidden: 128, batch: 64, seqLen: 100 },
  { name: "S6", cell: "lstm", hidden: 256, batch: 32, seqLen: 50, layers: 2 },
  { name: "S7", cell: "lstm", hidden: 100, batch: 1, seqLen: 25 },
  { name: "S8", cell: "lstm", hidden: 512, batch: 64, seqLen: 50 },
  { name: "M1", cell: "mingru", hidden: 128, batch: 64, seqLen: 100 },
  { name: "A1", cell: "attention", hidden: 128, batch: 64, seqLen: 100, heads: 4 },
];

/** Characters a second that the project set out to reach with the relaxed module, one thread; strict: STRICT of it.
 * @type {Record<string, number>} */
export const GOALS = { S1: 100e3, S2: 105e3, S3: 250e3, S4: 240e3, S5: 130e3, S6: 10.5e3, S7: 60e3, S8: 7.8e3 };
const STRICT = 0.78;

/** @param {string} name @param {string} variant */
export const goalOf = (name, variant) => GOALS[name] * (variant === "relaxed" ? 1 : STRICT);

/** @type {Workload[]} written from, a character after the other */
export const SAMPLERS = [
  { name: "sample 128", cell: "lstm", hidden: 128, batch: 1, seqLen: 1 },
  { name: "sample 512", cell: "lstm", hidden: 512, batch: 1, seqLen: 1 },
];

const ALPHABET = "\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
export const V = ALPHABET.length;

/**
 * A text of made-up words with the 65 characters of Shakespeare's plays, the same at every call.
 * @param {number} length
 */
export function makeText(length) {
  let state = 1;
  const draw = (/** @type {number} */ n) => (state = (state * 48271) % 2147483647) % n;
  const letters = () => Array.from({ length: 2 + draw(7) }, () => ALPHABET[39 + draw(26)]).join("");
  const words = Array.from({ length: 500 }, letters);
  let text = ALPHABET;
  while (text.length < length) {
    const word = words[Math.min(draw(500), draw(500))];
    text += draw(12) ? word : word[0].toUpperCase() + word.slice(1);
    text += draw(7) ? " " : ALPHABET[draw(13)];
  }
  return text.slice(0, length);
}

/** @param {Workload} workload @returns {import("../../web/core/trainer.js").TrainerOptions} */
export function settingsOf(
  { name, ...settings },
  text = makeText(Math.max(20_000, 4 * settings.batch * settings.seqLen)),
) {
  return { validation: 0, seed: 1, ...settings, text };
}

/** Multiplications of a matrix with one position's vector: the recurrent product, those of the layers above, the head. A
 * block of attention has 12·H², and two products with each position up to its own, half a window's on the mean.
 * @param {Workload} workload */
function products({ cell, hidden: H, layers = 1, seqLen: T }) {
  const { blocks, recurrent } = CELLS[cell],
    past = recurrent ? H : 0;
  if (cell === "attention") return layers * (12 * H + T) * H + H * V;
  return blocks * H * (past + (layers - 1) * (H + past)) + H * V;
}

/** Floating-point operations of one update: two for each multiplication and its addition, once forward and twice back.
 * A one-hot input costs nothing, an embedding one product with each of its V rows; activations and update are left out.
 * @param {Workload} workload */
export function updateFlops(workload) {
  const { cell, hidden: H, batch: B, seqLen: T, embedding: E = 0 } = workload;
  return 6 * (B * T * products(workload) + V * CELLS[cell].blocks * H * E);
}

/** Those of one sampled character. @param {Workload} workload */
export const sampleFlops = (workload) => 2 * products(workload);
