/** What each unit is worth: every one is held in turn, many side by side, and the loss compared. */
import { TRACE } from "../wasm/engine.js";
import { holdsOf } from "../inside/hold.js";
import { CHUNK } from "./read.js";

/** @typedef {import("./read.js").Subject} Subject */
/**
 * @template R
 * @typedef {import("./read.js").Study<R>} Study
 */

/**
 * @typedef {object} Costs
 * @property {number} loss nats a token, with nothing held
 * @property {Float32Array} cost [H] what holding each unit adds to it
 * @property {{ token: string, cost: number }[][]} at [H] the tokens whose guesses lose most in all, by what holding the
 * unit adds to them on average
 * @property {number} tokens that were guessed
 */

const SIDE_BY_SIDE = 32; // units that are held at once, each in a stream of its own
const WORST = 3; // tokens named for each unit

/**
 * What each unit is worth: every one is held in turn while the text is read, and the loss compared (ablation).
 * @param {Subject} subject
 * @param {{ layer?: number, gate?: string, value?: number | "mean" }} options see hold.js; h at 0 unless told otherwise
 * @returns {Study<Costs>}
 */
export function* costs(subject, { layer = 0, gate = "h", value = 0 }) {
  const { engine, settings, vocabulary, ids } = subject;
  const H = settings.hidden;
  const wanted = Array.from({ length: H }, (_, unit) => ({ layer, unit, gate, value }));
  const holds = holdsOf(wanted, { engine, settings, vocabulary }, () => ids);
  const base = yield* lossesOf(subject, [[]], 0, 1 / (H + 1));
  const found = {
    loss: mean(base[0]),
    cost: new Float32Array(H),
    at: /** @type {Costs["at"]} */ ([]),
    tokens: base[0].length,
  };
  for (let from = 0; from < H; from += SIDE_BY_SIDE) {
    const group = holds.slice(from, from + SIDE_BY_SIDE);
    const losses = yield* lossesOf(
      subject,
      group.map((hold) => [hold]),
      (1 + from) / (H + 1),
      group.length / (H + 1),
    );
    losses.forEach((held, i) => {
      const added = held.map((loss, t) => loss - base[0][t]);
      found.cost[from + i] = mean(added);
      found.at[from + i] = worstTokens(added, ids, vocabulary.tokens);
    });
  }
  return found;
}

/**
 * Loss of each guess, with something else held in each stream.
 * @param {Subject} subject
 * @param {readonly import("../wasm/pass.js").HoldEntry[][]} streams
 * @param {number} done how much of the study is done before @param {number} share of it that this is
 * @returns {Study<Float32Array[]>} by stream, [T-1]
 */
function* lossesOf({ engine, ids }, streams, done, share) {
  const B = streams.length;
  const count = ids.length - 1;
  const losses = streams.map(() => new Float32Array(count));
  const width = Math.min(CHUNK, count);
  const pass = engine.openPass(B, width, 0);
  try {
    pass.hold(streams.flatMap((holds, stream) => holds.map((hold) => ({ ...hold, stream }))));
    for (let from = 0; from < count; from += width) {
      const input = new Int32Array(B * width);
      const target = new Int32Array(B * width).fill(-1);
      for (let b = 0; b < B; b++) {
        input.set(ids.subarray(from, Math.min(from + width, count)), b * width);
        target.set(ids.subarray(from + 1, Math.min(from + width, count) + 1), b * width);
      }
      if (from) pass.carry();
      pass.run(input, target, { backward: false });
      const of = pass.copy(TRACE.LOSS); // [T,B]
      for (let t = 0; t < Math.min(width, count - from); t++) {
        for (let b = 0; b < B; b++) losses[b][from + t] = of[t * B + b];
      }
      yield done + (share * Math.min(count, from + width)) / count;
    }
  } finally {
    pass.dispose();
  }
  return losses;
}

/** @param {Float32Array} values */
const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** @param {Float32Array} added [T-1] @param {Int32Array} ids @param {readonly string[]} vocabulary */
function worstTokens(added, ids, vocabulary) {
  const [sums, counts] = [new Float64Array(vocabulary.length), new Int32Array(vocabulary.length)];
  added.forEach((x, t) => {
    sums[ids[t + 1]] += x;
    counts[ids[t + 1]]++;
  });
  const worst = Array.from(sums.keys())
    .filter((id) => sums[id] > 0)
    .sort((a, b) => sums[b] - sums[a] || a - b);
  return worst.slice(0, WORST).map((id) => ({ token: vocabulary[id], cost: sums[id] / counts[id] }));
}
