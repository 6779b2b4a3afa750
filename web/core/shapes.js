/** What a network is made of, by its settings: its parameters, and the work of reading a token. */
import { checkInteger } from "./arguments.js";
import { CELLS } from "./cells.js";
import { SETTINGS, checkSetting, needSettings } from "./config.js";

/** @typedef {import("./config.js").Settings} Settings */

/**
 * Names and shapes of a model's parameters, as PyTorch has them.
 * @param {Readonly<Settings>} s
 * @param {number} V vocabulary
 * @returns {Map<string, number[]>} in the order of the core's own table
 */
export function parameterShapes(s, V) {
  needSettings(s);
  checkInteger("vocabulary", V, 1, 2 ** 31 - 1);
  for (const name of /** @type {const} */ (["cell", "layers", "hidden", "embedding"])) checkSetting(name, s[name]);
  if (s.cell === "attention") return attentionShapes(s, V);
  const { cell, layers, hidden, embedding } = s;
  const rows = hidden * CELLS[cell].blocks;
  /** @type {Map<string, number[]>} */
  const shapes = new Map();
  if (embedding) shapes.set("embedding.weight", [V, embedding]);
  for (let k = 0; k < layers; k++) {
    shapes.set(`rnn.weight_ih_l${k}`, [rows, k ? hidden : embedding || V]);
    if (CELLS[cell].recurrent) shapes.set(`rnn.weight_hh_l${k}`, [rows, hidden]);
    shapes.set(`rnn.bias_ih_l${k}`, [rows]);
    if (CELLS[cell].recurrent) shapes.set(`rnn.bias_hh_l${k}`, [rows]);
  }
  shapes.set("head.weight", [V, hidden]);
  shapes.set("head.bias", [V]);
  return shapes;
}

/**
 * The same for attention, whose blocks are named as torch.nn.TransformerEncoderLayer names its parts.
 * @param {Readonly<Settings>} s @param {number} V
 */
function attentionShapes({ layers, hidden: H, seqLen }, V) {
  /** @type {Map<string, number[]>} */
  const shapes = new Map([
    ["embedding.weight", [V, H]],
    ["position.weight", [seqLen, H]],
  ]);
  const norm = (/** @type {string} */ name) => shapes.set(`${name}.weight`, [H]).set(`${name}.bias`, [H]);
  const linear = (/** @type {string} */ name, /** @type {number} */ rows, /** @type {number} */ cols) =>
    shapes.set(`${name}weight`, [rows, cols]).set(`${name}bias`, [rows]);
  for (let l = 0; l < layers; l++) {
    norm(`blocks.${l}.norm1`);
    linear(`blocks.${l}.self_attn.in_proj_`, 3 * H, H);
    linear(`blocks.${l}.self_attn.out_proj.`, H, H);
    norm(`blocks.${l}.norm2`);
    linear(`blocks.${l}.linear1.`, 4 * H, H);
    linear(`blocks.${l}.linear2.`, H, 4 * H);
  }
  norm("norm");
  linear("head.", V, H);
  return shapes;
}

/**
 * Multiply-adds to read one token: G·H·(input + H) in each layer and V·H in the head. A one-hot input costs none, its
 * row of W is looked up. A block of attention costs 12·H², and H twice for each position that is looked at, half a
 * window's on the mean. Training does about three times as many.
 * @param {Readonly<Settings>} settings @param {number} V vocabulary
 */
export function operationsPerToken({ cell, layers, hidden, embedding, seqLen }, V) {
  if (cell === "attention") return layers * (12 * hidden + seqLen) * hidden + V * hidden;
  const rows = hidden * CELLS[cell].blocks;
  return rows * (embedding + hidden) + (layers - 1) * rows * 2 * hidden + V * hidden;
}

/**
 * How many numbers a network learns. Of bias_hh, the one block that is not zero: a GRU's n, with the reset gate after.
 * @param {Readonly<Settings>} settings @param {number} V vocabulary
 */
export function countParameters(settings, V) {
  const { cell, gruReset, layers, hidden } = settings;
  let sum = cell === "gru" && gruReset === "after" ? layers * hidden : 0;
  for (const [name, shape] of parameterShapes(settings, V))
    if (!name.includes("bias_hh")) sum += shape.reduce((product, each) => product * each, 1);
  return sum;
}

/**
 * The width at which a network has about so many parameters, so that networks of several kinds can be compared: the
 * nearest there is, of attention among the multiples of its heads.
 * @param {Readonly<Settings>} settings whatever its hidden @param {number} V vocabulary @param {number} parameters
 * @returns {number} hidden
 */
export function widthFor(settings, V, parameters) {
  checkInteger("parameters", parameters, 1, 2 ** 53 - 1);
  const each = settings.cell === "attention" ? settings.heads : 1;
  const countAt = (/** @type {number} */ n) => countParameters({ ...settings, hidden: n * each }, V);
  let low = 1;
  let high = Math.floor(/** @type {number} */ (SETTINGS.hidden.max) / each);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (countAt(middle) < parameters) low = middle + 1;
    else high = middle;
  }
  const under = low - 1; // the last that has fewer
  return each * (under && parameters - countAt(under) < countAt(low) - parameters ? under : low);
}
