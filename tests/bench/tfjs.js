/* What others.js runs in a page with TensorFlow.js's own files: the workloads as its users write them, in tf.layers, on
 * its WebAssembly back end. */

/** @type {Record<string, (options: object) => any>} */
const CELLS = {
  rnn: (options) => tf.layers.simpleRNN(options),
  lstm: (options) => tf.layers.lstm({ recurrentActivation: "sigmoid", ...options }),
  gru: (options) => tf.layers.gru({ recurrentActivation: "sigmoid", ...options }),
};

/** An embedding is one-hot rows times a matrix: the back end has no gradient of the layer that gathers rows.
 * @param {import("./workloads.js").Workload} workload @param {number} V */
function makeModel({ cell, hidden, layers = 1, embedding, batch, seqLen }, V) {
  const model = tf.sequential();
  const first = { batchInputShape: [batch, seqLen, V] };
  if (embedding) model.add(tf.layers.dense({ units: embedding, useBias: false, ...first }));
  for (let layer = 0; layer < layers; layer++) {
    const options = { units: hidden, returnSequences: true, recurrentInitializer: "glorotUniform" };
    model.add(CELLS[cell]({ ...options, ...(layer || embedding ? {} : first) }));
  }
  model.add(tf.layers.dense({ units: V, activation: "softmax" }));
  model.compile({ optimizer: tf.train.adam(2e-3), loss: "categoricalCrossentropy" });
  return model;
}

/** @param {import("./workloads.js").Workload} workload @param {number} V @param {number} turns @param {number} TURN ms */
async function charactersPerSecond(workload, V, turns, TURN) {
  const { batch, seqLen } = workload;
  const model = makeModel(workload, V);
  const draw = () =>
    tf.tidy(() => tf.cast(tf.oneHot(tf.randomUniform([batch, seqLen], 0, V, "int32", 1), V), "float32"));
  const [x, y] = [draw(), draw()];
  const time = async (/** @type {number} */ times) => {
    const start = performance.now();
    for (let i = 0; i < times; i++) await model.trainOnBatch(x, y);
    return (performance.now() - start) / times;
  };
  await time(1);
  let best = await time(1);
  const times = Math.max(1, Math.round(TURN / best));
  for (let turn = 1; turn < turns; turn++) best = Math.min(best, await time(times));
  model.dispose();
  tf.dispose([x, y]);
  return (1000 * batch * seqLen) / best;
}

/** @param {{ workloads: import("./workloads.js").Workload[], V: number, turns: number, milliseconds: number }} asked */
globalThis.measureTensorFlow = async ({ workloads, V, turns, milliseconds }) => {
  tf.wasm.setWasmPaths("./");
  if (!(await tf.setBackend("wasm"))) throw new Error("its WebAssembly back end did not start");
  await tf.ready();
  /** @type {Record<string, number>} */ const figures = {};
  for (const workload of workloads)
    figures[workload.name] = await charactersPerSecond(workload, V, turns, milliseconds);
  return { version: tf.version_core, figures };
};
