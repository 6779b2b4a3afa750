/** The equations of a block of attention and of its head; src/attention.h has them beside the code. */

const EQUATIONS = /** @type {Record<string, [key: string, equation: string][]>} */ ({
  attention: [
    ["x", "x_t = E y_t + P_t"],
    ["q", "q_t , k_t , v_t = W norm ( x_t ) + b"],
    ["a", "a_{ts} = softmax_{s≤t} ( q_t · k_s / √d )"],
    ["m", "x′_t = x_t + W_o ∑_s a_{ts} v_s + b_o"],
    ["h", "x″_t = x′_t + W_2 GELU ( W_1 norm ( x′_t ) + b_1 ) + b_2"],
  ],
  head: [
    ["p", "p_t = softmax ( V norm ( x″_t ) + d )"],
    ["L", "L_t = − ln p_t [ y_{t+1} ]"],
  ],
});

/** @param {string} kind "attention", or "head" @returns {[key: string, equation: string][]} */
export const equationsOf = (kind) => EQUATIONS[kind];
