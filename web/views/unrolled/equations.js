/** The equations of the cells and of the head, and how one is written as MathML. */

const EQUATIONS = /** @type {Record<string, [key: string, equation: string][]>} */ ({
  rnn: [["h", "h_t = tanh ( W x_t + U h_{t−1} + b )"]],
  lstm: [
    ["i", "i_t = σ ( W_i x_t + U_i h_{t−1} + b_i )"],
    ["f", "f_t = σ ( W_f x_t + U_f h_{t−1} + b_f )"],
    ["g", "g_t = tanh ( W_g x_t + U_g h_{t−1} + b_g )"],
    ["o", "o_t = σ ( W_o x_t + U_o h_{t−1} + b_o )"],
    ["c", "c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t"],
    ["h", "h_t = o_t ⊙ tanh ( c_t )"],
  ],
  gruBefore: [
    ["r", "r_t = σ ( W_r x_t + U_r h_{t−1} + b_r )"],
    ["z", "z_t = σ ( W_z x_t + U_z h_{t−1} + b_z )"],
    ["n", "n_t = tanh ( W_n x_t + U_n ( r_t ⊙ h_{t−1} ) + b_n )"],
    ["h", "h_t = ( 1 − z_t ) ⊙ h_{t−1} + z_t ⊙ n_t"],
  ],
  gruAfter: [
    ["r", "r_t = σ ( W_r x_t + U_r h_{t−1} + b_r )"],
    ["z", "z_t = σ ( W_z x_t + U_z h_{t−1} + b_z )"],
    ["n", "n_t = tanh ( W_n x_t + b_n + r_t ⊙ ( U_n h_{t−1} + b_{hn} ) )"],
    ["h", "h_t = ( 1 − z_t ) ⊙ n_t + z_t ⊙ h_{t−1}"],
  ],
  mingru: [
    ["z", "z_t = σ ( W_z x_t + b_z )"],
    ["n", "n_t = W_n x_t + b_n"],
    ["h", "h_t = ( 1 − z_t ) ⊙ h_{t−1} + z_t ⊙ n_t"],
  ],
  head: [
    ["p", "p_t = softmax ( V h_t + d )"],
    ["L", "L_t = − ln p_t [ x_{t+1} ]"],
  ],
});

const MATHML = "http://www.w3.org/1998/Math/MathML";
const FUNCTIONS = new Set(["tanh", "softmax", "ln", "norm", "GELU"]);

/** @param {string} tag @param {...(Node | string)} children */
function m(tag, ...children) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children);
  return element;
}

/** One letter, number or sign, or what is under a root. @param {string} token @returns {Element} */
function atom(token) {
  if (token.startsWith("√")) return m("msqrt", atom(token.slice(1)));
  if (/^\d+$/.test(token)) return m("mn", token);
  if (/^[\p{L}]+$/u.test(token)) return m("mi", token);
  return m("mo", token);
}

/** @param {string} equation signs and names between spaces; x_t, x′_t and x_{t−1} have subscripts */
export function mathOf(equation) {
  const row = m("mrow");
  for (const token of equation.split(" ")) {
    const [, base, prime, sub] = /** @type {RegExpExecArray} */ (/^(.+?)([′″])?(?:_\{?([^}]+)\}?)?$/u.exec(token));
    const name = prime ? m("mrow", atom(base), m("mtext", prime)) : atom(base); // raised, a prime is too small to be read
    row.append(sub ? m("msub", name, m("mrow", ...[...sub].map(atom))) : name);
    if (FUNCTIONS.has(base) || base === "σ") row.append(m("mo", "\u2061"));
  }
  const math = m("math", row);
  math.setAttribute("display", "block");
  return math;
}

/**
 * Which cell it is, as the words name them: rnn, lstm, gruBefore, gruAfter, mingru.
 * @param {string} cell @param {string} gruReset
 */
export const kindOf = (cell, gruReset) => (cell !== "gru" ? cell : gruReset === "after" ? "gruAfter" : "gruBefore");

/** @param {string} kind of a cell, or "head" @returns {[key: string, equation: string][]} in the order of computing */
export const equationsOf = (kind) => EQUATIONS[kind];
