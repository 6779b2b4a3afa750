/** A network as a map from state to state, while it reads one character again and again. */

/**
 * @param {import("../wasm/engine.js").Engine} engine
 * @param {{ layers: number, hidden: number, cell: string }} settings
 * @param {number} id of the character
 * @returns {import("./path.js").Step} of whole states: h of all layers, then an LSTM's c of all layers
 */
export function makeStep(engine, { layers: L, hidden: H, cell }, id) {
  return (states) => {
    const B = states.length;
    const [h, c] = [new Float32Array(L * B * H), new Float32Array(L * B * H)];
    const each = (/** @type {(ofState: number, ofBatch: number, b: number) => void} */ visit) => {
      for (let b = 0; b < B; b++) for (let l = 0; l < L; l++) visit(l * H, (l * B + b) * H, b);
    };
    each((from, to, b) => {
      h.set(states[b].subarray(from, from + H), to);
      if (cell === "lstm") c.set(states[b].subarray(L * H + from, L * H + from + H), to);
    });
    const pass = engine.openPass(B, 1, 0);
    try {
      pass.setState(h, c);
      pass.run(new Int32Array(B).fill(id), new Int32Array(B).fill(-1), { backward: false });
      const after = pass.state(L, H);
      const out = states.map((state) => new Float64Array(state.length));
      each((to, from, b) => {
        out[b].set(after.h.subarray(from, from + H), to);
        if (cell === "lstm") out[b].set(after.c.subarray(from, from + H), L * H + to);
      });
      return out;
    } finally {
      pass.dispose();
    }
  };
}
